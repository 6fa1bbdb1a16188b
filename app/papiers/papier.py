"""La forme d'un papier, lue par le PDF et par la page imprimable.

    {"titre", "sous_titre"?, "langue": "fr", "emetteur": {"nom", "lignes"?}, "destinataire"?: [lignes], "lieu_date"?,
     "a_valider"?: « Modèle à valider, du … », "pied"?, "blocs": [bloc]}

Un bloc : `{"genre": "titre" | "paragraphe", "texte"}`, `{"genre": "liste", "elements"}`,
`{"genre": "champs", "lignes": [[libellé, valeur]]}`, `{"genre": "tableau", "entetes", "lignes", "largeurs"?}`,
`{"genre": "image", "svg", "dit", "largeur"?}` (dessinée ici, décrite par `dit`), `{"genre": "radar", "radar": {"nom",
"axes", "mots", "traces"}}` (`app/viewmodels/radar.py`), `{"genre": "signatures", "cases": [{"qui", "le"?, "trace"?,
"boite"?}]}`, `{"genre": "emargement", "lignes": [{"qui", "service"?, "absence"?, "trace"?, "boite"?}]}` (une feuille à
signer, une ligne chacun). Une valeur absente s'imprime d'un tiret.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Papier = Mapping[str, Any]


def nom_de_fichier(papier: Papier, jour: str) -> str:
    """Sans le nom de personne : un fichier se range, se joint et s'oublie. `contrat-2026-11-23.pdf`"""
    return f"{papier.get('fichier') or 'papier'}-{jour}.pdf"
