"""Ce que les dossiers de 2022 portent de plus : profils, démarches, saisines, étapes, diagnostics et contrats.

Leur hasard est à part : ce que le premier a tiré, et la file active du jour avec lui, reste le même. Ce que le rapport
publié compte (démarches, saisines, étapes) est tenu à l'unité près ; le reste est seulement vraisemblable.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from app.demonstration import recits
from app.demonstration.agenda import jour_ouvre
from app.demonstration.annee_2022 import DECEMBRE, JANVIER
from app.demonstration.cahier import Cahier
from app.demonstration.pieces import Ecrite, Fait
from app.domain.nomenclatures import codes, natures
from app.importation.controle import Nouvelle

# Mille démarches pour l'ASP : 60 % de social et 40 % d'emploi, puis chaque famille à sa part publiée.
DEMARCHES_ASP: Final = {
    "administratif": 282,
    "logement": 66,
    "lien_social": 12,
    "sante": 66,
    "mobilite": 12,
    "lien_departement": 162,
    "offres": 180,
    "tre": 100,
    "emploi_formation": 120,
}
SAISINES_AVANT, SAISINES_APRES = 12, 17
# (nature, motif de la sortie qui suit, jours avant elle ; sans motif : encore suivie en décembre, jours de durée).
_ETAPES: Final = (
    ("cdi", "emploi_durable", 61),
    ("cddi", "cddi", 45),
    ("formation_qualifiante", "formation", 31),
    ("cdd", "", 92),
    ("cdd", "", 120),
    ("cdd", "", 30),
    ("interim", "", 12),
    ("interim", "", 26),
    ("formation_non_qualifiante", "", 40),
    ("afpr", "", 60),
    ("contrat_pro", "", 180),
    ("mise_en_logement", "", 0),
)
_FREINS_FREQUENTS: Final = (9, 8, 5, 5, 7, 8, 6, 4, 1, 5, 6, 6)


def completer(cahier: Cahier, alea: Random) -> list[Ecrite]:
    """Complète les fiches déjà notées, et rend les pièces de leurs dossiers."""
    _decrire(cahier, alea)
    _retarder_des_contacts(cahier, alea)
    suivies = [n for n in cahier.lot.mesures if n.valeurs["entree_le"] <= DECEMBRE]
    asp = [n for n in suivies if n.valeurs["convention"] == "ASP-NC"]
    _repartir_les_demarches(cahier, {n.fiche.id for n in asp}, alea)
    passes = _rendez_vous(cahier)
    pieces: list[Ecrite] = []
    for n in suivies:
        rsa = _au_rsa(cahier, n)
        pieces += [(n, *fait) for fait in _accueil(n, rsa, passes[n.fiche.id], alea)]
    pieces += [(n, "saisine", valeurs) for n, valeurs in _saisines(asp, passes)]
    pieces += [(n, "etape", valeurs) for n, valeurs in _etapes(asp, alea)]
    return pieces


def _decrire(cahier: Cahier, alea: Random) -> None:
    """Niveau, dernière activité, handicap, ressources ; pour quelques-uns, rien n'a été noté."""
    for n in cahier.lot.personnes:
        v = n.valeurs
        niveaux = (None, "jamais_scolarise", "infra_3", "niveau_3", "niveau_4", "niveau_5", "niveau_6")
        v["niveau_formation"] = alea.choices(niveaux, (4, 5, 30, 36, 16, 6, 3))[0]
        v["rqth"] = alea.choices((False, True, None), (86, 6, 8))[0]
        sans_emploi = timedelta(90 + int(3_400 * alea.random() ** 2))
        v["derniere_activite_le"] = None if alea.random() < 0.15 else (v["date_effet"] - sans_emploi).isoformat()
        if v["rsa"] == "non_beneficiaire":
            v["ressources"] = [alea.choices(("are", "ass", "aah", "sans_ressource"), (9, 5, 1, 5))[0]]
        for champ in [champ for champ, valeur in v.items() if valeur is None]:
            del v[champ]


def _retarder_des_contacts(cahier: Cahier, alea: Random) -> None:
    """Un premier contact sur neuf a dépassé les quinze jours de la convention."""
    for n in cahier.lot.mesures:
        delai = alea.randrange(16, 20) if alea.random() < 1 / 9 else alea.randrange(2, 14)
        contact = jour_ouvre(n.valeurs["orientee_le"] + timedelta(delai), apres=True)
        n.valeurs["premier_contact_le"] = min(contact, n.valeurs["entree_le"])


