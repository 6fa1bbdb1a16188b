"""Les pièces : notées, fusionnées, contestées, retirées ; et ce qu'un binôme en lit."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.domain.formes import charger
from app.models import Mesure
from sync.appliquer import REGLES
from sync.fiches import Choix, compter_fiches, lire_dossiers, lire_fiches
from sync.regles.desaccord import PAS_LISIBLE
from tests.bases import lire
from tests.sync.carnets import Binome, Carnet, Equipe, une_equipe
from tests.sync.fabrique import Monde, operation, un_id
from tests.sync.test_versions import echanger


@pytest.fixture
def equipe(monde: Monde) -> Equipe:
    return une_equipe(monde, "conseiller")


def une_mesure(equipe: Equipe) -> str:
    mesure = un_id()
    faits = {"convention": "ASP-NC", "orientee_le": "2026-11-01"}
    equipe.telephone.faire("ouvrir_mesure", mesure, equipe.personne, **faits)
    return mesure


def une_etape(equipe: Equipe, **champs: Any) -> str:
    """Une étape notée au téléphone, reçue de tous."""
    etape = un_id()
    voulus = {"mesure_id": une_mesure(equipe), "nature": "cdd", "debut": "2026-11-03"} | champs
    assert equipe.telephone.faire("noter_etape", etape, equipe.personne, **voulus).statut == "applied"
    equipe.tirer()
    return etape


def piece(carnet: Carnet, identifiant: str) -> dict[str, Any]:
    carnet.tirer()
    return carnet.fiches["piece", identifiant]


def test_every_form_has_its_three_operations() -> None:
    assert {f"{verbe}_{code}" for code in charger() for verbe in ("noter", "modifier", "retirer")} <= set(REGLES)


def test_a_piece_noted_on_one_phone_reaches_the_others_and_the_head_of_service(equipe: Equipe) -> None:
    etape = une_etape(equipe, employeur="Atelier des Sources", duree_plus_six_mois=True)
    recue = piece(equipe.collegue, etape)
    assert recue["valeurs"] == {
        "nature": "cdd",
        "debut": "2026-11-03",
        "employeur": "Atelier des Sources",
        "duree_plus_six_mois": True,
    }
    assert (recue["forme"], recue["auteur"], recue["revisions"]) == (
        "etape",
        equipe.telephone.acteur.utilisateur_id,
        [],
    )
    with lire(equipe.monde.moteur) as session:
        lus = lire_dossiers(session, equipe.monde.structure, [equipe.personne], equipe.chef.utilisateur_id)
    dossier = lus[equipe.personne]
    assert [fiche["id"] for fiche in dossier["pieces"]] == [etape]
    assert [c["etat"] for c in dossier["controles"] if c["fiche_id"] == etape] == ["recue"]


def test_two_people_who_change_different_fields_are_merged_and_what_was_there_stays(equipe: Equipe) -> None:
    etape = une_etape(equipe)
    assert equipe.telephone.faire("modifier_etape", etape, equipe.personne, fin="2026-12-31").statut == "applied"
    assert equipe.collegue.faire("modifier_etape", etape, equipe.personne, employeur="Chantier").statut == "merged"
    lue = piece(equipe.tablette, etape)
    assert (lue["valeurs"]["fin"], lue["valeurs"]["employeur"]) == ("2026-12-31", "Chantier")
    assert [revision["champs"] for revision in lue["revisions"]] == [{"employeur": None}, {"fin": None}]


def test_the_same_field_changed_on_both_sides_is_a_disagreement_that_someone_settles(equipe: Equipe) -> None:
    etape = une_etape(equipe)
    equipe.telephone.faire("modifier_etape", etape, equipe.personne, fin="2026-12-31")
    assert equipe.collegue.faire("modifier_etape", etape, equipe.personne, fin="2027-01-31").statut == "conflict"
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert (desaccord["fiche_type"], desaccord["champ"]) == ("piece", "fin")
    assert piece(equipe.telephone, etape)["valeurs"]["fin"] == "2026-12-31"
    reglee = equipe.telephone.faire("regler_desaccord", desaccord["id"], equipe.personne, choix="propose")
    assert reglee.statut == "applied"
    lue = piece(equipe.tablette, etape)
    assert lue["valeurs"]["fin"] == "2027-01-31"
    assert lue["revisions"][0]["champs"] == {"fin": "2026-12-31"}


@pytest.mark.parametrize(
    ("champs", "fautif"),
    [
        ({"nature": None}, "nature"),
        ({"nature": "promenade"}, "nature"),
        ({"mesure_id": None}, "mesure_id"),
        ({"fin": "2026-11-01"}, "fin"),
        ({"religion": "aucune"}, "religion"),
    ],
)
def test_what_a_form_does_not_allow_is_refused_at_its_field(equipe: Equipe, champs: Any, fautif: str) -> None:
    voulus = {"mesure_id": une_mesure(equipe), "nature": "cdd", "debut": "2026-11-03"} | champs
    refusee = equipe.telephone.faire("noter_etape", un_id(), equipe.personne, **voulus)
    assert (refusee.statut, set(refusee.erreurs)) == ("refused", {fautif})


def test_lines_grids_durations_and_signatures_are_kept_as_they_travel(equipe: Equipe) -> None:
    mesure, contrat, diagnostic = une_mesure(equipe), un_id(), un_id()
    objectifs = [{"objectif": "Permis", "echeance": "2027-03-01", "etat": "a_faire"}, {}]
    commun = {"mesure_id": mesure}
    trace = "M10 20 30 40M50 60 70 80"
    faits = {"type": "cer", "sorte": "premier", "debut": "2026-11-10", "fin": "2027-05-09"}
    suite = {"objectifs": objectifs, "activite_minutes": 900, "signature_personne": trace}
    assert (
        equipe.telephone.faire("noter_contrat", contrat, equipe.personne, **commun, **faits, **suite).statut
        == "applied"
    )
    freins = [
        {"cle": "numerique", "etat": "releve"},
        {"cle": "mobilite", "niveau": 2, "etat": "releve"},
        {"cle": "budget"},
    ]
    faits = {"jour": "2026-11-12", "moment": "entree", "freins": freins, "atouts": ["langues"]}
    assert (
        equipe.telephone.faire("noter_diagnostic", diagnostic, equipe.personne, **commun, **faits).statut == "applied"
    )
    assert piece(equipe.collegue, contrat)["valeurs"]["objectifs"] == objectifs[:1]
    assert piece(equipe.collegue, contrat)["valeurs"]["signature_personne"] == trace
    # Dans l'ordre de la liste ; une case vide n'y est pas.
    assert piece(equipe.collegue, diagnostic)["valeurs"]["freins"] == [freins[1], freins[0]]


@pytest.mark.parametrize("trace", ["<svg onload=x>", "M1 2L3 4", "M1 2" + " 3 4" * 2000])
def test_a_signature_is_a_bounded_list_of_points(equipe: Equipe, trace: str) -> None:
    faits = {
        "mesure_id": une_mesure(equipe),
        "type": "cer",
        "sorte": "premier",
        "debut": "2026-11-10",
        "fin": "2027-05-09",
    }
    refusee = equipe.telephone.faire("noter_contrat", un_id(), equipe.personne, **faits, signature_personne=trace)
    assert (refusee.statut, set(refusee.erreurs)) == ("refused", {"signature_personne"})


def test_a_withdrawn_piece_stays_with_its_reason_and_is_withdrawn_once(equipe: Equipe) -> None:
    etape = une_etape(equipe)
    assert equipe.telephone.faire("retirer_etape", etape, equipe.personne, motif="Notée deux fois").statut == "applied"
    assert equipe.collegue.faire("retirer_etape", etape, equipe.personne, motif="Doublon").statut == "applied"
    lue = piece(equipe.tablette, etape)
    assert (lue["retrait_motif"], lue["valeurs"]["nature"]) == ("Notée deux fois", "cdd")
    refusee = equipe.collegue.faire("modifier_etape", etape, equipe.personne, fin="2027-01-31")
    assert (refusee.statut, set(refusee.erreurs)) == ("refused", {"entite"})


def test_a_piece_of_another_form_or_another_file_is_not_changed_under_this_one(equipe: Equipe) -> None:
    etape = une_etape(equipe)
    refusee = equipe.telephone.faire("modifier_demande", etape, equipe.personne, aupres="CCAS")
    assert (refusee.statut, set(refusee.erreurs)) == ("refused", {"entite"})


def test_the_secretariat_reads_only_its_forms_and_their_fields(equipe: Equipe) -> None:
    etape = une_etape(equipe)
    suspension, mesure = un_id(), une_mesure(equipe)
    faits = {"mesure_id": mesure, "du": "2026-11-20", "motif": "sante"}
    equipe.telephone.faire("noter_suspension", suspension, equipe.personne, **faits)
    secretariat = equipe.monde.acteur("secretariat")
    with lire(equipe.monde.moteur) as session:
        lus = lire_dossiers(session, equipe.monde.structure, [equipe.personne], secretariat.utilisateur_id)
    dossier = lus[equipe.personne]
    assert {fiche["id"]: fiche["valeurs"] for fiche in dossier["pieces"]} == {suspension: {"du": "2026-11-20"}}
    assert etape not in {controle["fiche_id"] for controle in dossier["controles"]}


def test_older_phones_receive_nothing_about_pieces(equipe: Equipe) -> None:
    etape = une_etape(equipe)
    for protocole, dit in ((1, False), (2, False), (3, True)):
        recues = echanger(equipe.tablette, protocole=protocole)["fiches"]
        assert ("piece" in {fiche["type"] for fiche in recues}) is dit
        assert any(fiche.get("fiche_id") == etape for fiche in recues) is dit


def test_a_partner_reads_only_ticked_pieces_and_only_with_the_agreement_of_the_person(equipe: Equipe) -> None:
    tue, cochee = une_etape(equipe), une_etape(equipe, partagee=True)
    binome = Binome(equipe)
    assert binome.lues() == set()
    equipe.modifier(equipe.telephone, accord_partage=True)
    assert binome.lues() == {cochee}
    assert binome.bilan_juste()
    equipe.telephone.tirer()
    equipe.telephone.faire("modifier_etape", tue, equipe.personne, partagee=True)
    assert binome.lues() == {tue, cochee}
    equipe.telephone.tirer()
    equipe.telephone.faire("modifier_etape", cochee, equipe.personne, partagee=False)
    assert binome.lues() == {tue}
    equipe.telephone.tirer()
    equipe.modifier(equipe.telephone, accord_partage=False)
    assert binome.lues() == set()
    assert binome.bilan_juste()
    assert not [c for c in binome.carnet.de_type("controle") if c["fiche_type"] == "piece"]


def test_a_partner_keeps_his_own_pieces_and_changes_none_that_he_does_not_read(equipe: Equipe) -> None:
    tue = une_etape(equipe)
    binome = Binome(equipe)
    assert binome.lues() == set()
    with lire(equipe.monde.moteur) as session:
        mesure = session.scalars(select(Mesure.id)).one()
    sienne = un_id()
    faits = {"mesure_id": mesure, "nature": "logement", "deposee_le": "2026-11-12", "statut": "en_cours"}
    assert binome.carnet.faire("noter_demande", sienne, equipe.personne, **faits).statut == "applied"
    assert binome.lues() == {sienne}
    refusee = binome.carnet.faire("modifier_etape", tue, equipe.personne, fin="2027-01-31", base=None)
    assert (refusee.statut, set(refusee.erreurs)) == ("refused", {"entite"})


def test_a_partner_settles_no_disagreement_on_what_he_does_not_read(equipe: Equipe) -> None:
    """Il tient le dossier, mais pas cette pièce : l'identifiant appris ailleurs ne lui ouvre rien."""
    tue = une_etape(equipe)
    equipe.tablette.tirer()
    equipe.telephone.faire("modifier_etape", tue, equipe.personne, employeur="Brasserie imaginaire")
    equipe.tablette.faire("modifier_etape", tue, equipe.personne, employeur="Mairie des Contes")
    equipe.tablette.tirer()
    (desaccord,) = equipe.tablette.desaccords()
    binome = Binome(equipe)
    assert binome.lues() == set()
    reglement = {"choix": "propose"}
    refusee = binome.carnet.faire("regler_desaccord", desaccord["id"], equipe.personne, base=None, **reglement)
    assert (refusee.statut, refusee.erreurs) == ("refused", {"entite": [PAS_LISIBLE]})
    equipe.modifier(equipe.telephone, accord_partage=True)
    equipe.telephone.faire("modifier_etape", tue, equipe.personne, partagee=True)
    binome.lues()
    assert binome.carnet.faire("regler_desaccord", desaccord["id"], equipe.personne, **reglement).statut == "applied"
    assert piece(equipe.telephone, tue)["valeurs"]["employeur"] == "Mairie des Contes"


