"""Le serveur de la simulation : le vrai échange sur une vraie base, une horloge réglable, et le réseau qui y mène."""

from __future__ import annotations

import base64
import datetime as dt
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Engine, event, update
from sqlalchemy.exc import OperationalError

from app import moteur as application
from app.cloison import RIEN
from app.commandes.restaurer import remettre
from app.commandes.sauvegarde import photographier
from app.models import Appareil, Structure
from app.moteur import ouvrir_moteur
from app.sauvegarde.epoque import MARGE, confirmer
from sync import appareil as appareils
from sync import depot, echange
from sync.acteur import Acteur
from sync.codec import decompresser
from sync.erreur import Erreur
from tests.bases import congedier_les_temoins, ecrire
from tests.simulation.fil import Fil
from tests.simulation.lieux import Lieu
from tests.sync.fabrique import MAINTENANT, Monde

SECRET = "un secret de simulation"
# De très petites pages : un premier échange en demande plusieurs, et se coupe au milieu.
PAGE = 2500

FAUTES = ("rien", "perdue_avant", "perdue_apres", "coupee", "portail", "doublee", "retardee", "occupe", "panne")


class Panne(Exception):
    """Le serveur meurt au moment de valider."""


class Serveur:
    """Une base, son horloge, et ce que le transport fait subir aux demandes."""

    def __init__(self, lieu: Lieu, dossier: Path) -> None:
        self.dossier = dossier
        self.adresse = lieu.neuve(dossier)
        self.maintenant = MAINTENANT
        self._meurt = False
        self.moteur = self._ouvrir()
        self.monde = Monde(self.moteur)
        self.acteurs: dict[str, Acteur] = {}
        self.fautes: list[str] = []
        self.en_route: list[dict[str, Any]] = []
        self.comptes: Counter[str] = Counter()
        self.copies: list[Path] = []
        self.fil = Fil()

    def _ouvrir(self) -> Engine:
        moteur = ouvrir_moteur(self.adresse)
        event.listen(moteur, "commit", self._au_moment_de_valider)
        if moteur.dialect.name == "sqlite":
            event.listen(moteur, "connect", _sans_disque)
        return moteur

    def _au_moment_de_valider(self, connexion: Any) -> None:
        if self._meurt and connexion.get_execution_options().get("ecriture"):
            self._meurt = False
            self.comptes["morts en validant"] += 1
            raise Panne

    @property
    def structure(self) -> str:
        return self.monde.structure

    def redemarrer(self) -> None:
        self.moteur.dispose()
        self.moteur = self._ouvrir()
        self.monde.moteur = self.moteur

    def fermer(self) -> None:
        self.moteur.dispose()

    # Les appareils

    def enroler(self, identifiant: str, acteur: Acteur) -> str:
        """Enrôle un appareil, ou redonne un secret au sien ; rend le secret de dépôt."""
        secret = f"secret-de-{identifiant}"
        with ecrire(self.moteur) as session:
            if session.get(Appareil, (acteur.structure_id, identifiant)) is None:
                session.add(
                    Appareil(
                        structure_id=acteur.structure_id,
                        id=identifiant,
                        utilisateur_id=acteur.utilisateur_id,
                        nom=f"Appareil {identifiant[-2:]}",
                        depot_empreinte=appareils.empreinte_du_secret(secret),
                        enrole_le=self.maintenant,
                    )
                )
        self.acteurs[identifiant] = acteur
        return secret

    def revoquer(self, identifiant: str) -> None:
        with ecrire(self.moteur) as session:
            session.execute(
                update(Appareil)
                .where(Appareil.structure_id == self.structure, Appareil.id == identifiant)
                .values(revoque_le=self.maintenant)
            )

    def acteur(self, appareil: str, origine: str = "echange") -> Acteur:
        qui = self.acteurs[appareil]
        return Acteur(qui.structure_id, qui.utilisateur_id, qui.role, appareil, self.maintenant, origine)

    # Le transport

    def reseau(self, demande: dict[str, Any]) -> dict[str, Any]:
        """Une demande d'un appareil, et ce que le réseau en fait."""
        faute = self.fautes.pop(0) if self.fautes else "rien"
        self.comptes[f"faute {faute}"] += faute != "rien"
        self.comptes["demandes"] += 1
        if faute == "perdue_avant":
            return _coupure()
        if faute == "portail":
            return _reponse(200, b"<html>Bienvenue sur le reseau de la gare</html>", "text/html")
        if faute == "occupe":
            return _reponse(503, b'{"erreur":"indisponible","message":""}', "application/json", **{"Retry-After": "1"})
        if faute == "retardee":
            self.en_route.append(demande)
            return _coupure()
        if faute == "panne":
            self._meurt = True
        if faute == "doublee":
            self._servir(demande)
        reponse = self._servir(demande)
        self._meurt = False
        if faute == "perdue_apres":
            return _coupure()
        if faute == "coupee":
            octets = base64.b64decode(reponse["corps"])
            return {**reponse, "corps": base64.b64encode(octets[: len(octets) // 2]).decode()}
        return reponse

    def livrer(self) -> None:
        """Une demande restée en route arrive enfin ; son appareil n'en attend plus rien."""
        self.comptes["livrées en retard"] += 1
        self._servir(self.en_route.pop(0))

    def _servir(self, demande: dict[str, Any]) -> dict[str, Any]:
        try:
            return self._router(demande)
        except Erreur as erreur:
            corps = msgspec.json.encode({"erreur": erreur.code, "message": erreur.message})
            return _reponse(erreur.http, corps, "application/json")
        except Panne:
            self.redemarrer()
            return _coupure()
        except OperationalError:
            return _reponse(503, b"", "text/plain")

    def _router(self, demande: dict[str, Any]) -> dict[str, Any]:
        appareil, url, entetes = demande["appareil"], demande["url"], demande["entetes"]
        corps = decompresser(base64.b64decode(demande["corps"]), entetes.get("content-encoding"))
        if url == "/sync":
            # La page que le téléphone demande tiendrait toute l'histoire : le serveur la fait plus petite.
            lue = msgspec.structs.replace(echange.lire_demande(corps), octets=None)
            acteur = self.acteur(appareil)
            rendu = echange.echanger(self.moteur, acteur, lue, SECRET, PAGE)
            self.fil.voir_echange(self.moteur, acteur, [operation["id"] for operation in _operations(corps)], rendu)
            return _reponse(200, rendu, echange.MEDIA)
        if url == "/sync/scelles":
            rendu = self._deposer(entetes, corps)
            self.fil.voir_depot(rendu)
            return _reponse(200, rendu, depot.MEDIA)
        if url == "/session/jeton":
            return _reponse(200, b'{"jeton":"un-jeton"}', "application/json")
        if url == "/appareils":
            secret = self.enroler(appareil, self.acteurs[appareil])
            return _reponse(200, msgspec.json.encode({"depot": secret}), "application/json")
        if url == "/appareils/adieu":
            return _reponse(204, b"", "text/plain")
        raise AssertionError(f"demande inattendue : {url}")

    def _deposer(self, entetes: dict[str, str], corps: bytes) -> bytes:
        lu = depot.lire_depot(corps)
        autorisation = entetes.get("authorization")
        if autorisation:
            with application.lire(self.moteur, RIEN) as session:
                qui = appareils.deposant(session, autorisation, self.maintenant)
            if qui is None:
                raise Erreur("depot_refuse", "", 401)
        else:
            # La session de la personne vaut pour tous ses appareils.
            qui = replace(self.acteur(lu.appareil, "scelle"), appareil_id=None)
        return depot.deposer(self.moteur, qui, lu, [SECRET])

    # La sauvegarde

    def sauvegarder(self) -> None:
        """Une sauvegarde vérifiée, et confirmée aux appareils, comme le fait `jalon sauvegarde`."""
        instant = self.maintenant - MARGE
        copie = self.dossier / f"sauvegarde-{self.comptes['sauvegardes']}.sqlite"
        photographier(self.adresse, copie, instant)
        with ecrire(self.moteur) as session:
            confirmer(session, instant)
        self.copies.append(copie)
        self.comptes["sauvegardes"] += 1

    def restaurer(self) -> None:
        """La base revient à sa dernière sauvegarde vérifiée, sous une génération neuve."""
        self.moteur.dispose()
        congedier_les_temoins()
        remettre(self.adresse, self.dossier, self.copies[-1], forcer=False)
        self.redemarrer()
        with ecrire(self.moteur) as session:
            # La commande l'a datée à l'heure de la machine ; ici le temps est celui de l'histoire.
            session.execute(update(Structure).values(restauree_le=self.maintenant))
        self.fil.oublier(self.moteur)
        self.comptes["restaurations"] += 1

    def avancer(self, **duree: int) -> None:
        self.maintenant += dt.timedelta(**duree)


def _sans_disque(connexion: Any, _: object) -> None:
    # Ce que le disque garde est éprouvé ailleurs (tests/faults) ; ici il y a des milliers de bases d'un instant.
    connexion.execute("PRAGMA synchronous = OFF")


def _operations(corps: bytes) -> list[dict[str, Any]]:
    operations: list[dict[str, Any]] = msgspec.json.decode(corps).get("operations", [])
    return operations


def _coupure() -> dict[str, Any]:
    return {"coupure": True}


def _reponse(statut: int, corps: bytes, media: str, **entetes: str) -> dict[str, Any]:
    return {
        "statut": statut,
        "entetes": {"Content-Type": media, **entetes},
        "corps": base64.b64encode(corps).decode(),
    }
