"""La construction entière : ce qu'elle pose, et qu'elle ne refait rien pour rien."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

RACINE = Path(__file__).parents[2]
CONSTRUIT = RACINE / "static" / "construit"


def construire() -> str:
    commande = [sys.executable, "-m", "tools.construire"]
    return subprocess.run(commande, cwd=RACINE, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def manifeste() -> dict[str, str]:
    construire()
    contenu: dict[str, str] = json.loads((CONSTRUIT / "actifs.json").read_text("utf-8"))
    return contenu


def test_a_second_build_does_nothing(manifeste: dict[str, str]) -> None:
    avant = (CONSTRUIT / "sw.js").stat().st_mtime_ns
    assert construire() == ""
    assert (CONSTRUIT / "sw.js").stat().st_mtime_ns == avant


def test_the_manifest_names_existing_hashed_files(manifeste: dict[str, str]) -> None:
    assert {"page", "style", "police", "icone-192", "icone-512", "icone-maskable-512", "version"} <= set(manifeste)
    for nom, adresse in manifeste.items():
        if nom != "version":
            assert re.fullmatch(r"/static/[a-z0-9-]+\.[0-9a-f]{12}\.(js|css|svg|png|woff2)", adresse)
            assert (CONSTRUIT / Path(adresse).name).exists()


def test_the_style_sheet_asks_for_the_hashed_font_and_nothing_outside(manifeste: dict[str, str]) -> None:
    style = (CONSTRUIT / Path(manifeste["style"]).name).read_text("utf-8")
    adresses = set(re.findall(r"url\(\"?([^)\"]+)\"?\)", style))
    assert manifeste["police"] in adresses
    assert all(adresse.startswith(("/static/", "data:", "#")) for adresse in adresses)


def test_the_worker_is_one_classic_script_that_knows_its_assets(manifeste: dict[str, str]) -> None:
    worker = (CONSTRUIT / "sw.js").read_text("utf-8")
    assert not re.search(r"^\s*(import|export)\s", worker, re.MULTILINE)
    assert "importScripts" not in worker
    assert all(manifeste[nom] in worker for nom in ("page", "style", "police", "version"))


def test_nothing_built_reaches_for_another_site(manifeste: dict[str, str]) -> None:
    permis = {"www.w3.org"}  # espaces de noms SVG et XHTML
    for fichier in [CONSTRUIT / "sw.js", *(CONSTRUIT / Path(manifeste[nom]).name for nom in ("page", "style"))]:
        sites = set(re.findall(r"https?://([a-zA-Z0-9.-]+)", fichier.read_text("utf-8")))
        assert sites <= permis, fichier.name
