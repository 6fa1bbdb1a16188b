"""Un dossier partagé en binôme, ou prêté pour un temps : il vient entier, et s'en va au jour dit."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from app.models import Structure
from sync.portee import requete_siens
from tests.bases import lire
from tests.sync.fabrique import Monde, Telephone, creer_personne, noter, operation, plus_tard, un_id
from tests.sync.service import AUJOURD_HUI, Service, jour
from tests.sync.test_echange import demande, enroler, repondre


@pytest.fixture
def service(monde: Monde) -> Service:
    return Service(monde)


def test_a_binome_has_the_file_as_long_as_nobody_ends_it(service: Service) -> None:
    partage = un_id()
    assert service.partager(service.collegue, partage=partage, motif="binome").statut == "applied"
    assert service.tient(service.collegue, 300)
    (fiche,) = service.collegue.de_type("partage")
    assert {cle: fiche[cle] for cle in ("utilisateur", "utilisateur_nom", "du", "jusqu_au", "motif", "par_nom")} == {
        "utilisateur": service.collegue.acteur.utilisateur_id,
        "utilisateur_nom": "Maraude Exemple",
        "du": None,
        "jusqu_au": None,
        "motif": "binome",
        "par_nom": "Conseiller Exemple",
    }
    fin = operation("cesser_partage", partage, service.personne)
    assert service.faire(service.referente.acteur, fin).statut == "applied"
    assert not service.tient(service.collegue, 300)
    service.referente.tirer()
    assert [fiche["fin_le"] for fiche in service.referente.de_type("partage")] == [jour(0)]


def test_a_loan_begins_and_ends_by_the_calendar_without_any_write(service: Service) -> None:
    service.partager(service.collegue, du=jour(2), jusqu_au=jour(4), motif="remplacement")
    with lire(service.monde.moteur) as session:
        avant = session.get_one(Structure, service.monde.structure).sequence
    for dans, tient in ((0, False), (1, False), (2, True), (4, True), (5, False), (6, False)):
        assert service.tient(service.collegue, dans) is tient, dans
    with lire(service.monde.moteur) as session:
        assert session.get_one(Structure, service.monde.structure).sequence == avant


def test_a_loan_ends_at_midnight_in_paris_whatever_the_time_zone_of_the_server(service: Service) -> None:
    service.partager(service.collegue, jusqu_au=jour(0))
    service.collegue.acteur = replace(
        service.collegue.acteur, maintenant=dt.datetime(2026, 11, 26, 22, 59, tzinfo=dt.UTC)
    )
    service.collegue.tirer()
    assert service.collegue.de_type("personne")
    service.collegue.acteur = plus_tard(service.collegue.acteur, minutes=1)
    service.collegue.tirer()
    assert not service.collegue.fiches


def test_a_phone_that_slept_through_a_whole_loan_never_holds_it(service: Service) -> None:
    service.partager(service.collegue, du=jour(1), jusqu_au=jour(3))
    assert not service.tient(service.collegue, 10)


def test_a_loan_that_follows_another_keeps_the_file_without_a_gap(service: Service) -> None:
    service.partager(service.collegue, jusqu_au=jour(2))
    service.partager(service.collegue, du=jour(3), jusqu_au=jour(5))
    assert [service.tient(service.collegue, dans) for dans in (0, 2, 3, 5, 6)] == [True, True, True, True, False]


def test_a_loan_that_ends_between_two_pages_is_taken_back_at_the_next_round(service: Service) -> None:
    """Le curseur d'un tour en cours garde le jour où il a commencé."""
    siens = [creer_personne() for _ in range(3)]
    service.monde.pousser(service.collegue.acteur, *siens)
    service.partager(service.collegue, jusqu_au=jour(0))
    neuf = Telephone(service.monde, service.collegue.acteur)
    premiere = service.monde.page(neuf.acteur, None, limite_octets=1)
    assert premiere.suite
    neuf.curseur, neuf.acteur = premiere.curseur, plus_tard(neuf.acteur, days=1)
    neuf.tirer(limite_octets=1)
    suivante = service.monde.page(neuf.acteur, neuf.curseur)
    assert suivante.retraits == [service.personne]
    assert service.monde.page(neuf.acteur, suivante.curseur).retraits == []


