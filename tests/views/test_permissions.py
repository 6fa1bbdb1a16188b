"""Aucune vue ne répond sans avoir dit à qui."""

from __future__ import annotations

from typing import get_args

import pytest
from flask import Blueprint

from app.domain import roles
from app.securite.permissions import PERMISSIONS, ROLES, est_publique, permission_de, peut
from app.securite.permissions_liste import Permission
from tests.views.parcours import adresses

# Ce qui s'ouvre sans être connecté, écrit ici pour que toute nouvelle porte ouverte soit un choix relu.
PUBLIQUES = {
    "/sante",
    "/sw.js",
    "/app.webmanifest",
    "/icones/<path:nom>",
    "/autorite.crt",
    "/connexion",
    "/bienvenue/<jeton>",
    "/agenda/<jeton>.ics",
    "/aide/installation",
    "/appareils/adieu",
    "/sync/scelles",
}


def test_every_rule_declares_its_permission(app):
    connues = set(get_args(Permission))
    for regle in app.url_map.iter_rules():
        declaree = permission_de(app.view_functions[regle.endpoint])
        assert declaree == "publique" or declaree in connues, regle.rule


def test_only_the_listed_addresses_are_public(app):
    ouvertes = {r.rule for r in app.url_map.iter_rules() if est_publique(app.view_functions[r.endpoint])}
    assert ouvertes - PUBLIQUES == set()


def test_a_view_without_a_permission_is_refused(app, connecte):
    oubliee = Blueprint("oubliee", __name__)
    oubliee.get("/oubliee")(lambda: "jamais")
    app._got_first_request = False
    app.register_blueprint(oubliee)
    for role in ROLES:
        assert connecte(role).get("/oubliee").status_code == 403


def test_every_permission_is_given_to_some_role_and_roles_are_all_known():
    assert ROLES == roles.ROLES
    assert set(PERMISSIONS) == set(ROLES)
    assert set().union(*PERMISSIONS.values()) == set(get_args(Permission))


def test_an_unknown_role_or_permission_is_refused():
    assert not peut("directeur", "compte")
    assert not peut("conseiller", "tout")
    assert not peut(None, "compte")
    assert not peut("conseiller", None)


def test_nothing_but_the_public_pages_answers_without_a_session(app, navigateur):
    nav = navigateur()
    for adresse in adresses(app):
        if est_publique(app.view_functions[adresse.endpoint]):
            continue
        reponse = nav.client.open(adresse.chemin, method=adresse.methode, base_url="https://localhost", buffered=True)
        if reponse.status_code == 303:
            assert reponse.headers["Location"].startswith("/connexion"), adresse
        else:
            assert reponse.status_code == 401, (adresse, reponse.status_code)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reaches_what_it_may_and_nothing_else(app, connecte, role):
    nav = connecte(role)
    for adresse in adresses(app):
        permission = permission_de(app.view_functions[adresse.endpoint])
        if adresse.methode != "GET" or permission == "publique":
            continue
        statut = nav.get(adresse.chemin).status_code
        if peut(role, permission):
            # 422 : un formulaire qui se lit par son adresse, et que rien ne remplit ici.
            assert statut in (200, 303, 404, 422), (adresse, statut)
        else:
            assert statut in (403, 404), (adresse, statut)
