"""Le coût ne suit pas le nombre : une instruction par table et par requête, jamais une par opération."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from sqlalchemy import Engine, event

from app.instruction import Instruction
from sync.operation import Operation
from tests.sync.fabrique import Monde, Telephone, creer_personne, noter, operation, un_id


@contextmanager
def instructions(moteur: Engine) -> Iterator[list[str]]:
    vues: list[str] = []

    def voir(_c: Any, _k: Any, texte: str, *_: Any) -> None:
        if not texte.startswith(("PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE")):
            vues.append(texte)

    traduire = Instruction._pour

    def voir_aussi(instruction: Instruction, dialecte: Any) -> Any:
        traduite = traduire(instruction, dialecte)
        vues.append(traduite.sql)
        return traduite

    event.listen(moteur, "before_cursor_execute", voir)
    try:
        # Une instruction traduite d'avance va droit au pilote.
        with patch.object(Instruction, "_pour", voir_aussi):
            yield vues
    finally:
        event.remove(moteur, "before_cursor_execute", voir)


def _lot(nombre: int) -> list[Operation]:
    lot = []
    for _ in range(nombre):
        creation, mesure, rdv = creer_personne(rsa="beneficiaire"), un_id(), un_id()
        lot += [
            creation,
            operation("ouvrir_mesure", mesure, creation.entite, convention="ASP-NC", modalite="mobilisation_sociale"),
            operation("proposer_rendez_vous", rdv, creation.entite, mesure_id=mesure, debut="2026-11-26T09:00:00Z"),
            operation("constater_rendez_vous", rdv, creation.entite, statut="honore"),
            noter(creation.entite, mesure_id=mesure, demarches=[{"famille": "sante", "nature": None}]),
        ]
    return lot


def test_a_big_batch_costs_as_many_statements_as_a_small_one(monde: Monde) -> None:
    acteur = monde.acteur()
    comptes = []
    for nombre in (1, 60):
        lot = _lot(nombre)
        with instructions(monde.moteur) as vues:
            assert set(monde.statuts(acteur, *lot)) == {"applied"}
        comptes.append(len(vues))
    assert comptes[0] == comptes[1] <= 25, comptes


def test_editing_many_records_costs_as_many_statements_as_editing_one(monde: Monde) -> None:
    acteur = monde.acteur()
    creations = [creer_personne() for _ in range(50)]
    monde.pousser(acteur, *creations)
    comptes = []
    for lot in (creations[:1], creations):
        modifications = [operation("modifier_personne", c.entite, c.entite, prenom=un_id()) for c in lot]
        with instructions(monde.moteur) as vues:
            assert set(monde.statuts(acteur, *modifications)) == {"applied"}
        comptes.append(len(vues))
    assert comptes[0] == comptes[1] <= 12, comptes


def test_reading_a_page_costs_the_same_whatever_it_holds(monde: Monde) -> None:
    acteur = monde.acteur()
    petit, grand = Telephone(monde, acteur), Telephone(monde, acteur)
    monde.pousser(acteur, *_lot(2))
    with instructions(monde.moteur) as peu:
        petit.tirer()
    monde.pousser(acteur, *(noter(fiche["id"]) for fiche in petit.de_type("personne") for _ in range(40)))
    with instructions(monde.moteur) as beaucoup:
        grand.tirer()
    assert len(grand.fiches) > 4 * len(petit.fiches)
    assert len(peu) == len(beaucoup)


def test_who_holds_no_notebook_pays_one_indexed_read(monde: Monde) -> None:
    acteur = monde.acteur()
    monde.pousser(acteur, *_lot(2))
    curseurs = {protocole: monde.page(replace(acteur, protocole=protocole)).curseur for protocole in (3, 4)}
    lues = {}
    for protocole, curseur in curseurs.items():
        with instructions(monde.moteur) as vues:
            monde.page(replace(acteur, protocole=protocole), curseur)
        lues[protocole] = list(vues)
    en_plus = [texte for texte in lues[4] if texte not in lues[3]]
    assert len(lues[4]) == len(lues[3]) + len(en_plus) == len(lues[3]) + 1
    with monde.moteur.connect() as connexion:
        if connexion.dialect.name == "sqlite":
            plan = connexion.exec_driver_sql(f"EXPLAIN QUERY PLAN {en_plus[0]}", {"structure": "s", "lecteur": "l"})
            assert all("SEARCH" in ligne[-1] for ligne in plan)


def test_a_night_of_encounters_costs_as_many_statements_as_one(monde: Monde) -> None:
    chef, cahier, maraude = monde.acteur("chef_de_service"), un_id(), un_id()
    ouvert = operation("creer_cahier", cahier, cahier, genre="secteur", nom="Secteur Gare")
    sortie = operation("noter_maraude", maraude, cahier, le="2026-11-26", debut="20:30")
    assert set(monde.statuts(chef, ouvert, sortie)) == {"applied"}
    comptes = []
    for nombre in (1, 60):
        lot = [operation("noter_rencontre", un_id(), cahier, maraude_id=maraude, adultes=1) for _ in range(nombre)]
        with instructions(monde.moteur) as vues:
            assert set(monde.statuts(chef, *lot)) == {"applied"}
        comptes.append(len(vues))
    assert comptes[0] == comptes[1] <= 14, comptes
