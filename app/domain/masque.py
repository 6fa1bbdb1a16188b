"""Taire, dans les listes, les lieux et les structures dont le nom en dit trop : un hôpital, une prison, un foyer.

Le dossier, ouvert par qui a le droit de le lire, dit le nom. Miroir : static/js/domain/masque.js, mêmes cas dans
tests/corpus/masque.json.
"""

from collections.abc import Collection

from app.domain.recherche import cle

MASQUE = "lieu masqué"


def est_masque(texte: str | None, masques: Collection[str]) -> bool:
    """Ce texte nomme-t-il un de ces lieux ? Par mots entiers : « CHRS » ne se lit pas dans « Chrstophe »."""
    if not texte or not masques:
        return False
    mots = f" {cle(texte)} "
    return any(f" {nom} " in mots for nom in map(cle, masques) if nom)


def masquer(texte: str | None, masques: Collection[str]) -> str | None:
    """Le texte, ou « lieu masqué » à la place du texte entier : ce qui l'entoure le ferait deviner."""
    return MASQUE if est_masque(texte, masques) else texte
