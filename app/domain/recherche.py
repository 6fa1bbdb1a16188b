"""Retrouver quelqu'un par son nom : ni accents, ni ordre, ni tirets ne doivent gêner.

Un texte devient une suite de mots sans accent. La recherche répond si chacun de ses mots commence un mot du texte ;
des mots collés ou séparés autrement se valent (« jeanpaul » et « Jean-Paul », « ben ali » et « Benali »).
Miroir : static/js/domain/recherche.js, mêmes cas dans tests/corpus/recherche.json.
"""

import unicodedata
from collections.abc import Sequence

_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})


def cle(texte: str | None) -> str:
    """Les mots d'un texte, en minuscules, sans accent ni ponctuation, séparés d'une espace."""
    sans_accent = "".join(
        lettre
        for lettre in unicodedata.normalize("NFD", (texte or "").lower())
        if not unicodedata.category(lettre).startswith("M")
    ).translate(_LIGATURES)
    return " ".join("".join(lettre if lettre.isalnum() else " " for lettre in sans_accent).split())


class Index:
    """Les mots d'une fiche, préparés une fois pour être cherchés à chaque lettre tapée."""

    __slots__ = ("debuts", "suite")

    def __init__(self, textes: Sequence[str | None]) -> None:
        mots = [mot for texte in textes for mot in cle(texte).split()]
        self.suite = "".join(mots)
        self.debuts: list[int] = []
        position = 0
        for mot in mots:
            self.debuts.append(position)
            position += len(mot)

    def commence(self, mot: str) -> bool:
        return any(self.suite.startswith(mot, debut) for debut in self.debuts)


def correspond(requete: str, textes: Sequence[str | None]) -> bool:
    """La fiche décrite par `textes` (nom, prénom, pseudonymes…) répond-elle à la recherche ?"""
    return repond(cle(requete).split(), Index(textes))


def repond(mots: list[str], index: Index) -> bool:
    """Se lit : il existe une façon de grouper les mots voisins de la recherche où chaque groupe commence un mot."""
    # Les places d'où la fin de la recherche répond ; de la fin vers le début, donc sans redites.
    groupables = {len(mots)}
    for debut in range(len(mots) - 1, -1, -1):
        fins = (fin for fin in range(debut + 1, len(mots) + 1) if fin in groupables)
        if any(index.commence("".join(mots[debut:fin])) for fin in fins):
            groupables.add(debut)
    return 0 in groupables


def rang(requete: str, textes: Sequence[str | None]) -> int:
    """Plus il est petit, mieux la fiche répond : 0 si elle commence ainsi, 1 si un mot est entier, 2 sinon."""
    mots = cle(requete).split()
    cles = [cle(texte) for texte in textes]
    collee = "".join(mots)
    if any(texte.replace(" ", "").startswith(collee) for texte in cles):
        return 0
    entiers = {mot for texte in cles for mot in texte.split()}
    return 1 if any(mot in entiers for mot in mots) else 2


def classer(requete: str, textes_par_fiche: Sequence[Sequence[str | None]]) -> list[int]:
    """Les rangs, dans la liste donnée, des fiches qui répondent, les meilleures d'abord, l'ordre donné ensuite."""
    mots = cle(requete).split()
    trouvees = [numero for numero, textes in enumerate(textes_par_fiche) if repond(mots, Index(textes))]
    return sorted(trouvees, key=lambda numero: rang(requete, textes_par_fiche[numero])) if mots else trouvees