@pytest.mark.parametrize("protocole", [1, 2, 3])
def test_what_is_left_to_receive_is_counted_as_it_is_sent(equipe: Equipe, protocole: int) -> None:
    etape = une_etape(equipe)
    une_etape(equipe, partagee=True)
    suspension = {"mesure_id": une_mesure(equipe), "du": "2026-11-20", "motif": "sante"}
    equipe.telephone.faire("noter_suspension", un_id(), equipe.personne, **suspension)
    equipe.tablette.tirer()
    equipe.telephone.faire("modifier_etape", etape, equipe.personne, employeur="Brasserie imaginaire")
    equipe.tablette.faire("modifier_etape", etape, equipe.personne, employeur="Mairie des Contes")
    binome, secretariat = Binome(equipe), equipe.monde.acteur("secretariat")
    for acteur in (equipe.telephone.acteur, binome.carnet.acteur, secretariat):
        for choix in (
            Choix(equipe.monde.structure, [equipe.personne]),
            Choix(equipe.monde.structure, [], [equipe.personne]),
        ):
            qui = (acteur.utilisateur_id, acteur.role, protocole)
            with lire(equipe.monde.moteur) as session:
                fiches = lire_fiches(session, choix, *qui)[equipe.personne]
                assert compter_fiches(session, choix, *qui) == sum(fiche["type"] != "tombe" for fiche in fiches)


def test_a_colleague_who_stands_in_reads_everything(equipe: Equipe) -> None:
    etape = une_etape(equipe)
    binome = Binome(equipe)
    assert binome.lues() == set()
    pret = {"utilisateur": binome.carnet.acteur.utilisateur_id, "motif": "remplacement", "jusqu_au": "2027-06-30"}
    equipe.telephone.faire("partager_dossier", un_id(), equipe.personne, **pret)
    assert binome.lues() == {etape}


def test_a_piece_waits_for_the_measure_it_cites(equipe: Equipe) -> None:
    faits = {"mesure_id": un_id(), "nature": "cdd", "debut": "2026-11-03"}
    tenue = operation("noter_etape", un_id(), equipe.personne, **faits)
    assert equipe.monde.statuts(equipe.telephone.acteur, tenue) == ["held"]
