"""Les fins de ligne que personne ne voit : autour d'un bloc, elles ne font qu'un nœud vide de plus à poser.

Un écran de quarante fiches en comptait six cents, autant que d'éléments. Entre deux mots ou deux boutons, un blanc
se voit : on n'y touche pas.
"""

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

# Toujours affichés en blocs : aucune feuille de style n'en fait un élément de ligne (`form`, si, dans une table).
_BLOCS = (
    "html|head|body|meta|link|title|div|p|ul|ol|li|dl|dt|dd|section|header|footer|main|nav|fieldset|legend|h[1-6]"
    "|table|caption|thead|tbody|tfoot|tr|th|td|details|summary|dialog|template"
)
_FIN_DE_LIGNE = r"[ \t]*\n[ \t\n]*"
_APRES = re.compile(rf"(</?(?:{_BLOCS})(?:\s[^<>]*)?>){_FIN_DE_LIGNE}")
_AVANT = re.compile(rf"{_FIN_DE_LIGNE}(?=</?(?:{_BLOCS})[\s>])")


def resserrer(html: str) -> str:
    """Le même HTML à l'écran, sans les fins de ligne qui bordent un bloc."""
    return _AVANT.sub("", _APRES.sub(r"\1", html))


class Resserrement(Extension):
    """Resserre chaque morceau de HTML d'un gabarit, une fois, à sa lecture."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            yield Token(token.lineno, token.type, resserrer(token.value)) if token.type == "data" else token
