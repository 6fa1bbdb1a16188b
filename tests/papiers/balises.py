"""Lire la structure d'un PDF : ses balises dans l'ordre, leur langue, leur texte de remplacement."""

from __future__ import annotations

import io
from typing import Any

import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NumberObject


def lire_pdf(octets: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(octets))


def balises(lu: pypdf.PdfReader) -> list[tuple[str, str | None]]:
    racine: Any = lu.root_object
    return _sous(racine["/StructTreeRoot"]["/K"])


def _sous(noeud: Any) -> list[tuple[str, str | None]]:
    noeud = noeud.get_object() if isinstance(noeud, IndirectObject) else noeud
    if isinstance(noeud, ArrayObject):
        return [balise for enfant in noeud for balise in _sous(enfant)]
    if isinstance(noeud, NumberObject) or not isinstance(noeud, DictionaryObject):
        return []
    ici = [(str(noeud["/S"]), noeud.get("/Alt"))] if "/S" in noeud else []
    return ici + (_sous(noeud["/K"]) if "/K" in noeud else [])


def texte(lu: pypdf.PdfReader) -> str:
    return "".join("".join(page.extract_text() for page in lu.pages).split())
