"""Chaque réponse, d'où qu'elle vienne, porte les mêmes protections."""

from __future__ import annotations

import re

from werkzeug.test import Client

from app.actifs import FichiersHaches
from app.securite.entetes import CSP_WORKER, ENTETES
from app.securite.reponses import EntetesPartout
from tests.views.parcours import adresses

NOMS = set(ENTETES)


def verifier(reponse, ou: object) -> None:
    manquants = NOMS - set(reponse.headers.keys())
    assert not manquants, (ou, manquants)
    csp = reponse.headers["Content-Security-Policy"]
    assert "{nonce}" not in csp
    assert csp == CSP_WORKER or "require-trusted-types-for 'script'" in csp, (ou, csp)
    assert "unsafe" not in csp
    assert len(reponse.headers.getlist("Content-Security-Policy")) == 1


def test_every_answer_carries_the_headers_errors_included(app, navigateur, connecte):
    for nav in (navigateur(), connecte("chef_de_service")):
        for adresse in adresses(app):
            verifier(
                nav.client.open(adresse.chemin, method=adresse.methode, base_url="https://localhost", buffered=True),
                adresse,
            )
        for chemin in ("/rien/ici", "/dossiers/pas-un-id", "/static/rien.js", "/\x00", "/connexion/"):
            verifier(nav.get(chemin), chemin)
        for methode in ("PUT", "DELETE", "TRACE", "BIDULE"):
            verifier(
                nav.client.open("/connexion", method=methode, base_url="https://localhost", buffered=True), methode
            )


def test_a_crash_says_nothing_and_keeps_the_headers(app, navigateur, monkeypatch):
    def casser(*_: object) -> None:
        raise RuntimeError("numéro secret 0611223344")

    monkeypatch.setitem(app.view_functions, "connexion.connexion_page", _publique(casser))
    reponse = navigateur().get("/connexion")
    assert reponse.status_code == 500
    assert "0611223344" not in reponse.text
    assert "RuntimeError" not in reponse.text
    verifier(reponse, "panne")


def _publique(vue):
    from app.securite.permissions import publique

    return publique(vue)


def test_an_unknown_host_is_refused_with_the_headers(app):
    reponse = app.test_client().get("/connexion", base_url="https://ailleurs.exemple")
    assert reponse.status_code == 400
    verifier(reponse, "hôte")


def test_each_page_has_its_own_nonce_used_by_its_scripts(app, navigateur):
    nav = navigateur()
    nonces = set()
    for _ in range(3):
        page = nav.get("/connexion")
        nonce = re.search(r"'nonce-([^']+)'", page.headers["Content-Security-Policy"]).group(1)
        assert len(nonce) >= 22
        assert all(f'nonce="{nonce}"' in script for script in re.findall(r"<script[^>]*>", page.text))
        nonces.add(nonce)
    assert len(nonces) == 3


def test_static_files_carry_the_headers_and_are_kept_for_ever(tmp_path, app):
    (tmp_path / "page.0123456789ab.js").write_text("export{}")
    (tmp_path / "sw.js").write_text("self")
    (tmp_path / "actifs.json").write_text("{}")
    client = Client(EntetesPartout(FichiersHaches(app.wsgi_app, root=tmp_path, prefix="static/"), hsts=False))
    fichier = client.get("/static/page.0123456789ab.js", base_url="https://localhost", buffered=True)
    assert fichier.status_code == 200
    assert "immutable" in fichier.headers["Cache-Control"]
    verifier(fichier, "statique")
    for prive in ("/static/sw.js", "/static/actifs.json", "/static/../config.py"):
        assert client.get(prive, base_url="https://localhost", buffered=True).status_code == 404


def test_a_file_built_while_the_server_runs_is_served(tmp_path, app):
    client = Client(FichiersHaches(app.wsgi_app, root=tmp_path, prefix="static/"))
    assert client.get("/static/page.aaaaaaaaaaaa.js", base_url="https://localhost").status_code == 404
    (tmp_path / "page.aaaaaaaaaaaa.js").write_text("export{}")
    assert client.get("/static/page.aaaaaaaaaaaa.js", base_url="https://localhost", buffered=True).status_code == 200
    assert client.get("/static/..%2fpage.aaaaaaaaaaaa.js", base_url="https://localhost").status_code == 404


def test_pages_are_never_stored(connecte):
    assert connecte().get("/appareils").headers["Cache-Control"] == "no-store"


def test_strict_transport_is_announced_on_https_only(app):
    client = app.test_client()
    assert (
        "max-age=31536000"
        in client.get("/sante", base_url="https://localhost", buffered=True).headers["Strict-Transport-Security"]
    )
    assert "Strict-Transport-Security" not in client.get("/sante", base_url="http://localhost").headers


def test_health_tells_the_truth(app, navigateur, monkeypatch):
    assert navigateur().get("/sante").json == {"etat": "pret", "base": True}
    from sqlalchemy.exc import OperationalError

    from app.base import db

    def tomber(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("disque débranché"))

    with app.app_context():
        monkeypatch.setattr(db.session, "execute", tomber)
        reponse = navigateur().get("/sante")
    assert reponse.status_code == 503
    assert reponse.json == {"etat": "indisponible", "base": False}
