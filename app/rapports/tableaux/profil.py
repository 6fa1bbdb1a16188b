"""Qui est accompagné : âge, niveau, minima sociaux, RSA, handicap, activité antérieure, prescripteurs."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from app.domain.indicateurs import catalogue
from app.domain.indicateurs import profil as definition
from app.domain.recherche import cle
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, Faits
from app.rapports.listes import DesMesures
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Ligne, Tableau, addition

_LIBELLES: Final = {
    "age": {"moins_26": "Moins de 26 ans", "de_26_a_49": "26 à 49 ans", "50_et_plus": "50 ans et plus"},
    "niveau_formation": {
        "jamais_scolarise": "Jamais allé à l’école, ou moins que le primaire",
        "niveau_3_et_moins": "Niveau 3 et avant (VI, V bis, V)",
        "niveau_4": "Niveau 4 (IV)",
        "niveau_5_et_plus": "Niveaux 5 à 8 (III, II, I)",
    },
    "minima": {"rsa": "RSA", "ass": "ASS", "aah": "AAH", "ata_ada": "ATA ou ADA", "non_concerne": "Non concernés"},
    "brsa": {"oui": "Bénéficiaires du RSA", "non": "Non bénéficiaires"},
    "rqth": {"oui": "Oui", "non": "Non"},
    "inactivite": {
        "moins_1_an": "Moins d’un an",
        "de_1_a_2_ans": "De un à deux ans",
        "de_2_a_5_ans": "De deux à cinq ans",
        "plus_5_ans": "Cinq ans et plus",
    },
}
NON_RENSEIGNE: Final = "Non renseigné"


def par_age(faits: Faits, demande: Demande, regles: Regles) -> Tableau:
    dernier, naissances = demande.periode.dernier_jour, faits.naissances
    return _repartir(
        "age", definition.AGES, faits, demande, regles, lambda m: definition.age(naissances.get(m.personne_id), dernier)
    )


def par_niveau(faits: Faits, demande: Demande, regles: Regles) -> Tableau:
    dernier, niveaux = demande.periode.dernier_jour, faits.valeurs("niveau_formation")
    return _repartir(
        "niveau_formation",
        definition.NIVEAUX,
        faits,
        demande,
        regles,
        lambda m: definition.niveau(definition.valeur_au(niveaux.get(m.personne_id, ()), dernier)),
    )


def minima(faits: Faits, demande: Demande, regles: Regles) -> Tableau:
    rsa, ressources = faits.valeurs("rsa"), faits.valeurs("ressources")

    def ranger(mesure: FaitMesure) -> str:
        return definition.minima(
            definition.valeur_a_l_entree(rsa.get(mesure.personne_id, ()), mesure.entree_le),
            definition.valeur_a_l_entree(ressources.get(mesure.personne_id, ()), mesure.entree_le),
        )

    return _repartir("minima", definition.MINIMA, faits, demande, regles, ranger)


def brsa(faits: Faits, demande: Demande, regles: Regles) -> Tableau:
    rsa = faits.valeurs("rsa")
    return _repartir(
        "brsa",
        definition.OUI_NON,
        faits,
        demande,
        regles,
        lambda m: definition.brsa(definition.valeur_a_l_entree(rsa.get(m.personne_id, ()), m.entree_le)),
    )


def rqth(faits: Faits, demande: Demande, regles: Regles) -> Tableau:
    dernier, connues = demande.periode.dernier_jour, faits.valeurs("rqth")
    return _repartir(
        "rqth",
        definition.OUI_NON,
        faits,
        demande,
        regles,
        lambda m: definition.oui_non(definition.valeur_au(connues.get(m.personne_id, ()), dernier)),
    )


def inactivite(faits: Faits, demande: Demande, regles: Regles) -> Tableau:
    dernier, activites = demande.periode.dernier_jour, faits.valeurs("derniere_activite_le")

    def ranger(mesure: FaitMesure) -> str:
        connue = definition.valeur_au(activites.get(mesure.personne_id, ()), dernier)
        jour = date.fromisoformat(connue) if connue else None
        return definition.inactivite(jour, mesure.entree_le or dernier)

    return _repartir("inactivite", definition.INACTIVITES, faits, demande, regles, ranger)


def prescripteurs(faits: Faits, demande: Demande, regles: Regles) -> Tableau:
    """Les services qui ont orienté dans la période, du plus fréquent au moins fréquent."""
    orientees = [m for m in faits.mesures if demande.periode.contient(m.orientee_le)]
    par_service: dict[str, list[FaitMesure]] = {}
    for mesure in orientees:
        par_service.setdefault((mesure.prescripteur or "").strip(), []).append(mesure)
    inconnu = par_service.pop("", [])
    # Le rang dans l'ordre alphabétique fait l'adresse de la liste : un nom de service n'y est pas.
    rangs = {service: rang for rang, service in enumerate(sorted(par_service, key=cle), 1)}
    frequents = sorted(par_service, key=lambda service: (-len(par_service[service]), cle(service)))
    decimales = _decimales(regles, "prescripteur")
    lignes = [_ligne(f"s{rangs[s]}", s, "prescripteur", par_service[s], len(orientees), decimales) for s in frequents]
    lignes.append(_ligne(definition.NON_RENSEIGNE, NON_RENSEIGNE, "prescripteur", inconnu, len(orientees), decimales))
    return Tableau(
        "prescripteur",
        catalogue.nom("prescripteur"),
        "orientations",
        tuple(lignes),
        controles=(addition(len(orientees), [li.nombre or 0 for li in lignes]),),
    )


def _repartir(
    code: str,
    rangs: Iterable[str],
    faits: Faits,
    demande: Demande,
    regles: Regles,
    ranger: Callable[[FaitMesure], str],
) -> Tableau:
    """Les accompagnées, chacune dans la ligne que dit `ranger` ; le total se vérifie."""
    accompagnees = faits.retenues("accompagnees")
    rangees: dict[str, list[FaitMesure]] = {rang: [] for rang in rangs}
    for mesure in accompagnees:
        rangees[ranger(mesure)].append(mesure)
    if len(rangees[definition.NON_RENSEIGNE]) == len(accompagnees):
        # Rien n'est su de personne : une seule ligne le dit.
        rangees = {definition.NON_RENSEIGNE: accompagnees}
    libelles = _LIBELLES[code] | {definition.NON_RENSEIGNE: NON_RENSEIGNE}
    lignes = tuple(
        _ligne(rang, libelles[rang], code, membres, len(accompagnees), _decimales(regles, code))
        for rang, membres in rangees.items()
    )
    return Tableau(
        code,
        catalogue.nom(code),
        "mesures",
        lignes,
        controles=(addition(len(accompagnees), [li.nombre or 0 for li in lignes]),),
        dessin="barres",
    )


def _ligne(code: str, libelle: str, indicateur: str, membres: list[FaitMesure], base: int, decimales: int) -> Ligne:
    return Ligne(code, libelle, (Cellule.compte(DesMesures(membres), base, decimales),), indicateur=indicateur)


def _decimales(regles: Regles, code: str) -> int:
    """Celles que la convention donne à ce tableau ; à défaut, celles du tableau par sexe."""
    par_sexe = regles.dans("rapport_sexe", "decimales", 0)
    return int(regles.dans(f"rapport_{code}", "decimales", par_sexe))
