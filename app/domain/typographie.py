"""Ce qui est tapé au clavier, tel que l'écran le compose."""

import re
from typing import Final

INSECABLE: Final = "\u00a0"
INSECABLE_FINE: Final = "\u202f"


def typographie(texte: str) -> str:
    """Apostrophe courbe, espaces fines insécables."""
    courbe = texte.strip().replace("'", "’").replace("« ", f"«{INSECABLE_FINE}")
    return re.sub(r" (?=[;:!?»])", INSECABLE_FINE, courbe)
