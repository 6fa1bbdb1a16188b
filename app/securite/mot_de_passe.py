"""Mots de passe : Argon2id, et une règle qui tient en une phrase (douze signes, rien de connu)."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

LONGUEUR_MINIMALE = 12
# Au-delà, le hachage deviendrait un moyen d'occuper le serveur.
LONGUEUR_MAXIMALE = 256
_COURANTS = Path(__file__).with_name("mots_courants.txt")
_CHIFFRE_POUR_LETTRE = str.maketrans("01345678@$!|", "oieasgtbasii")

# 64 Mio, trois passes, quatre files : un dixième de seconde ici, des années pour qui voudrait deviner.
_hacheur = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4, type=Type.ID)


def hacher(mot_de_passe: str) -> str:
    return _hacheur.hash(_normaliser(mot_de_passe))


@cache
def _empreinte_de_personne() -> str:
    """Sert à faire autant de travail pour un compte inconnu que pour un compte connu."""
    return _hacheur.hash("personne n’a ce mot de passe")


def verifier(empreinte: str | None, mot_de_passe: str) -> bool:
    """Compare toujours, même sans compte, pour que la durée ne dise rien."""
    propose = _normaliser(mot_de_passe[:LONGUEUR_MAXIMALE])
    try:
        accepte = _hacheur.verify(empreinte or _empreinte_de_personne(), propose)
    except (VerificationError, InvalidHashError):
        return False
    return accepte and empreinte is not None


def a_rehacher(empreinte: str) -> bool:
    return _hacheur.check_needs_rehash(empreinte)


def reproche(mot_de_passe: str, contexte: tuple[str, ...] = ()) -> str | None:
    """Ce qui ne va pas dans un mot de passe choisi, en français ; `None` s'il convient.

    `contexte` : ce qu'un proche essaierait d'abord (identifiant, nom, association).
    """
    if len(mot_de_passe) < LONGUEUR_MINIMALE:
        return f"Il faut au moins {LONGUEUR_MINIMALE} signes\u202f: une courte phrase convient très bien."
    if len(mot_de_passe) > LONGUEUR_MAXIMALE:
        return f"Il faut au plus {LONGUEUR_MAXIMALE} signes."
    if len(set(mot_de_passe)) < 5:
        return "Ce mot de passe répète trop les mêmes signes."
    if _reste(mot_de_passe, contexte) < 6:
        return "Ce mot de passe est trop connu ou trop facile à deviner. Ajoutez des mots qui ne vont pas ensemble."
    return None


def _normaliser(mot_de_passe: str) -> str:
    # Deux claviers n'écrivent pas « é » avec les mêmes points de code.
    return unicodedata.normalize("NFKC", mot_de_passe)


def _aplatir(texte: str) -> str:
    sans_accent = unicodedata.normalize("NFKD", texte.casefold())
    return "".join(signe for signe in sans_accent if not unicodedata.combining(signe))


@cache
def _mots_courants() -> tuple[str, ...]:
    lignes = _COURANTS.read_text(encoding="utf-8").splitlines()
    mots = {_aplatir(ligne.strip()) for ligne in lignes if ligne.strip() and not ligne.startswith("#")}
    return tuple(sorted(mots, key=len, reverse=True))


def _reste(mot_de_passe: str, contexte: tuple[str, ...]) -> int:
    """Combien de signes restent quand on enlève les mots courants, les suites et les répétitions."""
    interdits = [_aplatir(mot) for texte in contexte for mot in re.split(r"[\s@.\-_']+", texte) if len(mot) >= 3]
    return min(
        _sans_evidences(variante, interdits)
        for variante in (_aplatir(mot_de_passe), _aplatir(mot_de_passe).translate(_CHIFFRE_POUR_LETTRE))
    )


def _sans_evidences(texte: str, interdits: list[str]) -> int:
    for mot in (*sorted(interdits, key=len, reverse=True), *_mots_courants()):
        texte = texte.replace(mot, " ")
    texte = re.sub(r"(19|20)\d\d", " ", texte)
    texte = re.sub(r"(.+?)\1+", r"\1", texte)
    return len({*_sans_suites(texte)} - {" "})


def _sans_suites(texte: str) -> str:
    """Enlève ce qui suit l'ordre de l'alphabet ou des chiffres (abcdef, 654321)."""
    garde = ""
    for position, signe in enumerate(texte):
        voisin = texte[position - 1] if position else ""
        if not voisin or abs(ord(signe) - ord(voisin)) != 1:
            garde += signe
    return garde
