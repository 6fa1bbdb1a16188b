"""Les pages de la première installation sont compressées, et elles seules : jamais un texte reçu à côté d'un jeton."""

from __future__ import annotations

import zlib

import brotli  # type: ignore[import-untyped]  # ce paquet ne publie pas ses types
import pytest


def demander(nav, chemin: str, codages: str = "gzip, deflate, br", **envoi: object):
    en_tetes = {"Accept-Encoding": codages, "Referer": "https://localhost/"}
    return nav.client.open(chemin, base_url="https://localhost", headers=en_tetes, **envoi)


@pytest.mark.parametrize("chemin", ["/connexion", "/installer"])
def test_the_pages_of_the_first_installation_are_compressed(navigateur, connecte, chemin):
    nav = navigateur() if chemin == "/connexion" else connecte("conseiller")
    nue = demander(nav, chemin, "identity")
    assert "Content-Encoding" not in nue.headers
    brotli_, gzip = demander(nav, chemin), demander(nav, chemin, "gzip")
    assert (brotli_.headers["Content-Encoding"], gzip.headers["Content-Encoding"]) == ("br", "gzip")
    for reponse, clair in ((brotli_, brotli.decompress(brotli_.data)), (gzip, zlib.decompress(gzip.data, wbits=31))):
        assert "<h1>" in clair.decode()
        assert len(reponse.data) < len(nue.data) / 2
        assert reponse.headers["Content-Length"] == str(len(reponse.data))
    assert all("Accept-Encoding" in reponse.headers["Vary"] for reponse in (nue, brotli_, gzip))


def test_a_page_that_repeats_its_request_beside_a_token_is_not_compressed(navigateur):
    nav = navigateur()
    repetee = demander(nav, "/connexion?suite=/dossiers")
    assert 'value="/dossiers"' in repetee.text
    assert "csrf_token" in repetee.text
    faux = {"csrf_token": nav.jeton(), "courriel": "qui@exemple.fr", "mot_de_passe": "faux"}
    refusee = demander(nav, "/connexion", method="POST", data=faux)
    assert refusee.status_code == 422
    assert "Content-Encoding" not in repetee.headers
    assert "Content-Encoding" not in refusee.headers


def test_no_page_of_the_notebook_is_compressed(connecte):
    nav = connecte("conseiller")
    for chemin in ("/", "/dossiers", "/envoi", "/appareils", "/aide/installation"):
        assert "Content-Encoding" not in demander(nav, chemin).headers, chemin


def test_the_manifest_comes_down_compressed_and_once(navigateur):
    nav = navigateur()
    premier = demander(nav, "/app.webmanifest")
    assert premier.headers["Content-Encoding"] == "br"
    assert b'"start_url"' in brotli.decompress(premier.data)
    encore = nav.client.get(
        "/app.webmanifest",
        base_url="https://localhost",
        headers={"If-None-Match": premier.headers["ETag"], "Accept-Encoding": "br"},
    )
    assert (encore.status_code, encore.data) == (304, b"")
