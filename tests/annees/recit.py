"""Lire une histoire : un fichier TOML qu'une travailleuse sociale peut relire (docs/annees.md)."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from tests.annees.ecran import Due

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


def dites(dues: list[Due], attendues: tuple[str, ...]) -> list[str]:
    """Chaque ligne, avec son « pourquoi » là où l'histoire le dit ; la source se lit à l'écran Conventions."""
    lues = []
    for due, attendue in zip_longest(dues, attendues):
        if due is not None:
            pourquoi, _, _ = due.pourquoi.partition(" Source")
            lues.append(f"{due.titre} — {pourquoi}" if " — " in (attendue or "") else due.titre)
    return lues
