"""Ranger une page en tableaux ne perd ni n'invente rien."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync.tableaux import en_fiches, en_tableaux
from tests.sync.fabrique import Monde, Telephone, creer_personne, noter
from tests.sync.test_echange import demande, enroler, repondre

CAS = json.loads((Path(__file__).parents[1] / "corpus/tableaux.json").read_text(encoding="utf-8"))["cas"]


def textes(fiches: Iterable[dict[str, Any]]) -> list[str]:
    """`True == 1` en Python : deux fiches se comparent par leur JSON."""
    return [json.dumps(fiche, sort_keys=True) for fiche in fiches]


@pytest.mark.parametrize("cas", CAS, ids=[cas["nom"] for cas in CAS])
def test_the_shared_cases(cas: dict[str, Any]) -> None:
    tableaux = en_tableaux(cas["fiches"])
    assert json.loads(msgspec.json.encode(tableaux)) == cas["tableaux"]
    assert textes(fiche for tableau in tableaux for fiche in en_fiches(tableau)) == textes(cas["fiches"])


def test_a_page_says_the_same_thing_in_tables(monde: Monde) -> None:
    telephone = Telephone(monde, monde.acteur())
    personnes = [creer_personne(nom=f"Fictive {rang}", rsa="beneficiaire") for rang in range(3)]
    monde.pousser(telephone.acteur, *personnes)
    monde.pousser(telephone.acteur, *(noter(p.entite, note_personnelle="à moi") for p in personnes for _ in range(4)))
    monde.pousser(telephone.acteur, noter(personnes[0].entite, synthese=None, demarches=[{"famille": "sante"}]))
    fiches = [msgspec.json.decode(fiche) for fiche in monde.page(telephone.acteur).fiches]
    rangee = monde.page(telephone.acteur, tableaux=True)
    depliees = [fiche for tableau in rangee.tableaux for fiche in en_fiches(tableau)]
    assert rangee.fiches == []
    assert sorted(textes(depliees)) == sorted(textes(fiches))


def test_a_device_asks_for_tables_and_for_the_size_of_its_pages(monde: Monde) -> None:
    acteur = monde.acteur()
    appareil = enroler(monde, acteur)
    for _ in range(6):
        creation = creer_personne()
        monde.pousser(acteur, creation, *(noter(creation.entite, synthese="x" * 4000) for _ in range(5)))
    en_bref = repondre(monde, acteur, demande(appareil, tableaux=True, octets=1))
    assert (en_bref["fiches"], en_bref["suite"]) == ([], True)
    assert sum(tableau["nombre"] for tableau in en_bref["tableaux"]) == 12
    tout = repondre(monde, acteur, demande(appareil, tableaux=True, octets=10**12))
    assert (sum(tableau["nombre"] for tableau in tout["tableaux"]), tout["suite"]) == (72, False)
    sans = repondre(monde, acteur, demande(appareil))
    assert ("tableaux" in sans, len(sans["fiches"])) == (False, 72)
