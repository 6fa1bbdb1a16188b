"""Une action collective au bureau et au carnet : son cahier, ses séances, la feuille de présence, pour qui la tient."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from app.base import db
from app.domain.identifiant import deriver
from sync.fiches import lire_cahiers
from tests.jours import dans_jours
from tests.views.faits import Cas, avec_convention, dans, un_cas, un_id
from tests.views.test_maraudes import caches

ADRESSE = "/equipe/cahiers"


class Action(Cas):
    """Le cahier d'une action, tenu par la conseillère et la maraude."""

    def feuilles(self, forme: str) -> list[dict[str, object]]:
        with self.app.app_context():
            lu = lire_cahiers(db.session(), self.equipe.structure_id, [self.personne])[self.personne]
        return [feuille for feuille in lu["feuilles"] if feuille["forme"] == forme]

    def seance(self, jours: int = 0) -> str:
        identifiant = un_id()
        self.faire("noter_seance", identifiant, {"le": dans_jours(jours), "debut": "09:00"})
        return identifiant

    def inscrit(self, nom: str) -> str:
        identifiant = un_id()
        self.faire("noter_inscription", identifiant, {"qui": nom, "le": dans_jours(-3)})
        return identifiant


@pytest.fixture
def action(app, equipes) -> Action:
    cas = Action(app, equipes[0])
    cas.faire("creer_cahier", cas.personne, {"genre": "action", "nom": "Jardin partagé"}, "chef_de_service")
    for role in ("conseiller", "maraude"):
        cas.faire("ajouter_membre", cas.personne, {"utilisateur": equipes[0].comptes[role]}, "chef_de_service")
    return cas


def test_the_head_opens_an_action_and_its_calendar_makes_the_sessions_once(app, equipes, connecte):
    avec_convention(app, equipes[0])
    nav, cahier = connecte("chef_de_service"), un_id()
    assert "Ouvrir une action collective" in nav.get(f"{ADRESSE}/nouveau?genre=action").text
    champs = {
        "id": cahier,
        "genre": "action",
        "nom": "Mobilisation",
        "partenaire": "Tremplin imaginaire",
        "conventions": ["DSP-TDL", "INCONNUE"],
        "du": "03/11/2026",
        "au": "29/01/2027",
        "jours": ["mardi", "jeudi"],
        "debut": "9 h",
        "places": "15",
        "ouverte": "oui",
    }
    refus = nav.post(f"{ADRESSE}/nouveau", champs | {"operation": un_id(), "au": "01/01/2026"})
    assert refus.status_code == 422
    assert "Cette date vient avant le début." in refus.text
    assert 'value="Tremplin imaginaire"' in refus.text
    assert nav.post(f"{ADRESSE}/nouveau", champs | {"operation": un_id()}).status_code == 303
    cas = Action(app, equipes[0], personne=cahier)
    page = nav.get(f"{ADRESSE}/{cahier}").text
    assert "Créer les 26 séances du calendrier" in page
    for _ in range(2):
        assert nav.post(f"{ADRESSE}/{cahier}/seances", {"operation": un_id()}).status_code == 303
    seances = cas.feuilles("seance")
    assert len(seances) == 26
    assert {(s["valeurs"]["debut"], s["valeurs"]["le"][:4]) for s in seances} == {("09:00", "2026"), ("09:00", "2027")}
    assert "Créer" not in nav.get(f"{ADRESSE}/{cahier}").text
    # Retirée, celle du calendrier ne se propose plus.
    cas.faire("retirer_seance", str(seances[0]["id"]), {"motif": "Férié"}, "chef_de_service")
    assert "Créer" not in nav.get(f"{ADRESSE}/{cahier}").text
    with app.app_context():
        (lu,) = lire_cahiers(db.session(), equipes[0].structure_id, [cahier]).values()
    assert lu["cahier"]["valeurs"]["conventions"] == ["DSP-TDL"]


