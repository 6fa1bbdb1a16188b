"""Le partenaire d'un binôme : le nom de la personne, ce qu'il note, et avec son accord ce qu'on lui partage."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from sync.acces import donner, retirer
from sync.regles.regle import EN_BINOME
from tests.bases import ecrire
from tests.sync.carnets import Binome, Carnet, Equipe, une_equipe
from tests.sync.fabrique import Monde, un_id
from tests.sync.test_curseur import retouche

SECRETS = {"adresse": "12 rue du Témoin", "date_naissance": "1990-04-02", "logement": "rue", "date_effet": "2026-11-20"}


@pytest.fixture
def equipe(monde: Monde) -> Equipe:
    """Un dossier où chaque sorte de fiche porte un témoin, et un désaccord ouvert."""
    equipe = une_equipe(monde, "conseiller", prenom="Awa", nom_usage="Témoin-Usage", **SECRETS)
    telephone, personne = equipe.telephone, equipe.personne
    mesure = un_id()
    faits = {"convention": "ASP-NC", "orientee_le": "2026-11-01", "prescripteur": "témoin prescripteur"}
    telephone.faire("ouvrir_mesure", mesure, personne, **faits)
    rendez_vous = {"mesure_id": mesure, "debut": "2026-11-28T09:00:00Z", "lieu": "témoin lieu"}
    telephone.faire("proposer_rendez_vous", un_id(), personne, **rendez_vous)
    entretien = {"date": "2026-11-20", "moyen": "telephone", "synthese": "témoin synthèse", "mesure_id": mesure}
    telephone.faire("noter_entretien", un_id(), personne, **entretien, note_personnelle="témoin note")
    equipe.tirer()
    equipe.modifier(telephone, courriel="un@temoin.test")
    equipe.modifier(equipe.collegue, courriel="autre@temoin.test")
    equipe.tirer()
    return equipe


def mesure_de(equipe: Equipe) -> str:
    return str(equipe.telephone.de_type("mesure")[0]["id"])


def tenues(carnet: Carnet) -> set[str]:
    carnet.tirer()
    return {genre for genre, _ in carnet.fiches}


def plus_tard(carnet: Carnet, jours: int) -> None:
    carnet.acteur = replace(carnet.acteur, maintenant=carnet.acteur.maintenant + dt.timedelta(days=jours))


def accepter(equipe: Equipe, oui: bool, **champs: Any) -> None:
    equipe.telephone.tirer()
    assert equipe.modifier(equipe.telephone, accord_partage=oui, **champs).statut in ("applied", "merged")


def test_without_the_agreement_a_partner_reads_the_name_and_nothing_else(equipe: Equipe) -> None:
    binome = Binome(equipe)
    assert tenues(binome.carnet) == {"personne", "partage"}
    lue = binome.carnet.personne(equipe.personne)
    assert (lue["prenom"], lue["nom_usage"], lue["en_binome"]) == ("Awa", "Témoin-Usage", {"accord": False})
    assert (lue["date_naissance"], lue["historique"]) == (None, {})
    assert "témoin" not in str(binome.carnet.fiches)
    assert binome.bilan_juste()


def test_with_the_agreement_he_learns_in_which_measure_and_with_whom(equipe: Equipe) -> None:
    accepter(equipe, True)
    binome = Binome(equipe)
    assert tenues(binome.carnet) == {"personne", "partage", "mesure"}
    (mesure,) = binome.carnet.de_type("mesure")
    assert mesure["historique"]["referent"][0][1] == equipe.telephone.acteur.utilisateur_id
    assert (mesure["convention"], mesure["prescripteur"], mesure["orientee_le"]) == ("ASP-NC", None, None)
    assert "témoin" not in str(binome.carnet.fiches)
    assert binome.bilan_juste()


def test_an_agreement_taken_back_empties_his_phone_but_for_what_he_noted(equipe: Equipe) -> None:
    accepter(equipe, True)
    binome, mesure = Binome(equipe), mesure_de(equipe)
    sien, entretien = un_id(), {"date": "2026-11-21", "moyen": "visio", "synthese": "la sienne", "mesure_id": mesure}
    assert binome.carnet.faire("noter_entretien", sien, equipe.personne, **entretien).statut == "applied"
    assert tenues(binome.carnet) == {"personne", "partage", "mesure", "entretien", "controle"}
    accepter(equipe, False)
    tardif = un_id()
    assert binome.carnet.faire("noter_entretien", tardif, equipe.personne, **entretien).statut == "applied"
    assert tenues(binome.carnet) == {"personne", "partage", "entretien", "controle"}
    assert {fiche["id"] for fiche in binome.carnet.de_type("entretien")} == {sien, tardif}
    assert not binome.carnet.personne(equipe.personne)["en_binome"]["accord"]
    assert binome.bilan_juste()
    accepter(equipe, True)
    assert "mesure" in tenues(binome.carnet)
    assert binome.bilan_juste()


def test_an_agreement_announced_for_later_opens_on_its_day(equipe: Equipe) -> None:
    accepter(equipe, True, date_effet="2026-11-28")
    binome = Binome(equipe)
    assert "mesure" not in tenues(binome.carnet)
    plus_tard(binome.carnet, 2)
    assert "mesure" in tenues(binome.carnet)


def test_who_stands_in_reads_everything_until_it_ends_then_the_name_again(equipe: Equipe) -> None:
    binome = Binome(equipe)
    assert tenues(binome.carnet) == {"personne", "partage"}
    pret = {"utilisateur": binome.carnet.acteur.utilisateur_id, "motif": "remplacement", "jusqu_au": "2026-11-30"}
    equipe.telephone.faire("partager_dossier", un_id(), equipe.personne, **pret)
    assert {"mesure", "rendez_vous", "entretien", "desaccord"} <= tenues(binome.carnet)
    assert "en_binome" not in binome.carnet.personne(equipe.personne)
    assert binome.carnet.personne(equipe.personne)["date_naissance"] == SECRETS["date_naissance"]
    plus_tard(binome.carnet, 10)
    assert tenues(binome.carnet) == {"personne", "partage"}
    assert binome.carnet.personne(equipe.personne)["historique"] == {}


def test_a_stand_in_announced_for_later_receives_all_of_it_on_its_first_day(equipe: Equipe) -> None:
    binome = Binome(equipe)
    pret = {"utilisateur": binome.carnet.acteur.utilisateur_id, "motif": "remplacement"}
    equipe.telephone.faire("partager_dossier", un_id(), equipe.personne, **pret, du="2026-11-28", jusqu_au="2026-12-05")
    assert "entretien" not in tenues(binome.carnet)
    plus_tard(binome.carnet, 3)
    assert "entretien" in tenues(binome.carnet)


def test_who_becomes_the_referent_reads_everything(equipe: Equipe) -> None:
    binome = Binome(equipe)
    assert tenues(binome.carnet) == {"personne", "partage"}
    confier = {"referent": binome.carnet.acteur.utilisateur_id}
    chef = replace(equipe.telephone, acteur=equipe.chef)
    assert chef.faire("confier_mesure", mesure_de(equipe), equipe.personne, **confier).statut == "applied"
    assert {"mesure", "rendez_vous", "entretien"} <= tenues(binome.carnet)
    assert "en_binome" not in binome.carnet.personne(equipe.personne)


def test_who_followed_the_dossier_and_is_left_with_a_partnership_forgets_the_rest(equipe: Equipe) -> None:
    """Le binôme s'ouvre et le suivi cesse entre deux échanges : tout est neuf, sauf ce qu'elle tenait."""
    collegue = equipe.collegue
    assert {"mesure", "rendez_vous", "entretien"} <= tenues(collegue)
    partage = {"utilisateur": collegue.acteur.utilisateur_id, "motif": "binome"}
    assert equipe.telephone.faire("partager_dossier", un_id(), equipe.personne, **partage).statut == "applied"
    with ecrire(equipe.monde.moteur) as session:
        acteur = collegue.acteur
        retirer(session, acteur.structure_id, acteur.utilisateur_id, [equipe.personne], acteur.maintenant)
    assert tenues(collegue) == {"personne", "partage"}
    assert "témoin" not in str(collegue.fiches)


def test_a_title_given_or_taken_back_is_told_even_if_nothing_else_changes(equipe: Equipe) -> None:
    """La file active seule change : aucune fiche du dossier n'a de nouveau numéro."""
    binome = Binome(equipe)
    assert tenues(binome.carnet) == {"personne", "partage"}
    acteur = binome.carnet.acteur
    with ecrire(equipe.monde.moteur) as session:
        donner(session, acteur.structure_id, [(acteur.utilisateur_id, equipe.personne)])
    assert {"mesure", "rendez_vous", "entretien"} <= tenues(binome.carnet)
    assert "en_binome" not in binome.carnet.personne(equipe.personne)
    with ecrire(equipe.monde.moteur) as session:
        retirer(session, acteur.structure_id, acteur.utilisateur_id, [equipe.personne], acteur.maintenant)
    assert tenues(binome.carnet) == {"personne", "partage"}
    assert binome.carnet.personne(equipe.personne)["en_binome"] == {"accord": False}
    assert "témoin" not in str(binome.carnet.fiches)


