"""Un dossier confié : gagné entier, perdu sans rien détruire."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.models import MesureReferent, Utilisateur
from tests.bases import ecrire, lire
from tests.sync.fabrique import Monde, Telephone, creer_personne, noter, operation, plus_tard, un_id
from tests.sync.service import Service, jour
from tests.sync.test_cout import instructions


@pytest.fixture
def service(monde: Monde) -> Service:
    return Service(monde)


def test_a_file_entrusted_goes_whole_to_the_new_referent_and_leaves_the_old_one(service: Service) -> None:
    assert service.confier(service.collegue).statut == "applied"
    assert service.tient(service.collegue)
    assert not service.tient(service.referente)
    (mesure,) = service.collegue.de_type("mesure")
    assert mesure["historique"]["referent"] == [
        [jour(-8), service.referente.acteur.utilisateur_id],
        [jour(0), service.collegue.acteur.utilisateur_id],
    ]


def test_a_file_entrusted_from_a_later_day_stays_with_the_old_referent_until_the_eve(service: Service) -> None:
    service.confier(service.collegue, 7)
    assert service.tient(service.collegue)
    for dans, tient in ((0, True), (6, True), (7, False), (8, False)):
        assert service.tient(service.referente, dans) is tient, dans


def test_the_last_decision_wins_over_what_was_planned_after_it(service: Service) -> None:
    autre = Telephone(service.monde, service.monde.acteur())
    service.confier(service.collegue, 7)
    service.confier(autre, 3)
    assert service.tient(autre, 8)
    assert not service.tient(service.collegue, 8)
    with lire(service.monde.moteur) as session:
        suivis = session.scalars(select(MesureReferent.utilisateur_id).order_by(MesureReferent.jour)).all()
    assert suivis == [
        service.referente.acteur.utilisateur_id,
        autre.acteur.utilisateur_id,
        autre.acteur.utilisateur_id,
    ]


def test_a_referent_of_another_measure_keeps_the_file(service: Service) -> None:
    seconde = operation("ouvrir_mesure", un_id(), service.personne, convention="ASP-NC", orientee_le=jour(-2))
    assert service.faire(service.referente.acteur, seconde).statut == "applied"
    service.confier(service.collegue)
    assert service.tient(service.referente)
    assert service.tient(service.collegue)


def test_a_file_given_back_comes_back_whole(service: Service) -> None:
    service.confier(service.collegue)
    assert not service.tient(service.referente)
    service.confier(service.referente, 1)
    assert service.tient(service.referente)
    assert not service.tient(service.collegue, 1)


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"referent": un_id()}, "referent"),
        ({"referent": None}, "referent"),
        ({"date_effet": jour(-9)}, "date_effet"),
        ({"date_effet": jour(400)}, "date_effet"),
    ],
)
def test_what_cannot_be_entrusted_is_refused_and_changes_nothing(
    service: Service, champs: dict[str, Any], champ: str
) -> None:
    refus = service.confier(service.collegue, **champs)
    assert (refus.statut, list(refus.erreurs)) == ("refused", [champ])
    assert service.tient(service.referente)
    assert not service.tient(service.collegue)


def test_only_the_chef_entrusts_and_only_to_an_open_account_that_follows_files(service: Service) -> None:
    assert service.confier(service.collegue, par=service.referente.acteur).statut == "refused"
    secretariat = Telephone(service.monde, service.monde.acteur("secretariat"))
    assert service.confier(secretariat).erreurs.keys() == {"referent"}
    with ecrire(service.monde.moteur) as session:
        session.get_one(Utilisateur, (service.monde.structure, service.collegue.acteur.utilisateur_id)).actif = False
    assert service.confier(service.collegue).erreurs.keys() == {"referent"}


def test_unsent_work_of_the_old_referent_still_lands_labelled_for_thirty_days(service: Service) -> None:
    service.confier(service.collegue)
    tard, trop_tard = noter(service.personne), noter(service.personne)
    assert service.faire(plus_tard(service.referente.acteur, days=29), tard).statut == "applied"
    assert service.tardive(tard.id) == (True, "referent")
    assert service.faire(plus_tard(service.referente.acteur, days=31), trop_tard).statut == "refused"
    telephone = service.collegue
    telephone.tirer()
    assert len(telephone.de_type("entretien")) == 2


def test_late_work_that_changes_nothing_else_still_says_it_came_late(service: Service) -> None:
    piece, acteur = un_id(), service.referente.acteur
    demande = {"mesure_id": service.mesure, "nature": "logement", "deposee_le": "2026-11-20", "statut": "en_cours"}
    service.faire(acteur, operation("noter_demande", piece, service.personne, **demande))
    retraits = [operation("retirer_demande", piece, service.personne, motif="En double.") for _ in range(2)]
    assert service.faire(acteur, retraits[0]).statut == "applied"
    service.referente.tirer()
    assert service.faire(replace(acteur, revoque=True), retraits[1]).statut == "applied"
    service.referente.tirer()
    assert [fiche["tardive"] for fiche in service.referente.de_type("piece")] == ["appareil"]


def test_entrusting_a_whole_file_active_costs_as_many_statements_as_one_dossier(monde: Monde) -> None:
    referente, collegue, chef = monde.acteur(), monde.acteur(), monde.acteur("chef_de_service")
    mesures = []
    for _ in range(40):
        creation, mesure = creer_personne(), un_id()
        ouverture = operation("ouvrir_mesure", mesure, creation.entite, convention="ASP-NC", orientee_le=jour(-3))
        assert monde.statuts(referente, creation, ouverture) == ["applied", "applied"]
        mesures.append((mesure, creation.entite))
    comptes = []
    for lot in (mesures[:1], mesures[1:]):
        confiees = [operation("confier_mesure", m, p, referent=collegue.utilisateur_id) for m, p in lot]
        with instructions(monde.moteur) as vues:
            assert set(monde.statuts(chef, *confiees)) == {"applied"}
        comptes.append(len(vues))
    assert comptes[0] == comptes[1], comptes
    for acteur, combien in ((referente, 0), (collegue, 40)):
        telephone = Telephone(monde, acteur)
        telephone.tirer()
        assert len(telephone.de_type("mesure")) == combien
