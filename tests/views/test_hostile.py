"""Des corps abîmés, énormes, du mauvais type ou malveillants, à chaque adresse : un refus net, et rien ne change."""

from __future__ import annotations

import gzip
import json
from typing import Any

from sqlalchemy import inspect, text

from app.base import db
from tests.views.conftest import ADRESSE, en_tetes
from tests.views.faits import un_cas
from tests.views.parcours import Adresse, adresses

FORMULAIRE = "application/x-www-form-urlencoded"
ECHANGE = "application/vnd.jalon.echange+json"
SCELLES = "application/vnd.jalon.scelles+json"

# Ce que ces requêtes changent de droit : les sessions et le frein aux connexions.
HORS_COMPTE = {"session_web", "tentative", "alembic_version"}

CORPS: dict[str, tuple[bytes, str, dict[str, str]]] = {
    "vide": (b"", FORMULAIRE, {}),
    "sans type": (b"a=b", "", {}),
    "type inconnu": (b"a=b", "text/plain", {}),
    "octets au hasard": (bytes(range(256)) * 8, FORMULAIRE, {}),
    "texte mal codé": (b"nom=%ff%fe%00&q=%c3%28&statut=%ed%a0%80", FORMULAIRE, {}),
    "champs répétés": (b"&".join(b"fiche=x" for _ in range(2000)), FORMULAIRE, {}),
    "formulaire profond": (b"a[b][c][d]=" + b"x" * 5000, FORMULAIRE, {}),
    "multipart cassé": (b"--x\r\nContent-Disposition: form-data; name=", "multipart/form-data; boundary=x", {}),
    "multipart sans limite": (b"rien", "multipart/form-data", {}),
    "json tronqué": (b'{"protocole": 1, "appareil"', "application/json", {}),
    "json d'un autre type": (b"[[[[1]]]]", "application/json", {}),
    "json très imbriqué": (b"[" * 50_000, "application/json", {}),
    "nombre infini": (b'{"id": 1e999, "nom": NaN}', "application/json", {}),
    "échange tronqué": (b'{"protocole": 1', ECHANGE, {}),
    "échange vide": (b"{}", ECHANGE, {}),
    "échange très imbriqué": (b'{"protocole":1,"operations":' + b"[" * 50_000, ECHANGE, {}),
    "échange d'un autre protocole": (b'{"protocole": 99}', ECHANGE, {}),
    "échange mal compressé": (b"pas du gzip", ECHANGE, {"Content-Encoding": "gzip"}),
    "échange à codage inconnu": (b"{}", ECHANGE, {"Content-Encoding": "compress"}),
    "échange gonflé": (gzip.compress(b" " * (20 * 1024 * 1024)), ECHANGE, {"Content-Encoding": "gzip"}),
    "dépôt gonflé": (gzip.compress(b" " * (20 * 1024 * 1024)), SCELLES, {"Content-Encoding": "gzip"}),
    "dépôt tronqué": (b'{"appareil": "', SCELLES, {}),
    "trop gros": (b"a=" + b"x" * (4 * 1024 * 1024 + 1), FORMULAIRE, {}),
    "échange trop gros": (b" " * (4 * 1024 * 1024 + 1), ECHANGE, {}),
    "champ trop gros": (b"q=" + b"x" * (600 * 1024), FORMULAIRE, {}),
}


def contenu(app) -> dict[str, list[Any]]:
    """Tout ce que la base contient, table par table."""
    with app.app_context():
        noms = [nom for nom in inspect(db.engine).get_table_names() if nom not in HORS_COMPTE]
        # Les dates de connexion changent avec la session : elles ne sont pas un fait.
        return {
            nom: sorted(map(repr, db.session.execute(text(f"SELECT * FROM {nom}")).all()))  # noqa: S608  # noms de la base
            for nom in noms
        }


def test_a_hostile_body_is_cleanly_refused_everywhere(app, equipes, connecte):
    cas = un_cas(app, equipes[0])
    nav = connecte("chef_de_service")
    jeton = nav.jeton()
    avant = contenu(app)
    for nom, (corps, genre, entetes) in CORPS.items():
        for adresse in formulaires(app, cas):
            reponse = nav.client.post(
                adresse.chemin,
                data=corps,
                content_type=genre,
                base_url=ADRESSE,
                headers={**en_tetes(), "X-CSRFToken": jeton, **entetes},
            )
            assert 200 <= reponse.status_code < 500, (nom, adresse, reponse.status_code)
        assert contenu(app) == avant, nom
    assert nav.get("/supervision/fiches").status_code == 200


