"""L'ébauche d'une vignette : un parcours raconté de ses puces et de ses étapes, sans rien qui le fasse reconnaître.

Aucun texte tapé n'y est repris : ni synthèse, ni précision, ni employeur, ni lieu. Une date devient une saison, un
âge une dizaine, un nom une initiale tirée au sort qui n'est pas la sienne. Ce qui touche à la santé ou à la justice
n'y entre pas. Ce n'est qu'une ébauche : le chef de service la relit, la change, puis la garde avec le rapport.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import SystemRandom
from typing import Final

from sqlalchemy.orm import Session

from app.domain import nomenclatures
from app.domain.francais import accord, majuscule, minuscule
from app.domain.indicateurs import freins as definition
from app.domain.indicateurs.flux import retenir
from app.models import Personne
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, FaitPiece, Faits

TITRE: Final = "Un parcours"
# Ce qui ne se dit pas d'une personne, fût-elle sans nom.
_TUS: Final = frozenset({"sante", "justice"})
_EMPLOIS: Final = frozenset({"cdd", "cdi", "interim", "cddi", "contrat_pro", "creation"})
_SAISONS: Final = ("à l’hiver", "au printemps", "à l’été", "à l’automne")
_DIZAINES: Final = {2: "une vingtaine d’années", 3: "une trentaine d’années", 4: "une quarantaine d’années"}
_INITIALES: Final = "ABCDEFGHJLMNPRSTV"


@dataclass(frozen=True)
class Parcours:
    """Ce qu'une ébauche raconte ; `initiale` n'est celle d'aucun de ses noms."""

    initiale: str
    sexe: str | None
    age: int | None
    mesure: FaitMesure
    dernier_jour: date
    diagnostics: Sequence[FaitPiece]
    etapes: Sequence[FaitPiece]
    contrats: int


def saison(jour: date) -> str:
    """« au printemps 2022 » ; décembre est de l'hiver qui commence."""
    return f"{_SAISONS[jour.month % 12 // 3]} {jour.year}"


def lire(session: Session, demande: Demande, mesure_id: str) -> Parcours | None:
    """Rien si la mesure n'est pas de celles que ce rapport compte."""
    faits = Faits(session, demande)
    mesure = next((m for m in retenir(faits.mesures, demande.periode, "accompagnees") if m.id == mesure_id), None)
    personne = session.get(Personne, (demande.structure_id, mesure.personne_id)) if mesure else None
    if mesure is None or personne is None or mesure.entree_le is None:
        return None
    sexes = faits.valeurs("sexe").get(personne.id, ())
    return Parcours(
        _tirer(personne),
        sexes[-1][1] if sexes else None,
        mesure.entree_le.year - personne.date_naissance.year if personne.date_naissance else None,
        mesure,
        demande.periode.dernier_jour,
        faits.pieces("diagnostic").get(mesure.id, ()),
        faits.pieces("etape").get(mesure.id, ()),
        len(faits.pieces("contrat").get(mesure.id, ())),
    )


def _tirer(personne: Personne) -> str:
    noms = (personne.nom, personne.prenom, personne.nom_usage or "", *(personne.pseudonymes or ()))
    siennes = {unicodedata.normalize("NFD", mot)[0].upper() for nom in noms for mot in nom.replace("-", " ").split()}
    return SystemRandom().choice([lettre for lettre in _INITIALES if lettre not in siennes])


def ebauche(parcours: Parcours) -> str:
    """Quelques paragraphes, dans l'ordre du parcours."""
    return "\n\n".join(" ".join(phrases) for phrases in map(list, _paragraphes(parcours)) if phrases)


def _paragraphes(parcours: Parcours) -> Iterator[Iterator[str]]:
    yield _entree(parcours)
    yield _chemin(parcours)
    yield _fin(parcours)


def _entree(p: Parcours) -> Iterator[str]:
    age = "" if p.age is None else f", {_age(p.age)},"
    yield f"{p.initiale}.{age} entre dans l’accompagnement {saison(p.mesure.entree_le or p.dernier_jour)}."
    freins = definition.etats([piece.valeurs for piece in p.diagnostics])
    releves = [nomenclatures.libelle("frein", code) for code in freins if code not in _TUS]
    if releves:
        yield f"Au diagnostic, {_il(p)} dit ce qui l’arrête\u202f: {_suite(releves)}."


def _chemin(p: Parcours) -> Iterator[str]:
    freins = definition.etats([piece.valeurs for piece in p.diagnostics])
    leves = [nomenclatures.libelle("frein", c) for c, e in freins.items() if "freins_leves" in e and c not in _TUS]
    if p.contrats:
        yield f"{majuscule(_il(p))} signe {'un contrat' if p.contrats == 1 else 'des contrats'} avec son référent."
    for piece in p.etapes:
        nature = piece.valeurs.get("nature")
        if nature not in (None, "autre"):
            nom = nomenclatures.libelle("nature_etape", nature)
            yield f"{majuscule(saison(piece.jour))}\u202f: {nom if nature in _EMPLOIS else minuscule(nom)}."
    if leves:
        yield f"Ce qui se lève en chemin\u202f: {_suite(leves)}."


def _fin(p: Parcours) -> Iterator[str]:
    sortie = p.mesure.sortie_le
    if sortie is None or sortie > p.dernier_jour:
        yield "L’accompagnement se poursuit."
        return
    en_emploi = any(piece.valeurs.get("nature") in _EMPLOIS for piece in p.etapes[-1:])
    suite = f"\u202f: {_il(p)} travaille" if en_emploi else ""
    yield f"L’accompagnement se termine {saison(sortie)}{suite}."


def _age(annees: int) -> str:
    if annees < 26:
        return "moins de 26 ans"
    return _DIZAINES.get(annees // 10, "la cinquantaine passée")


def _il(p: Parcours) -> str:
    return accord(p.sexe, "la personne", "elle", "il")


def _suite(mots: Sequence[str]) -> str:
    dits = [minuscule(mot) for mot in mots]
    return dits[0] if len(dits) == 1 else f"{', '.join(dits[:-1])} et {dits[-1]}"
