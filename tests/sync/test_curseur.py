"""Un curseur ne vaut que pour la personne, le rôle et la base qui l'ont reçu : autrement on repart du début."""

from __future__ import annotations

import base64
from dataclasses import replace

import msgspec

from sync import curseur
from tests.sync.fabrique import Monde, Telephone, creer_personne


def _telephone(monde: Monde, role: str = "conseiller") -> Telephone:
    telephone = Telephone(monde, monde.acteur(role))
    monde.pousser(telephone.acteur, *(creer_personne() for _ in range(3)))
    telephone.tirer()
    return telephone


def retouche(texte: str, **valeurs: object) -> str:
    clair = msgspec.json.decode(base64.urlsafe_b64decode(texte + "=" * (-len(texte) % 4)))
    return base64.urlsafe_b64encode(msgspec.json.encode(clair | valeurs)).rstrip(b"=").decode()


def test_the_cursor_of_a_colleague_starts_again_and_misses_nothing(monde: Monde) -> None:
    une, autre = _telephone(monde), _telephone(monde)
    recue = monde.page(autre.acteur, une.curseur)
    assert recue.repartir
    assert len(recue.fiches) == 6


def test_a_new_role_reads_other_fields_and_starts_again(monde: Monde) -> None:
    telephone = _telephone(monde)
    assert not monde.page(telephone.acteur, telephone.curseur).repartir
    assert monde.page(replace(telephone.acteur, role="maraude"), telephone.curseur).repartir


def test_a_cursor_ahead_of_the_database_starts_again_even_between_two_pages(monde: Monde) -> None:
    telephone = _telephone(monde)
    entre_deux = monde.page(telephone.acteur, None, limite_octets=10).curseur
    assert not monde.page(telephone.acteur, entre_deux).repartir
    for valeurs in ({"f": 10**9}, {"f": 0, "s": 1}, {"s": 10**9}):
        assert monde.page(telephone.acteur, retouche(entre_deux, **valeurs)).repartir


def test_a_cursor_of_before_it_named_its_reader_is_not_believed() -> None:
    ancien = base64.urlsafe_b64encode(b'{"g":"01930000-0000-7000-8000-0000000000aa","s":4}').rstrip(b"=").decode()
    assert curseur.lire(ancien) is None
