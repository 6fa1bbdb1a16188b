"""Composer un papier en PDF : balisé, titré, dans l'ordre de lecture, sa langue dite (PDF/UA-1).

Le compositeur ne lit aucun fichier et n'a pas de réseau : le gabarit et les données lui sont donnés, et les données n'y
sont jamais lues comme du gabarit.
"""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Literal

import typst

GABARITS = Path(__file__).with_name("gabarits")
POLICES = Path(__file__).resolve().parents[2] / "static/construit/papier"
NORME: Literal["ua-1"] = "ua-1"

# Le compositeur n'est pas fait pour deux fils à la fois.
_VERROU = Lock()


class PapierImpossible(RuntimeError):
    """Le papier n'a pas pu être composé ; le message dit pourquoi, en anglais : il est pour le journal."""


class CaractereAbsent(PapierImpossible):
    """La lettre des papiers n'a pas ce signe : la page du navigateur, elle, saura l'écrire."""


@cache
def _compositeur() -> tuple[typst.Compiler, tempfile.TemporaryDirectory[str]]:
    if not any(POLICES.glob("*.ttf")):
        raise PapierImpossible("polices absentes : construire d'abord")
    vide = tempfile.TemporaryDirectory(prefix="jalon-papier-")
    polices = typst.Fonts(include_system_fonts=False, font_paths=[str(POLICES)])
    return typst.Compiler(
        root=vide.name,
        font_paths=polices,
        package_path=vide.name,
        package_cache_path=vide.name,
    ), vide


def composer(papier: Mapping[str, Any], compose_le: dt.datetime, gabarit: str = "papier") -> bytes:
    """Le PDF d'un papier (forme : `app.papiers.papier`), ou d'un rapport (`app.rapports.document`).

    `compose_le` est la date du fichier, en UTC. Lève `PapierImpossible`.
    """
    donnees = json.dumps(papier, ensure_ascii=False)
    with _VERROU:
        compositeur, _ = _compositeur()
        try:
            pdf = compositeur.compile(
                (GABARITS / f"{gabarit}.typ").read_bytes(),
                format="pdf",
                sys_inputs={"papier": donnees},
                pdf_standards=[NORME],
                timestamp=compose_le.replace(microsecond=0),
            )
        except typst.TypstError as erreur:
            absent = "could not be displayed with font" in str(erreur)
            raise (CaractereAbsent if absent else PapierImpossible)(str(erreur)) from erreur
    if not isinstance(pdf, bytes):
        raise PapierImpossible("le compositeur n'a pas rendu un fichier")
    return pdf
