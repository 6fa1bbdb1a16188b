"""Un dossier passe à quelqu'un d'autre : la note personnelle attend le choix de son auteur, puis du chef de service."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.models import NotePersonnelle, Operation, Utilisateur
from sync.notes import sans_choix
from sync.reference import reference
from tests.bases import ecrire, lire
from tests.sync.carnets import Binome, Carnet, Equipe, un_carnet, une_equipe
from tests.sync.fabrique import Monde, un_id

SECRET = "Un secret de travail."


@pytest.fixture
def equipe(monde: Monde) -> Equipe:
    """Awa suit le dossier et y a laissé une note ; Bruno, conseiller aussi, va le reprendre."""
    return une_equipe(monde, "conseiller")


@pytest.fixture
def note(equipe: Equipe) -> str:
    equipe.telephone.faire("ouvrir_mesure", un_id(), equipe.personne, convention="ASP-NC", orientee_le="2026-11-01")
    entretien = un_id()
    faits = {"date": "2026-11-20", "moyen": "telephone", "note_personnelle": SECRET}
    equipe.telephone.faire("noter_entretien", entretien, equipe.personne, **faits)
    equipe.tirer()
    return entretien


def au_jour(carnet: Carnet, jours: int) -> Carnet:
    return replace(
        carnet, acteur=replace(carnet.acteur, maintenant=carnet.acteur.maintenant + dt.timedelta(days=jours))
    )


def confier(equipe: Equipe, **quand: str) -> None:
    chef, (mesure,) = replace(equipe.telephone, acteur=equipe.chef), equipe.telephone.de_type("mesure")
    vers = {"referent": equipe.collegue.acteur.utilisateur_id, **quand}
    assert chef.faire("confier_mesure", mesure["id"], equipe.personne, **vers).statut == "applied"


def a_decider(carnet: Carnet) -> list[dict[str, Any]]:
    with lire(carnet.monde.moteur) as session:
        notes: list[dict[str, Any]] = reference(session, carnet.acteur)["notes"]
        return notes


def au_chef(equipe: Equipe, jours: int) -> list[str]:
    acteur = equipe.chef
    with lire(equipe.monde.moteur) as session:
        jour = acteur.jour + dt.timedelta(days=jours)
        return [note.entretien for note in sans_choix(session, acteur.structure_id, jour)]


def decider(carnet: Carnet, equipe: Equipe, genre: str, entretien: str) -> Any:
    return carnet.faire(genre, entretien, equipe.personne)


def lue_par(carnet: Carnet, entretien: str) -> dict[str, Any]:
    carnet.tirer()
    return carnet.fiches["entretien", entretien]


def test_a_note_waits_for_nothing_while_its_author_keeps_the_dossier(equipe: Equipe, note: str) -> None:
    assert a_decider(equipe.telephone) == []
    assert au_chef(equipe, 400) == []


def test_its_author_chooses_from_the_day_the_handover_is_announced_and_still_after(equipe: Equipe, note: str) -> None:
    confier(equipe, date_effet="2026-12-01")
    (annoncee,) = a_decider(equipe.telephone)
    assert (annoncee["entretien"], annoncee["texte"]) == (note, SECRET)
    assert (annoncee["fin"], annoncee["limite"]) == ("2026-11-30", "2026-12-30")
    (partie,) = a_decider(au_jour(equipe.telephone, 20))
    assert partie == annoncee
    assert a_decider(equipe.collegue) == []
    assert "note_transmise" not in lue_par(equipe.collegue, note)
    assert SECRET not in str(equipe.collegue.fiches)


def test_handed_over_it_is_read_by_who_follows_the_dossier_and_by_no_partner(equipe: Equipe, note: str) -> None:
    binome = Binome(equipe)
    equipe.modifier(equipe.telephone, accord_partage=True)
    confier(equipe)
    assert decider(equipe.telephone, equipe, "transmettre_note", note).statut == "applied"
    assert lue_par(equipe.collegue, note)["note_transmise"] == SECRET
    assert "note_personnelle" not in equipe.collegue.fiches["entretien", note]
    chef = un_carnet(equipe.monde, equipe.monde.acteur("secretariat"))
    for autre in (binome.carnet, chef):
        autre.tirer()
        assert SECRET not in str(autre.fiches)
    assert a_decider(equipe.telephone) == []
    assert decider(equipe.telephone, equipe, "transmettre_note", note).statut == "applied", "deux appareils y ont pensé"
    with lire(equipe.monde.moteur) as session:
        lignes = session.scalars(select(Operation).where(Operation.genre == "transmettre_note")).all()
        assert [(ligne.champs, ligne.tardive) for ligne in lignes] == [({}, False), ({}, False)]
        assert SECRET not in str([operation.champs for operation in session.scalars(select(Operation))])


def test_erased_it_is_gone_everywhere_and_erasing_twice_is_erasing_once(equipe: Equipe, note: str) -> None:
    confier(equipe)
    for _ in range(2):
        assert decider(equipe.telephone, equipe, "effacer_note", note).statut == "applied"
    assert equipe.monde.compter(NotePersonnelle) == 0
    refus = decider(equipe.telephone, equipe, "transmettre_note", note)
    assert refus.erreurs == {"entite": ["Cette note n’existe plus\u202f: elle a été effacée."]}


def test_left_undecided_it_goes_to_the_head_of_service_after_thirty_days(equipe: Equipe, note: str) -> None:
    confier(equipe)
    fin = a_decider(equipe.telephone)[0]["fin"]
    assert fin == equipe.chef.jour.isoformat()
    chef = replace(equipe.collegue, acteur=equipe.chef, fiches={})
    assert au_chef(equipe, 30) == []
    assert decider(au_jour(chef, 30), equipe, "transmettre_note", note).statut == "refused"
    assert au_chef(equipe, 31) == [note]
    assert len(a_decider(au_jour(equipe.telephone, 31))) == 1, "il peut encore choisir, tant que personne ne l'a fait"
    assert decider(au_jour(chef, 31), equipe, "transmettre_note", note).statut == "applied"
    assert au_chef(equipe, 31) == []
    assert lue_par(equipe.collegue, note)["note_transmise"] == SECRET
    assert decider(au_jour(chef, 31), equipe, "effacer_note", note).statut == "refused", "son auteur l'avait transmise"


def test_nobody_else_decides(equipe: Equipe, note: str) -> None:
    confier(equipe)
    for carnet in (equipe.collegue, replace(equipe.collegue, acteur=equipe.chef)):
        for genre in ("transmettre_note", "effacer_note"):
            assert decider(carnet, equipe, genre, note).statut == "refused"
    assert decider(equipe.collegue, equipe, "effacer_note", un_id()).statut == "held"
    assert equipe.monde.compter(NotePersonnelle) == 1


def test_the_notes_of_a_closed_account_go_to_the_head_of_service(equipe: Equipe, note: str) -> None:
    acteur = equipe.telephone.acteur
    with ecrire(equipe.monde.moteur) as session:
        compte = session.get_one(Utilisateur, (acteur.structure_id, acteur.utilisateur_id))
        compte.actif, compte.desactive_le = False, acteur.maintenant
    assert (au_chef(equipe, 30), au_chef(equipe, 31)) == ([], [note])


def test_a_loan_leaves_its_note_to_decide_only_once_it_is_over(equipe: Equipe, note: str) -> None:
    visite = un_carnet(equipe.monde, equipe.monde.acteur())
    pret = {"utilisateur": visite.acteur.utilisateur_id, "jusqu_au": "2026-11-28", "motif": "visite"}
    equipe.telephone.faire("partager_dossier", un_id(), equipe.personne, **pret)
    sienne = un_id()
    faits = {"date": "2026-11-26", "moyen": "visite", "note_personnelle": "à moi"}
    assert visite.faire("noter_entretien", sienne, equipe.personne, **faits).statut == "applied"
    assert a_decider(visite) == []
    (finie,) = a_decider(au_jour(visite, 3))
    assert (finie["entretien"], finie["fin"]) == (sienne, "2026-11-28")


def test_written_again_a_note_is_its_authors_alone(equipe: Equipe, note: str) -> None:
    decider(equipe.telephone, equipe, "transmettre_note", note)
    assert lue_par(equipe.telephone, note)["note_transmise"] == SECRET
    equipe.telephone.faire("modifier_entretien", note, equipe.personne, note_personnelle="autre chose")
    assert "note_transmise" not in lue_par(equipe.collegue, note)
    assert lue_par(equipe.telephone, note)["note_personnelle"] == "autre chose"
