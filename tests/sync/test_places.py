"""Les places d'une convention : un téléphone sait si une mesure de plus dépasserait, et rien de plus."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Convention, Structure
from app.moteur import lire
from sync.acteur import Acteur
from sync.reference import reference
from tests.bases import ecrire
from tests.sync.fabrique import Monde, creer_personne, operation, un_id
from tests.sync.test_cout import instructions


@pytest.fixture
def acteur(monde: Monde) -> Acteur:
    """Deux places dans la convention de la structure."""
    avec(monde, places=[["2022-01-01", 2]])
    return monde.acteur()


def avec(monde: Monde, **regles: Any) -> None:
    with ecrire(monde.moteur) as session:
        convention = session.scalars(select(Convention).where(Convention.structure_id == monde.structure)).one()
        convention.donnees = {"code": "ASP-NC", "version": "2022", "debut": "2022-01-01", **regles}


def ouvrir(monde: Monde, acteur: Acteur, **dates: str) -> tuple[str, str]:
    creation, mesure = creer_personne(), un_id()
    champs = {"convention": "ASP-NC", "orientee_le": "2026-09-01"} | dates
    assert (
        monde.statuts(acteur, creation, operation("ouvrir_mesure", mesure, creation.entite, **champs))
        == ["applied"] * 2
    )
    return mesure, creation.entite


def places(monde: Monde, acteur: Acteur) -> list[dict[str, Any]]:
    with lire(monde.moteur, acteur.structure_id) as session:
        lues: list[dict[str, Any]] = reference(session, acteur)["places"]
        return lues


def prises(monde: Monde, acteur: Acteur) -> bool:
    ((compte),) = places(monde, acteur)
    assert set(compte) == {"code", "prises", "le"}
    return bool(compte["prises"])


def test_the_last_place_taken_is_said_and_an_exit_gives_one_back(monde: Monde, acteur: Acteur) -> None:
    mesure, personne = ouvrir(monde, acteur, entree_le="2026-09-10")
    ouvrir(monde, acteur)
    assert not prises(monde, acteur), "en cours d'intégration, elle ne prend pas encore de place"
    ouvrir(monde, acteur, entree_le="2026-09-10")
    assert places(monde, acteur) == [{"code": "ASP-NC", "prises": True, "le": "2026-11-26"}]
    sortie = {"sortie_le": "2026-11-27", "sortie_motif": "autre"}
    assert monde.statuts(acteur, operation("prononcer_sortie", mesure, personne, **sortie)) == ["applied"]
    assert prises(monde, acteur), "elle ne sort que demain"
    assert not prises(monde, replace(acteur, maintenant=acteur.maintenant + dt.timedelta(days=1)))


def test_the_places_are_those_of_the_day_and_of_the_team(monde: Monde, acteur: Acteur) -> None:
    ouvrir(monde, acteur, entree_le="2026-09-10")
    avec(monde, places=[["2022-01-01", 2], ["2026-11-26", 1]])
    assert prises(monde, acteur)
    avec(monde, places_par_etp=70, etp="0.5")
    assert not prises(monde, acteur)
    avec(monde)
    assert places(monde, acteur) == [], "rien ne le dit : rien n'est prévenu"


def test_another_day_alone_does_not_send_the_reference_again(monde: Monde, acteur: Acteur) -> None:
    demain = replace(acteur, maintenant=acteur.maintenant + dt.timedelta(days=1))
    with lire(monde.moteur, acteur.structure_id) as session:
        lues = [reference(session, qui) for qui in (acteur, demain)]
    assert lues[0]["empreinte"] == lues[1]["empreinte"]
    ouvrir(monde, acteur, entree_le="2026-09-10")
    ouvrir(monde, acteur, entree_le="2026-09-10")
    with lire(monde.moteur, acteur.structure_id) as session:
        assert reference(session, acteur)["empreinte"] != lues[0]["empreinte"]


def test_the_measures_are_counted_again_only_when_something_was_written(monde: Monde, acteur: Acteur) -> None:
    places(monde, acteur)
    with instructions(monde.moteur) as vues:
        places(monde, acteur)
    assert not any("count(" in texte for texte in vues)
    with ecrire(monde.moteur) as session:
        # Une base revenue d'une sauvegarde reprend les mêmes numéros.
        session.get_one(Structure, monde.structure).generation = un_id()
    with instructions(monde.moteur) as vues:
        places(monde, acteur)
    assert any("count(" in texte for texte in vues)
