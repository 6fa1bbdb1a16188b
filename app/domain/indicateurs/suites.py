"""Ce que deviennent les personnes après la sortie : accès à l'emploi en six mois, nouvelles prises à l'échéance."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from app.domain.dates import ajouter_mois
from app.domain.echeance.table import DONNEES
from app.domain.indicateurs.definition import Indicateur
from app.domain.indicateurs.etapes import est_une_activite
from app.domain.indicateurs.periode import Periode

INDICATEURS: Final = (
    Indicateur(
        "acces_emploi_6_mois",
        "Accès à l’emploi dans les six mois",
        "mesures",
        "mesures terminées dont le motif est un emploi, ou qui ont une étape d’emploi commencée dans les six mois, ou "
        "des nouvelles «\u202fen emploi\u202f» prises dans les sept mois",
        "sorties du trimestre",
        "trimestres entiers de la période, montrés quand les six mois qui suivent leur dernier jour sont passés",
    ),
    Indicateur(
        "veille",
        "Nouvelles après la sortie",
        "mesures",
        "mesures terminées dont la veille est due, par ce qu’ont dit les premières nouvelles prises depuis la sortie, "
        "avec une ligne «\u202fnon renseigné\u202f»",
        "veilles dues",
        "la sortie, plus le délai de la convention, est dans la période et passée",
    ),
)

MOIS: Final = 6
# Les nouvelles sont dues à six mois et se prennent autour : un mois de plus pour les noter.
MOIS_DES_NOUVELLES: Final = 7
_EMPLOI: Final = frozenset(DONNEES["motifs"]["emploi"])


def par_emploi(motif: str | None) -> bool:
    """La sortie est liée à l'emploi."""
    return motif in _EMPLOI


def suivie(motif: str | None, apres: Iterable[str] | None) -> bool:
    """La convention demande une veille après une sortie de cette sorte ; sans précision, après toutes."""
    familles = list(apres or ())
    return not familles or any(motif in DONNEES["motifs"][famille] for famille in familles)


def plus_tard(jour: date, mois: int) -> date:
    return date.fromisoformat(ajouter_mois(jour.isoformat(), mois))


def trimestres(periode: Periode, aujourd_hui: date) -> list[tuple[str, Periode]]:
    """Les trimestres civils entiers de la période dont les six mois qui suivent sont passés."""
    trouves = []
    for annee in range(periode.premier_jour.year, periode.dernier_jour.year + 1):
        for rang in range(4):
            debut = date(annee, 3 * rang + 1, 1)
            fin = date.fromordinal(plus_tard(debut, 3).toordinal() - 1)
            ecoule = plus_tard(fin, MOIS) < aujourd_hui
            if periode.contient(debut) and periode.contient(fin) and ecoule:
                trouves.append((f"{annee}t{rang + 1}", Periode(debut, fin)))
    return trouves


def acces_a_l_emploi(
    sortie_le: date,
    motif: str | None,
    etapes: Iterable[tuple[date, Mapping[str, Any]]],
    nouvelles: Iterable[tuple[date, Mapping[str, Any]]],
) -> bool:
    """`etapes` et `nouvelles` : les pièces de la mesure, chacune avec son jour."""
    if par_emploi(motif):
        return True
    terme, terme_des_nouvelles = plus_tard(sortie_le, MOIS), plus_tard(sortie_le, MOIS_DES_NOUVELLES)
    commencee = any(sortie_le <= jour <= terme and est_une_activite(valeurs) for jour, valeurs in etapes)
    dite = any(
        sortie_le <= jour <= terme_des_nouvelles and valeurs.get("resultat") == "emploi" for jour, valeurs in nouvelles
    )
    return commencee or dite


def premieres_nouvelles(sortie_le: date, nouvelles: Iterable[tuple[date, Mapping[str, Any]]]) -> str | None:
    """Ce qu'ont dit les premières nouvelles prises depuis la sortie ; `None` s'il n'y en a pas."""
    prises = sorted(
        ((jour, str(v["resultat"])) for jour, v in nouvelles if jour >= sortie_le and v.get("resultat")),
        key=lambda prise: prise[0],
    )
    return prises[0][1] if prises else None