def test_a_session_goes_from_enrolment_to_its_outcome(action, connecte):
    nav, seance = connecte("conseiller"), action.seance()
    adresse = f"/actions/{action.personne}"
    assert "Jardin partagé" in nav.get("/actions").text
    inscrire = f"{adresse}/inscrire?qui=ailleurs"
    refus = nav.post(inscrire, caches(nav.get(inscrire).text) | {"le": dans_jours(0)})
    assert refus.status_code == 422
    assert "Écrivez son nom et son prénom." in refus.text
    inscrite = caches(nav.get(inscrire).text) | {
        "qui": "Élie Modèle",
        "service": "Maison inventée",
        "le": dans_jours(0),
    }
    assert nav.post(inscrire, inscrite).headers["Location"].endswith(adresse)
    venue = f"{adresse}/inscrire?qui=ailleurs&seance={seance}"
    assert (
        nav.post(venue, caches(nav.get(venue).text) | {"qui": "Basile Passant", "le": dans_jours(0)}).status_code == 303
    )
    (elie,) = (i for i in action.feuilles("inscription") if not i["valeurs"].get("sur_place"))

    page = nav.get(f"/seances/{seance}").text
    assert "Basile Passant" in page
    assert "1 présent sur 2" in page
    assert nav.post(f"/seances/{seance}", caches(page) | {f"etat-{elie['id']}": "present"}).status_code == 303
    presence = deriver(action.personne, seance, elie["id"])
    assert {p["id"] for p in action.feuilles("presence")} >= {presence}
    signer = f"/presences/{presence}/modifier"
    signee = caches(nav.get(signer).text) | {"etat": "present", "signature": "M10 20 30 40"}
    assert nav.post(signer, signee).headers["Location"].endswith(f"/seances/{seance}")
    assert "signé" in nav.get(f"/seances/{seance}").text
    issue = f"/seances/{seance}/modifier"
    champs = caches(nav.get(issue).text) | {"le": dans_jours(0), "etat": "tenue", "issue": "Deux veulent un jardin."}
    assert nav.post(issue, champs).status_code == 303
    assert "Deux veulent un jardin." in nav.get(f"/seances/{seance}").text
    assert "2 présents sur 2" in nav.get(adresse).text
    bureau = connecte("chef_de_service").get(f"{ADRESSE}/{action.personne}").text
    assert "Élie Modèle" not in bureau
    assert "Deux veulent" not in bureau


def test_the_sheet_prints_to_be_signed_on_paper(action, connecte):
    seance, elie = action.seance(), action.inscrit("Élie Modèle")
    cite = {"seance_id": seance, "inscription_id": elie}
    presence = deriver(action.personne, seance, elie)
    action.faire("noter_presence", presence, {**cite, "etat": "present", "signature": "M10 20 30 40"})
    adresse = f"/seances/{seance}/emargement.pdf"
    rendu = connecte("conseiller").get(adresse)
    assert rendu.headers["Content-Type"] == "application/pdf"
    lu = pypdf.PdfReader(io.BytesIO(rendu.data)).pages[0].extract_text()
    assert dans_jours(0)[:4] in lu, "une feuille se garde\u202f: l’année y est"
    assert lu.index("Élie Modèle") < lu.index("Qui anime la séance")
    assert "Modèle" not in rendu.headers["Content-Disposition"]
    assert connecte("chef_de_service").get(adresse).status_code == 404


def test_the_sheet_sends_only_what_was_touched(action, connecte):
    """Une page restée ouverte ne défait pas ce qu'un collègue a noté entre-temps."""
    nav, seance, elie, zoe = connecte("conseiller"), action.seance(), action.inscrit("Élie"), action.inscrit("Zoé")
    ouverte = nav.get(f"/seances/{seance}").text
    collegue = connecte("maraude")
    autre = caches(collegue.get(f"/seances/{seance}").text)
    collegue.post(f"/seances/{seance}", autre | {f"etat-{elie}": "absent"})
    nav.post(f"/seances/{seance}", caches(ouverte) | {f"etat-{zoe}": "present"})
    dits = {p["valeurs"]["inscription_id"]: p["valeurs"]["etat"] for p in action.feuilles("presence")}
    assert dits == {elie: "absent", zoe: "present"}


def test_someone_from_my_own_files_is_enrolled_once(app, action, connecte):
    cas = un_cas(app, action.equipe)
    nav = connecte("conseiller")
    choix = nav.get(f"/actions/{action.personne}/inscrire").text
    assert cas.personne in choix
    adresse = f"/actions/{action.personne}/inscrire?qui={cas.personne}"
    page = nav.get(adresse).text
    nom = re.search(r'name="qui"[^>]*value="([^"]+)"', page) or re.search(r'value="([^"]+)"[^>]*name="qui"', page)
    assert nom is not None
    assert nav.post(adresse, caches(page) | {"qui": nom[1], "le": dans_jours(0)}).status_code == 303
    (inscription,) = action.feuilles("inscription")
    assert inscription["id"] == deriver(action.personne, cas.personne)
    assert inscription["valeurs"]["dossier_id"] == cas.personne
    assert cas.personne not in nav.get(f"/actions/{action.personne}/inscrire").text
    refus = nav.post(adresse, caches(page) | {"qui": nom[1], "le": dans_jours(0)})
    assert refus.status_code == 422
    assert "déjà inscrite" in refus.text


