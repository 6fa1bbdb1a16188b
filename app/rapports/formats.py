"""Les tableaux d'un rapport écrits pour une autre machine (JSON), un tableur (CSV) ou un terminal (texte).

La forme JSON est stable : on y ajoute des clés, on n'en change pas (voir `docs/indicateurs.md`).
"""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any, Final

from app.domain.indicateurs import arrondi
from app.rapports.demande import Demande
from app.rapports.tableau import Cellule, Ligne, Tableau

_AMORCES_DE_FORMULE: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_TITRES_CSV: Final = (("convention", "periode", "tableau", "code", "libelle", "colonne", "nombre", "part", "texte"),)


def neutraliser(cellule: str) -> str:
    """La cellule telle qu'un tableur la montrera sans l'exécuter : une amorce de formule est précédée de « ' »."""
    return f"'{cellule}" if cellule.startswith(_AMORCES_DE_FORMULE) else cellule


def en_json(demande: Demande, tableaux: Sequence[Tableau], masques: bool = False, clos: str | None = None) -> str:
    """`masques` : les petits comptes ne sont pas écrits ; leur nombre est nul, leur texte le dit. `clos` : le jour."""
    contenu = {
        "rapport": "jalon/1",
        "convention": demande.code,
        "annee": demande.periode.numero,
        "periode": {
            "du": demande.periode.premier_jour.isoformat(),
            "au": demande.periode.dernier_jour.isoformat(),
        },
        "petits_comptes_masques": masques,
        "clos_le": clos,
        "tableaux": [_tableau(tableau) for tableau in tableaux],
    }
    return json.dumps(contenu, ensure_ascii=False, indent=2) + "\n"


def _tableau(tableau: Tableau) -> dict[str, Any]:
    return {
        "code": tableau.code,
        "titre": tableau.titre,
        "unite": tableau.unite,
        "colonnes": [{"code": colonne.code, "titre": colonne.titre} for colonne in tableau.colonnes],
        "lignes": [_ligne(ligne) for ligne in tableau.lignes],
        "notes": list(tableau.notes),
        "controles": [{"phrase": controle.phrase, "juste": controle.juste} for controle in tableau.controles],
    }


def _ligne(ligne: Ligne) -> dict[str, Any]:
    return {
        "code": ligne.code,
        "libelle": ligne.libelle,
        "sorte": ligne.sorte,
        "nombre": ligne.nombre,
        "part": ligne.part,
        "texte": ligne.texte,
        "cellules": [_cellule(cellule) for cellule in ligne.cellules],
    }


def _cellule(cellule: Cellule) -> dict[str, Any]:
    return {"nombre": cellule.nombre, "part": cellule.part, "texte": cellule.texte}


def en_csv(demande: Demande, tableaux: Sequence[Tableau]) -> str:
    """Une ligne par chiffre, séparateur « ; », fins de ligne CRLF comme un tableur les attend."""
    tampon = io.StringIO()
    ecriture = csv.writer(tampon, delimiter=";", lineterminator="\r\n")
    ecriture.writerows(_TITRES_CSV)
    for tableau in tableaux:
        for ligne in tableau.lignes:
            for colonne, cellule in zip(tableau.colonnes, ligne.cellules, strict=True):
                ecrites = (
                    demande.code,
                    demande.periode.code,
                    tableau.code,
                    ligne.code,
                    ligne.libelle,
                    colonne.code,
                    "" if cellule.nombre is None else str(cellule.nombre),
                    _part_en_nombre(cellule),
                    cellule.texte,
                )
                ecriture.writerow([neutraliser(ecrite) for ecrite in ecrites])
    return tampon.getvalue()


def _part_en_nombre(cellule: Cellule) -> str:
    """« 29,78 » : un nombre pour un tableur français ; un taux est lui-même une part."""
    dite = cellule.part or cellule.texte
    return arrondi.decimal(cellule.exact, cellule.decimales) if cellule.exact is not None and "%" in dite else ""


def en_texte(demande: Demande, tableaux: Sequence[Tableau]) -> str:
    morceaux = [f"{demande.code} · {demande.periode.libelle}"]
    for tableau in tableaux:
        morceaux += ["", f"{tableau.titre} ({tableau.unite})"]
        if all(ligne.sorte == "texte" for ligne in tableau.lignes):
            morceaux += [
                f"  {ligne.libelle}\u202f: {' | '.join(c.texte for c in ligne.cellules)}" for ligne in tableau.lignes
            ]
            continue
        rangs = [[ligne.libelle, *(_dite(c) for c in ligne.cellules)] for ligne in tableau.lignes]
        if len(tableau.colonnes) > 1:
            rangs.insert(0, ["", *(colonne.titre for colonne in tableau.colonnes)])
        largeurs = [max(len(rang[i]) for rang in rangs) for i in range(len(tableau.colonnes) + 1)]
        for libelle, *cellules in rangs:
            chiffres = "  ".join(c.rjust(largeur) for c, largeur in zip(cellules, largeurs[1:], strict=True))
            morceaux.append(f"  {libelle.ljust(largeurs[0])}  {chiffres}".rstrip())
        morceaux += [f"  {note}" for note in tableau.notes]
        morceaux += [f"  À vérifier\u202f: {c.phrase}" for c in tableau.controles if not c.juste]
    return "\n".join(morceaux) + "\n"


def _dite(cellule: Cellule) -> str:
    return f"{cellule.texte} ({cellule.part})" if cellule.part else cellule.texte
