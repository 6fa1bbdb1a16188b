"""Ranger une page en tableaux ne perd ni n'invente rien."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from sync.echange import echanger
from sync.operation import PROTOCOLE, lire_operation
from sync.tableaux import Tableau, en_fiches, en_tableaux
from tests.sync.fabrique import Monde, Telephone, creer_personne, noter, un_id
from tests.sync.test_echange import SECRET, demande, enroler, repondre

CAS = json.loads((Path(__file__).parents[1] / "corpus/tableaux.json").read_text(encoding="utf-8"))["cas"]


def textes(fiches: Iterable[dict[str, Any]]) -> list[str]:
    """`True == 1` en Python : deux fiches se comparent par leur JSON."""
    return [json.dumps(fiche, sort_keys=True) for fiche in fiches]


@pytest.mark.parametrize("cas", CAS, ids=[cas["nom"] for cas in CAS])
def test_the_shared_cases(cas: dict[str, Any]) -> None:
    operations = [lire_operation(operation) for operation in cas.get("operations", ())]
    creations = {operations[rang].entite: (rang, operations[rang]) for rang in cas.get("creations", ())}
    tableaux = en_tableaux(cas["fiches"], creations)
    assert json.loads(msgspec.json.encode(tableaux)) == cas["tableaux"]
    depliees = [fiche for tableau in tableaux for fiche in en_fiches(tableau, operations)]
    assert sorted(textes(depliees)) == sorted(textes(cas["fiches"]))


def test_a_page_says_the_same_thing_in_tables(monde: Monde) -> None:
    telephone = Telephone(monde, monde.acteur())
    personnes = [creer_personne(nom=f"Fictive {rang}", rsa="beneficiaire") for rang in range(3)]
    monde.pousser(telephone.acteur, *personnes)
    monde.pousser(telephone.acteur, *(noter(p.entite, note_personnelle="à moi") for p in personnes for _ in range(4)))
    monde.pousser(telephone.acteur, noter(personnes[0].entite, synthese=None, demarches=[{"famille": "sante"}]))
    fiches = [msgspec.json.decode(fiche) for fiche in monde.page(telephone.acteur).fiches]
    rangee = monde.page(telephone.acteur, tableaux={})
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


def test_what_a_device_just_sent_is_not_sent_back_to_it_and_nothing_is_lost(monde: Monde) -> None:
    acteur = monde.acteur()
    appareil, connue = enroler(monde, acteur), creer_personne()
    monde.pousser(acteur, connue)
    curseur = repondre(monde, acteur, demande(appareil, protocole=PROTOCOLE))["curseur"]
    lot = [noter(connue.entite, synthese=f"Canari {rang}.", note_personnelle="à moi") for rang in range(4)]
    lot += [creer_personne(nom="Nouvelle-Fictive"), noter(un_id()), noter(connue.entite, heure="9:05")]
    recue = demande(appareil, *lot, curseur=curseur, tableaux=True, protocole=PROTOCOLE)
    brute = echanger(monde.moteur, acteur, recue, SECRET)
    assert b"Canari" not in brute
    operations = [lire_operation(brute) for brute in recue.operations]
    reponse = msgspec.json.decode(brute)
    assert [resultat["statut"] for resultat in reponse["resultats"]] == ["applied"] * 5 + ["held", "applied"]
    assert set(reponse["resultats"][0]) == {"statut", "version"}
    tableaux = msgspec.convert(reponse["tableaux"], list[Tableau])
    depliees = [fiche for tableau in tableaux for fiche in en_fiches(tableau, operations)]
    sans = repondre(monde, acteur, demande(appareil, curseur=curseur, protocole=PROTOCOLE))["fiches"]
    assert sorted(textes(depliees)) == sorted(textes(sans))
    assert len(sans) == 12

    # Une réponse perdue se redemande : l'opération est connue, la fiche redescend entière.
    assert b"Canari" in echanger(monde.moteur, acteur, recue, SECRET)
