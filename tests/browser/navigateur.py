"""Un vrai Chromium, avec son profil sur le disque : on l'ouvre, on le tue, on le relance, et il se plaint ici."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import BrowserContext, CDPSession, ConsoleMessage, Page, Playwright, WebError
from playwright.sync_api import Error as ErreurPlaywright

from .attente import attendre

TAILLE_TELEPHONE = (390, 844)

ARGUMENTS = [
    "--no-sandbox",  # les essais tournent aussi en administrateur
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--enable-logging",  # la console du worker ne parvient qu'au journal du navigateur
    "--disable-features=Translate,OptimizationHints,MediaRouter",
]

# Écoutée dans la page même : la console n'en dit qu'une phrase, l'événement dit la directive et ce qu'elle a retenu.
GUETTER_LA_POLITIQUE = """
addEventListener("securitypolicyviolation", (e) =>
  console.error("politique de sécurité", e.effectiveDirective, e.blockedURI, e.sourceFile, e.lineNumber, e.sample));
"""

# Un serveur mort ou une session finie s'écrivent d'office en rouge dans la console : c'est l'objet de ces essais.
ATTENDUES = [
    re.compile(r"Failed to load resource: net::ERR_"),
    re.compile(r"Failed to load resource: the server responded with a status of (401|409|410|422|429|503)"),
    re.compile(r"An unknown error occurred when fetching the script"),  # sw.js redemandé hors ligne
    re.compile(r"envoi remis\u202f: \w+"),  # réveil du worker sans réseau : le rejet demande au navigateur de réessayer
    re.compile(r"net::ERR_(CONNECTION_REFUSED|INTERNET_DISCONNECTED|EMPTY_RESPONSE|CONNECTION_RESET)"),
]

DIRE_MASQUE = """() => {
  Object.defineProperty(document, "visibilityState", { get: () => "hidden", configurable: true });
  Object.defineProperty(document, "hidden", { get: () => true, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
DIRE_VISIBLE = """() => {
  delete document.visibilityState;
  delete document.hidden;
  document.dispatchEvent(new Event("visibilitychange"));
}"""
DIRE_MASQUE_AU_WORKER = """() => {
  self.visibiliteVraie ??= Object.getOwnPropertyDescriptor(WindowClient.prototype, "visibilityState");
  Object.defineProperty(WindowClient.prototype, "visibilityState", { get: () => "hidden", configurable: true });
}"""
DIRE_VISIBLE_AU_WORKER = """() => {
  Object.defineProperty(WindowClient.prototype, "visibilityState", self.visibiliteVraie);
}"""


def executable() -> str:
    for nom in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if trouve := shutil.which(nom):
            return trouve
    raise AssertionError("aucun Chromium : sur Debian, apt install chromium")


class Navigateur:
    """Un profil et le Chromium qui l'habite. `page` est l'onglet du parcours."""

    def __init__(
        self,
        playwright: Playwright,
        profil: Path,
        adresse: str,
        *,
        taille: tuple[int, int] = TAILLE_TELEPHONE,
        couleurs: Literal["light", "dark"] = "light",
        lanceur: str | None = None,
        script: bool = True,
        arguments: Sequence[str] = (),
    ) -> None:
        self.profil = profil
        self.adresse = adresse
        self.plaintes: list[str] = []
        # Hors du profil : la fouille du disque ne doit juger que ce que le navigateur garde de lui-même.
        self.journal = profil.with_name(profil.name + ".log")
        self._playwright = playwright
        self._taille = taille
        self._couleurs = couleurs
        self._lanceur = lanceur
        self._script = script
        self._arguments = [*ARGUMENTS, *arguments]
        self._tolerees: list[re.Pattern[str]] = list(ATTENDUES)
        self._contexte: BrowserContext | None = None
        self._page: Page | None = None

    @property
    def contexte(self) -> BrowserContext:
        assert self._contexte is not None, "le navigateur est fermé"
        return self._contexte

    @property
    def page(self) -> Page:
        assert self._page is not None, "le navigateur est fermé"
        return self._page

    def lancer(self) -> Page:
        largeur, hauteur = self._taille
        self._contexte = self._playwright.chromium.launch_persistent_context(
            self.profil,
            executable_path=self._lanceur or executable(),
            headless=True,
            args=self._arguments,
            env={**os.environ, "CHROME_LOG_FILE": str(self.journal), "LANGUAGE": "fr"},
            base_url=self.adresse,
            locale="fr-FR",
            timezone_id="Europe/Paris",
            color_scheme=self._couleurs,
            viewport={"width": largeur, "height": hauteur},
            has_touch=largeur < 600,
            java_script_enabled=self._script,
            service_workers="allow",
        )
        self._contexte.add_init_script(GUETTER_LA_POLITIQUE)
        self._contexte.on("console", self._entendre)
        self._contexte.on("weberror", self._entendre_erreur)
        self._page = self._contexte.pages[0] if self._contexte.pages else self._contexte.new_page()
        self._page.set_default_timeout(15_000)
        return self._page

    def nouvel_onglet(self) -> Page:
        page = self.contexte.new_page()
        page.set_default_timeout(15_000)
        return page

    def fermer(self) -> None:
        """Fermeture ordinaire, qui laisse au navigateur le temps d'écrire ses fichiers."""
        contexte, self._contexte, self._page = self._contexte, None, None
        if contexte is not None:
            with contextlib.suppress(ErreurPlaywright):
                contexte.close()

    def tuer(self) -> None:
        """SIGKILL au groupe de processus de ce profil, et de lui seul."""
        pids = self.pids()
        assert pids, "aucun processus pour ce profil"
        for groupe in {os.getpgid(pid) for pid in pids}:
            assert groupe != os.getpgid(0), "le navigateur partage notre groupe de processus"
            os.killpg(groupe, signal.SIGKILL)
        attendre(lambda: not self.pids(), "la mort du navigateur")
        self.fermer()

    def relancer(self) -> Page:
        """Rouvre le même profil, comme la personne qui retouche l'icône."""
        return self.lancer()

    def pids(self) -> list[int]:
        """Les processus vivants dont la ligne de commande nomme ce profil."""
        marque = f"--user-data-dir={self.profil}".encode()
        trouves = []
        for dossier in Path("/proc").iterdir():
            if dossier.name.isdigit():
                with contextlib.suppress(OSError):
                    if marque in (dossier / "cmdline").read_bytes().split(b"\0"):
                        trouves.append(int(dossier.name))
        return trouves

    def patienter(self, secondes: float) -> None:
        """Laisse passer du temps en continuant de recevoir les événements du navigateur."""
        self.page.wait_for_timeout(secondes * 1000)

    def attendre_que(self, script: str, quoi: str, argument: Any = None, *, page: Page | None = None) -> Any:
        """Relit `script` jusqu'à une valeur vraie. (`wait_for_function` compile du texte : la politique l'interdit.)"""
        cible = page or self.page

        def lire() -> Any:
            try:
                return cible.evaluate(script, argument)
            except ErreurPlaywright as erreur:
                if "Execution context was destroyed" in str(erreur) or "navigat" in str(erreur):
                    return None  # la page change : on relira la suivante
                raise

        return attendre(lire, quoi, patienter=lambda secondes: cible.wait_for_timeout(secondes * 1000))

    def cdp(self, page: Page | None = None) -> CDPSession:
        return self.contexte.new_cdp_session(page or self.page)

    def arreter_le_worker(self, repos: float = 1) -> None:
        """Ce que fait le navigateur d'un worker au repos. La mémoire du worker est perdue, pas celle des pages."""
        # Un worker qui vient de servir n'est jamais au repos : la page a eu le temps de prendre la session en garde.
        self.patienter(repos)
        etats: list[str] = []
        cdp = self.cdp()
        cdp.on(
            "ServiceWorker.workerVersionUpdated",
            lambda evenement: etats.extend(version["runningStatus"] for version in evenement["versions"]),
        )
        cdp.send("ServiceWorker.enable")
        cdp.send("ServiceWorker.stopAllWorkers")
        attendre(lambda: "stopped" in etats, "l'arrêt du worker", patienter=self.patienter)
        cdp.detach()

    def couper_le_reseau(self) -> None:
        self.contexte.set_offline(True)

    def rendre_le_reseau(self) -> None:
        self.contexte.set_offline(False)

    def masquer(self) -> None:
        """L'application passe derrière une autre. Sans écran rien n'est jamais masqué : on le fait dire à tous."""
        for worker in self.contexte.service_workers:
            worker.evaluate(DIRE_MASQUE_AU_WORKER)
        for page in self.contexte.pages:
            page.evaluate(DIRE_MASQUE)

    def remontrer(self) -> None:
        for worker in self.contexte.service_workers:
            worker.evaluate(DIRE_VISIBLE_AU_WORKER)
        for page in self.contexte.pages:
            page.evaluate(DIRE_VISIBLE)

    def tolerer(self, motif: str) -> None:
        """Une plainte que ce parcours provoque exprès."""
        self._tolerees.append(re.compile(motif))

    def toutes_les_plaintes(self) -> list[str]:
        """Celles des pages, et celles du worker, lues au journal du navigateur."""
        lignes = self.journal.read_text(errors="replace").splitlines() if self.journal.exists() else []
        for ligne in lignes:
            # Une exception du worker, ou la page d'excuse qu'il en a faite.
            if ":CONSOLE:" in ligne and "/sw.js" in ligne and ("Uncaught" in ligne or "page impossible" in ligne):
                self._retenir("worker : " + ligne.split("] ", 1)[-1])
        return self.plaintes

    def verifier_sans_plainte(self) -> None:
        plaintes = self.toutes_les_plaintes()
        assert not plaintes, "le navigateur s'est plaint :\n" + "\n".join(plaintes)

    def _entendre(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._retenir(f"console : {message.text} {message.location.get('url', '')}")

    def _entendre_erreur(self, erreur: WebError) -> None:
        self._retenir(f"page : {erreur.error}")

    def _retenir(self, plainte: str) -> None:
        if not any(motif.search(plainte) for motif in self._tolerees):
            self.plaintes.append(plainte)