def test_a_phone_of_before_forgets_what_it_had_been_sent(equipe: Equipe) -> None:
    """Son curseur ne connaît pas ces règles : il a pu tout recevoir."""
    binome = Binome(equipe)
    binome.carnet.tirer()
    assert binome.carnet.curseur is not None
    binome.carnet.curseur = retouche(binome.carnet.curseur, l=0)
    for fiche in equipe.telephone.fiches.values():
        binome.carnet.fiches.setdefault((fiche["type"], fiche["id"]), fiche)
    assert tenues(binome.carnet) == {"personne", "partage"}


def test_a_partner_writes_nothing_over_what_he_does_not_read(equipe: Equipe) -> None:
    binome, mesure = Binome(equipe), mesure_de(equipe)
    (rendez_vous,) = equipe.telephone.de_type("rendez_vous")
    (desaccord,) = equipe.telephone.desaccords()
    binome.carnet.tirer()
    for genre, entite, champs in (
        ("modifier_personne", equipe.personne, {"adresse": "ailleurs"}),
        ("ouvrir_mesure", un_id(), {"convention": "ASP-NC"}),
        ("modifier_mesure", mesure, {"entree_le": "2026-11-22"}),
        ("prononcer_sortie", mesure, {"sortie_le": "2026-11-22", "sortie_motif": "autre"}),
        ("constater_rendez_vous", rendez_vous["id"], {"statut": "annule_service"}),
        ("regler_desaccord", desaccord["id"], {"choix": "propose"}),
        ("archiver_dossier", equipe.personne, {"le": "2026-11-22"}),
    ):
        assert binome.carnet.faire(genre, entite, equipe.personne, **champs).statut == "refused", genre
    refuse = binome.carnet.faire("modifier_personne", equipe.personne, equipe.personne, adresse="ailleurs")
    assert refuse.erreurs == {"personne": [EN_BINOME]}
    nomme = binome.carnet.faire("modifier_personne", equipe.personne, equipe.personne, pseudonymes=["Titi"])
    assert nomme.statut in ("applied", "merged")


