"""Le mandataire capricieux fait exactement la faute demandée, le nombre de fois demandé."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from .mandataire import Faute, Mandataire


class Echo(BaseHTTPRequestHandler):
    """Compte les requêtes reçues et renvoie leur corps."""

    recus: list[bytes]

    def do_POST(self) -> None:
        corps = self.rfile.read(int(self.headers["Content-Length"]))
        self.recus.append(corps)
        self.send_response(200)
        self.send_header("Content-Length", str(len(corps)))
        self.end_headers()
        self.wfile.write(corps)

    def log_message(self, *_: object) -> None:
        """Rien à dire."""


@pytest.fixture
def recus() -> list[bytes]:
    Echo.recus = []
    return Echo.recus


@pytest.fixture
def mandataire(recus: list[bytes]) -> Iterator[Mandataire]:
    serveur = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    fil = threading.Thread(target=serveur.serve_forever)
    fil.start()
    relais = Mandataire(serveur.server_port)
    relais.demarrer()
    yield relais
    relais.arreter()
    serveur.shutdown()
    serveur.server_close()
    fil.join()


def envoyer(relais: Mandataire, corps: bytes, *, morceaux: bool = False) -> tuple[int, bytes] | None:
    connexion = http.client.HTTPConnection("127.0.0.1", relais.port, timeout=5)
    try:
        connexion.request("POST", "/sync", iter([corps]) if morceaux else corps, encode_chunked=morceaux)
        reponse = connexion.getresponse()
        return reponse.status, reponse.read()
    except (http.client.HTTPException, OSError):
        return None
    finally:
        connexion.close()


def test_without_a_fault_the_request_and_the_answer_pass_unchanged(mandataire: Mandataire, recus: list[bytes]) -> None:
    assert envoyer(mandataire, b"bonjour") == (200, b"bonjour")
    assert envoyer(mandataire, b"en morceaux", morceaux=True) == (200, b"en morceaux")
    assert recus == [b"bonjour", b"en morceaux"]


def test_a_lost_answer_was_treated_by_the_server(mandataire: Mandataire, recus: list[bytes]) -> None:
    mandataire.provoquer(Faute.PERDRE_LA_REPONSE)
    assert envoyer(mandataire, b"premier") is None
    assert envoyer(mandataire, b"second") == (200, b"second")
    assert recus == [b"premier", b"second"]


def test_a_cut_request_never_reaches_the_server(mandataire: Mandataire, recus: list[bytes]) -> None:
    mandataire.provoquer(Faute.COUPER, fois=2)
    assert envoyer(mandataire, b"a") is None
    assert envoyer(mandataire, b"b") is None
    assert envoyer(mandataire, b"c") == (200, b"c")
    assert recus == [b"c"]


def test_a_captive_portal_answers_html_in_place_of_the_server(mandataire: Mandataire, recus: list[bytes]) -> None:
    mandataire.provoquer(Faute.PORTAIL_CAPTIF)
    statut, corps = envoyer(mandataire, b"a") or (0, b"")
    assert statut == 200
    assert b"<!doctype html>" in corps
    assert recus == []


def test_a_served_file_can_be_retouched_on_its_way(mandataire: Mandataire) -> None:
    mandataire.retoucher("/sync", lambda corps: corps + b" v2")
    assert envoyer(mandataire, b"version") == (200, b"version v2")
