"""L'annuaire : reçu et complété au bureau, emporté par les téléphones, et vers quoi l'on oriente."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from app import demonstration
from app.base import db
from app.domain import annuaire
from app.models import Structure
from sync.echange import MEDIA
from sync.reference import reference
from tests.annuaire.test_lecture import SERVICE, STRUCTURE
from tests.views.faits import un_cas, un_id

VELO = {**SERVICE, "id": "inventee--s2", "nom": "Prêt de vélo", "code_insee": "57463", "commune": "Metz"}
LOCAL = {"partenaire": "Garage solidaire", "nom": "Réparation", "telephone": "01 99 00 00 32", "famille": "mobilite"}
FICHIER = Path(demonstration.__file__).with_name("annuaire.json").read_bytes()
# Ce qui descend, par numéro de forme : ce qu'a l'annuaire, ce qu'ont ensemble ses services.
FORMES = {
    1: (
        "empreinte services familles communes sources",
        "absent accueil adresse chez comment commune conditions courriel familles frais horaires id lien lieu maj nom "
        "note pour qui quoi reseau site source sujets telephone type zone",
    )
}


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


def _fichier(*services: Any, structures: Any = (STRUCTURE,)) -> tuple[io.BytesIO, str]:
    contenu = {"structures": list(structures), "services": list(services)}
    return io.BytesIO(json.dumps(contenu).encode()), "annuaire.json"


def _recevoir(nav, *services: Any, territoire: str = "", **autres: Any):
    formulaire = {"territoire": territoire, "fichiers": _fichier(*services, **autres)}
    return nav.post("/partenaires", formulaire, content_type="multipart/form-data")


def _emporte(nav) -> dict[str, Any] | None:
    reponse = nav.client.post("/sync/annuaire", data=b"{}", content_type=MEDIA)
    assert reponse.status_code == 200
    emporte: dict[str, Any] | None = json.loads(reponse.data)["annuaire"]
    return emporte


def _empreinte(cas) -> str | None:
    with cas.app.app_context():
        dite: str | None = reference(db.session(), cas.acteur()).get("annuaire")
        return dite


def _noms(nav) -> list[str]:
    return [service["nom"] for service in (_emporte(nav) or {"services": []})["services"]]


def test_a_directory_is_received_and_reaches_the_phones(cas, connecte):
    assert _empreinte(cas) is None
    chef, conseillere = connecte("chef_de_service"), connecte("conseiller")
    page = _recevoir(chef, SERVICE, VELO).text
    assert "3 fiches nouvelles" in page
    emporte = _emporte(conseillere)
    assert emporte is not None
    assert emporte["empreinte"] == _empreinte(cas)
    assert [service["nom"] for service in emporte["services"]] == ["Cours de français", "Prêt de vélo"]
    assert emporte["services"][0]["chez"] == "Les Mots Passants"
    assert emporte["sources"] == [{"nom": "inventee", "maj": "2026-05-04"}]


def test_an_older_shape_of_the_directory_is_asked_for_again(cas, connecte, monkeypatch):
    _recevoir(connecte("chef_de_service"), SERVICE)
    avant = _empreinte(cas)
    monkeypatch.setattr(annuaire, "FORMAT", annuaire.FORMAT + 1)
    emporte = _emporte(connecte("conseiller"))
    assert emporte is not None
    assert emporte["empreinte"] == _empreinte(cas) != avant


def test_the_shape_of_what_comes_down_is_the_one_its_number_says(cas, connecte):
    """Un nom de plus ou de moins ici : `FORMAT` augmente, et la ligne d'avant reste."""
    chef, recu = connecte("chef_de_service"), json.loads(FICHIER)
    web = {"site_web": "https://exemple.invalid", "reseaux_porteurs": ["emmaus"]}
    structures = [connue | web for connue in recu["structures"]]
    services = [connu | {"lien_source": "https://exemple.invalid/fiche"} for connu in recu["services"]]
    _recevoir(chef, *services, structures=structures)
    _recevoir(chef, *services[1:], structures=structures)
    chef.post("/partenaires/nouveau", LOCAL | {"id": un_id(), "note": "Sonner deux fois."})
    emporte = _emporte(connecte("conseiller"))
    assert emporte is not None
    noms = {nom for service in emporte["services"] for nom in service}
    assert (" ".join(emporte), " ".join(sorted(noms))) == FORMES[annuaire.FORMAT]


