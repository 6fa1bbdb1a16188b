"""Les fins de ligne qui bordent un bloc s'en vont ; celles qui se voient restent."""

import pytest

from app.gabarits.resserrement import resserrer


@pytest.mark.parametrize(
    ("ecrit", "resserre"),
    [
        ("<ul>\n  <li>\n<p>a</p>\n</li>\n</ul>\n", "<ul><li><p>a</p></li></ul>"),
        ('<div class="x">\nTexte\n</div>', '<div class="x">Texte</div>'),
        ("<h2>a</h2>\n\n\n<section>\n", "<h2>a</h2><section>"),
        # Entre deux éléments de ligne, le blanc sépare.
        ("<a>x</a>\n<a>y</a>", "<a>x</a>\n<a>y</a>"),
        ("<form>\n<button>x</button>\n</form>\n<form>", "<form>\n<button>x</button>\n</form>\n<form>"),
        ("mot\n<strong>fort</strong>\nmot", "mot\n<strong>fort</strong>\nmot"),
        # Une espace sans fin de ligne, une insécable, un nom qui commence comme un autre.
        ("<p>a</p> <p>b</p>", "<p>a</p> <p>b</p>"),
        ("<p>\u00a0</p>", "<p>\u00a0</p>"),
        ("<link-x>\n<picture>\n", "<link-x>\n<picture>\n"),
        ("<textarea>\n\nligne\n</textarea>", "<textarea>\n\nligne\n</textarea>"),
    ],
)
def test_only_line_ends_that_border_a_block_go(ecrit: str, resserre: str) -> None:
    assert resserrer(ecrit) == resserre
