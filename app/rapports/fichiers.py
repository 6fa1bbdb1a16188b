"""Ce qui sort d'un rapport : chaque format, son nom, son type de fichier, et comment il s'écrit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.rapports import formats
from app.rapports.classeur import en_xlsx
from app.rapports.document import en_pdf
from app.rapports.edition import Edition


@dataclass(frozen=True)
class Fichier:
    """`media` : le type du fichier ; `ecrire` : ses octets."""

    nom: str
    media: str
    ecrire: Callable[[Edition], bytes]
    aide: str


def _csv(edition: Edition) -> bytes:
    # Sans la marque d'ordre des octets, un tableur lit mal les accents d'un CSV.
    return formats.en_csv(edition.demande, edition.tableaux).encode("utf-8-sig")


def _json(edition: Edition) -> bytes:
    clos = edition.clos_le.isoformat() if edition.clos_le else None
    return formats.en_json(edition.demande, edition.tableaux, edition.masquee, clos).encode()


FICHIERS: Final[dict[str, Fichier]] = {
    "pdf": Fichier(
        "Document (PDF)",
        "application/pdf",
        en_pdf,
        "Couverture, sommaire, textes, tableaux et dessins\u202f: à remettre.",
    ),
    "xlsx": Fichier(
        "Classeur (XLSX)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        en_xlsx,
        "Une feuille par tableau, pour retravailler les chiffres.",
    ),
    "csv": Fichier("CSV", "text/csv; charset=utf-8", _csv, "Une ligne par chiffre."),
    "json": Fichier("JSON", "application/json", _json, "Pour un autre logiciel."),
}
