"""Les faits de 2022 : des gens inventés dont les comptes sont ceux d'un rapport d'activité publié.

Le plan d'une convention dit combien ; les dates et les gens sont tirés d'un hasard semé, puis chaque compte est tenu
exactement. Qui était suivi fin 2022 est sorti depuis : ces dossiers n'encombrent pas la file active du jour.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from random import Random
from typing import Final

from app.demonstration.agenda import a_heure, jour_ouvre
from app.demonstration.cahier import Cahier
from app.importation.connu import FicheConnue

JANVIER: Final = date(2022, 1, 1)
DECEMBRE: Final = date(2022, 12, 31)


@dataclass(frozen=True)
class Chiffres:
    """Ce qu'une convention a compté en 2022. `motifs` : les sorties par motif, et combien d'entre elles au RSA."""

    convention: str
    femmes: int
    hommes: int
    presentes_debut: int
    realises: int
    absences_excusees: int
    absences_non_excusees: int
    annules: int
    en_integration: int
    suivies_au_rsa: int
    motifs: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def accompagnees(self) -> int:
        return self.femmes + self.hommes

    @property
    def sorties(self) -> int:
        return sum(nombre for nombre, _ in self.motifs.values())


# Rapport d'activité 2022, bilan de la convention DSP Terres de Lorraine.
DSP_TDL: Final = Chiffres(
    "DSP-TDL",
    femmes=39,
    hommes=61,
    presentes_debut=52,
    realises=372,
    absences_excusees=63,
    absences_non_excusees=78,
    annules=17,
    en_integration=0,
    suivies_au_rsa=33,
    motifs={
        "emploi_durable": (8, 5),
        "emploi_transition": (4, 3),
        "cddi": (6, 5),
        "formation": (4, 3),
        "relais_france_travail": (16, 6),
        "reorientation_mobilisation_sociale": (8, 7),
        "creation_entreprise": (1, 1),
        "autre": (7, 4),
    },
)

# Rapport d'activité 2022, bilan de la convention ASP Nancy Couronne ; le public est au RSA.
ASP_NC: Final = Chiffres(
    "ASP-NC",
    femmes=53,
    hommes=125,
    presentes_debut=82,
    realises=645,
    absences_excusees=171,
    absences_non_excusees=268,
    annules=38,
    en_integration=22,
    suivies_au_rsa=85,
    motifs={
        "emploi_durable": (11, 11),
        "cddi": (10, 10),
        "formation": (2, 2),
        "emploi_transition": (4, 4),
        "dynamique_autre": (10, 10),
        "relais_france_travail": (13, 13),
        "reorientation_mobilisation_sociale": (12, 12),
        "reorientation_sociopro": (11, 11),
        "sortie_rsa": (15, 15),
        "demenagement": (4, 4),
        "suspension_incarceration": (1, 1),
    },
)


@dataclass(frozen=True)
class _Parcours:
    """Une mesure à écrire. `motif` vide : encore suivie au 31 décembre."""

    entree: date
    sortie: date
    sexe: str
    motif: str
    rsa: bool


def noter_annee_2022(cahier: Cahier, referents: Sequence[str]) -> None:
    """Note les deux conventions dans le cahier ; les référents se partagent les mesures."""
    for chiffres in (DSP_TDL, ASP_NC):
        _noter_convention(cahier, chiffres, referents)


def _noter_convention(cahier: Cahier, chiffres: Chiffres, referents: Sequence[str]) -> None:
    alea = cahier.invention.alea
    suivis: list[tuple[FicheConnue, date, date, str]] = []
    for rang, parcours in enumerate(_parcours(chiffres, alea)):
        referent = referents[rang % len(referents)]
        mesure = _noter_mesure(cahier, chiffres.convention, parcours, referent)
        debut, fin = max(parcours.entree, JANVIER), min(parcours.sortie, DECEMBRE)
        suivis.append((mesure, debut, fin, referent))
    _noter_rendez_vous(cahier, chiffres, suivis)
    for rang in range(chiffres.en_integration):
        _noter_integration(cahier, chiffres.convention, rang, referents[rang % len(referents)])


def _parcours(chiffres: Chiffres, alea: Random) -> list[_Parcours]:
    issues = [(m, r < rsa) for m, (n, rsa) in chiffres.motifs.items() for r in range(n)]
    suivies = chiffres.accompagnees - chiffres.sorties
    issues += [("", r < chiffres.suivies_au_rsa) for r in range(suivies)]
    sexes = ["femme"] * chiffres.femmes + ["homme"] * chiffres.hommes
    alea.shuffle(sexes)
    # Qui était là en janvier sort d'abord : les sorties de l'année vont aux mesures les plus anciennes.
    parcours = []
    for rang, ((motif, rsa), sexe) in enumerate(zip(issues, sexes, strict=True)):
        ancienne = _est_ancienne(rang, chiffres)
        entree = _entree(ancienne, bool(motif), alea)
        parcours.append(_Parcours(entree, _sortie(entree, bool(motif), alea), sexe, motif, rsa))
    return parcours


def _est_ancienne(rang: int, chiffres: Chiffres) -> bool:
    """Six présents de janvier sur sept sortent dans l'année ; les autres la traversent."""
    sortis = min(chiffres.presentes_debut * 6 // 7, chiffres.sorties)
    restes = chiffres.presentes_debut - sortis
    return rang < sortis or chiffres.sorties <= rang < chiffres.sorties + restes


def _entree(ancienne: bool, sort: bool, alea: Random) -> date:
    if ancienne:
        # Qui est là en janvier et le sera encore en décembre vient d'arriver : une mesure dure un an environ.
        premier = date(2021, 2, 1) if sort else date(2021, 11, 2)
        return jour_ouvre(premier + timedelta(alea.randrange((date(2021, 12, 20) - premier).days)), apres=False)
    # Qui entre et sort la même année est entré avant l'été.
    return jour_ouvre(date(2022, 1, 3) + timedelta(alea.randrange(150 if sort else 345)), apres=False)


def _sortie(entree: date, en_2022: bool, alea: Random) -> date:
    if not en_2022:
        return jour_ouvre(date(2023, 1, 9) + timedelta(alea.randrange(300)), apres=False)
    au_plus_tot = max(entree + timedelta(210), date(2022, 1, 10))
    au_plus_tard = min(entree + timedelta(400), date(2022, 12, 16))
    jour = au_plus_tot + timedelta(alea.randrange(max(1, (au_plus_tard - au_plus_tot).days)))
    return jour_ouvre(jour, apres=False)


def _noter_mesure(cahier: Cahier, convention: str, parcours: _Parcours, referent: str) -> FicheConnue:
    orientee = jour_ouvre(parcours.entree - timedelta(20), apres=False)
    personne = cahier.personne(
        parcours.sexe,
        orientee,
        rsa="beneficiaire" if parcours.rsa else "non_beneficiaire",
        droits_devoirs=parcours.rsa,
    )
    return cahier.mesure(
        personne,
        convention,
        referent,
        orientee_le=orientee,
        premier_contact_le=jour_ouvre(orientee + timedelta(8), apres=True),
        entree_le=parcours.entree,
        sortie_le=parcours.sortie,
        sortie_motif=parcours.motif or "relais_france_travail",
    )


def _noter_integration(cahier: Cahier, convention: str, rang: int, referent: str) -> None:
    """Une orientation de la fin de l'année, entrée au début de la suivante."""
    alea = cahier.invention.alea
    orientee = jour_ouvre(date(2022, 11, 21) + timedelta(rang * 38 // 22), apres=True)
    personne = cahier.personne("femme" if rang % 3 == 0 else "homme", orientee)
    entree = jour_ouvre(date(2023, 1, 4) + timedelta(alea.randrange(24)), apres=True)
    cahier.mesure(
        personne,
        convention,
        referent,
        orientee_le=orientee,
        premier_contact_le=jour_ouvre(orientee + timedelta(7), apres=True),
        entree_le=entree,
        sortie_le=jour_ouvre(entree + timedelta(180 + alea.randrange(120)), apres=True),
        sortie_motif="relais_france_travail",
    )


def _noter_rendez_vous(
    cahier: Cahier, chiffres: Chiffres, suivis: Sequence[tuple[FicheConnue, date, date, str]]
) -> None:
    """Répartit les rendez-vous selon le temps passé en mesure, et leurs issues au hasard : les totaux sont exacts."""
    alea = cahier.invention.alea
    issues = (
        ["honore"] * chiffres.realises
        + ["absence_excusee"] * chiffres.absences_excusees
        + ["absence_non_excusee"] * chiffres.absences_non_excusees
        + ["annule_service"] * chiffres.annules
    )
    alea.shuffle(issues)
    parts = repartir(len(issues), [(fin - debut).days + 1 for _, debut, fin, _ in suivis])
    for (mesure, debut, fin, referent), nombre in zip(suivis, parts, strict=True):
        jours = (fin - debut).days
        lieu = cahier.invention.lieu()
        for numero in range(nombre):
            jour = _jour_de_rendez_vous(debut + timedelta(jours * (2 * numero + 1) // (2 * nombre)), numero, debut, fin)
            instant = a_heure(jour, time(9 + alea.randrange(8), alea.choice((0, 30))))
            issue = issues.pop()
            rendez_vous = cahier.rendez_vous(mesure, instant, issue, lieu)
            if issue == "honore":
                cahier.entretien(mesure, instant, referent, rendez_vous=rendez_vous, lieu=lieu)


def _jour_de_rendez_vous(vise: date, numero: int, debut: date, fin: date) -> date:
    """Un jour ouvré proche du jour visé, sans quitter la mesure ni l'année."""
    jour = vise if vise.weekday() < 5 else vise + timedelta(7 - vise.weekday() + numero % 5)
    return jour if jour <= fin else max(debut, jour_ouvre(fin, apres=False))


def repartir(total: int, poids: Sequence[int]) -> list[int]:
    """`total` réparti selon les poids, en entiers dont la somme est exacte."""
    somme, cumul, deja, parts = sum(poids), 0, 0, []
    for part in poids:
        cumul += part
        jusqu_ici = total * cumul // somme
        parts.append(jusqu_ici - deja)
        deja = jusqu_ici
    return parts