def test_a_loan_that_begins_between_two_rounds_comes_even_on_a_later_page(service: Service) -> None:
    siens, prete = [creer_personne() for _ in range(4)], creer_personne()
    service.monde.pousser(service.collegue.acteur, *siens)
    service.faire(service.referente.acteur, prete)
    service.collegue.tirer()
    pret = {"utilisateur": service.collegue.acteur.utilisateur_id, "du": jour(1), "jusqu_au": jour(3)}
    service.faire(service.referente.acteur, operation("partager_dossier", un_id(), prete.entite, **pret))
    service.collegue.tirer()
    for creation in siens:
        service.faire(
            service.collegue.acteur, operation("modifier_personne", creation.entite, creation.entite, prenom="Awa")
        )
    service.collegue.acteur = plus_tard(service.collegue.acteur, days=1)
    assert service.collegue.tirer(limite_octets=1) > 2
    assert max(fiche["id"] for fiche in service.collegue.de_type("personne")) == prete.entite


def test_a_dossier_held_by_two_titles_stays_until_both_are_gone(service: Service) -> None:
    partage = un_id()
    service.partager(service.collegue, partage=partage)
    service.partager(service.collegue, jusqu_au=jour(3))
    assert service.tient(service.collegue)
    service.faire(service.referente.acteur, operation("cesser_partage", partage, service.personne))
    assert service.tient(service.collegue)
    assert not service.tient(service.collegue, 4)


def test_what_is_lent_is_read_at_the_desk_too_and_only_for_its_time(service: Service) -> None:
    service.partager(service.collegue, du=jour(1), jusqu_au=jour(2))
    with lire(service.monde.moteur) as session:
        lus = [
            list(
                session.scalars(
                    requete_siens(
                        service.monde.structure,
                        service.collegue.acteur.utilisateur_id,
                        AUJOURD_HUI + dt.timedelta(days=dans),
                    )
                )
            )
            for dans in (0, 1, 2, 3)
        ]
    assert lus == [[], [service.personne], [service.personne], []]


def test_a_borrower_writes_during_the_loan_and_late_work_is_labelled_after_it(service: Service) -> None:
    service.partager(service.collegue, jusqu_au=jour(2))
    pendant, apres, trop_tard = (noter(service.personne) for _ in range(3))
    assert service.faire(plus_tard(service.collegue.acteur, days=2), pendant).statut == "applied"
    assert service.tardive(pendant.id) == (False, None)
    assert service.faire(plus_tard(service.collegue.acteur, days=3), apres).statut == "applied"
    assert service.tardive(apres.id) == (True, "pret")
    assert service.faire(plus_tard(service.collegue.acteur, days=33), trop_tard).statut == "refused"


def test_what_came_late_is_said_on_the_record_itself_to_whoever_reads_it(service: Service) -> None:
    """Entretien, rendez-vous, mesure, personne : la fiche le porte, et le garde quand elle change encore."""
    service.confier(service.collegue)
    rendez_vous, a_temps = un_id(), noter(service.personne)
    tardives = [
        noter(service.personne),
        operation(
            "proposer_rendez_vous",
            rendez_vous,
            service.personne,
            mesure_id=service.mesure,
            debut="2026-11-27T09:00:00Z",
        ),
        operation("modifier_mesure", service.mesure, service.personne, premier_contact_le=jour(-3)),
        operation("modifier_personne", service.personne, service.personne, prenom="Aïssa"),
    ]
    for tardive in tardives:
        assert service.faire(service.referente.acteur, tardive).statut == "applied"
    service.faire(service.collegue.acteur, a_temps)
    service.faire(service.chef.acteur, operation("modifier_personne", service.personne, service.personne, nom="Autre"))
    service.collegue.tirer()
    dites = {cle: fiche["tardive"] for cle, fiche in service.collegue.fiches.items() if "tardive" in fiche}
    genres = ("entretien", "rendez_vous", "mesure", "personne")
    assert dites == {(genre, op.entite): "referent" for genre, op in zip(genres, tardives, strict=True)}


def test_a_loan_not_begun_opens_nothing(service: Service) -> None:
    service.partager(service.collegue, du=jour(2), jusqu_au=jour(4))
    refus = service.faire(service.collegue.acteur, noter(service.personne))
    assert refus.erreurs == {"personne": ["Ce dossier n’est pas dans votre file active."]}