def _repartir_les_demarches(cahier: Cahier, mesures: set[str], alea: Random) -> None:
    """Une démarche par entretien, puis le reste au hasard, trois au plus ; le récit est celui de la première."""
    plan = [(famille, nature) for famille, n in DEMARCHES_ASP.items() for nature in _natures(famille, n, alea)]
    alea.shuffle(plan)
    entretiens = [n for n in cahier.lot.entretiens if n.fiche.mesure_id in mesures]
    recit_de: dict[str, list[tuple[str | None, str]]] = defaultdict(list)
    for famille, nature, synthese in recits.RECITS:
        recit_de[famille].append((nature, synthese))
    demarches = cahier.lot.demarches
    for n in entretiens:
        famille, tiree = plan.pop()
        nature, n.valeurs["synthese"] = alea.choice(recit_de[famille])
        # Une saisine a sa pièce : le récit, lui, dit l'échange.
        demarches[n.fiche.id] = [(famille, tiree if famille == "lien_departement" else nature)]
    while plan:
        deja = demarches[alea.choice(entretiens).fiche.id]
        if len(deja) < 3:
            deja.append(plan.pop())


def _natures(famille: str, nombre: int, alea: Random) -> list[str | None]:
    if famille == "lien_departement":
        tirees: list[str | None] = ["saisine"] * (SAISINES_AVANT + SAISINES_APRES)
        return tirees + ["liens_situations"] * (nombre - len(tirees))
    return [alea.choice(natures(famille) or [None]) for _ in range(nombre)]


def _rendez_vous(cahier: Cahier) -> dict[str, list[tuple[date, str]]]:
    """Par mesure, le jour et l'issue de chaque rendez-vous, du plus ancien au plus récent."""
    passes: dict[str, list[tuple[date, str]]] = defaultdict(list)
    for n in sorted(cahier.lot.rendez_vous, key=lambda n: n.valeurs["debut"]):
        if n.fiche.mesure_id is not None:
            passes[n.fiche.mesure_id].append((n.valeurs["date"], n.valeurs["statut"]))
    return passes


def _au_rsa(cahier: Cahier, mesure: Nouvelle) -> bool:
    # Dans ce cahier, une personne par mesure, et notée juste avant elle.
    rang = int(mesure.valeurs["reference"].rsplit("-", 1)[1]) - 1
    return bool(cahier.lot.personnes[rang].valeurs["rsa"] == "beneficiaire")


def _accueil(mesure: Nouvelle, rsa: bool, passes: Sequence[tuple[date, str]], alea: Random) -> Iterator[Fait]:
    """Un diagnostic à la première rencontre, un autre plus tard, un contrat pour les bénéficiaires du RSA."""
    entree: date = mesure.valeurs["entree_le"]
    fin: date = min(mesure.valeurs["sortie_le"], DECEMBRE)
    if mesure.valeurs["convention"] == "DSP-TDL":
        yield "information", {"sujet": "fse", "le": entree}
    rencontre = next((jour for jour, statut in passes if statut == "honore"), None) if entree >= JANVIER else entree
    if rencontre is None or alea.random() < 0.07:
        return
    freins = _tirer_les_freins(alea)
    depart = {cle: alea.randrange(1, 4) for cle in freins}
    releves = [{"cle": cle, "niveau": niveau, "etat": "releve"} for cle, niveau in depart.items()]
    atouts = alea.sample(recits.ATOUTS, 2)
    yield "diagnostic", {"moment": "entree", "jour": rencontre, "freins": releves, "atouts": atouts}
    if rsa and alea.random() < 0.93:
        yield from _contrats(rencontre, fin)
    sorti = mesure.valeurs["sortie_le"] <= DECEMBRE
    if (fin - rencontre).days > 120 and alea.random() < (0.85 if sorti else 0.5):
        etats = alea.choices(("releve", "travaille", "leve"), (2, 4, 4) if sorti else (4, 5, 2), k=len(freins))
        suite = [
            {"cle": cle, "niveau": max(1, niveau - 1), "etat": etat}
            for (cle, niveau), etat in zip(depart.items(), etats, strict=True)
        ]
        jour = jour_ouvre(fin - timedelta(7 + alea.randrange(20)), apres=False)
        yield (
            "diagnostic",
            {"moment": "bilan" if sorti else "intermediaire", "jour": jour, "freins": suite, "atouts": atouts},
        )


