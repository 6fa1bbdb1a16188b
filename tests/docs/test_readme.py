"""Ce que le README fait toucher existe à l'écran, mot pour mot."""

from __future__ import annotations

import re
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
DOSSIERS = ("templates", "static/js", "app")
# Ce qui n'est pas dans Jalon, mais dans le navigateur où on l'essaie.
DU_NAVIGATEUR = {"Hors ligne"}


def a_plat(texte: str) -> str:
    return re.sub(r"\s+", " ", texte.replace("\\u202f", " ").replace("’", "'").replace("\u202f", " "))


def test_every_word_to_touch_in_the_first_five_minutes_is_on_a_screen() -> None:
    lisez_moi = (RACINE / "README.md").read_text(encoding="utf-8")
    essai = lisez_moi.split("## À essayer en cinq minutes")[1].split("\n## ")[0]
    cites = {a_plat(mot).strip(" …") for mot in re.findall(r"«([^»]+)»", essai)} - DU_NAVIGATEUR
    assert len(cites) > 8
    sources = " ".join(
        a_plat(fichier.read_text(encoding="utf-8"))
        for dossier in DOSSIERS
        for fichier in (RACINE / dossier).rglob("*")
        if fichier.suffix in {".html", ".js", ".py", ".toml"} and "construit" not in fichier.parts
    )
    assert sorted(mot for mot in cites if mot not in sources) == []
