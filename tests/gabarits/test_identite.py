"""L'identité tient parole : contrastes, un seul jeu de valeurs la nuit, rien d'interdit dans les gabarits."""

import re
from itertools import product
from pathlib import Path

import pytest

RACINE = Path(__file__).parents[2]
VALEURS = (RACINE / "static/css/tokens.css").read_text(encoding="utf-8")
GABARITS = sorted((RACINE / "templates").rglob("*.html"))

_COULEUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{3,6});")
_BALISE_HTMX = re.compile(r"<[a-z]+[^<>]*\shx-[a-z-]+[^<>]*>")


def _palette(bloc: str) -> dict[str, str]:
    return dict(_COULEUR.findall(bloc))


def _palettes() -> tuple[dict[str, str], dict[str, str], dict[str, str], dict[str, str]]:
    """Le jour, la nuit du système, la nuit choisie, et celle d'une maraude, qui la prend et la tranche."""
    jour, reste = VALEURS.split("@media (prefers-color-scheme: dark)", 1)
    systeme, reste = reste.split(':root[data-theme="nuit"]', 1)
    choisie, maraude = reste.split("/* Pendant une maraude", 1)
    return _palette(jour), _palette(systeme), _palette(choisie), _palette(choisie) | _palette(maraude)


def _luminance(couleur: str) -> float:
    chiffres = couleur[1:] if len(couleur) == 7 else "".join(2 * chiffre for chiffre in couleur[1:])
    canaux = [int(chiffres[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    lineaires = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux]
    return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]


def _contraste(a: str, b: str) -> float:
    clair, sombre = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (clair + 0.05) / (sombre + 0.05)


@pytest.mark.parametrize(
    ("theme", "palette"), [*zip(("jour", "nuit"), _palettes()[:2], strict=True), ("maraude", _palettes()[3])]
)
def test_what_is_read_outdoors_keeps_seven_to_one(theme: str, palette: dict[str, str]) -> None:
    faibles = [
        f"{theme} : {texte} sur {fond} {_contraste(palette[texte], palette[fond]):.1f}"
        for texte, fond in product(("encre", "sourdine", "action", "retard", "fait"), ("papier", "feuille", "creux"))
        if _contraste(palette[texte], palette[fond]) < 7
    ]
    assert not faibles


@pytest.mark.parametrize("palette", [*_palettes()[:2], _palettes()[3]])
def test_text_on_tints_and_borders_stay_readable(palette: dict[str, str]) -> None:
    for teinte in ("action", "retard", "fait"):
        assert _contraste(palette[teinte], palette[f"{teinte}-doux"]) >= 4.5
        assert _contraste(palette["encre"], palette[f"{teinte}-doux"]) >= 7
    assert _contraste(palette.get("sur-action", "#ffffff"), palette["action"]) >= 7
    assert _contraste(palette["bord"], palette["papier"]) >= 3


def test_the_chosen_night_is_the_night_of_the_system() -> None:
    _, systeme, choisie, _ = _palettes()
    assert systeme == choisie


def test_a_round_at_night_is_sharper_still() -> None:
    _, _, choisie, maraude = _palettes()
    for nom in ("encre", "sourdine", "bord"):
        assert _contraste(maraude[nom], maraude["papier"]) > _contraste(choisie[nom], choisie["papier"]), nom


@pytest.mark.parametrize("gabarit", GABARITS, ids=lambda chemin: chemin.relative_to(RACINE).as_posix())
def test_templates_hold_nothing_the_policy_forbids(gabarit: Path) -> None:
    source = gabarit.read_text(encoding="utf-8")
    assert " style=" not in source
    assert not re.search(r"\son[a-z]+=", source)
    assert not re.search(r"\|\s*safe\b", source)
    for balise in _BALISE_HTMX.findall(source):
        if "hx-preserve" not in balise:
            assert 'hx-nonce="{{ nonce }}"' in balise, balise


def test_every_class_written_in_a_template_is_drawn() -> None:
    dessinees = set()
    for feuille in (RACINE / "static/css").rglob("*.css"):
        dessinees |= set(re.findall(r"\.([a-z][a-z0-9-]*)", feuille.read_text(encoding="utf-8")))
    ecrites = set()
    for gabarit in GABARITS:
        for valeur in re.findall(r'class="([^"{}]*)"', gabarit.read_text(encoding="utf-8")):
            ecrites |= set(valeur.split())
    assert ecrites - dessinees == set()


@pytest.mark.parametrize(
    "gabarit", sorted((RACINE / "templates/serveur/bureau").glob("*.html")), ids=lambda page: page.stem
)
def test_a_desk_page_takes_the_style_of_the_desk(gabarit: Path) -> None:
    source = gabarit.read_text(encoding="utf-8")
    if gabarit.stem != "cadre":
        assert 'extends "partages/cadre.html"' not in source
