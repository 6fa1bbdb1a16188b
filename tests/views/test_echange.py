"""L'échange par HTTP : enrôler, échanger, déposer scellé, être révoqué."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json

import pytest
import time_machine
from sqlalchemy import Connection, Engine, event, select

from app.affluence import RENDEZ_VOUS_MAX, Guichet
from app.base import db, lire
from app.cloison import EXPLOITATION
from app.models import Appareil, SessionWeb
from tests.views.conftest import ADRESSE, en_tetes
from tests.views.faits import dans, un_cas, un_id

MEDIA = "application/vnd.jalon.echange+json"
SCELLES = "application/vnd.jalon.scelles+json"


def enroler(nav, identifiant: str | None = None, nom: str = "Téléphone de Toul"):
    return nav.client.post(
        "/appareils",
        data=json.dumps({"id": identifiant or un_id(), "nom": nom}),
        content_type="application/json",
        base_url=ADRESSE,
        headers={**en_tetes(), "X-CSRFToken": nav.jeton(), "Accept": "application/json"},
    )


def echanger(nav, appareil: str, operations=(), **plus):
    demande = {
        "protocole": 1,
        "appareil": appareil,
        "curseur": None,
        "heure_appareil": dans(0),
        "reference": None,
        "operations": list(operations),
    } | plus
    return nav.client.post(
        "/sync",
        data=gzip.compress(json.dumps(demande).encode()),
        content_type=MEDIA,
        base_url=ADRESSE,
        headers={**en_tetes(), "Content-Encoding": "gzip"},
    )


def op(genre, entite, personne, champs):
    return {
        "id": un_id(),
        "genre": genre,
        "entite": entite,
        "personne": personne,
        "champs": champs,
        "compteur": 1,
        "heure": dans(0),
    }


@pytest.fixture
def cas(app, equipes):
    return un_cas(app, equipes[0])


@pytest.fixture
def telephone(cas, connecte):
    nav = connecte()
    reponse = enroler(nav)
    assert reponse.status_code == 200, reponse.text
    nav.appareil, nav.depot = reponse.json["appareil"], reponse.json["depot"]
    return nav


def test_enrolling_gives_a_deposit_secret_kept_hashed_and_renews_the_session(app, cas, connecte):
    nav = connecte()
    avant = nav.client.get_cookie("__Host-jalon", domain="localhost").value
    identifiant = un_id()
    reponse = enroler(nav, identifiant)
    assert reponse.json["appareil"] == identifiant
    assert nav.client.get_cookie("__Host-jalon", domain="localhost").value != avant
    cookies = "\n".join(reponse.headers.getlist("Set-Cookie"))
    assert "__Host-appareil=" in cookies
    assert "__Host-ouvert=" in cookies
    with app.app_context():
        (appareil,) = db.session.scalars(select(Appareil))
        assert appareil.depot_empreinte != reponse.json["depot"]
        (web,) = db.session.scalars(select(SessionWeb))
        assert web.appareil_id == identifiant


def test_a_lost_enrolment_answer_is_asked_again(telephone):
    deuxieme = enroler(telephone, telephone.appareil)
    assert deuxieme.status_code == 200
    assert deuxieme.json["depot"] != telephone.depot


def test_the_device_of_a_colleague_cannot_be_taken(telephone, connecte):
    reponse = enroler(connecte("maraude"), telephone.appareil)
    assert (reponse.status_code, reponse.json["erreur"]) == (409, "appareil_d_un_autre")


def test_a_revoked_device_does_not_come_back_by_enrolling_again(telephone, connecte):
    connecte("administrateur").post(f"/administration/appareils/{telephone.appareil}/revoquer")
    reponse = enroler(connecte(), telephone.appareil)
    assert (reponse.status_code, reponse.json["erreur"]) == (410, "appareil_revoque")


def test_the_queue_of_another_account_is_never_taken(telephone, connecte):
    reponse = echanger(connecte("maraude"), telephone.appareil)
    assert (reponse.status_code, reponse.json["erreur"]) == (409, "appareil_d_un_autre")


@pytest.mark.parametrize("nom", ["", "   ", "x" * 61, "a\nb"])
def test_a_device_needs_a_readable_name(cas, connecte, nom):
    assert enroler(connecte(), nom=nom).status_code == 400


def test_one_round_trip_pushes_and_pulls(cas, telephone):
    entretien = un_id()
    note = {"mesure_id": cas.mesure, "date": dans(0)[:10], "moyen": "telephone"}
    reponse = echanger(telephone, telephone.appareil, [op("noter_entretien", entretien, cas.personne, note)])
    assert reponse.status_code == 200, reponse.text
    assert reponse.mimetype == MEDIA
    assert reponse.json["resultats"][0]["statut"] == "applied"
    assert entretien in {fiche["id"] for fiche in reponse.json["fiches"]}
    assert reponse.json["reference"]["cle_scellement"]["publique"]["crv"] == "P-256"


def test_the_answer_is_compressed_as_the_device_accepts(telephone):
    demande = json.dumps({"protocole": 1, "appareil": telephone.appareil, "heure_appareil": dans(0)})
    for accepte, attendu in (("br, gzip", "br"), ("gzip", "gzip"), ("identity", None)):
        reponse = telephone.client.post(
            "/sync",
            data=demande,
            content_type=MEDIA,
            base_url=ADRESSE,
            headers={**en_tetes(), "Accept-Encoding": accepte},
        )
        assert reponse.headers.get("Content-Encoding") == attendu
        assert reponse.headers["Vary"] == "Accept-Encoding"
        assert reponse.headers["Cache-Control"] == "no-store"


def test_author_structure_and_role_come_from_the_session(app, cas, equipes, telephone):
    menteur = op("noter_entretien", un_id(), cas.personne, {"date": dans(0)[:10], "moyen": "sms"})
    menteur |= {"auteur": equipes[1].comptes["conseiller"], "structure_id": equipes[1].structure_id, "role": "chef"}
    menteur["champs"] |= {"auteur_id": equipes[0].comptes["chef_de_service"]}
    reponse = echanger(telephone, telephone.appareil, [menteur])
    assert reponse.json["resultats"][0]["statut"] == "applied"
    auteurs = {entretien["auteur"] for entretien in cas.dossier()["entretiens"]}
    assert auteurs == {equipes[0].comptes["conseiller"]}


def test_an_exchange_needs_a_session_and_says_so(telephone, navigateur):
    reponse = echanger(navigateur(), telephone.appareil)
    assert reponse.status_code == 401
    assert reponse.json["erreur"] == "session_expiree"


def test_a_role_without_a_notebook_does_not_exchange(connecte):
    reponse = echanger(connecte("administrateur"), un_id())
    assert (reponse.status_code, reponse.json["erreur"]) == (403, "interdit")


def test_an_unknown_device_is_told_so(cas, connecte):
    reponse = echanger(connecte(), un_id())
    assert (reponse.status_code, reponse.json["erreur"]) == (409, "appareil_inconnu")


def test_a_revoked_device_is_told_so_and_loses_its_session(cas, telephone, connecte):
    assert (
        connecte("administrateur").post(f"/administration/appareils/{telephone.appareil}/revoquer").status_code == 303
    )
    reponse = echanger(telephone, telephone.appareil)
    assert (reponse.status_code, reponse.json["erreur"]) == (410, "appareil_revoque")
    assert telephone.get("/").status_code == 303


def test_a_revoked_device_still_deposits_and_then_says_goodbye(telephone, connecte):
    connecte("administrateur").post(f"/administration/appareils/{telephone.appareil}/revoquer")
    assert _deposer(telephone).status_code == 200
    reponse = telephone.client.post(
        "/appareils/adieu", data=b"{}", content_type=MEDIA, base_url=ADRESSE, headers=en_tetes()
    )
    assert reponse.status_code == 204
    assert '"storage"' in reponse.headers["Clear-Site-Data"]


def _deposer(nav, secret: str | None = None):
    return nav.client.post(
        "/sync/scelles",
        data=json.dumps({"appareil": nav.appareil, "enveloppes": [{"id": un_id(), "cle": "x", "donnees": "AAAA"}]}),
        content_type=SCELLES,
        base_url=ADRESSE,
        headers={**en_tetes(), "Authorization": f"Appareil {nav.appareil}.{secret or nav.depot}"},
    )


def test_a_deposit_answers_statuses_only(telephone):
    reponse = _deposer(telephone)
    assert reponse.status_code == 200
    assert reponse.mimetype == SCELLES
    assert set(reponse.json["resultats"][0]) == {"id", "statut"}


def test_a_deposit_with_a_wrong_secret_is_refused(telephone):
    reponse = _deposer(telephone, "faux")
    assert (reponse.status_code, reponse.json["erreur"]) == (401, "depot_refuse")
    assert "session" not in reponse.json["message"].lower()


@pytest.mark.parametrize("chemin", ["/sync", "/sync/scelles"])
def test_a_refusal_said_before_reading_lets_the_upload_end(telephone, navigateur, chemin):
    _refus_sans_preuve(telephone, navigateur(), chemin, 4, lus=4)


@pytest.mark.parametrize("chemin", ["/sync", "/sync/scelles"])
def test_who_proved_nothing_does_not_make_the_server_read_more_than_a_phone_sends(telephone, navigateur, chemin):
    _refus_sans_preuve(telephone, navigateur(), chemin, 20, lus=0)


def _refus_sans_preuve(telephone, nav, chemin, mebioctets, lus):
    taille = mebioctets * 1024 * 1024
    corps = io.BytesIO(b" " * taille)
    reponse = nav.client.post(
        chemin,
        input_stream=corps,
        content_length=taille,
        content_type=MEDIA if chemin == "/sync" else SCELLES,
        base_url=ADRESSE,
        headers={**en_tetes(), "Authorization": f"Appareil {telephone.appareil}.faux"},
    )
    assert reponse.status_code == 401
    assert corps.tell() == lus * 1024 * 1024


@pytest.mark.parametrize("chemin", ["/sync", "/sync/scelles"])
@pytest.mark.parametrize(("mebioctets", "lus"), [(5, 5), (33, 0)])
def test_a_body_too_big_is_read_to_its_end_before_it_is_refused(telephone, chemin, mebioctets, lus):
    """Couper en plein envoi se lirait « connexion perdue », et le même lot repartirait sans fin."""
    taille = mebioctets * 1024 * 1024
    corps = io.BytesIO(b" " * taille)
    reponse = telephone.client.post(
        chemin,
        input_stream=corps,
        content_length=taille,
        content_type=MEDIA if chemin == "/sync" else SCELLES,
        base_url=ADRESSE,
        headers=en_tetes(),
    )
    assert (reponse.status_code, reponse.json["erreur"]) == (413, "trop_volumineux")
    assert corps.tell() == lus * 1024 * 1024


def test_a_deposit_without_any_proof_is_refused(telephone, navigateur):
    autre = navigateur()
    autre.appareil = telephone.appareil
    assert _deposer(autre, "faux").status_code == 401


def test_an_exchange_prolongs_its_session_in_its_own_transaction(telephone, app):
    ecrites: list[object] = []
    depart = dt.datetime.now(dt.UTC)

    def noter(lien: Connection) -> None:
        if lien.get_execution_options().get("ecriture"):
            ecrites.append(lien)

    with app.app_context():
        moteur = db.engine
    event.listen(Engine, "commit", noter)
    try:
        for jours in (2, 4):  # au-delà des trois jours d'inactivité, comptés du premier
            plus_tard = depart + dt.timedelta(days=jours)
            ecrites.clear()
            with time_machine.travel(plus_tard, tick=False):
                assert echanger(telephone, telephone.appareil).status_code == 200
            assert len(ecrites) == 1
            with lire(moteur, EXPLOITATION) as base:
                assert base.scalars(select(SessionWeb.vue_le)).one() == plus_tard
    finally:
        event.remove(Engine, "commit", noter)


def test_a_page_prolongs_its_session_too(connecte, app):
    nav = connecte()
    plus_tard = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=90)
    with time_machine.travel(plus_tard, tick=False):
        assert nav.get("/").status_code == 200
    with app.app_context(), lire(db.engine, EXPLOITATION) as base:
        assert plus_tard in base.scalars(select(SessionWeb.vue_le)).all()


def test_a_crowd_is_sent_away_at_once_with_a_time_to_come_back_and_nothing_is_written(app, cas, telephone):
    personne, guichet = un_id(), app.extensions["guichet"]
    creation = op("creer_personne", personne, personne, {"nom": "Affluence-Fictive"})
    app.extensions["guichet"] = complet = Guichet(places=1, salle=0)
    complet.entrer()
    refus = echanger(telephone, telephone.appareil, [creation])
    depot = _deposer(telephone)
    for refuse in (refus, depot):
        assert (refuse.status_code, refuse.json["erreur"]) == (503, "affluence")
        assert 1 <= int(refuse.headers["Retry-After"]) <= RENDEZ_VOUS_MAX
    app.extensions["guichet"] = guichet
    # La même opération, renvoyée : elle n'était pas connue.
    assert echanger(telephone, telephone.appareil, [creation]).json["resultats"][0]["statut"] == "applied"
