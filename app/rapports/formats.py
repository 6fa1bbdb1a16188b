"""Les tableaux d'un rapport écrits pour une autre machine (JSON), un tableur (CSV) ou un terminal (texte).

La forme JSON est stable : on y ajoute des clés, on n'en change pas (voir `docs/indicateurs.md`).
"""

import csv
import io
import json
from collections.abc import Sequence
from typing import Final

from app.rapports.tableau import Tableau

FORMATS: Final = ("json", "csv", "texte")
_AMORCES_DE_FORMULE: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutraliser(cellule: str) -> str:
    """La cellule telle qu'un tableur la montrera sans l'exécuter : une amorce de formule est précédée de « ' »."""
    return f"'{cellule}" if cellule.startswith(_AMORCES_DE_FORMULE) else cellule


def en_json(convention: str, annee: int, tableaux: Sequence[Tableau]) -> str:
    contenu = {
        "rapport": "jalon/1",
        "convention": convention,
        "annee": annee,
        "tableaux": [
            {
                "code": t.code,
                "titre": t.titre,
                "unite": t.unite,
                "lignes": [
                    {"code": li.code, "libelle": li.libelle, "nombre": li.nombre, "part": li.part, "texte": li.texte}
                    for li in t.lignes
                ],
                "notes": list(t.notes),
            }
            for t in tableaux
        ],
    }
    return json.dumps(contenu, ensure_ascii=False, indent=2) + "\n"


def en_csv(convention: str, annee: int, tableaux: Sequence[Tableau]) -> str:
    """Une ligne par chiffre, séparateur « ; », fins de ligne CRLF comme un tableur les attend."""
    tampon = io.StringIO()
    ecriture = csv.writer(tampon, delimiter=";", lineterminator="\r\n")
    ecriture.writerow(("convention", "annee", "tableau", "code", "libelle", "nombre", "part", "texte"))
    for tableau in tableaux:
        for ligne in tableau.lignes:
            nombre = "" if ligne.nombre is None else str(ligne.nombre)
            cellules = (
                convention,
                str(annee),
                tableau.code,
                ligne.code,
                ligne.libelle,
                nombre,
                ligne.part or "",
                ligne.texte,
            )
            ecriture.writerow([neutraliser(c) for c in cellules])
    return tampon.getvalue()


def en_texte(convention: str, annee: int, tableaux: Sequence[Tableau]) -> str:
    morceaux = [f"{convention} · {annee}"]
    for tableau in tableaux:
        largeur = max(len(li.libelle) for li in tableau.lignes)
        chiffres = max(len(li.texte) for li in tableau.lignes)
        morceaux += ["", f"{tableau.titre} ({tableau.unite})"]
        for ligne in tableau.lignes:
            fin = f"  {ligne.part}" if ligne.part else ""
            morceaux.append(f"  {ligne.libelle.ljust(largeur)}  {ligne.texte.rjust(chiffres)}{fin}")
        morceaux += [f"  {note}" for note in tableau.notes]
    return "\n".join(morceaux) + "\n"


def ecrire(format_demande: str, convention: str, annee: int, tableaux: Sequence[Tableau]) -> str:
    """`ValueError` si le format n'est pas dans `FORMATS`."""
    ecritures = {"json": en_json, "csv": en_csv, "texte": en_texte}
    if format_demande not in ecritures:
        raise ValueError(f"format inconnu : {format_demande}")
    return ecritures[format_demande](convention, annee, tableaux)