def test_a_partner_keeps_the_appointments_he_proposes(equipe: Equipe) -> None:
    accepter(equipe, True)
    binome, sien = Binome(equipe), un_id()
    binome.carnet.tirer()
    binome.carnet.noter(
        "proposer_rendez_vous", sien, equipe.personne, mesure_id=mesure_de(equipe), debut="2026-11-25T09:00:00Z"
    )
    binome.carnet.noter("constater_rendez_vous", sien, equipe.personne, statut="honore")
    assert [resultat.statut for resultat in binome.carnet.echanger()] == ["applied", "applied"]
    assert {fiche["id"] for fiche in binome.carnet.de_type("rendez_vous")} == {sien}
    assert binome.bilan_juste()


def test_a_ticked_contact_is_read_with_the_agreement_and_never_its_note(equipe: Equipe) -> None:
    """Qui suit le dossier coche aussi ce qu'un collègue a noté ; décoché, l'accord parti, il s'oublie."""
    (entretien,) = equipe.telephone.de_type("entretien")
    binome = Binome(equipe)
    assert (
        equipe.collegue.faire("modifier_entretien", entretien["id"], equipe.personne, partagee=True).statut == "applied"
    )
    assert "entretien" not in tenues(binome.carnet), "la personne n'a pas accepté"
    accepter(equipe, True)
    assert equipe.telephone.faire("transmettre_note", entretien["id"], equipe.personne).statut == "applied"
    tenues(binome.carnet)
    lu = binome.carnet.fiches["entretien", entretien["id"]]
    assert (lu["synthese"], lu["auteur_nom"] != "", lu["partagee"]) == ("témoin synthèse", True, True)
    assert "témoin note" not in str(binome.carnet.fiches)
    assert binome.bilan_juste()
    for partagee, genres in ((None, False), (True, True), (False, False)):
        equipe.telephone.tirer()
        equipe.telephone.faire("modifier_entretien", entretien["id"], equipe.personne, partagee=partagee)
        assert ("entretien" in tenues(binome.carnet)) == genres
        assert binome.bilan_juste()
    equipe.telephone.tirer()
    equipe.telephone.faire("modifier_entretien", entretien["id"], equipe.personne, partagee=True)
    assert "entretien" in tenues(binome.carnet)
    accepter(equipe, False)
    assert tenues(binome.carnet) == {"personne", "partage"}
    assert binome.bilan_juste()


