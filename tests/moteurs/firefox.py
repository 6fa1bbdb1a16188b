"""Firefox ESR, par Marionette : sa propre télécommande, sur une prise locale. Aucun pilote à installer."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

from tests.browser.attente import attendre

from .moteur import TAILLE_TELEPHONE, CommandeRefusee, Moteur

REGLAGES = {
    "marionette.port": 0,  # un port libre, que Firefox écrit dans son profil
    "intl.accept_languages": "fr-FR, fr",
    "toolkit.legacyUserProfileCustomizations.stylesheets": True,
    "devtools.console.stdout.content": True,  # la console des pages, au journal
}
# Une fenêtre de bureau refuse d'être étroite comme un téléphone ; celle-ci le peut.
FENETRE_ETROITE = ":root { min-width: 0 !important; min-height: 0 !important; }\n"
# Entre guillemets : la console d'une page. Celle de Firefox lui-même n'en met pas.
PLAINTE = re.compile(r"^(?:JavaScript error: https://localhost|console\.error: \").*", re.MULTILINE)


class Firefox(Moteur):
    nom = "Firefox"

    _processus: subprocess.Popen[bytes] | None = None
    _prise: socket.socket
    _rang = 0

    def lancer(self) -> None:
        self._preparer_le_profil()
        port = self.profil / "MarionetteActivePort"
        port.unlink(missing_ok=True)
        with self.journal.open("ab") as sortie:
            self._processus = subprocess.Popen(
                ["firefox-esr", "--headless", "--no-remote", "--marionette", "--profile", self.profil],
                env={**os.environ, "HOME": str(self.profil), "LANGUAGE": "fr", "TZ": "Europe/Paris"},
                stdout=sortie,
                stderr=sortie,
                start_new_session=True,
            )
        attendre(lambda: port.exists() and port.read_text().strip(), "Marionette", delai=60)
        self._prise = socket.create_connection(("127.0.0.1", int(port.read_text())), timeout=60)
        self._recevoir()  # le salut : le protocole et sa version
        self.capacites = self._demander("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {}}})["capabilities"]
        cadre = self._demander("WebDriver:GetWindowRect", {})
        dehors = self.evaluer("return [innerWidth, innerHeight];")
        largeur, hauteur = TAILLE_TELEPHONE
        self._demander(
            "WebDriver:SetWindowRect",
            {"width": cadre["width"] - dehors[0] + largeur, "height": cadre["height"] - dehors[1] + hauteur},
        )

    def tuer(self) -> None:
        processus, self._processus = self._processus, None
        if processus is not None:
            os.killpg(processus.pid, signal.SIGKILL)
            processus.wait(timeout=10)
            self._prise.close()

    def fermer(self) -> None:
        assert self._processus is not None, "Firefox est fermé"
        self._demander("Marionette:Quit", {"flags": ["eAttemptQuit"]})
        self._processus.wait(timeout=30)
        self._processus = None
        self._prise.close()

    def dossiers_du_site(self) -> list[Path]:
        return list((self.profil / "storage" / "default").glob("https+++localhost*"))

    def commande(self, nom: str, element: str = "", **valeurs: Any) -> Any:
        reponse = self._demander(f"WebDriver:{nom}", {**valeurs, **({"id": element} if element else {})})
        return reponse["value"] if isinstance(reponse, dict) and "value" in reponse else reponse

    def plaintes(self) -> list[str]:
        return PLAINTE.findall(self.journal.read_text(errors="replace"))

    def _preparer_le_profil(self) -> None:
        if self.profil.exists():
            return
        (self.profil / "chrome").mkdir(parents=True)
        reglages = {**REGLAGES, "ui.systemUsesDarkTheme": int(self.nuit)}
        lignes = [f"user_pref({json.dumps(nom)}, {json.dumps(valeur)});\n" for nom, valeur in reglages.items()]
        (self.profil / "user.js").write_text("".join(lignes))
        (self.profil / "chrome" / "userChrome.css").write_text(FENETRE_ETROITE)
        # L'autorité locale, rangée dans le magasin du profil comme le ferait « Importer » dans les réglages.
        magasin = f"sql:{self.profil}"
        subprocess.run(["certutil", "-N", "-d", magasin, "--empty-password"], check=True, capture_output=True)
        ajout = ["certutil", "-A", "-d", magasin, "-t", "C,,", "-n", "jalon", "-i", self.autorite]
        subprocess.run(ajout, check=True, capture_output=True)

    def _demander(self, nom: str, valeurs: dict[str, Any]) -> Any:
        self._rang += 1
        corps = json.dumps([0, self._rang, nom, valeurs]).encode()
        self._prise.sendall(b"%d:%b" % (len(corps), corps))
        _, rang, erreur, reponse = self._recevoir()
        assert rang == self._rang, "une réponse de Firefox s'est perdue"
        if erreur:
            raise CommandeRefusee(f"{erreur['error']} : {erreur['message']}")
        return reponse

    def _recevoir(self) -> Any:
        """« longueur:corps »."""
        longueur = b""
        while not longueur.endswith(b":"):
            longueur += self._lire(1)
        return json.loads(self._lire(int(longueur[:-1])))

    def _lire(self, combien: int) -> bytes:
        recu = b""
        while len(recu) < combien:
            morceau = self._prise.recv(combien - len(recu))
            if not morceau:
                raise CommandeRefusee("Firefox a raccroché")
            recu += morceau
        return recu
