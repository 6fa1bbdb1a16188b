"""Le serveur de `make demo HTTPS=1`, que l'on tue et relance sans que son certificat change.

WebKit ne tient pas http://localhost pour sûr : ses cookies `__Host-` y seraient refusés. Les trois moteurs passent donc
par https et l'autorité locale, comme un téléphone.
"""

from __future__ import annotations

import ssl
import sys
import urllib.request
from pathlib import Path
from typing import Any

from tests.browser.serveur import Serveur

# Sans adresse de réseau local : le certificat ne vaut que pour cette machine.
LANCER = """
import sys
from app.commandes import serve
serve.adresses_locales = lambda: []
serve.servir(int(sys.argv[1]), https=True, INSTANCE=sys.argv[2])
"""


class ServeurHttps(Serveur):
    def __init__(self, dossier: Path) -> None:
        super().__init__(dossier, {"TRUSTED_HOSTS": ""})

    @property
    def adresse(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def autorite(self) -> Path:
        return self.dossier / "tls" / "autorite.crt"

    @property
    def certificat(self) -> Path:
        return self.dossier / "tls" / "serveur.crt"

    def _commande(self, decalage_jours: int) -> list[str]:
        assert not decalage_jours, "ce serveur est à l'heure"
        return [sys.executable, "-c", LANCER, str(self.port), str(self.dossier)]

    def _demander_sante(self) -> Any:
        """Par l'autorité : un certificat qui ne se vérifie pas n'est pas un serveur prêt."""
        if not self.autorite.exists():
            raise OSError("le certificat n'est pas encore fait")
        confiance = ssl.create_default_context(cafile=self.autorite)
        return urllib.request.urlopen(f"{self.adresse}/sante", timeout=2, context=confiance)
