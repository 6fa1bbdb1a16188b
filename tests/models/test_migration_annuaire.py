"""Le genre de cahier de l'annuaire s'ouvre sur une base déjà pleine : ce qui cite les cahiers n'y perd rien."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.migrations import ecarts, migrer
from app.moteur import ouvrir_moteur
from tests.bases import ecrire, lire
from tests.sync.fabrique import un_id

LE = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


def test_a_notebook_of_the_directory_opens_beside_those_that_are_full(adresse_nue: str) -> None:
    moteur = ouvrir_moteur(adresse_nue)
    migrer(moteur, "0036")
    s, qui, action = (un_id() for _ in range(3))

    def cahier(session: Session, identifiant: str, genre: str) -> None:
        faire(
            session,
            "INSERT INTO cahier (structure_id, id, genre, nom, valeurs, revisions, sequence, sequence_cahier, cree_le)"
            " VALUES (:s, :id, :genre, 'Fictif', '{}', '[]', 1, 1, :le)",
            id=identifiant,
            genre=genre,
        )

    def faire(session: Session, ordre: str, **valeurs: object) -> None:
        session.execute(text(ordre), {"s": s, "le": LE, "qui": qui, "action": action, **valeurs})

    with ecrire(moteur) as session:
        faire(session, "INSERT INTO structure (id, nom, sequence, generation, cree_le) VALUES (:s, 'X', 4, :s, :le)")
        faire(
            session,
            "INSERT INTO utilisateur (structure_id, id, nom, prenom, courriel, role, actif, cree_le)"
            " VALUES (:s, :qui, 'Fictive', 'Noor', 'n@exemple.test', 'conseiller', :oui, :le)",
            oui=True,
        )
        cahier(session, action, "action")
        faire(
            session,
            "INSERT INTO cahier_membre (structure_id, cahier_id, utilisateur_id, actif, depuis, sequence)"
            " VALUES (:s, :action, :qui, :oui, :le, 1)",
            oui=True,
        )
    migrer(moteur)
    with lire(moteur) as session:
        assert session.execute(text("SELECT cahier_id FROM cahier_membre")).all() == [(action,)]
    with ecrire(moteur) as session:
        cahier(session, un_id(), "annuaire")
    with pytest.raises(IntegrityError), ecrire(moteur) as session:
        cahier(session, un_id(), "autre")
    assert ecarts(moteur) is None
    moteur.dispose()