def _tirer_les_freins(alea: Random) -> list[str]:
    grille = codes("frein")
    tires = set(alea.choices(grille, _FREINS_FREQUENTS, k=4))
    return [cle for cle in grille if cle in tires]


def _contrats(rencontre: date, fin: date) -> Iterator[Fait]:
    debut, sorte = rencontre, "premier"
    while debut < fin - timedelta(20) or sorte == "premier":
        signe = dict.fromkeys(("signe_personne_le", "signe_referent_le", "remis_le"), jour_ouvre(debut, apres=False))
        bornes = {"debut": debut, "fin": debut + timedelta(182)}
        yield "contrat", {"type": "contrat_insertion", "sorte": sorte} | bornes | signe
        debut, sorte = debut + timedelta(183), "renouvellement"


def _saisines(mesures: Sequence[Nouvelle], passes: dict[str, list[tuple[date, str]]]) -> Iterator[tuple[Nouvelle, Any]]:
    """Douze avant la première rencontre, après un rendez-vous manqué d'emblée ; dix-sept en route."""
    avant, apres = [], []
    for n in mesures:
        suite = passes[n.fiche.id]
        rencontre = next((rang for rang, (_, statut) in enumerate(suite) if statut == "honore"), len(suite))
        manques = [jour for jour, statut in suite[:rencontre] if statut == "absence_non_excusee"]
        premiere = suite[rencontre][0] if rencontre < len(suite) else None
        if n.valeurs["entree_le"] >= JANVIER and manques and premiere and (premiere - manques[-1]).days > 4:
            avant.append((n, manques[-1]))
            continue
        perdus = [jour for jour, statut in suite[rencontre:] if statut == "absence_non_excusee"]
        if len(perdus) > 1 and perdus[-1] < min(DECEMBRE, n.valeurs["sortie_le"]) - timedelta(5):
            apres.append((n, perdus[-1]))
    suites = ("reprise", "reprise", "reorientation", "sans_suite")
    for retenues, nombre, precoce in ((avant, SAISINES_AVANT, True), (apres, SAISINES_APRES, False)):
        for rang, (n, manque) in enumerate(retenues[:nombre]):
            texte = recits.SAISINE_AVANT if precoce else recits.SAISINE
            le = jour_ouvre(manque + timedelta(2), apres=True)
            yield n, {"le": le, "avant_premiere_rencontre": precoce, "issue": suites[rang % len(suites)]} | texte


def _etapes(mesures: Sequence[Nouvelle], alea: Random) -> Iterator[tuple[Nouvelle, Any]]:
    """Chacune dans une mesure : celle qui mène à la sortie la précède, les autres ont fini avant décembre."""
    libres = list(mesures)
    alea.shuffle(libres)
    for nature, motif, jours in _ETAPES:
        mesure = next(n for n in libres if _convient(n, motif, jours))
        libres.remove(mesure)
        chez = {} if nature == "mise_en_logement" else {"employeur": alea.choice(recits.EMPLOYEURS)}
        yield mesure, {"nature": nature} | _bornes(mesure, nature, motif, jours) | chez


def _bornes(mesure: Nouvelle, nature: str, motif: str, jours: int) -> dict[str, Any]:
    sortie: date = mesure.valeurs["sortie_le"]
    if motif:
        debut = jour_ouvre(sortie - timedelta(jours), apres=False)
        return {"debut": debut, "issue": "poursuite"} | ({"fin_essai": sortie} if nature == "cdi" else {})
    debut = jour_ouvre(_debut_possible(mesure) + timedelta(14), apres=True)
    return {"debut": debut} | ({"fin": debut + timedelta(jours), "issue": "terminee"} if jours else {})


def _convient(mesure: Nouvelle, motif: str, jours: int) -> bool:
    debut, sortie = _debut_possible(mesure), mesure.valeurs["sortie_le"]
    if motif:
        menee = mesure.valeurs["sortie_motif"] == motif and sortie <= DECEMBRE
        return bool(menee and sortie - timedelta(jours) > debut)
    return bool(sortie > DECEMBRE and debut + timedelta(jours + 30) < DECEMBRE)


def _debut_possible(mesure: Nouvelle) -> date:
    """Trois mois après l'entrée, et pas avant janvier."""
    entree: date = mesure.valeurs["entree_le"]
    return max(entree + timedelta(90), JANVIER)