def test_who_borrows_does_not_lend_and_who_has_nothing_does_nothing(service: Service) -> None:
    tiers = Telephone(service.monde, service.monde.acteur())
    assert service.partager(tiers, par=service.collegue.acteur).erreurs.keys() == {"personne"}
    partage = un_id()
    service.partager(service.collegue, jusqu_au=jour(5), partage=partage)
    assert service.partager(tiers, par=service.collegue.acteur).erreurs.keys() == {"personne"}
    fin = operation("cesser_partage", partage, service.personne)
    assert service.faire(tiers.acteur, fin).statut == "refused"
    # Rendre ce qu'on lui a prêté, oui.
    assert service.faire(service.collegue.acteur, operation("cesser_partage", partage, service.personne)).statut == (
        "applied"
    )
    assert not service.tient(service.collegue)


def test_a_former_referent_or_a_withdrawn_device_shares_nothing_more(service: Service) -> None:
    retire = replace(service.referente.acteur, revoque=True)
    assert service.partager(service.collegue, par=retire).erreurs.keys() == {"personne"}
    service.confier(service.collegue)
    tiers = Telephone(service.monde, service.monde.acteur())
    assert service.partager(tiers, par=service.referente.acteur).erreurs.keys() == {"personne"}
    assert not service.tient(tiers)


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"utilisateur": un_id()}, "utilisateur"),
        ({"jusqu_au": jour(-1)}, "jusqu_au"),
        ({"du": jour(3), "jusqu_au": jour(2)}, "jusqu_au"),
        ({"jusqu_au": jour(400)}, "jusqu_au"),
        ({"motif": "amitié"}, "motif"),
    ],
)
def test_a_loan_that_makes_no_sense_is_refused(service: Service, champs: dict[str, Any], champ: str) -> None:
    refus = service.partager(service.collegue, **champs)
    assert (refus.statut, list(refus.erreurs)) == ("refused", [champ])
    assert service.partager(service.referente).erreurs.keys() == {"utilisateur"}


def test_ending_a_share_twice_is_one_fact(service: Service) -> None:
    partage = un_id()
    service.partager(service.collegue, partage=partage)
    for _ in range(2):
        fin = operation("cesser_partage", partage, service.personne)
        assert service.faire(service.referente.acteur, fin).statut == "applied"
    assert service.faire(service.chef.acteur, operation("cesser_partage", un_id(), service.personne)).statut == "held"


def test_ending_a_loan_that_its_calendar_already_ended_is_told_back_as_it_is(service: Service) -> None:
    """Le téléphone l'a cru fini du jour où on l'y a mis fin : sans la vraie fin, il le croirait toujours."""
    partage = un_id()
    service.partager(service.collegue, partage=partage, jusqu_au=jour(1))
    service.tient(service.referente)
    service.tient(service.referente, dans=2)
    cru = service.referente.fiches["partage", partage] | {"fin_le": jour(2)}
    service.referente.fiches["partage", partage] = cru
    assert service.faire(service.referente.acteur, operation("cesser_partage", partage, service.personne)).statut == (
        "applied"
    )
    service.referente.tirer()
    assert service.referente.fiches["partage", partage]["fin_le"] is None


def test_the_file_of_someone_who_becomes_its_referent_is_no_longer_lent_to_her(service: Service) -> None:
    service.partager(service.collegue)
    service.confier(service.collegue)
    service.collegue.tirer()
    assert [fiche["fin_le"] for fiche in service.collegue.de_type("partage")] == [jour(0)]
    assert service.tient(service.collegue, 30)


def test_an_old_client_never_hears_of_shares(service: Service) -> None:
    service.partager(service.collegue)
    appareil = enroler(service.monde, service.collegue.acteur)
    for protocole, attendu in ((1, False), (2, True)):
        recue = repondre(service.monde, service.collegue.acteur, demande(appareil, protocole=protocole))
        assert ("partage" in {fiche["type"] for fiche in recue["fiches"]}) is attendu
        assert {"sauvegarde"} & recue.keys() == ({"sauvegarde"} if attendu else set())