def test_the_same_file_again_changes_nothing(cas, connecte):
    nav = connecte("secretariat")
    _recevoir(nav, SERVICE)
    avant = _empreinte(cas)
    assert "2 inchangées" in _recevoir(nav, SERVICE).text
    assert _empreinte(cas) == avant


def test_a_changed_line_is_updated_and_the_note_of_the_team_stays(cas, connecte):
    nav = connecte("chef_de_service")
    _recevoir(nav, SERVICE)
    (service,) = _emporte(connecte("conseiller"))["services"]
    assert nav.post(f"/partenaires/{service['id']}", {"note": "Appeler avant 16 h."}).status_code == 303
    assert "1 mise à jour" in _recevoir(nav, SERVICE | {"nom": "Cours du soir"}).text
    (service,) = _emporte(connecte("conseiller"))["services"]
    assert (service["nom"], service["note"]) == ("Cours du soir", "Appeler avant 16 h.")


def test_what_is_gone_from_the_source_is_said_and_not_erased(cas, connecte):
    nav = connecte("chef_de_service")
    _recevoir(nav, SERVICE, VELO)
    page = _recevoir(nav, SERVICE).text
    assert "1 qui n’y est plus" in page
    assert "Prêt de vélo" in page
    absents = {service["nom"]: service.get("absent") for service in _emporte(connecte("conseiller"))["services"]}
    assert absents["Cours de français"] is None
    assert re.fullmatch(r"\d\d/\d\d/\d{4}", absents["Prêt de vélo"])
    _recevoir(nav, SERVICE, VELO)
    assert not any("absent" in service for service in _emporte(connecte("conseiller"))["services"])


def test_another_source_and_what_the_team_wrote_are_left_alone(cas, connecte):
    nav = connecte("chef_de_service")
    nav.post("/partenaires/nouveau", {"id": un_id(), **LOCAL})
    _recevoir(nav, SERVICE)
    ailleurs = STRUCTURE | {"source": "autre", "id": "autre--1", "nom": "Ailleurs"}
    page = _recevoir(nav, SERVICE | {"source": "autre", "structure_id": "autre--1"}, structures=[ailleurs]).text
    assert "n’y est plus" not in page
    services = _emporte(connecte("conseiller"))["services"]
    assert len(services) == 3
    assert not any("absent" in service for service in services)


def test_only_the_territory_is_kept(cas, connecte):
    nav = connecte("chef_de_service")
    nancy = SERVICE | {"code_insee": "54395"}
    partout = SERVICE | {"id": "inventee--s3", "nom": "À distance", "zone_eligibilite": ["54"]}
    page = _recevoir(nav, nancy, VELO, partout, territoire="54").text
    assert "1 hors du territoire" in page
    assert _noms(connecte("conseiller")) == ["À distance", "Cours de français"]
    with cas.app.app_context():
        assert db.session.get(Structure, cas.equipe.structure_id).territoire == "54"


