"""Lire une histoire : un fichier TOML qu'une travailleuse sociale peut relire (docs/annees.md)."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HISTOIRES = Path(__file__).with_name("histoires")


@dataclass(frozen=True)
class Geste:
    """« Ajouter Diagnostic : Moment = À l'entrée » : un écran, et ce que l'on y saisit."""

    ecran: str
    saisie: tuple[tuple[str, str], ...]

    @classmethod
    def lire(cls, texte: str) -> Geste:
        ecran, _, reste = texte.partition(" : ")
        paires = [morceau.partition(" = ") for morceau in reste.split(" ; ") if morceau]
        return cls(ecran.strip(), tuple((champ.strip(), valeur.strip()) for champ, _, valeur in paires))


@dataclass(frozen=True)
class Jour:
    le: dt.date
    reseau: bool
    gestes: tuple[Geste, ...]
    doit: tuple[str, ...] | None


@dataclass(frozen=True)
class Histoire:
    nom: str
    recit: str
    jours: tuple[Jour, ...]


def lire_histoire(chemin: Path) -> Histoire:
    lu = tomllib.loads(chemin.read_text(encoding="utf-8"))
    return Histoire(chemin.stem, lu["recit"], tuple(_jour(jour) for jour in lu["jour"]))


def _jour(lu: dict[str, Any]) -> Jour:
    inconnus = lu.keys() - {"le", "reseau", "fait", "doit"}
    assert not inconnus, f"{lu['le']} : {inconnus}"
    doit = tuple(lu["doit"]) if "doit" in lu else None
    return Jour(lu["le"], lu.get("reseau", True), tuple(map(Geste.lire, lu.get("fait", []))), doit)
