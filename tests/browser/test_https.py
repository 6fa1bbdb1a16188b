"""`make demo HTTPS=1` : à l'adresse du réseau local, un téléphone se prépare en https, puis se passe de réseau."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from .conftest import OuvrirNavigateur
from .parcours import ORIGINE_APPAREIL, Parcours
from .semences import Semis
from .serveur import RACINE, SECRET, port_libre

# Une adresse de réseau local, que seul ce navigateur croit être cette machine.
ADRESSE = "192.168.77.20"

LANCER = f"""
import sys
from pathlib import Path
from app.commandes import serve
serve.adresses_locales = lambda: ["{ADRESSE}"]
serve.servir(int(sys.argv[1]), https=True, INSTANCE=sys.argv[2])
"""


@dataclass(frozen=True)
class Site:
    adresse: str
    certificat: Path

    def empreinte(self) -> str:
        """Celle de la clé du certificat : Chromium ne croira que lui, sans magasin d'autorités à préparer."""
        cle = x509.load_pem_x509_certificate(self.certificat.read_bytes()).public_key()
        clair = cle.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(hashlib.sha256(clair).digest()).decode()


@pytest.fixture
def site(actifs_construits: None, base_semee: tuple[Path, Semis], tmp_path: Path) -> Iterator[Site]:
    base, port = tmp_path / "jalon.sqlite", port_libre()
    shutil.copy(base_semee[0], base)
    with (tmp_path / "serveur.log").open("wb") as journal:
        serveur = subprocess.Popen(
            [sys.executable, "-c", LANCER, str(port), str(tmp_path)],
            cwd=RACINE,
            env={**os.environ, "DATABASE_URL": f"sqlite:///{base}", "SECRET_KEY": SECRET, "TRUSTED_HOSTS": ""},
            stdout=journal,
            stderr=journal,
            start_new_session=True,
        )
    try:
        attendre_sante(port, tmp_path / "tls" / "autorite.crt", serveur)
        yield Site(f"https://{ADRESSE}:{port}", tmp_path / "tls" / "serveur.crt")
    finally:
        os.killpg(serveur.pid, signal.SIGTERM)
        serveur.wait(timeout=10)


def attendre_sante(port: int, autorite: Path, serveur: subprocess.Popen[bytes]) -> None:
    """/sante répond, et son certificat se vérifie par l'autorité, comme le fera un téléphone où elle est installée."""
    limite = time.monotonic() + 30
    while serveur.poll() is None and time.monotonic() < limite:
        try:
            confiance = ssl.create_default_context(cafile=autorite)
            with urllib.request.urlopen(f"https://localhost:{port}/sante", timeout=2, context=confiance) as reponse:
                assert reponse.status == 200
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError("le serveur n'a pas démarré en https")


def test_a_phone_is_prepared_over_https_at_the_local_address_and_works_without_network(
    site: Site, semis: Semis, ouvrir_navigateur: OuvrirNavigateur
) -> None:
    arguments = [
        f"--host-resolver-rules=MAP {ADRESSE} 127.0.0.1",
        f"--ignore-certificate-errors-spki-list={site.empreinte()}",
    ]
    telephone = Parcours(ouvrir_navigateur(site.adresse, arguments=arguments))
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    telephone.installer()
    assert telephone.page.evaluate("() => isSecureContext")
    cookies = {biscuit["name"]: biscuit for biscuit in telephone.navigateur.contexte.cookies()}
    assert {"__Host-jalon", "__Host-appareil"} <= cookies.keys()
    assert all(biscuit["secure"] and biscuit["domain"] == ADRESSE for biscuit in cookies.values())
    telephone.navigateur.couper_le_reseau()
    telephone.ouvrir("/dossiers")
    assert telephone.rendu_par() == ORIGINE_APPAREIL
    telephone.noter_un_contact(semis.personnes["Quéméneur-Témoin"], "Noté en mode avion.")
    telephone.navigateur.rendre_le_reseau()
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")