def test_who_left_and_comes_back_one_day_is_noted_there(app, action, connecte):
    """Désinscrite, elle n'est plus sur la feuille : on l'y ajoute, sans la réinscrire ni l'inscrire deux fois."""
    cas, seance, nav = un_cas(app, action.equipe), action.seance(), connecte("conseiller")
    tire = deriver(action.personne, cas.personne)
    inscrite = {"qui": "Awa", "le": dans_jours(-3), "dossier_id": cas.personne}
    action.faire("noter_inscription", tire, inscrite)
    choisir = f"/actions/{action.personne}/inscrire?seance={seance}"
    assert cas.personne not in nav.get(choisir).text
    action.faire("modifier_inscription", tire, {"fini_le": dans_jours(-1)})
    assert cas.personne in nav.get(choisir).text
    venue = f"{choisir}&qui={cas.personne}"
    page = caches(nav.get(venue).text)
    assert nav.post(venue, page | {"qui": "Awa", "le": dans_jours(0)}).status_code == 303
    (inscription,), (presence,) = action.feuilles("inscription"), action.feuilles("presence")
    assert inscription["valeurs"] == inscrite | {"fini_le": dans_jours(-1)}
    assert presence["valeurs"] == {"seance_id": seance, "inscription_id": tire, "etat": "present"}


def _inscrire(action: Action, cas: Cas, **champs: str) -> str:
    tire = deriver(action.personne, cas.personne)
    action.faire("noter_inscription", tire, {"qui": "Awa", "le": dans_jours(-3), "dossier_id": cas.personne} | champs)
    return tire


def _noter(action: Action, seance: str, inscription: str, etat: str) -> None:
    champs = {"seance_id": seance, "inscription_id": inscription, "etat": etat}
    action.faire("noter_presence", deriver(action.personne, seance, inscription), champs)


def _au_dossier(nav, cas: Cas) -> str:
    page = nav.get(f"/dossiers/{cas.personne}").text
    section = re.search(r'<section aria-labelledby="titre-actions">.*?</section>', page, re.DOTALL)
    return section[0] if section else ""


def test_the_file_tells_the_actions_of_its_person_and_links_whoever_holds_them(app, action, connecte):
    cas, hier, avant = un_cas(app, action.equipe), action.seance(-1), action.seance(-2)
    assert _au_dossier(connecte("conseiller"), cas) == ""
    inscription = _inscrire(action, cas)
    assert "aucune séance encore" in _au_dossier(connecte("conseiller"), cas)
    _noter(action, avant, inscription, "present")
    _noter(action, hier, inscription, "absent")
    action.faire("modifier_seance", hier, {"etat": "tenue"})
    dite = _au_dossier(connecte("conseiller"), cas)
    assert "venue à 1 séance sur 2" in dite
    assert f'href="/actions/{action.personne}"' in dite
    sans_lien = _au_dossier(connecte("chef_de_service"), cas)
    assert "venue à 1 séance sur 2" in sans_lien
    assert "href" not in sans_lien
    assert _au_dossier(connecte("secretariat"), cas) == ""


def test_of_two_files_united_the_one_that_stays_tells_both(app, action, connecte):
    cas, autre = un_cas(app, action.equipe), Cas(app, action.equipe)
    seance, seconde = action.seance(-1), action.seance(-2)
    autre.faire("creer_personne", autre.personne, {"nom": "Zinsou", "prenom": "Awa"})
    _noter(action, seance, _inscrire(action, cas), "present")
    _noter(action, seconde, _inscrire(action, autre), "present")
    assert "venue à 1 séance sur 2" in _au_dossier(connecte("conseiller"), cas)
    cas.faire("fusionner_dossiers", cas.personne, {"absorbee": autre.personne}, "chef_de_service")
    assert cas.dossier()["personne"]["reunis"] == [autre.personne]
    assert "venue à 2 séances sur 2" in _au_dossier(connecte("conseiller"), cas)


def test_a_colleague_does_not_learn_of_someone_elses_file(app, action, connecte):
    """La maraude tient l'action, mais ne suit pas ce dossier : il n'existe pas pour elle."""
    cas = un_cas(app, action.equipe)
    nav = connecte("maraude")
    assert nav.get(f"/actions/{action.personne}/inscrire?qui={cas.personne}").status_code == 404
    tire = deriver(action.personne, cas.personne)
    with pytest.raises(AssertionError, match="held"):
        action.faire("noter_inscription", tire, {"qui": "X", "le": dans(0)[:10], "dossier_id": cas.personne}, "maraude")


def test_who_does_not_hold_it_finds_nothing(action, connecte):
    seance = action.seance()
    nav = connecte("chef_de_service")
    assert "Jardin partagé" not in nav.get("/actions").text
    for adresse in (f"/actions/{action.personne}", f"/seances/{seance}", f"/seances/{seance}/modifier"):
        assert nav.get(adresse).status_code == 404
