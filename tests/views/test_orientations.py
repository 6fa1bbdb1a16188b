"""Recevoir une liste d'orientations au bureau : du fichier tel qu'il vient au dossier sur le téléphone du référent."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, text

from app.base import db
from app.models import ImportOrientations, LigneOrientation, Mesure, MesureReferent, Personne
from app.orientations.preparation import ECARTEE
from tests.bases import ecrire
from tests.orientations.test_lecture import un_classeur
from tests.views.conftest import Equipe
from tests.views.faits import un_id
from tests.views.liste import MODELE, SUR_UNE_BASE, Liste, choisis, deposer, en_novembre, lignes_gardees, texte
from tests.views.test_echange import echanger, enroler


@pytest.fixture
def nov(app, equipes):
    with en_novembre(app, equipes[0]):
        yield


def test_a_list_becomes_files_that_reach_the_phone_with_their_clock_started(app, equipes, nov, connecte) -> None:
    conseillere = connecte()
    appareil = enroler(conseillere).json["appareil"]
    recu = echanger(conseillere, appareil).json
    liste = deposer(connecte("secretariat"), MODELE.read_bytes())
    proposes = choisis(liste.nav.get(f"{liste.adresse}/colonnes").text)
    assert list(proposes.values()) == [
        *("sexe", "nom", "prenom", "date_naissance", "telephones", "adresse", "code_postal", "commune", "orientee_le")
    ]
    assert liste.regler().status_code == 303
    page = liste.page()
    assert "À corriger 1" in page
    assert "Lu : « 31/02/1990 »" in page
    assert "Colonne « Né(e) le »" in page
    assert "Cette date n’existe pas au calendrier." in page
    assert "Sans référent 5" in page
    assert "Déjà connues 1" in page
    liste.confier(equipes[0].comptes["conseiller"])
    page = liste.page("a_decider")
    assert "Marie Dupont-Fictif, 1991, de la ligne 8" in page
    assert "Ne seront pas reçues : 1 déjà connue, 1 ligne à corriger, 1 à décider." in page
    finie = liste.recevoir()
    assert "5 orientations reçues : 5 personnes nouvelles" in finie
    liste.corriger(7, **{"c-date_naissance": "13/02/1990"})
    liste.corriger(10, decision="nouvelle")
    liste.confier(equipes[0].comptes["conseiller"])
    finie = liste.recevoir()
    assert "La liste est reçue" in finie
    assert "7 orientations reçues : 7 personnes nouvelles, 1 déjà connue" in finie
    assert lignes_gardees(app) == []

    suite = echanger(conseillere, appareil, curseur=recu["curseur"]).json
    personnes = {f["prenom"]: f for f in suite["fiches"] if f["type"] == "personne"}
    mesures = [f for f in suite["fiches"] if f["type"] == "mesure"]
    assert len(mesures) == 7
    assert {m["entree_le"] for m in mesures} == {None}, "en cours d'intégration"
    issa = next(m for m in mesures if m["personne_id"] == personnes["Issa"]["id"])
    assert issa["orientee_le"] == "2026-11-10", "à défaut, le jour dit pour la liste"
    awa = personnes["Awa"]
    assert (awa["nom"], awa["date_naissance"]) == ("Zinsou-Fictive", "1988-07-14")
    assert awa["historique"]["telephones"] == [["2026-11-03", [{"numero": "0639980001", "libelle": None}]]]
    assert awa["historique"]["adresse"][0][1] == "3 rue des Contes, 54200 Toul"
    assert awa["historique"]["sexe"][0][1] == "femme"
    en_retard = texte(conseillere.get("/").text)
    assert "premier contact" in en_retard.lower()
    with app.app_context():
        assert len(set(db.session.scalars(select(MesureReferent.utilisateur_id)))) == 1
    fiches = connecte("chef_de_service").get("/supervision/fiches")
    assert "Zinsou-Fictive" not in fiches.text, "une liste vérifiée n'est pas à relire fiche à fiche"


def test_the_same_list_twice_changes_nothing_and_the_columns_are_remembered(app, equipes, nov, connecte) -> None:
    for tour in range(2):
        liste = deposer(connecte("chef_de_service"), MODELE.read_bytes().replace(b"Ville", b"Bourg ou hameau"))
        page = liste.nav.get(f"{liste.adresse}/colonnes").text
        colonne = next(nom for nom in choisis(page) if nom == "colonne-8")
        assert choisis(page)[colonne] == ("commune" if tour else ""), "le sens donné la fois d'avant est proposé"
        assert ("Ce même fichier a déjà été déposé" in texte(page)) is bool(tour)
        liste.regler(**{colonne: "commune"})
        liste.corriger(7, **{"c-date_naissance": "13/02/1990"})
        if not tour:
            liste.confier(equipes[0].comptes["conseiller"])
            liste.corriger(10, decision="nouvelle")
            liste.confier(equipes[0].comptes["conseiller"])
        dit = liste.recevoir() if not tour else liste.page()
        if tour:
            assert "Déjà connues 8" in dit
            assert "Recevoir" not in dit
    with app.app_context():
        assert len(db.session.scalars(select(Personne.id)).all()) == 7
        assert len(db.session.scalars(select(Mesure.id)).all()) == 7


@SUR_UNE_BASE
def test_a_known_person_keeps_her_file_and_only_learns_what_it_did_not_know(app, equipes, nov, connecte) -> None:
    cas = un_cas_seul(app, equipes[0])
    lignes = "Nom;Prénom;Né le;Tél;Mail\nZINSOU FICTIVE;Awa;14/07/1988;0639980009;awa@exemple.example\n"
    liste = deposer(connecte("secretariat"), lignes.encode("cp1252"))
    liste.regler(prescripteur="Maison des solidarités")
    liste.confier(equipes[0].comptes["conseiller"])
    page = liste.page("prete")
    assert "Celui de Awa Zinsou-Fictive" in page
    assert "1 dans un dossier que vous aviez déjà" in liste.recevoir()
    lu = cas.dossier()
    assert len(lu["mesures"]) == 1
    mesure = lu["mesures"][0]
    assert (mesure["orientee_le"], mesure["prescripteur"]) == ("2026-11-10", "Maison des solidarités")
    numeros = [valeur for _, valeur in lu["personne"]["historique"]["telephones"]]
    ancien, neuf = ({"numero": numero, "libelle": None} for numero in ("0639980001", "0639980009"))
    assert numeros == [[ancien], [ancien, neuf]], "un numéro de plus s'ajoute, ce que le dossier sait reste devant"
    assert lu["personne"]["historique"]["courriel"][-1][1] == "awa@exemple.example"


@SUR_UNE_BASE
def test_what_the_list_says_otherwise_is_said_and_chosen_line_by_line(app, equipes, nov, connecte) -> None:
    cas = un_cas_seul(app, equipes[0])
    sait = {"commune": {"code": "54528", "nom": "Toul"}, "courriel": "avant@exemple.example", "rsa": "beneficiaire"}
    cas.faire("modifier_personne", cas.personne, sait | {"date_effet": "2026-01-05"}, "chef_de_service")
    entete = "Nom;Prénom;Né le;Ville;Mail;RSA\n"
    lignes = f"{entete}ZINSOU FICTIVE;Awa;14/07/1988;FOUG;apres@exemple.example;oui\n"
    liste = deposer(connecte("secretariat"), lignes.encode("cp1252"))
    liste.regler()
    liste.confier(equipes[0].comptes["conseiller"])
    page = liste.page("prete")
    assert "Commune : il garde Toul, la liste dit Foug" in page
    assert "Courriel : il garde avant@exemple.example, la liste dit apres@exemple.example" in page
    assert "RSA : il garde" not in page, "ce qu'ils disent pareil n'est pas un écart"
    ligne = texte(liste.nav.get(f"{liste.adresse}/lignes/2").text)
    assert "Commune : Foug le dossier dit Toul" in ligne
    liste.corriger(2, rejoint=cas.personne, prendre="commune", referent=equipes[0].comptes["conseiller"])
    assert "Commune : Foug, de la liste, remplace Toul" in liste.page("prete")
    liste.recevoir()
    sues = cas.dossier()["personne"]["historique"]
    assert [valeur["nom"] for _, valeur in sues["commune"]] == ["Toul", "Foug"]
    assert [valeur for _, valeur in sues["courriel"]] == ["avant@exemple.example"]


def un_cas_seul(app: Flask, equipe: Equipe):
    """Awa, connue de la structure et suivie par la conseillère, sans mesure."""
    from tests.views.faits import Cas

    cas = Cas(app, equipe)
    voulus = {"nom": "Zinsou-Fictive", "prenom": "Awa", "date_naissance": "1988-07-14"}
    cas.faire(
        "creer_personne",
        cas.personne,
        voulus | {"telephones": [{"numero": "0639980001", "libelle": None}], "date_effet": "2026-01-05"},
    )
    return cas


@SUR_UNE_BASE
def test_a_doubt_is_decided_by_hand_and_a_namesake_born_another_day_is_not_one(app, equipes, nov, connecte) -> None:
    cas = un_cas_seul(app, equipes[0])
    rangees = [
        ["Liste de novembre", "", ""],
        ["NOM et Prénom", "Date de naissance", "Portable"],
        ["ZINSOU-FICTIVE Awa", dt.date(1972, 5, 2), ""],
        ["ZINSOU-FICTIVE Awa", "", ""],
        ["AUTRE-FICTIF Lou", "", 639980001],
    ]
    liste = deposer(connecte("chef_de_service"), un_classeur([["Aide"]], rangees), fichier="novembre.xlsx")
    liste.regler()
    page = liste.page("a_confier")
    assert "Un homonyme, né un autre jour, est déjà suivi" in page
    page = liste.page("a_decider")
    assert "À décider 2" in page
    assert "Même numéro de téléphone" in page
    liste.corriger(5, voir="a_decider")
    assert "Choisissez qui c’est." in liste.page("a_decider")
    liste.corriger(4, decision=cas.personne)
    liste.corriger(5, decision=un_id())
    assert "À décider 1" in liste.page(), "une personne qui n'est pas proposée ne se choisit pas"
    liste.corriger(5, decision="nouvelle")
    liste.confier(equipes[0].comptes["conseiller"])
    assert "3 orientations reçues : 2 personnes nouvelles, 1 dans un dossier que vous aviez déjà" in liste.recevoir()
    assert len(cas.dossier()["mesures"]) == 1


@SUR_UNE_BASE
def test_what_the_page_proposed_is_not_a_decision(app, equipes, nov, connecte) -> None:
    un_cas_seul(app, equipes[0])
    liste = deposer(connecte("secretariat"), "Nom;Prénom;DDN\nZINSOU-FICTIVE;Awa;31/02/1988\n".encode())
    liste.regler()
    liste.corriger(2, **{"c-date_naissance": "14/07/1988", "decision": "nouvelle", "proposee": "nouvelle"})
    assert "Celui de Awa Zinsou-Fictive" in liste.page("a_confier"), "corrigée, la ligne est reconnue"


def test_a_refused_line_keeps_the_others_out_and_says_which(app, equipes, nov, connecte) -> None:
    liste = deposer(connecte("secretariat"), b"Nom;Pr\xe9nom\nUN;Ali\nDEUX;Bea\n")
    liste.regler()
    liste.confier(equipes[0].comptes["conseiller"])
    with app.app_context(), ecrire(db.engine) as session:
        lignes = session.scalars(select(LigneOrientation).order_by(LigneOrientation.numero)).all()
        # Deux mesures de même identifiant : la seconde ligne est refusée au dernier moment.
        lignes[-1].mesure_id = lignes[-2].mesure_id
    assert "Rien n’est enregistré. Ligne 3" in liste.recevoir()
    with app.app_context():
        assert db.session.scalars(select(Mesure.id)).all() == []
        assert db.session.scalars(select(Personne.id)).all() == []


def test_two_people_receive_the_same_list_at_the_same_time(app, equipes, nov, connecte) -> None:
    listes = [deposer(connecte(role), MODELE.read_bytes()) for role in ("secretariat", "chef_de_service")]
    for liste in listes:
        liste.regler()
        liste.confier(equipes[0].comptes["conseiller"])
    depart = Barrier(2)

    def recevoir(liste: Liste) -> int:
        jeton = {"csrf_token": liste.nav.jeton()}
        depart.wait()
        return liste.nav.post(f"{liste.adresse}/recevoir", jeton).status_code

    with ThreadPoolExecutor(2) as fils:
        assert list(fils.map(recevoir, listes)) == [303, 303]
    with app.app_context():
        assert len(db.session.scalars(select(Mesure.id)).all()) == 5


@pytest.mark.parametrize("adresse", ["postgresql"], indirect=True)
def test_a_line_discarded_while_the_list_is_received_stays_out(app, equipes, nov, connecte) -> None:
    """Qui la corrige tient la liste : la recevoir attend, puis lit ce qui vient d’être dit."""
    liste = deposer(connecte("secretariat"), MODELE.read_bytes())
    liste.regler()
    liste.confier(equipes[0].comptes["conseiller"])
    with ThreadPoolExecutor(1) as fil, app.app_context(), ecrire(db.engine) as session:
        session.scalars(select(ImportOrientations).with_for_update()).one()
        session.scalars(select(LigneOrientation).where(LigneOrientation.numero == 6)).one().decision = ECARTEE
        session.flush()
        reception = fil.submit(liste.nav.post, f"{liste.adresse}/recevoir", {"csrf_token": liste.nav.jeton()})
        while not reception.done() and not session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            pass
        assert not reception.done()
    assert reception.result().status_code == 303
    with app.app_context():
        assert len(db.session.scalars(select(Mesure.id)).all()) == 4


@SUR_UNE_BASE
def test_someone_archived_comes_back_with_her_orientation(app, equipes, nov, connecte) -> None:
    cas = un_cas_seul(app, equipes[0])
    cas.faire("archiver_dossier", cas.personne, {})
    liste = deposer(connecte("secretariat"), b"Nom;Pr\xe9nom;DDN\nZINSOU-FICTIVE;Awa;14/07/1988\n")
    liste.regler()
    liste.confier(equipes[0].comptes["conseiller"])
    assert "1 orientation reçue" in liste.recevoir()
    assert cas.dossier()["personne"]["archive_le"] is None


@SUR_UNE_BASE
def test_a_list_is_shared_out_by_place_and_the_next_one_remembers(app, equipes, nov, connecte) -> None:
    compte, maraude = equipes[0].comptes["conseiller"], equipes[0].comptes["maraude"]
    lignes = "Nom;Prénom;Ville\n{0}UN;Ali;Toul\n{0}DEUX;Bea;Toul\n{0}TROIS;Cyr;Colombey\n"
    liste = deposer(connecte("secretariat"), lignes.format("").encode())
    liste.regler()
    par_lieu = {"geste": "lieux", "lieu-toul": compte, "lieu-colombey": maraude, "lieu-nulle-part": "x"}
    liste.nav.post(f"{liste.adresse}/repartir", par_lieu)
    assert "Prêtes 3" in liste.page()
    liste.nav.post(f"{liste.adresse}/repartir", {"geste": "lignes", "ligne-3": maraude, "ligne-2": un_id()})
    assert "3 orientations reçues" in liste.recevoir()
    with app.app_context():
        referents = sorted(db.session.scalars(select(MesureReferent.utilisateur_id)))
    assert referents == sorted([compte, maraude, maraude])
    suivante = deposer(connecte("secretariat"), lignes.format("AUTRE").encode())
    suivante.regler()
    assert "Prêtes 3" in suivante.page(), "les lieux de cette source ont déjà leur référent"


@SUR_UNE_BASE
def test_the_referent_named_by_the_list_is_found_and_the_places_are_counted(app, equipes, nov, connecte) -> None:
    lignes = "Nom;Prénom;Référent;Dispositif\nUN;Ali;FICTIVE-CONS Camille;dsp-tdl\nDEUX;Bea;M. Inconnu;Autre chose\n"
    liste = deposer(connecte("chef_de_service"), lignes.encode())
    liste.regler(convention="")
    assert "Prêtes 1" in liste.page()
    page = liste.page("a_corriger")
    assert "aucune convention de la structure ne porte ce nom" in page.lower()
    assert re.search(r"0 en charge pour \d+ places, 1 avec cette liste", page)
    liste.corriger(3, **{"c-convention": "DSP-TDL"})
    assert "La liste dit « M. Inconnu » : aucun collègue, ou plusieurs, de ce nom." in liste.page("a_confier")


def test_a_list_is_read_by_the_desk_of_its_structure_only(app, equipes, nov, connecte) -> None:
    liste = deposer(connecte("secretariat"), MODELE.read_bytes())
    liste.regler()
    gestes = ("", "/colonnes", "/lignes/7", "/repartir", "/recevoir", "/finir")
    for nav in (connecte("conseiller"), connecte("administrateur"), connecte("chef_de_service", structure=1)):
        for suite in gestes:
            lu = nav.get(liste.adresse + suite)
            assert lu.status_code in (404, 405), suite
            assert "Zinsou" not in lu.text
            assert nav.post(liste.adresse + suite).status_code in (404, 405), suite
    assert connecte("conseiller").get("/orientations").status_code == 403
    assert len(lignes_gardees(app)) == 9, "rien n'a bougé"
    assert "À corriger 1" in liste.page()


def test_receiving_twice_or_erasing_leaves_what_was_received(app, equipes, nov, connecte) -> None:
    liste = deposer(connecte("chef_de_service"), MODELE.read_bytes())
    liste.regler()
    liste.confier(equipes[0].comptes["conseiller"])
    liste.recevoir()
    liste.recevoir()
    assert liste.nav.post(f"{liste.adresse}/finir").status_code == 303
    assert "2 lignes effacées sans être reçues" in texte(liste.nav.get("/orientations").text)
    assert liste.nav.post(f"{liste.adresse}/recevoir").status_code == 404
    with app.app_context():
        assert len(db.session.scalars(select(Mesure.id)).all()) == 5
