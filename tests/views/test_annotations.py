"""Ce que l'équipe note d'un service de l'annuaire : signé, corrigé, retiré, lu de tous ceux qui lisent l'annuaire."""

from __future__ import annotations

import re

import pytest

from app.base import db
from app.commandes.entretenir import tout_entretenir
from app.models import CahierMembre, Feuille
from tests.annuaire.test_lecture import SERVICE
from tests.views.faits import Cas, un_cas, un_id
from tests.views.test_maraudes import caches
from tests.views.test_partenaires import LOCAL, _emporte, _recevoir


class Annuaire(Cas):
    """Le carnet de l'annuaire, ouvert avec lui."""

    service: str = ""

    @property
    def fiche(self) -> str:
        return f"/annuaire/services/{self.service}"

    def noter(self, nav, note: str) -> str:
        """L'identifiant de la note."""
        envoi = caches(nav.get(f"{self.fiche}/noter").text)
        assert nav.post(f"{self.fiche}/noter", envoi | {"note": note}).status_code == 303
        return envoi["entite"]

    def notes(self) -> dict[str, str]:
        with self.app.app_context():
            lues = db.session.query(Feuille).filter_by(forme="annotation", retiree_le=None)
            return {une.id: une.valeurs["note"] for une in lues}


@pytest.fixture
def annuaire(app, equipes, connecte) -> Annuaire:
    cas = Annuaire(app, equipes[0])
    _recevoir(connecte("chef_de_service"), SERVICE)
    cas.service = _emporte(connecte("conseiller"))["services"][0]["id"]
    return cas


def test_two_notes_on_one_service_are_both_kept_signed_and_found(annuaire, connecte):
    premiere, seconde = connecte("conseiller"), connecte("maraude")
    page = premiere.get(f"{annuaire.fiche}/noter").text
    assert "Jamais rien d’une personne accompagnée." in page
    refus = premiere.post(f"{annuaire.fiche}/noter", caches(page) | {"note": "  "})
    assert refus.status_code == 422
    assert "Écrivez ce qu’il faut savoir de ce service." in refus.text
    annuaire.noter(premiere, "Demander Zineb.")
    annuaire.noter(seconde, "Fermé le jeudi.")
    fiche = premiere.get(annuaire.fiche).text
    assert fiche.index("Fermé le jeudi.") < fiche.index("Demander Zineb.")
    assert ", le " in fiche
    assert "Cours de français" in premiere.post("/annuaire/recherche", {"q": "zineb"}).text


def test_a_note_written_while_looking_for_someone_leads_back_to_that_search(annuaire, connecte):
    nav, dossier = connecte("conseiller"), annuaire.personne
    annuaire.faire("creer_personne", dossier, {"nom": "Fictive", "prenom": "Maude"}, "conseiller")
    adresse = f"{annuaire.fiche}/noter?dossier={dossier}"
    assert adresse in nav.get(f"{annuaire.fiche}?dossier={dossier}").text
    page = nav.get(adresse).text
    assert f'action="{adresse}"' in page
    notee = nav.post(adresse, caches(page) | {"note": "Demander Zineb."})
    assert notee.headers["Location"] == f"{annuaire.fiche}?dossier={dossier}"


def test_anyone_of_the_team_corrects_and_withdraws_a_note(annuaire, connecte):
    note = annuaire.noter(connecte("conseiller"), "Fermé le jeudi.")
    chef, adresse = connecte("chef_de_service"), f"/annotations/{note}"
    envoi = caches(chef.get(f"{adresse}/modifier").text)
    assert chef.post(f"{adresse}/modifier", envoi | {"note": "Fermé le vendredi."}).status_code == 303
    assert annuaire.notes() == {note: "Fermé le vendredi."}
    fiche = chef.get(annuaire.fiche).text
    assert "corrigée par" in fiche
    page = chef.get(f"{adresse}/modifier").text
    assert "Fermé le jeudi." in page, "ce qui était écrit avant se lit"
    retrait = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', page[page.index("/retirer") :]))
    assert chef.post(f"{adresse}/retirer", retrait | {"motif": ""}).status_code == 422
    assert chef.post(f"{adresse}/retirer", retrait | {"motif": "Plus vrai"}).status_code == 303
    assert annuaire.notes() == {}
    assert "vendredi" not in chef.get(annuaire.fiche).text


def test_who_reads_the_directory_without_following_anyone_reads_the_notes_only(annuaire, connecte):
    note = annuaire.noter(connecte("conseiller"), "Fermé le jeudi.")
    secretariat = connecte("secretariat")
    fiche = secretariat.get(annuaire.fiche).text
    assert "Fermé le jeudi." in fiche
    assert "/annotations/" not in fiche
    assert "Ajouter une note" not in fiche
    assert secretariat.get(f"/annotations/{note}/modifier").status_code in (403, 404)


def test_another_association_sees_nothing_of_it(annuaire, connecte):
    note = annuaire.noter(connecte("conseiller"), "Fermé le jeudi.")
    ailleurs = connecte("conseiller", structure=1)
    assert ailleurs.get(f"/annotations/{note}/modifier").status_code == 404
    assert ailleurs.get(annuaire.fiche).status_code == 404


def test_the_notebook_opens_once_and_reaches_who_comes_later(app, annuaire, connecte):
    """Un annuaire repris, l'entretien du jour : rien de neuf ; un compte de plus : il le tient."""

    def membres() -> dict[str, int]:
        with app.app_context():
            return {un.utilisateur_id: un.sequence for un in db.session.query(CahierMembre)}

    avant = membres()
    comptes = annuaire.equipe.comptes
    assert avant.keys() == {comptes[role] for role in ("conseiller", "maraude", "chef_de_service")}
    _recevoir(connecte("chef_de_service"), SERVICE)
    with app.app_context():
        tout_entretenir(db.engine, annuaire.acteur().maintenant)
    assert membres() == avant
    nouveau = {"prenom": "Lise", "nom": "Neuve", "courriel": "lise@exemple.test", "role": "conseiller"}
    assert connecte("administrateur").post("/administration/utilisateurs", nouveau).status_code < 400
    assert len(membres().keys() - avant.keys()) == 1


def test_before_any_directory_there_is_nothing_to_note_in(app, equipes, connecte):
    un_cas(app, equipes[0])
    assert connecte("conseiller").get(f"/annuaire/services/{un_id()}/noter").status_code == 404
    with app.app_context():
        assert db.session.query(CahierMembre).count() == 0


def test_the_note_of_a_service_the_team_withdrew_is_still_corrected(annuaire, connecte):
    chef = connecte("chef_de_service")
    chef.post("/partenaires/nouveau", {"id": un_id(), **LOCAL})
    (annuaire.service,) = (un["id"] for un in _emporte(chef)["services"] if un["nom"] == LOCAL["nom"])
    note = annuaire.noter(connecte("conseiller"), "Fermé le jeudi.")
    assert chef.post(f"/partenaires/{annuaire.service}", LOCAL | {"absent": "oui"}).status_code == 303
    assert chef.get(annuaire.fiche).status_code == 404
    envoi = caches(chef.get(f"/annotations/{note}/modifier").text)
    corrigee = chef.post(f"/annotations/{note}/modifier", envoi | {"note": "Fermé le vendredi."})
    assert corrigee.headers["Location"] == "/annuaire"
    assert annuaire.notes() == {note: "Fermé le vendredi."}
