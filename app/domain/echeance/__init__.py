"""Ce qui est attendu, quand, pourquoi, et le geste qui le règle.

Une échéance est réglée par la convention, jamais par le code : sans règle, il n'y en a pas. Les genres sont une table
(`delais.toml`), lue ici et par le téléphone ; quelques familles l'interprètent, un fichier chacune.

Une échéance est en retard le lendemain de son jour. Un rendez-vous à venir d'ici là la rend « prévue » ; dès que son
heure est passée, il reste à préciser et ne prévoit plus rien. Une mesure suspendue n'attend plus que son terme.
Miroir : static/js/domain/echeance/, mêmes cas dans tests/corpus/echeances*.json.
"""

from collections.abc import Callable, Sequence
from typing import Any

from app.domain import dates
from app.domain.acces import est_en_binome
from app.domain.echeance import cadence, delai, note, semaine, sur_piece, terme, total
from app.domain.echeance.attente import RENCONTRES, Attente, annoncer
from app.domain.echeance.cadence import cadence_en_mots, periode_apres, prochain_a_la_cadence
from app.domain.echeance.faits import Situation
from app.domain.echeance.table import GENRES, REGISTRE, Genre
from app.domain.francais import majuscule, minuscule
from app.domain.personne import Fiche

__all__ = [
    "REGISTRE",
    "cadence_en_mots",
    "echeances",
    "periode_apres",
    "prochain_a_la_cadence",
    "rappeler",
    "se_regle_par_un_rendez_vous",
]

Echeance = dict[str, Any]

_FAMILLES: dict[str, Callable[[Genre, Any, Situation, Fiche | None], Attente | None]] = {
    "delai": delai.attendre,
    "terme": terme.attendre,
    "cadence": cadence.attendre,
    "total": total.attendre,
    "semaine": semaine.attendre,
    "piece": sur_piece.attendre,
    "note": note.attendre,
}
# De deux échéances que le même geste règle, celle qui se dit.
_URGENCES = ("en_retard", "proche", "prevu", "a_venir")


def echeances(dossier: Fiche, conventions: Sequence[Fiche], maintenant: str) -> list[Echeance]:
    """Les échéances d'un dossier à un instant, la plus ancienne d'abord : en retard, puis de la plus proche.

    `[{genre, mesure_id, convention, due_le, jours, etat, titre, pourquoi, citation, action: {libelle, url}, aussi}]` ;
    `jours` : ce qui reste, négatif en retard ; `etat` : en_retard, proche, prevu, a_venir ; `aussi` : les genres que
    le même geste règle. Le partenaire d'un binôme n'en a pas : il n'a pas les faits d'où elles se déduisent.
    """
    aujourd_hui = dates.jour_paris(maintenant)
    trouvees: list[Echeance] = []
    if est_en_binome(dossier):
        return trouvees
    for mesure in dossier["mesures"]:
        trouvees += _reunir(_de_la_mesure(Situation(dossier, mesure, conventions, maintenant, aujourd_hui)))
    return sorted(trouvees, key=lambda e: (e["due_le"], e["mesure_id"]))


def _de_la_mesure(situation: Situation) -> list[Echeance]:
    annoncees = []
    for genre in GENRES:
        if situation.statut not in genre["statuts"] or (situation.suspendue and "malgre_suspension" not in genre):
            continue
        convention = situation.convention(genre.get("version")) if "regle" in genre else None
        regle = (convention or {}).get(genre.get("regle", ""))
        if "regle" in genre and not (regle.get(genre["cle"]) if "cle" in genre and regle else regle):
            continue
        attente = _FAMILLES[genre["famille"]](genre, regle, situation, convention)
        if attente is None or _est_perimee(genre, attente, situation):
            continue
        annoncees.append(annoncer(genre, attente, convention, situation))
    return annoncees


def _est_perimee(genre: Genre, attente: Attente, situation: Situation) -> bool:
    """Longtemps après, on ne le demande plus."""
    mois = genre.get("perime_mois")
    if not mois or not (situation.statut == "sortie" or "perime_ouverte" in genre):
        return False
    return situation.aujourd_hui > dates.ajouter_mois(attente.due_le, mois)


def _reunir(annoncees: list[Echeance]) -> list[Echeance]:
    """Une ligne par geste : la plus urgente le dit, les autres y sont rappelées."""
    par_geste: dict[str, list[Echeance]] = {}
    for echeance in annoncees:
        par_geste.setdefault(echeance.pop("geste"), []).append(echeance)
    reunies = []
    for groupe in par_geste.values():
        premiere, *autres = sorted(groupe, key=lambda e: (_URGENCES.index(e["etat"]), e["due_le"]))
        rappels = "".join(f" Aussi\u202f: {minuscule(autre['titre'])}." for autre in autres)
        aussi = [autre["genre"] for autre in autres]
        reunies.append({**premiere, "pourquoi": premiere["pourquoi"] + rappels, "aussi": aussi})
    return reunies


def se_regle_par_un_rendez_vous(echeance: Echeance) -> bool:
    return any(attendu["chemin"] in RENCONTRES for attendu in REGISTRE[echeance["genre"]]["attendus"])


def rappeler(echeance: Echeance, convention: Fiche) -> str:
    """La règle en quelques mots, pour le formulaire d'un rendez-vous."""
    if echeance["genre"] == "cadence":
        return f"{majuscule(cadence_en_mots(convention['cadence']))} au moins"
    return str(REGISTRE[echeance["genre"]].get("quoi") or "Rendez-vous physiques")
