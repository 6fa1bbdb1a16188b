"""WebKitGTK, le moteur de Safari, par WebKitWebDriver, dans un écran virtuel."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests.browser.attente import attendre
from tests.browser.serveur import port_libre

from .moteur import TAILLE_TELEPHONE, CommandeRefusee, Moteur

FENETRE = Path(__file__).with_name("fenetre_webkit.py")
PYTHON_DEBIAN = "/usr/bin/python3"
# Commande du W3C → verbe et chemin.
CHEMINS = {
    "Navigate": ("POST", "url"),
    "ExecuteScript": ("POST", "execute/sync"),
    "FindElement": ("POST", "element"),
    "ElementClick": ("POST", "element/{element}/click"),
    "ElementClear": ("POST", "element/{element}/clear"),
    "ElementSendKeys": ("POST", "element/{element}/value"),
    "TakeScreenshot": ("GET", "screenshot"),
}
# WebKitGTK n'applique pas manifest-src et le dit à chaque page : sans autre source permise, rien n'en dépend.
PLAINTE = re.compile(r"CONSOLE (?:JS |SECURITY |)ERROR (?!Unrecognized Content-Security-Policy directive).*")


class WebKit(Moteur):
    nom = "WebKitGTK"

    _ecran: subprocess.Popen[bytes] | None = None
    _pilote: subprocess.Popen[bytes] | None = None
    _session = ""
    _port = 0

    def lancer(self) -> None:
        self.profil.mkdir(parents=True, exist_ok=True)
        largeur, hauteur = TAILLE_TELEPHONE
        self._port = port_libre()
        with self.journal.open("ab") as sortie:
            numero = self._ouvrir_un_ecran(sortie)
            self._pilote = subprocess.Popen(
                ["WebKitWebDriver", f"--port={self._port}"],
                env={
                    **os.environ,
                    "DISPLAY": f":{numero}",
                    "LIBGL_ALWAYS_SOFTWARE": "1",
                    "NO_AT_BRIDGE": "1",
                    "TZ": "Europe/Paris",
                    "LANGUAGE": "fr",
                },
                stdout=sortie,
                stderr=sortie,
                start_new_session=True,
            )
        attendre(self._pret, "WebKitWebDriver")
        options = {
            "binary": PYTHON_DEBIAN,
            "args": [str(mot) for mot in (FENETRE, self.profil, self.certificat, largeur, hauteur, int(self.nuit))],
        }
        voulu = {"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}}
        ouverte = self._demander("POST", "/session", voulu)
        self._session, self.capacites = ouverte["sessionId"], ouverte["capabilities"]

    def tuer(self) -> None:
        for processus in (self._pilote, self._ecran):
            if processus is not None:
                os.killpg(processus.pid, signal.SIGKILL)
                processus.wait(timeout=10)
        self._pilote = self._ecran = None

    def fermer(self) -> None:
        # La fenêtre se ferme sous la commande, qui s'en plaint.
        with contextlib.suppress(CommandeRefusee):
            self._demander("DELETE", f"/session/{self._session}")
        self.tuer()

    def dossiers_du_site(self) -> list[Path]:
        return [dossier for dossier in (self.profil / "donnees").iterdir() if dossier.is_dir()]

    def commande(self, nom: str, element: str = "", **valeurs: Any) -> Any:
        verbe, chemin = CHEMINS[nom]
        corps = valeurs if verbe == "POST" else None
        return self._demander(verbe, f"/session/{self._session}/{chemin.format(element=element)}", corps)

    def plaintes(self) -> list[str]:
        return PLAINTE.findall(self.journal.read_text(errors="replace"))

    def _ouvrir_un_ecran(self, sortie: Any) -> int:
        """Xvfb choisit un numéro libre et l'écrit."""
        lecture, ecriture = os.pipe()
        self._ecran = subprocess.Popen(
            ["Xvfb", "-displayfd", str(ecriture), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
            pass_fds=[ecriture],
            stdout=sortie,
            stderr=sortie,
            start_new_session=True,
        )
        os.close(ecriture)
        with os.fdopen(lecture) as tube:
            return int(tube.readline())

    def _pret(self) -> bool:
        try:
            return bool(self._demander("GET", "/status")["ready"])
        except urllib.error.URLError:
            return False

    def _demander(self, verbe: str, chemin: str, corps: Any = None) -> Any:
        demande = urllib.request.Request(
            f"http://127.0.0.1:{self._port}{chemin}",
            method=verbe,
            data=None if corps is None else json.dumps(corps).encode(),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(demande, timeout=60) as reponse:
                return json.load(reponse)["value"]
        except urllib.error.HTTPError as erreur:
            dit = json.load(erreur)["value"]
            raise CommandeRefusee(f"{dit['error']} : {dit.get('message', '')}") from None