def formulaires(app, cas) -> list[Adresse]:
    """Toutes les adresses qui reçoivent un corps, sauf celles qui ferment la session."""
    fermantes = {"connexion.sortir", "appareils.adieu", "aide.reconnexion"}
    return [a for a in adresses(app, id=cas.personne) if a.methode == "POST" and a.endpoint not in fermantes]


CHAINES = [
    "<script>alert(1)</script>",
    "'; DROP TABLE personne; --",
    "{{ 7*7 }}{% for x in y %}",
    "\x00nul",
    "‮renversé",
    "../../../../etc/passwd",
    "x" * 20_000,
    '=HYPERLINK("http://x")',
    "😀" * 500,
]


CHAMPS = (
    *("q", "nom", "prenom", "statut", "op_id", "entite", "date", "heure", "synthese", "moyen", "retour"),
    *("suite", "fiche", "convention", "remarque", "jusqu_au", "courriel"),
)


def test_a_hostile_text_in_every_field_is_escaped_or_refused(app, equipes, connecte):
    cas = un_cas(app, equipes[0])
    nav = connecte("chef_de_service")
    for chaine in CHAINES:
        champs = dict.fromkeys(CHAMPS, chaine) | {"dossier": cas.personne}
        for adresse in formulaires(app, cas):
            reponse = nav.post(adresse.chemin, champs)
            assert 200 <= reponse.status_code < 500, (chaine[:40], adresse, reponse.status_code)
            assert "<script>alert" not in reponse.text
            assert reponse.headers.get("Location", "/").startswith("/")
    assert "<script>alert" not in nav.get(f"/dossiers/{cas.personne}").text


def test_a_script_kept_in_a_file_stays_text_on_every_page(app, equipes, connecte):
    cas = un_cas(app, equipes[0], nom="<img src=x onerror=alert(1)>")
    cas.faire("modifier_entretien", cas.entretien, {"synthese": "<script>alert(2)</script>", "lieu": "<b>Toul</b>"})
    chef = connecte("chef_de_service")
    for adresse in adresses(app, id=cas.personne):
        if adresse.methode != "GET":
            continue
        page = chef.get(adresse.chemin).get_data().decode(errors="replace")  # un PDF n'est pas du texte
        for interdit in ("<img src=x", "<script>alert", "<b>Toul"):
            assert interdit not in page, adresse
    assert "&lt;script&gt;alert(2)" in chef.get("/supervision/fiches").text


ADRESSES = [
    "/entretiens/nouveau?dossier=../..",
    "/entretiens/nouveau?dossier=%00",
    "/rendez-vous/nouveau?dossier=" + "9" * 5000,
    "/supervision/fiches?filtre=%27&par=%3Cscript%3E",
    "/rapports/%2e%2e/2022",
    "/rapports/DSP-TDL/99999999999999",
    "/rapports/DSP-TDL/0",
    "/rapports/DSP-TDL/2022/__class__/__init__/nombre",
    "/connexion?suite=//ailleurs",
    "/verrou?suite=javascript:alert(1)",
    "/icones/../config.py",
    "/icones/%2e%2e/%2e%2e/app/config.py",
    "/dossiers/ZZZZZZZZ-0000-0000-0000-000000000000",
]


def test_a_hostile_address_is_a_clean_answer(connecte):
    nav = connecte("chef_de_service")
    for chemin in ADRESSES:
        reponse = nav.get(chemin)
        assert reponse.status_code < 500, chemin
        assert "alert(1)" not in reponse.headers.get("Location", "")
        assert "SECRET_KEY" not in reponse.text


def test_errors_in_an_exchange_are_spoken_in_json(connecte):
    nav = connecte()
    for corps, statut in ((b"{}", 400), (json.dumps({"protocole": 99}).encode(), 426)):
        reponse = nav.client.post("/sync", data=corps, content_type=ECHANGE, base_url=ADRESSE, headers=en_tetes())
        assert reponse.status_code == statut
        assert set(reponse.json) == {"erreur", "message"}
    assert nav.client.post("/sync", data=b"a=b", base_url=ADRESSE, headers=en_tetes()).status_code == 415
