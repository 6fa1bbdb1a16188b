"""Le téléphone et le serveur lisent la même table : ce qu'un rôle peut faire n'est écrit qu'une fois."""

from __future__ import annotations

import json
import re

from app.securite.permissions import BUREAU, PERMISSIONS
from tools.construire import verrou
from tools.modules_serveur import MODULES, ecrire_donnees


def test_the_phone_is_given_the_table_of_roles_of_the_server() -> None:
    with verrou():
        ecrire_donnees()
    module = (MODULES / "permissions.js").read_text("utf-8")
    recues = dict(re.findall(r"^export const (\w+) = (.+);$", module, re.MULTILINE))

    assert {role: set(noms) for role, noms in json.loads(recues["PERMISSIONS"]).items()} == PERMISSIONS
    assert [tuple(page) for page in json.loads(recues["BUREAU"])] == list(BUREAU)
