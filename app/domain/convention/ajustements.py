"""Ce qu'une structure ajuste d'une convention : des valeurs datées, posées sur la version sans la récrire.

Un ajustement : `{regle, effet, valeur, raison}`, gardé dans `ajustements` de la version, dans l'ordre où il a été
noté ; une valeur vide rend la règle à la convention. Pour qui lit (échéance, écran, téléphone), une version ajustée est
une suite de tranches, chacune avec son `debut` : `convention_au` prend celle du jour, sans savoir des ajustements.
"""

from collections.abc import Sequence
from typing import Any

from app.domain.convention.formes import Datee, en_date
from app.domain.convention.lecture import valeur_datee
from app.domain.convention.regles import PAR_NOM

Fiche = dict[str, Any]


def trancher(versions: Sequence[Fiche]) -> list[Fiche]:
    """Les versions d'une structure, chacune coupée aux dates d'effet de ses ajustements."""
    tranches: list[Fiche] = []
    for version in versions:
        ajustements = version.get("ajustements") or []
        if not ajustements:
            tranches.append({nom: valeur for nom, valeur in version.items() if nom != "ajustements"})
            continue
        borne = _debut_suivant(version, versions)
        debuts = {max(a["effet"], version["debut"]) for a in ajustements} | {version["debut"]}
        # Une version plus récente a pris la suite : ce qui prendrait effet après elle ne la concerne pas.
        tranches += [_tranche(version, jour) for jour in sorted(debuts) if borne is None or jour < borne]
    return tranches


def en_vigueur(version: Fiche, regle: str, jour: str) -> Fiche | None:
    """L'ajustement d'une règle qui s'applique ce jour-là ; rien si c'est la convention qui parle."""
    siens = [a for a in version.get("ajustements") or [] if a["regle"] == regle and a["effet"] <= jour]
    # À effet égal, le dernier noté : `max` garde le premier, d'où l'ordre renversé.
    dernier: Fiche | None = max(reversed(siens), key=lambda a: a["effet"], default=None)
    return None if dernier is None or dernier["valeur"] is None else dernier


def _tranche(version: Fiche, jour: str) -> Fiche:
    tranche = {nom: valeur for nom, valeur in version.items() if nom != "ajustements"} | {"debut": jour}
    tranche["sources"] = dict(version.get("sources") or {})
    tranche["a_confirmer"] = dict(version.get("a_confirmer") or {})
    for regle in {a["regle"] for a in version["ajustements"]}:
        retenu = en_vigueur(version, regle, jour)
        if retenu is None or regle not in PAR_NOM:
            continue
        tranche[regle] = _poser(regle, version.get(regle), retenu)
        tranche["sources"][regle] = source(retenu)
        tranche["a_confirmer"].pop(regle, None)
    return tranche


def source(ajustement: Fiche) -> str:
    """D'où vient la valeur, dit comme une source : la décision de la structure, sa date, sa raison."""
    return f"Décision de la structure au {en_date(ajustement['effet'])}\u202f: {ajustement['raison']}"


def _poser(regle: str, avant: Any, ajustement: Fiche) -> Any:
    if not isinstance(PAR_NOM[regle].forme, Datee):
        return ajustement["valeur"]
    gardees = [couple for couple in avant or [] if couple[0] < ajustement["effet"]]
    return [*gardees, [ajustement["effet"], ajustement["valeur"]]]


def valeur_au(tranche: Fiche, regle: str, jour: str) -> Any:
    """La valeur d'une règle un jour donné ; une règle datée rend celle qui a pris effet."""
    valeur = tranche.get(regle)
    return valeur_datee(valeur, jour) if isinstance(PAR_NOM[regle].forme, Datee) else valeur


def _debut_suivant(version: Fiche, versions: Sequence[Fiche]) -> str | None:
    autres = (v.get("debut") or "" for v in versions if v.get("code") == version["code"])
    suivants = [debut for debut in autres if debut > version["debut"]]
    return min(suivants, default=None)
