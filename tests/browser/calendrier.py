"""Un calendrier que l'on tourne : le vrai serveur et le vrai navigateur vivent au jour dit.

Le serveur suit une date écrite dans un fichier ; la page et le service worker d'un navigateur reçoivent la leur.
Dans le produit, le jour ne vient que de `Date.now` (`static/js/worker/index.js`) : c'est elle que l'on règle.
"""

from __future__ import annotations

import datetime as dt
import sys
from email.utils import parsedate_to_datetime
from pathlib import Path

from tests.views.conftest import jeton_de

from .attente import attendre
from .navigateur import Navigateur
from .parcours import Parcours
from .serveur import Serveur

# `jalon serve`, dont l'horloge saute à la date écrite dans un fichier, dans chacun de ses processus.
LANCER = """
import ctypes, datetime, os, pathlib, signal, sys, threading, time, time_machine
if sys.platform == "linux":
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
fichier = pathlib.Path(sys.argv.pop(1))
lu = fichier.read_text()
horloge = time_machine.travel(datetime.datetime.fromisoformat(lu)).start()

def suivre(lu=lu):
    while True:
        if (voulu := fichier.read_text()) not in ("", lu):
            horloge.move_to(datetime.datetime.fromisoformat(voulu))
            lu = voulu
        time.sleep(0.02)

commencer = lambda: threading.Thread(target=suivre, daemon=True).start()
os.register_at_fork(after_in_child=commencer)
commencer()
from app.commandes import main
main()
"""

# L'heure ne coule pas : sept jours tout juste sans échange ne deviennent pas sept jours et une seconde.
REGLER_LE_WORKER = "(instant) => { Date.now = () => instant; }"


class ServeurDate(Serveur):
    """Un serveur à qui l'on dit le jour, sans l'arrêter."""

    def __init__(self, dossier: Path, instant: dt.datetime) -> None:
        super().__init__(dossier)
        self._date = dossier / "date"
        self._date.write_text(instant.isoformat())

    def _commande(self, decalage_jours: int) -> list[str]:
        return [sys.executable, "-c", LANCER, str(self._date), "serve", "--port", str(self.port), "--processus", "1"]

    def regler(self, instant: dt.datetime) -> None:
        neuf = self._date.with_suffix(".neuf")
        neuf.write_text(instant.isoformat())
        neuf.replace(self._date)
        attendre(lambda: abs(self._dit() - instant) < dt.timedelta(minutes=10), f"le serveur au {instant}")

    def _dit(self) -> dt.datetime:
        with self._demander_sante() as reponse:
            return parsedate_to_datetime(reponse.headers["Date"])


class AuCalendrier:
    """Une conseillère, son téléphone, et le calendrier de tous : chaque jour commence, avec ou sans réseau."""

    def __init__(self, serveur: ServeurDate, telephone: Parcours, courriel: str, secret: str) -> None:
        self.serveur, self.parcours = serveur, telephone
        self.courriel, self.secret = courriel, secret
        self.instant = dt.datetime.min.replace(tzinfo=dt.UTC)

    def commencer(self, instant: dt.datetime, *, reseau: bool) -> None:
        self.instant = instant
        if reseau:
            self.serveur.regler(instant)
            self.parcours.navigateur.rendre_le_reseau()
        else:
            self.parcours.navigateur.couper_le_reseau()
        self.regler()
        if reseau:
            self._se_connecter()
        self._ouvrir_le_carnet()

    def envoyer(self) -> None:
        self.parcours.envoyer_maintenant()
        self.parcours.attendre_envoi("vide")

    def regler(self) -> None:
        regler_le_navigateur(self.parcours.navigateur, self.instant)

    def _se_connecter(self) -> None:
        """La session d'un autre jour a pu finir ; l'écran de connexion a ses essais, ici on le passe vite."""
        demande = self.parcours.navigateur.contexte.request
        page = demande.get("/connexion")
        if "/connexion" in page.url:
            champs = {"courriel": self.courriel, "mot_de_passe": self.secret, "csrf_token": jeton_de(page.text())}
            origine = {"Origin": self.parcours.navigateur.adresse}
            entree = demande.post("/connexion", form={**champs}, headers=origine, max_redirects=0)
            assert entree.status == 303, entree.text()[:400]

    def _ouvrir_le_carnet(self) -> None:
        """Resté ouvert, il se montre ; trop longtemps sans échange, il s'est fermé : la phrase le rouvre."""
        self.parcours.page.goto("/verrou?suite=/")
        if self.parcours.page.locator("form[data-verrou]").count():
            self.parcours.deverrouiller()


def regler_le_navigateur(navigateur: Navigateur, instant: dt.datetime) -> None:
    """La page et son worker. Un worker arrêté entre-temps reviendrait à l'heure vraie : on règle avant chaque geste."""
    navigateur.page.clock.set_fixed_time(instant)
    for worker in navigateur.contexte.service_workers:
        worker.evaluate(REGLER_LE_WORKER, int(instant.timestamp() * 1000))
