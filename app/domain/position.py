"""Où l'équipe a rencontré quelqu'un : « 48.693,6.183 », latitude et longitude du téléphone à trois décimales.

Trois décimales, c'est cent mètres : assez pour retrouver un porche, pas assez pour dire quelle porte. La page arrondit
avant d'écrire ; rien de plus fin n'est reçu.
Miroir : static/js/domain/position.js, mêmes cas dans tests/corpus/position.json.
"""

import re

_ECRITE = re.compile(r"(-?)([0-9]{1,2}\.[0-9]{3}),(-?)([0-9]{1,3}\.[0-9]{3})")


def est_position(lue: str) -> bool:
    trouvee = _ECRITE.fullmatch(lue)
    return bool(trouvee and float(trouvee[2]) <= 90 and float(trouvee[4]) <= 180)


def en_mots(lue: str) -> str:
    """« 48,693° nord, 6,183° est » ; ce qui n'est pas une position reste tel quel."""
    trouvee = _ECRITE.fullmatch(lue)
    if trouvee is None:
        return lue
    sud, latitude, ouest, longitude = trouvee.groups()
    nord, est = "sud" if sud else "nord", "ouest" if ouest else "est"
    return f"{latitude}° {nord}, {longitude}° {est}".replace(".", ",")
