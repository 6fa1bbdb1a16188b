"""Les cahiers d'équipe au bureau : le chef de service les ouvre, dit qui les tient, compte les maraudes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from app.base import db
from app.models import Cahier, CahierMembre, Utilisateur
from sync.appliquer import appliquer
from sync.fiches.cahier import lire_cahiers
from sync.operation import lire_operation
from tests.bases import ecrire, lire
from tests.views.faits import dans, un_cas, un_id

ADRESSE = "/equipe/cahiers"
SECTEUR = {"nom": "Secteur Gare", "perimetre": "De la gare au canal", "consignes": "Appeler l’astreinte."}


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


def _ouvrir(nav, **champs: str) -> str:
    identifiant = un_id()
    reponse = nav.post(f"{ADRESSE}/nouveau", {"id": identifiant, "operation": un_id(), **SECTEUR, **champs})
    assert reponse.status_code == 303
    return identifiant


def _geste(nav, chemin: str, **champs: str) -> int:
    return int(nav.post(f"{ADRESSE}/{chemin}", {"operation": un_id(), **champs}).status_code)


def _lu(cas, cahier: str) -> dict[str, Any]:
    with cas.app.app_context():
        trouves = lire_cahiers(db.session(), cas.equipe.structure_id, [cahier])
        return dict(trouves[cahier]["cahier"])


def _noter(cas, cahier: str, forme: str, role: str = "maraude", **champs: Any) -> str:
    cas.personne, identifiant = cahier, un_id()
    cas.faire(f"noter_{forme}", identifiant, champs, role)
    return identifiant


def test_the_head_opens_a_notebook_changes_it_and_says_who_holds_it(cas, connecte):
    nav = connecte("chef_de_service")
    assert "Aucun cahier" in nav.get(ADRESSE).text
    cahier, awa = _ouvrir(nav), cas.equipe.comptes["maraude"]
    assert _geste(nav, f"{cahier}/membres", utilisateur=awa) == 303
    lu = _lu(cas, cahier)
    assert (lu["genre"], lu["nom"], lu["membres"]) == ("secteur", "Secteur Gare", [awa])
    assert lu["valeurs"] == {"perimetre": "De la gare au canal", "consignes": "Appeler l’astreinte."}
    change = {"version": str(lu["version"]), "nom": "Secteur Gare et canal", "perimetre": "", "consignes": "Le 115."}
    assert _geste(nav, f"{cahier}/modifier", **change) == 303
    lu = _lu(cas, cahier)
    assert (lu["nom"], lu["valeurs"]) == ("Secteur Gare et canal", {"consignes": "Le 115."})
    assert _geste(nav, f"{cahier}/membres/{awa}/retirer") == 303
    assert _lu(cas, cahier)["membres"] == []
    assert _geste(nav, f"{cahier}/membres/{awa}/retirer") == 404


def test_a_notebook_is_closed_said_so_and_opened_again(cas, connecte):
    nav = connecte("chef_de_service")
    cahier = _ouvrir(nav)
    assert _geste(nav, f"{cahier}/fermer") == 303
    assert _lu(cas, cahier)["ferme_le"] is not None
    assert "fermé le" in nav.get(ADRESSE).text
    assert _geste(nav, f"{cahier}/rouvrir") == 303
    assert _lu(cas, cahier)["ferme_le"] is None


def test_the_form_sent_twice_opens_one_notebook_and_a_name_is_asked_for(cas, connecte):
    nav, saisie = connecte("chef_de_service"), {"id": un_id(), "operation": un_id(), **SECTEUR}
    for _ in range(2):
        assert nav.post(f"{ADRESSE}/nouveau", saisie).status_code == 303
    refusee = nav.post(f"{ADRESSE}/nouveau", {**saisie, "id": un_id(), "operation": un_id(), "nom": " "})
    assert refusee.status_code == 422
    assert "Donnez un nom à ce cahier." in refusee.text
    assert "De la gare au canal" in refusee.text
    with cas.app.app_context(), lire(db.engine) as session:
        assert session.query(Cahier).count() == 1


def test_a_page_left_open_does_not_erase_what_another_changed(cas, connecte):
    nav = connecte("chef_de_service")
    cahier = _ouvrir(nav)
    ouverte = str(_lu(cas, cahier)["version"])
    autre = replace(cas.acteur("chef_de_service"), utilisateur_id=un_id(), origine="bureau")
    compte = {"nom": "Fictif", "prenom": "Autre", "courriel": "autre@chef.exemple", "role": "chef_de_service"}
    cle = {"structure_id": autre.structure_id, "id": autre.utilisateur_id}
    change = {"id": un_id(), "genre": "modifier_cahier", "entite": cahier, "personne": cahier, "heure": dans(0)}
    change["champs"] = {"consignes": "Le 115 d’abord."}
    with cas.app.app_context(), ecrire(db.engine) as session:
        session.add(Utilisateur(**cle, **compte, actif=True, cree_le=autre.maintenant))
        session.flush()
        assert appliquer(session, autre, [lire_operation(change)])[0].statut == "applied"
    assert _geste(nav, f"{cahier}/modifier", version=ouverte, **{**SECTEUR, "nom": "Gare"}) == 303
    lu = _lu(cas, cahier)
    assert (lu["nom"], lu["valeurs"]["consignes"]) == ("Gare", "Le 115 d’abord.")


def test_nobody_chosen_or_someone_who_cannot_hold_it_is_said_beside_the_field(cas, connecte):
    nav = connecte("chef_de_service")
    cahier = _ouvrir(nav)
    for qui in ("", cas.equipe.comptes["secretariat"]):
        reponse = nav.post(f"{ADRESSE}/{cahier}/membres", {"operation": un_id(), "utilisateur": qui})
        assert reponse.status_code == 422
        assert 'id="erreur-utilisateur"' in reponse.text
    with cas.app.app_context(), lire(db.engine) as session:
        assert session.query(CahierMembre).count() == 0
    proposes = re.findall(r'<option value="([^"]+)"', nav.get(f"{ADRESSE}/{cahier}").text)
    assert set(proposes) == {cas.equipe.comptes[role] for role in ("conseiller", "maraude", "chef_de_service")}


def test_the_head_counts_the_encounters_and_reads_none(cas, connecte):
    nav = connecte("chef_de_service")
    cahier, awa = _ouvrir(nav), cas.equipe.comptes["maraude"]
    _geste(nav, f"{cahier}/membres", utilisateur=awa)
    sortie = {"le": dans(-1)[:10], "debut": "20:30", "fin": "23:45", "equipe": [awa]}
    maraude = _noter(cas, cahier, "maraude", **sortie, transmission="Repasser au porche avant minuit.")
    connu = _noter(cas, cahier, "connu", pseudonyme="Canari-pseudo", note="Canari-connu")
    _noter(cas, cahier, "rencontre", maraude_id=maraude, connu_id=connu, ou="Canari-lieu", note="Canari-note")
    _noter(cas, cahier, "rencontre", maraude_id=maraude, hommes=2, alerte="danger")
    retiree = _noter(cas, cahier, "rencontre", maraude_id=maraude, hommes=1)
    cas.faire("retirer_rencontre", retiree, {"motif": "Doublon"}, "maraude")
    page = nav.get(f"{ADRESSE}/{cahier}").text
    assert "Repasser au porche avant minuit." in page
    assert re.search(r'data-titre="Rencontres">2<', page)
    assert re.search(r'data-titre="Personnes">3<', page)
    assert "1 «\u202fEn danger\u202f»" in page
    assert "Canari" not in page
    assert "Canari" not in nav.get(ADRESSE).text


@pytest.mark.parametrize("role", ["conseiller", "maraude", "secretariat", "administrateur", "partenaire"])
def test_only_the_head_comes_here(cas, connecte, role):
    cahier = _ouvrir(connecte("chef_de_service"))
    nav = connecte(role)
    for chemin in (ADRESSE, f"{ADRESSE}/nouveau", f"{ADRESSE}/{cahier}", f"{ADRESSE}/{cahier}/modifier"):
        assert nav.get(chemin).status_code in {403, 404}
    assert _geste(nav, f"{cahier}/fermer") in {403, 404}
    assert _lu(cas, cahier)["ferme_le"] is None


def test_a_notebook_of_another_structure_does_not_exist(cas, connecte):
    cahier = _ouvrir(connecte("chef_de_service"))
    ailleurs = connecte("chef_de_service", 1)
    assert ailleurs.get(f"{ADRESSE}/{cahier}").status_code == 404
    assert _geste(ailleurs, f"{cahier}/fermer") == 404
