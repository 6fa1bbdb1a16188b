"""Le rapport en PDF balisé : couverture, sommaire, textes, tableaux avec leur dessin, définitions."""

from __future__ import annotations

from typing import Any, Final

from app.papiers.composition import composer
from app.rapports.dessin import dessiner
from app.rapports.edition import Edition
from app.rapports.tableau import MESURE, Cellule, Ligne, Tableau

# Les questions que la structure se pose encore sont pour l'écran : elles ne se remettent pas.
_A_CONFIRMER: Final = "à confirmer"
_LIGNES_A_COTE: Final = 12


def en_pdf(edition: Edition) -> bytes:
    """Lève `app.papiers.composition.PapierImpossible`."""
    return composer(contenu(edition), edition.demande.maintenant, "rapport")


def contenu(edition: Edition) -> dict[str, Any]:
    """Ce que lit le gabarit `app/papiers/gabarits/rapport.typ`, et rien de plus."""
    demande = edition.demande
    return {
        "titre": "Rapport d’activité",
        "periode": demande.periode.libelle,
        "langue": "fr",
        "structure": edition.structure,
        "conventions": [list(paire) for paire in zip(demande.conventions, edition.noms, strict=True)],
        "mentions": _mentions(edition),
        "avant": [_texte(texte) for texte in edition.textes if texte.place == "avant"],
        "chapitres": [
            {"titre": partie.titre, "tableaux": [_tableau(tableau) for tableau in partie.tableaux]}
            for partie in edition.parties
        ],
        "apres": [_texte(texte) for texte in edition.textes if texte.place == "apres"],
        "mesure": MESURE,
        "definitions": [
            {
                "nom": _phrase(d.nom),
                "unite": d.unite,
                "dit": _phrase(d.population),
                "sur": d.denominateur,
                "date": d.regle_de_date,
            }
            for d in edition.definitions
        ],
    }


def _phrase(texte: str) -> str:
    return texte[:1].upper() + texte[1:]


def _mentions(edition: Edition) -> list[str]:
    demande = edition.demande
    dites = [
        f"Du {demande.periode.premier_jour:%d/%m/%Y} au {demande.periode.dernier_jour:%d/%m/%Y}",
        edition.chiffres_du,
    ]
    if edition.masquee:
        dites.append("Les petits comptes sont masqués, avec ceux qui les feraient deviner")
    return dites


def _texte(texte: Any) -> dict[str, Any]:
    return {"titre": texte.titre, "paragraphes": [p.strip() for p in texte.texte.split("\n\n") if p.strip()]}


def _tableau(tableau: Tableau) -> dict[str, Any]:
    # À côté d'un tableau étroit, ou dessous, sur toute la largeur.
    dessous = len(tableau.colonnes) > 1 or len(tableau.lignes) > _LIGNES_A_COTE
    dessin = dessiner(tableau, large=dessous)
    return {
        "titre": tableau.titre,
        "unite": tableau.compte,
        "colonnes": [
            {"titre": colonne.titre, "part": part}
            for colonne, part in zip(tableau.colonnes, tableau.avec_parts, strict=True)
        ],
        "lignes": [_ligne(ligne) for ligne in tableau.lignes],
        "notes": [note for note in tableau.notes if _A_CONFIRMER not in note.lower()],
        "a_verifier": [c.phrase for c in tableau.controles if not c.juste],
        "dessin": {"svg": dessin.svg, "dit": dessin.dit, "dessous": dessous, "titre": _titre_du_dessin(tableau)}
        if dessin
        else None,
    }


def _titre_du_dessin(tableau: Tableau) -> str:
    """« Sorties en quatre familles, 2021 » : de plusieurs colonnes, la première seule est dessinée."""
    seule = len(tableau.colonnes) > 1 and tableau.dessin != "barres_doubles"
    return f"{tableau.titre}, {tableau.colonnes[0].titre.lower()}" if seule else tableau.titre


def _ligne(ligne: Ligne) -> dict[str, Any]:
    return {"libelle": ligne.libelle, "sorte": ligne.sorte, "cellules": [_cellule(c) for c in ligne.cellules]}


def _cellule(cellule: Cellule) -> list[str]:
    return [cellule.texte, cellule.part or ""]