def test_wrong_lines_are_said_and_the_others_enter(cas, connecte):
    orphelin = SERVICE | {"id": "inventee--s9", "nom": "Sans structure", "structure_id": "inventee--9"}
    page = _recevoir(connecte("chef_de_service"), SERVICE, VELO | {"date_maj": None}, orphelin).text
    assert "services, ligne 2 («\u202fPrêt de vélo\u202f»)" in page
    assert "sa structure n’est ni dans le fichier ni dans l’annuaire" in page
    assert _noms(connecte("conseiller")) == ["Cours de français"]


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        (lambda: {"territoire": "54"}, "Choisissez le fichier à recevoir."),
        (lambda: {"fichiers": (io.BytesIO(b"non"), "a.json")}, "Ce fichier n’est pas du JSON lisible."),
        (lambda: {"territoire": "Nancy", "fichiers": _fichier(SERVICE)}, "Écrivez des codes comme 54 ou 57463"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(cas, connecte, champs, dit):
    champs = champs()
    reponse = connecte("chef_de_service").post("/partenaires", champs, content_type="multipart/form-data")
    assert reponse.status_code == 422
    assert dit in reponse.text
    assert _empreinte(cas) is None


def test_a_local_partner_is_written_by_hand_corrected_then_withdrawn(cas, connecte):
    nav, terrain, code = connecte("secretariat"), connecte("conseiller"), un_id()
    for _ in range(2):
        assert nav.post("/partenaires/nouveau", {"id": code, **LOCAL}).status_code == 303
    (service,) = _emporte(terrain)["services"]
    assert (service["chez"], service["telephone"], service["sujets"]) == ("Garage solidaire", "0199000032", "Mobilité")
    assert service["source"] == "saisi par l’équipe"
    adresse = f"/partenaires/{service['id']}"
    assert nav.post(adresse, {**LOCAL, "nom": "Réparation à petit prix", "note": "Le matin."}).status_code == 303
    assert _emporte(terrain)["services"][0]["note"] == "Le matin."
    assert nav.post(adresse, {**LOCAL, "absent": "oui"}).status_code == 303
    assert _emporte(terrain) is None


@pytest.mark.parametrize(
    ("champ", "valeur", "dit"),
    [
        ("partenaire", "", "Dites qui est ce partenaire."),
        ("nom", "", "Dites quel service il rend."),
        ("telephone", "0199", "Ce numéro n’est pas complet."),
        ("telephone", "", "Donnez au moins un téléphone, un courriel ou une adresse."),
        ("courriel", "non", "Ce courriel n’est pas complet."),
        ("famille", "autre", "Choisissez un sujet de la liste."),
        ("note", "x" * 1001, "Au plus 1000 signes."),
    ],
)
def test_what_is_missing_is_said_and_the_rest_stays(cas, connecte, champ, valeur, dit):
    reponse = connecte("chef_de_service").post("/partenaires/nouveau", {"id": un_id(), **LOCAL, champ: valeur})
    assert reponse.status_code == 422
    assert dit in reponse.text
    assert "Réparation" in reponse.text or champ == "nom"


def test_the_field_searches_reads_and_orients_from_the_server_too(cas, connecte):
    _recevoir(connecte("chef_de_service"), SERVICE, VELO)
    nav = connecte("conseiller")
    assert "Prêt de vélo" in nav.get("/annuaire").text
    trouve = nav.post("/annuaire/recherche", {"q": "velo"}).text
    assert "Prêt de vélo" in trouve
    assert "Cours de français" not in trouve
    (velo,) = [service for service in _emporte(nav)["services"] if service["nom"] == "Prêt de vélo"]
    assert f"/annuaire/services/{velo['id']}/orienter" in nav.get(f"/annuaire/services/{velo['id']}").text
    assert nav.get(f"/annuaire/services/{un_id()}").status_code == 404
    assert "Qui orienter" in nav.get(f"/annuaire/services/{velo['id']}/orienter").text


def test_another_structure_reads_nothing_of_it(cas, connecte):
    _recevoir(connecte("chef_de_service"), SERVICE)
    assert _emporte(connecte("conseiller", 1)) is None


def test_a_page_badly_written_is_left_and_neither_stops_the_others_nor_goes_missing(cas, connecte):
    chef, conseillere = connecte("chef_de_service"), connecte("conseiller")
    _recevoir(chef, SERVICE)
    for faute in ({"date_maj": None}, {"description": "Deux\u0000soirs"}, {"structure_id": "inventee--9"}):
        page = _recevoir(chef, SERVICE | faute, VELO).text
        assert "ligne laissée de côté" in page
        assert "qui n’y est plus" not in page.replace("0 qui n’y est plus", "")
        assert ["absent" in service for service in (_emporte(conseillere) or {})["services"]] == [False, False]