def test_a_partner_ticks_nothing_and_a_colleague_changes_nothing_else(equipe: Equipe) -> None:
    (entretien,) = equipe.telephone.de_type("entretien")
    accepter(equipe, True)
    binome, sien = Binome(equipe), un_id()
    faits = {"date": "2026-11-21", "moyen": "visio"}
    assert binome.carnet.faire("noter_entretien", sien, equipe.personne, **faits).statut == "applied"
    for identifiant in (sien, entretien["id"]):
        refus = binome.carnet.faire("modifier_entretien", identifiant, equipe.personne, partagee=True)
        assert refus.statut == "refused"
    for champs in ({"partagee": True, "synthese": "autre"}, {"duree": 5}):
        assert (
            equipe.collegue.faire("modifier_entretien", entretien["id"], equipe.personne, **champs).statut == "refused"
        )
    chef = replace(equipe.telephone, acteur=equipe.chef)
    assert chef.faire("valider_fiche", entretien["id"], equipe.personne, fiche_type="entretien").statut == "applied"
    equipe.collegue.faire("modifier_entretien", entretien["id"], equipe.personne, partagee=True)
    equipe.collegue.tirer()
    etats = {c["fiche_id"]: c["etat"] for c in equipe.collegue.de_type("controle")}
    assert etats[entretien["id"]] == "validee", "une coche ne se relit pas"


def test_late_work_of_who_stood_in_still_lands_when_only_the_partnership_is_left(equipe: Equipe) -> None:
    binome = Binome(equipe)
    pret = {"utilisateur": binome.carnet.acteur.utilisateur_id, "motif": "remplacement", "jusqu_au": "2026-11-30"}
    equipe.telephone.faire("partager_dossier", un_id(), equipe.personne, **pret)
    binome.carnet.tirer()
    (rendez_vous,) = binome.carnet.de_type("rendez_vous")
    binome.carnet.noter("constater_rendez_vous", rendez_vous["id"], equipe.personne, statut="annule_service")
    plus_tard(binome.carnet, 10)
    assert [resultat.statut for resultat in binome.carnet.echanger()] == ["applied"]
    assert tenues(binome.carnet) == {"personne", "partage"}
