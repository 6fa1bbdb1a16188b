"""Le cahier d'une équipe et ses feuilles : les retrouver, les nommer.

Un cahier est `{"cahier", "feuilles"}` ; ses feuilles ont une forme (`app/domain/feuilles`). Rien de ce qu'il contient
ne compte pour une mesure : ni échéance, ni relance, ni rapport (docs/adr/0015-cahiers.md).
Miroir : static/js/domain/cahier.js, mêmes cas dans tests/corpus/cahier.json.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from app.domain import nomenclatures, piece
from app.domain.feuilles import charger, forme
from app.domain.formes import Forme
from app.domain.francais import date_chiffree
from app.domain.personne import Fiche
from app.domain.piece import VERBES, acte_dit


@cache
def _lu() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("cahiers.toml").read_text(encoding="utf-8"))


def champs() -> list[Forme]:
    """Ce qu'un cahier dit de lui-même, tous genres de cahier ensemble."""
    lus: list[Forme] = _lu()["champs"]
    return lus


def orientation() -> str:
    """La convention où s'oriente d'avance qui est connu de la rue."""
    return str(_lu()["orientation"])


def champs_du_genre(genre: str) -> list[Forme]:
    return [champ for champ in champs() if genre in champ["cahiers"]]


def est_ferme(cahier: Fiche, jour: str) -> bool:
    """Fermé, on n'y propose plus de noter ; ce qui a été noté sans le savoir y arrive encore."""
    ferme_le = cahier["cahier"].get("ferme_le")
    return bool(ferme_le and ferme_le <= jour)


def feuilles_de(cahier: Fiche, code: str) -> list[Fiche]:
    """Les feuilles de cette forme, retirées exceptées, de la plus ancienne à la plus récente."""
    trouvees = [f for f in cahier.get("feuilles") or [] if f["forme"] == code and not f.get("retiree_le")]
    return sorted(trouvees, key=lambda feuille: (jour(feuille) or "", feuille["id"]))


def feuille(cahier: Fiche, identifiant: str | None) -> Fiche | None:
    return next((f for f in cahier.get("feuilles") or [] if f["id"] == identifiant), None)


def citant(cahier: Fiche, code: str, champ: str, identifiant: str) -> list[Fiche]:
    """Les feuilles de cette forme qui citent celle-là : les rencontres d'une maraude, ou d'une personne connue."""
    return [f for f in feuilles_de(cahier, code) if valeur(f, champ) == identifiant]


def valeur(feuille: Fiche, champ: str) -> Any:
    """La valeur d'un champ ; None s'il n'est pas rempli."""
    return piece.valeur(feuille, champ)


def jour(feuille: Fiche) -> str | None:
    """Le jour qui la date, si sa forme en a un."""
    decrite = forme(feuille["forme"])
    lu = valeur(feuille, decrite["jour"]) if decrite and "jour" in decrite else None
    return str(lu) if lu else None


def titre(feuille: Fiche) -> str:
    """« Maraude, 26/11/2026 », « Momo » ; à défaut, le nom de sa forme."""
    decrite = forme(feuille["forme"])
    if decrite is None:
        return str(feuille["forme"])
    mots = [_mot(decrite, nom, valeur(feuille, nom)) for nom in decrite["titre"]]
    dits = [*([decrite["libelle"]] if decrite.get("nommee") else []), *(mot for mot in mots if mot)]
    return ", ".join(dits) or str(decrite["libelle"])


def _mot(decrite: Forme, nom: str, lue: Any) -> str:
    decrit = next(champ for champ in decrite["champs"] if champ["nom"] == nom)
    if lue is None:
        return ""
    if decrit["genre"] == "code":
        return nomenclatures.libelle(decrit["liste"], lue)
    return date_chiffree(lue) if decrit["genre"] == "jour" else str(lue)


def qui(cahier: Fiche, code: str, identifiant: str, dites: Fiche) -> str | None:
    """De qui est cette feuille : elle-même, si elle porte un nom, sinon celle qu'elle cite et qui en porte un.

    `dites` : ce qu'une opération en dit, que le cahier n'a peut-être pas.
    """
    tenue, decrite = feuille(cahier, identifiant), charger()[code]
    sienne = {"forme": code, "valeurs": {**(tenue["valeurs"] if tenue else {}), **dites}}
    if not decrite.get("nommee"):
        return titre(sienne)
    cites = (feuille(cahier, valeur(sienne, champ["nom"])) for champ in decrite["champs"] if champ["genre"] == "fiche")
    return next((titre(cite) for cite in cites if cite and not charger()[cite["forme"]].get("nommee")), None)


@cache
def genres() -> dict[str, tuple[str, str]]:
    """Les opérations engendrées : « noter_rencontre » → (« noter », « rencontre »)."""
    return {f"{verbe}_{code}": (verbe, code) for code in charger() for verbe in VERBES}


def acte(genre: str) -> str:
    """« Rencontre : notée » ; vide si ce n'est pas une opération de feuille."""
    trouve = genres().get(genre)
    return acte_dit(charger()[trouve[1]], trouve[0]) if trouve else ""
