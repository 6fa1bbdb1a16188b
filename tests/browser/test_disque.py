"""Un témoin que l'on ne saurait pas trouver ne prouverait rien : la fouille trouve d'abord ce qu'on a caché exprès."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # la bibliothèque ne publie pas ses types
import pytest
from playwright.sync_api import Playwright

from .disque import chercher, decompresser_snappy
from .navigateur import Navigateur

CACHES = {"/gzip": "Philomène Témoin-Gzip", "/br": "Aurélie Témoin-Brotli", "/clair": "Zoé Témoin-Claire"}
CLE = bytes(range(101, 133))


class PageBavarde(BaseHTTPRequestHandler):
    """Sert des réponses que le navigateur garde, compressées de trois façons."""

    def do_GET(self) -> None:
        texte = f"<!doctype html><meta charset=utf-8><p>{CACHES.get(self.path, 'accueil')}"
        corps = texte.encode() + b" remplissage" * 50
        self.send_response(200)
        if self.path == "/gzip":
            corps = gzip.compress(corps)
            self.send_header("Content-Encoding", "gzip")
        if self.path == "/br":
            corps = brotli.compress(corps)
            self.send_header("Content-Encoding", "br")
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Cache-Control", "max-age=3600")
        self.send_header("Content-Length", str(len(corps)))
        self.end_headers()
        self.wfile.write(corps)

    def log_message(self, *_: object) -> None:
        """Rien à dire."""


@pytest.fixture
def bavarde() -> Iterator[str]:
    serveur = ThreadingHTTPServer(("127.0.0.1", 0), PageBavarde)
    fil = threading.Thread(target=serveur.serve_forever)
    fil.start()
    yield f"http://localhost:{serveur.server_port}"
    serveur.shutdown()
    serveur.server_close()
    fil.join()


def test_the_disk_search_finds_what_a_careless_page_leaves_behind(
    playwright: Playwright, tmp_path: Path, bavarde: str
) -> None:
    navigateur = Navigateur(playwright, tmp_path / "profil", bavarde)
    navigateur.tolerer("favicon|status of 404")
    page = navigateur.lancer()
    for chemin in CACHES:
        page.goto(chemin)
    page.evaluate(
        """async (cle) => {
          localStorage.setItem("note", "Bérénice Témoin-Rangée");
          const base = await new Promise((ok) => {
            const demande = indexedDB.open("essai", 1);
            demande.onupgradeneeded = () => demande.result.createObjectStore("s");
            demande.onsuccess = () => ok(demande.result);
          });
          const aes = await crypto.subtle.importKey("raw", new Uint8Array(cle), "AES-GCM", false, ["encrypt"]);
          const ecriture = base.transaction("s", "readwrite", { durability: "strict" });
          ecriture.objectStore("s").put(aes, "cle");
          ecriture.objectStore("s").put({ nom: "Joséphine Témoin-Fichée ".repeat(40) }, "fiche");
          await new Promise((ok) => { ecriture.oncomplete = ok; });
          await (await caches.open("pages")).put("/x", new Response("Lucie Témoin-Cachée"));
        }""",
        list(CLE),
    )
    navigateur.fermer()
    navigateur.relancer()  # LevelDB range alors son journal dans une table compressée
    navigateur.page.goto("/clair")
    navigateur.fermer()

    temoins = [*CACHES.values(), "Bérénice Témoin-Rangée", "Joséphine Témoin-Fichée", "Lucie Témoin-Cachée"]
    trouves = {trouvaille.quoi for trouvaille in chercher(navigateur.profil, temoins, {"clé": CLE})}

    assert trouves == {*temoins, "clé"}
    assert not chercher(navigateur.profil, ["Personne N'A Ce Nom"])


def test_a_snappy_block_is_read_with_its_back_references() -> None:
    # « abcd » puis un renvoi de 4 octets en arrière, sur 8 octets.
    assert decompresser_snappy(bytes([12, 3 << 2]) + b"abcd" + bytes([(4 << 2) | 1, 4])) == b"abcdabcdabcd"
