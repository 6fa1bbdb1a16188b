"""La police réduite : ce qui reste suffit à écrire l'application et les noms, ce qui part ne manque à personne."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # fontTools ne publie pas ses types

from tools import polices
from tools.publication import RACINE, ConstructionImpossible

STYLE = (RACINE / "static/css/tokens.css").read_text("utf-8")
SOURCES = RACINE / "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files"
PREMIERE = "atkinson-hyperlegible-next-latin-wght-normal.woff2"
SECONDE = "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2"

# Des dessins plus que des lettres : le système les a.
DU_SYSTEME = set("→▲△⋮")


def reduite(nom: str) -> TTFont:
    return TTFont(io.BytesIO(polices.reduire((SOURCES / nom).read_bytes(), *polices.declaration(STYLE, nom))))


@pytest.fixture(scope="module")
def premiere() -> TTFont:
    return reduite(PREMIERE)


def test_the_preloaded_font_writes_every_sign_of_the_application(premiere: TTFont) -> None:
    textes = [*(RACINE / "templates").rglob("*.html"), RACINE / "app/domain/nomenclatures.toml"]
    signes = {signe for texte in textes for signe in texte.read_text("utf-8") if signe != "\n"}
    assert sorted(signes - DU_SYSTEME - {chr(code) for code in premiere.getBestCmap()}) == []


def test_the_preloaded_font_writes_french_and_western_names(premiere: TTFont) -> None:
    noms = "Zoé Yıldız-Müller-Lebœuf, Æneas Nuñez, Þóra Sjöström, Ça d’Œuvre\u202f: 12\u00a0€, n\u202f°\u202f3 « ô… »"
    assert {ord(signe) for signe in noms} <= set(premiere.getBestCmap())


def test_the_second_font_writes_the_names_of_central_europe_and_turkey() -> None:
    noms = "ŁŞŢȘȚĞİČŘŽŠĐŃŐŰŸĀĦŴẞ"
    assert {ord(signe) for signe in noms} <= set(reduite(SECONDE).getBestCmap())


def test_two_fonts_never_claim_the_same_sign() -> None:
    premieres, secondes = (polices.declaration(STYLE, nom)[0] for nom in (PREMIERE, SECONDE))
    assert not premieres & secondes


def test_only_the_weights_the_style_uses_are_kept(premiere: TTFont) -> None:
    jetons = {nom: int(valeur) for nom, valeur in re.findall(r"--(maigre|gras): (\d+);", STYLE)}
    (axe,) = premiere["fvar"].axes
    assert (axe.minValue, axe.maxValue) == (jetons["maigre"], jetons["gras"])


def test_letters_keep_their_spacing_the_same_at_every_weight(premiere: TTFont) -> None:
    paires = [table for lecture in premiere["GPOS"].table.LookupList.Lookup for table in lecture.SubTable]
    ecarts = [valeur for table in paires for valeur in polices.valeurs(table)]
    assert any(valeur.XAdvance for valeur in ecarts)
    assert not any(getattr(valeur, "XAdvDevice", None) for valeur in ecarts)


def test_the_same_inputs_give_the_same_bytes() -> None:
    police = (SOURCES / SECONDE).read_bytes()
    assert polices.reduire(police, {0x41, 0x11E}, (400, 640)) == polices.reduire(police, {0x41, 0x11E}, (400, 640))


def test_ranges_are_read_as_css_reads_them() -> None:
    assert polices.plages("U+41, U+61-63,u+1F?") == {0x41, 0x61, 0x62, 0x63, *range(0x1F0, 0x200)}


@pytest.mark.parametrize(
    "regle", ["", "@font-face{src:url(/a.woff2)}", "@font-face{src:url(/a.woff2);font-weight:400}"]
)
def test_a_font_whose_rule_says_too_little_stops_the_build(regle: str) -> None:
    with pytest.raises(ConstructionImpossible):
        polices.declaration(regle, Path("/a.woff2").name)
