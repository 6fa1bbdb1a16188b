"""Un téléphone sans écran face au vrai serveur : il se connecte, s'enrôle et échange par HTTP, octet par octet."""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import http.client
import json
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.browser.attente import attendre
from tests.browser.semences import Compte, identifiant
from tests.simulation.client import ARRIVEE, Client

# Ce que l'essai fait de la connexion au lieu d'y écrire tout simplement la demande.
Envoyer = Callable[[socket.socket, bytes], None]
COUPURES = (OSError, http.client.HTTPException)
DELAI = 30.0


@dataclass(frozen=True)
class Recue:
    statut: int
    entetes: http.client.HTTPMessage
    corps: bytes

    @property
    def json(self) -> dict[str, Any]:
        lu = json.loads(self.corps)
        assert isinstance(lu, dict)
        return lu


class Appareil:
    """Ce que note une personne, ce que le serveur lui a acquitté, et la prise par où tout passe."""

    def __init__(self, port: int, compte: Compte, *, lot: int = 20) -> None:
        self.port = port
        self.compte = compte
        self.cookies: dict[str, str] = {}
        self.client = Client(identifiant(), self._porter, lot=lot)
        self.envoyer: Envoyer | None = None
        self.acquittees: dict[str, dict[str, Any]] = {}
        self.notees: dict[str, dict[str, Any]] = {}
        self.derniere: Recue | None = None

    # --- noter ------------------------------------------------------------------------------------------------

    def noter(self, nombre: int, synthese: str = "Point téléphonique.") -> list[dict[str, Any]]:
        """Une personne nouvelle, puis des entretiens : chacun attend que la première soit arrivée."""
        # Un jour passé, même pour un serveur dont l'horloge a reculé d'un an.
        personne, jour = identifiant(), dt.date(2025, 3, 3).isoformat()
        nom = {"nom": "Épreuve-Fictive", "prenom": "Ilona", "date_effet": jour}
        operations = [operation("creer_personne", personne, personne, **nom)]
        for rang in range(nombre - 1):
            champs = {"date": jour, "moyen": "telephone", "synthese": f"{synthese} ({rang})"}
            operations.append(operation("noter_entretien", identifiant(), personne, **champs))
        return self.retenir(operations)

    def retenir(self, operations: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        notees = self.client.noter(list(operations), dt.datetime.now(dt.UTC))
        self.notees |= {op["id"]: op for op in notees}
        return notees

    # --- échanger ---------------------------------------------------------------------------------------------

    def echanger(self) -> str:
        """Un échange ; la session finie, la personne redonne son mot de passe et l'échange recommence."""
        issue = self.client.echanger(dt.datetime.now(dt.UTC))
        if issue == "session_expiree":
            self.se_connecter()
            issue = self.client.echanger(dt.datetime.now(dt.UTC))
        return issue

    def insister(self, delai: float = DELAI) -> None:
        """Renvoie les mêmes opérations tant que le serveur n'a pas tout pris."""

        issues = []

        def essayer() -> bool:
            with contextlib.suppress(*COUPURES):
                issues.append(self.echanger())
                return issues[-1] == "fait" and not self.client.boite
            return False

        try:
            attendre(essayer, "tout envoyé", delai=delai)
        except AssertionError:
            raise AssertionError(
                f"{len(self.client.boite)} opérations restent ; dernières issues : {issues[-3:]}"
            ) from None

    def demande_d_echange(self) -> bytes:
        """L'envoi de tout ce qui attend, tel qu'il passe sur le fil."""
        corps = {
            "protocole": 2,
            "appareil": self.client.id,
            "curseur": self.client.curseur,
            "heure_appareil": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "operations": list(self.client.boite.values()),
        }
        media = {"Content-Type": "application/vnd.jalon.echange+json"}
        return self._brut("POST", "/sync", json.dumps(corps).encode(), media)

    # --- la personne ------------------------------------------------------------------------------------------

    def se_connecter(self) -> None:
        recue = self.essayer_de_se_connecter()
        assert recue.statut == 303, f"la connexion a répondu {recue.statut}"

    def essayer_de_se_connecter(self, mot_de_passe: str | None = None) -> Recue:
        self.cookies.pop("__Host-jalon", None)
        page = self.demander("GET", "/connexion")
        jeton = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.corps.decode())
        assert jeton, f"pas de jeton dans /connexion ({page.statut})"
        champs = {
            "csrf_token": jeton[1],
            "courriel": self.compte.courriel,
            "mot_de_passe": mot_de_passe or self.compte.mot_de_passe,
        }
        entetes = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://localhost:{self.port}/connexion",
        }
        return self.demander("POST", "/connexion", urlencode(champs).encode(), entetes)

    def _enroler(self, corps: bytes) -> Recue:
        jeton = self.demander("GET", "/session/jeton").json["jeton"]
        return self.demander("POST", "/appareils", corps, {"Content-Type": "application/json", "X-CSRFToken": jeton})

    # --- la prise ---------------------------------------------------------------------------------------------

    def _porter(self, demande: dict[str, Any]) -> dict[str, Any]:
        """Le réseau que connaît le client de la simulation, sur une vraie prise."""
        corps = base64.b64decode(demande["corps"])
        try:
            if demande["url"] == "/appareils":
                recue = self._enroler(corps)
            else:
                recue = self.demander(
                    "POST", demande["url"], corps, {"Content-Type": demande["entetes"]["content-type"]}
                )
        except COUPURES:
            return {"coupure": True}
        if recue.statut == 200 and demande["url"] == "/sync":
            self._retenir_les_acquits(recue)
        return {"statut": recue.statut, "corps": base64.b64encode(recue.corps).decode()}

    def _retenir_les_acquits(self, recue: Recue) -> None:
        with contextlib.suppress(ValueError):
            for resultat in recue.json.get("resultats", []):
                statut = resultat["premier"] if resultat["statut"] == "duplicate" else resultat["statut"]
                if statut in ARRIVEE:
                    self.acquittees[resultat["id"]] = resultat

    def demander(self, methode: str, chemin: str, corps: bytes = b"", entetes: dict[str, str] | None = None) -> Recue:
        """Une demande, une connexion. Lève ce que la coupure lève."""
        self.derniere = None
        envoyer = self.envoyer if chemin == "/sync" else None
        recue = self.passer(self._brut(methode, chemin, corps, entetes or {}), envoyer)
        self.derniere = recue
        for pose in recue.entetes.get_all("Set-Cookie", []):
            nom, _, valeur = pose.split(";")[0].partition("=")
            if valeur and "max-age=0" not in pose.lower():
                self.cookies[nom] = valeur
            else:
                self.cookies.pop(nom, None)
        return recue

    def passer(self, brut: bytes, envoyer: Envoyer | None = None) -> Recue:
        with socket.create_connection(("127.0.0.1", self.port), timeout=DELAI) as prise:
            if envoyer is None:
                prise.sendall(brut)
            else:
                envoyer(prise, brut)
            with http.client.HTTPResponse(prise) as reponse:
                reponse.begin()
                return Recue(reponse.status, reponse.headers, reponse.read())

    def _brut(self, methode: str, chemin: str, corps: bytes, entetes: dict[str, str]) -> bytes:
        lignes = {
            "Host": f"localhost:{self.port}",
            "Connection": "close",
            "Content-Length": str(len(corps)),
            "Accept": "application/json" if chemin != "/connexion" else "text/html",
            "Cookie": "; ".join(f"{nom}={valeur}" for nom, valeur in self.cookies.items()),
            **entetes,
        }
        tete = "".join(f"{nom}: {valeur}\r\n" for nom, valeur in lignes.items() if valeur)
        return f"{methode} {chemin} HTTP/1.1\r\n{tete}\r\n".encode() + corps


def operation(genre: str, entite: str, personne: str, **champs: Any) -> dict[str, Any]:
    return {"id": identifiant(), "genre": genre, "entite": entite, "personne": personne, "champs": champs}
