"""Qui est accompagné : âge, niveau, ressources, handicap, activité antérieure, prescripteur.

Chaque répartition range chaque mesure dans une ligne et une seule ; ce qu'on ne sait pas a la sienne.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from app.domain.indicateurs.definition import Indicateur
from app.domain.indicateurs.flux import Historique

NON_RENSEIGNE: Final = "non_renseigne"

_POPULATION = "personnes accompagnées, avec une ligne «\u202fnon renseigné\u202f»"
_A_L_ENTREE = "d’après ce qui vaut le jour de l’entrée\u202f; à défaut, la première valeur notée après elle"
_A_LA_FIN = "d’après ce qui était connu le dernier jour de la période"

INDICATEURS: Final = (
    Indicateur(
        "age",
        "Répartition par âge",
        "mesures",
        _POPULATION,
        "personnes accompagnées",
        "l’âge en années révolues le dernier jour de la période",
    ),
    Indicateur(
        "niveau_formation",
        "Répartition par niveau de formation",
        "mesures",
        _POPULATION,
        "personnes accompagnées",
        f"le niveau atteint, {_A_LA_FIN}",
    ),
    Indicateur(
        "minima",
        "Minima sociaux",
        "mesures",
        f"{_POPULATION}\u202f; qui en reçoit plusieurs compte au premier de la liste",
        "personnes accompagnées",
        f"les ressources, {_A_L_ENTREE}",
    ),
    Indicateur(
        "brsa",
        "Bénéficiaires du RSA",
        "mesures",
        f"{_POPULATION}\u202f; le droit au RSA ouvert ou suspendu compte",
        "personnes accompagnées",
        f"le RSA, {_A_L_ENTREE}",
    ),
    Indicateur(
        "rqth",
        "Travailleurs handicapés",
        "mesures",
        _POPULATION,
        "personnes accompagnées",
        f"la reconnaissance (RQTH), {_A_LA_FIN}",
    ),
    Indicateur(
        "inactivite",
        "Durée d’inactivité à l’entrée",
        "mesures",
        _POPULATION,
        "personnes accompagnées",
        f"de la dernière activité au jour de l’entrée, {_A_LA_FIN}",
    ),
    Indicateur(
        "prescripteur",
        "Prescripteurs",
        "mesures",
        "mesures orientées, par service qui a orienté, avec une ligne «\u202fnon renseigné\u202f»",
        "mesures orientées dans la période",
        "la date d’orientation est dans la période",
    ),
)

AGES: Final = ("moins_26", "de_26_a_49", "50_et_plus", NON_RENSEIGNE)
NIVEAUX: Final = ("jamais_scolarise", "niveau_3_et_moins", "niveau_4", "niveau_5_et_plus", NON_RENSEIGNE)
MINIMA: Final = ("rsa", "ass", "aah", "ata_ada", "non_concerne", NON_RENSEIGNE)
OUI_NON: Final = ("oui", "non", NON_RENSEIGNE)
INACTIVITES: Final = ("moins_1_an", "de_1_a_2_ans", "de_2_a_5_ans", "plus_5_ans", NON_RENSEIGNE)

_RANG_DU_NIVEAU: Final = {
    "jamais_scolarise": "jamais_scolarise",
    "infra_3": "niveau_3_et_moins",
    "niveau_3": "niveau_3_et_moins",
    "niveau_4": "niveau_4",
    **dict.fromkeys(("niveau_5", "niveau_6", "niveau_7", "niveau_8"), "niveau_5_et_plus"),
}
# Le droit est ouvert, ou suspendu : la personne est au RSA. Clos, elle n'y est plus.
_AU_RSA: Final = frozenset({"beneficiaire", "suspendu"})


def valeur_au(historique: Historique, jour: date) -> Any:
    """La valeur en vigueur ce jour-là ; `None` si rien n'était encore connu."""
    en_vigueur = None
    for effet, valeur in historique:
        if effet > jour:
            break
        en_vigueur = valeur
    return en_vigueur


def valeur_a_l_entree(historique: Historique, entree_le: date | None) -> Any:
    """La valeur en vigueur à l'entrée ; à défaut la première notée ensuite : un accueil se saisit parfois plus tard."""
    if entree_le is None:
        return None
    en_vigueur = valeur_au(historique, entree_le)
    if en_vigueur is not None:
        return en_vigueur
    return next((valeur for effet, valeur in historique if effet > entree_le and valeur is not None), None)


def age(naissance: date | None, jour: date) -> str:
    """La tranche, parmi `AGES` ; une naissance après le jour est une erreur de saisie, donc non renseignée."""
    if naissance is None or naissance > jour:
        return NON_RENSEIGNE
    ans = annees_revolues(naissance, jour)
    if ans < 26:
        return "moins_26"
    return "de_26_a_49" if ans < 50 else "50_et_plus"


def annees_revolues(depuis: date, jour: date) -> int:
    return jour.year - depuis.year - ((jour.month, jour.day) < (depuis.month, depuis.day))


def niveau(valeur: str | None) -> str:
    return _RANG_DU_NIVEAU.get(valeur or "", NON_RENSEIGNE)


def est_au_rsa(rsa: str | None) -> bool:
    return rsa in _AU_RSA


def brsa(rsa: str | None) -> str:
    if rsa is None:
        return NON_RENSEIGNE
    return "oui" if est_au_rsa(rsa) else "non"


def minima(rsa: str | None, ressources: Sequence[str] | None) -> str:
    """Le minimum social, parmi `MINIMA`. Rien de connu n'est pas « non concerné »."""
    if est_au_rsa(rsa):
        return "rsa"
    for code in ("ass", "aah", "ata_ada"):
        if ressources and code in ressources:
            return code
    return "non_concerne" if rsa is not None or ressources else NON_RENSEIGNE


def oui_non(valeur: bool | None) -> str:
    if valeur is None:
        return NON_RENSEIGNE
    return "oui" if valeur else "non"


def inactivite(derniere_activite: date | None, entree: date) -> str:
    """Le temps passé sans activité à l'entrée, parmi `INACTIVITES` ; encore en activité : moins d'un an."""
    if derniere_activite is None:
        return NON_RENSEIGNE
    if derniere_activite >= entree:
        return "moins_1_an"
    ans = annees_revolues(derniere_activite, entree)
    if ans < 1:
        return "moins_1_an"
    if ans < 2:
        return "de_1_a_2_ans"
    return "de_2_a_5_ans" if ans < 5 else "plus_5_ans"
