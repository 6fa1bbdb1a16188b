"""La note personnelle s'efface à son terme : chez son auteur aussi, et sans que le journal dise ce qu'elle disait."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select

from app.commandes.entretenir import tout_entretenir
from app.models import NotePersonnelle, Operation
from sync.regles.notes import terme
from tests.bases import lire
from tests.sync.carnets import un_carnet
from tests.sync.fabrique import MAINTENANT, Monde, creer_personne, noter, operation, un_id


def test_a_note_lasts_twelve_months_and_not_a_day_more(monde: Monde) -> None:
    auteur = un_carnet(monde, monde.acteur())
    personne, entretien = un_id(), un_id()
    monde.pousser(
        auteur.acteur, creer_personne(personne), noter(personne, entretien, note_personnelle="Un secret de travail.")
    )
    auteur.tirer()
    assert auteur.fiches["entretien", entretien]["note_personnelle"] == "Un secret de travail."
    un_an = MAINTENANT.replace(year=2027)
    assert tout_entretenir(monde.moteur, un_an - dt.timedelta(days=1)) == 0
    assert tout_entretenir(monde.moteur, un_an) == 1
    assert tout_entretenir(monde.moteur, un_an) == 0
    auteur.tirer()
    recu = auteur.fiches["entretien", entretien]
    assert recu["note_personnelle"] is None
    assert recu["synthese"] == "Point sur les démarches."
    assert monde.compter(NotePersonnelle) == 0
    with lire(monde.moteur) as session:
        ligne = session.scalars(select(Operation).where(Operation.genre == "echoir_note")).one()
        assert (ligne.champs, ligne.entite, ligne.personne_id) == ({}, entretien, personne)
        assert "secret" not in str([operation.champs for operation in session.scalars(select(Operation))])


def test_a_note_changed_since_starts_again_and_others_are_left_alone(monde: Monde) -> None:
    auteur = un_carnet(monde, monde.acteur())
    personne, ancien, change = un_id(), un_id(), un_id()
    monde.pousser(
        auteur.acteur,
        creer_personne(personne),
        noter(personne, ancien, note_personnelle="ancienne"),
        noter(personne, change, note_personnelle="changée"),
    )
    plus_tard = un_carnet(monde, auteur.acteur, maintenant=MAINTENANT.replace(year=2027, month=3))
    monde.pousser(
        plus_tard.acteur, operation("modifier_entretien", change, personne, note_personnelle="changée depuis")
    )
    assert tout_entretenir(monde.moteur, MAINTENANT.replace(year=2027, month=12)) == 1
    with lire(monde.moteur) as session:
        assert list(session.scalars(select(NotePersonnelle.entretien_id))) == [change]


def test_the_term_of_a_leap_day_exists() -> None:
    assert terme(dt.datetime(2028, 2, 29, 12, tzinfo=dt.UTC)) == dt.datetime(2027, 2, 28, 12, tzinfo=dt.UTC)
