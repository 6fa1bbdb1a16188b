"""Douze signes, rien de connu, et rien de plus."""

from __future__ import annotations

import pytest

from app.securite.mot_de_passe import LONGUEUR_MAXIMALE, hacher, reproche, verifier

CONTEXTE = ("camille.martin@amandiers.example", "Camille", "Martin", "Les Amandiers")


@pytest.mark.parametrize(
    "mot",
    [
        "court",
        "motdepasse123",
        "M0tDeP4sse!!",
        "azertyuiop12",
        "P@ssw0rd1234",
        "aaaaaaaaaaaa",
        "abcdefghijklmnop",
        "123456789012",
        "Bonjour123456",
        "marseille2024!",
        "Camille-Martin",
        "lesAmandiers2026",
        "jalon-jalon-jalon",
        "x" * (LONGUEUR_MAXIMALE + 1),
    ],
)
def test_what_one_would_try_first_is_refused_in_french(mot: str) -> None:
    phrase = reproche(mot, CONTEXTE)
    assert phrase
    assert phrase.endswith(".")


@pytest.mark.parametrize(
    "mot",
    [
        "gravier tasse nuage",
        "lanterne sous la pluie",
        "Xk9#mQ2vL7pz",
        "été comme hiver, la truite",
        "tournesol " * 8,
        "密码很长而且不常见的句子吧真的",
    ],
)
def test_a_sentence_needs_neither_digit_nor_sign(mot: str) -> None:
    assert reproche(mot, CONTEXTE) is None


def test_accents_are_the_same_password_on_every_keyboard() -> None:
    compose, decompose = "la forêt d'été", "la fore\u0302t d'e\u0301te\u0301"
    assert compose != decompose
    assert verifier(hacher(compose), decompose)


def test_nobody_has_no_password_and_a_broken_hash_opens_nothing() -> None:
    assert not verifier(None, "personne n’a ce mot de passe")
    assert not verifier("pas une empreinte", "gravier tasse nuage")
    assert not verifier("", "")
