"""Recalcule les résultats attendus des vues : `python -m tests.corpus.actualiser tests/corpus/vues/*.json`.

Python seul les calcule ; la différence se relit avant d'être enregistrée, et JavaScript doit dire la même chose.
"""

import json
import sys
from pathlib import Path
from typing import Any

from tests.corpus.lecture import charger

LARGEUR = 150


def en_texte(valeur: Any, retrait: int = 0) -> str:
    """Du JSON qui se lit : une valeur courte sur une ligne, une longue dépliée."""
    court = json.dumps(valeur, ensure_ascii=False)
    if len(court) + retrait <= LARGEUR or not isinstance(valeur, dict | list) or not valeur:
        return court
    marge = " " * (retrait + 2)
    if isinstance(valeur, dict):
        lignes = [
            f"{marge}{json.dumps(nom, ensure_ascii=False)}: {en_texte(v, retrait + 2)}" for nom, v in valeur.items()
        ]
        return "{\n" + ",\n".join(lignes) + "\n" + " " * retrait + "}"
    return "[\n" + ",\n".join(marge + en_texte(v, retrait + 2) for v in valeur) + "\n" + " " * retrait + "]"


def actualiser(chemin: Path, paquet: str) -> None:
    fichier = json.loads(chemin.read_text(encoding="utf-8"))
    for brut, cas in zip(fichier["cas"], charger(chemin), strict=True):
        brut["attendu"] = cas.obtenu(paquet)
    chemin.write_text(en_texte(fichier) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for nom in sys.argv[1:]:
        actualiser(Path(nom), "app.viewmodels" if "vues" in nom else "app.domain")
