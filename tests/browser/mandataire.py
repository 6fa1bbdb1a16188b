"""Un mandataire HTTP capricieux entre le navigateur et le serveur : les fautes du réseau, une par une.

Il lit une requête entière, la porte au serveur, lit la réponse entière, puis obéit à la faute demandée. Une connexion
porte une requête : la lenteur n'importe pas ici, la lisibilité de la faute si.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum

from .serveur import port_libre

PORTAIL = (
    "<!doctype html><html lang=fr><title>Wi-Fi de la mairie</title>"
    "<h1>Bienvenue</h1><p>Acceptez les conditions pour naviguer.</p></html>"
)

# Refaits pour le serveur : la connexion est à usage unique et le corps a été lu en entier.
DE_CETTE_CONNEXION = {b"connection", b"transfer-encoding", b"content-length"}


class Faute(Enum):
    """Ce qui arrive à une requête."""

    PERDRE_LA_REPONSE = "le serveur a traité la requête et sa réponse n'arrive jamais"
    PORTAIL_CAPTIF = "un autre répond à sa place, 200 et du HTML"
    COUPER = "la connexion tombe avant d'atteindre le serveur"
    COUPER_EN_ROUTE = "la connexion tombe au milieu de la réponse"
    RETARDER = "la réponse met du temps"
    OCCUPE = "503 avec Retry-After"


@dataclass
class Consigne:
    faute: Faute
    chemin: str
    fois: int
    secondes: float = 0.0


@dataclass(frozen=True)
class Passage:
    """Une requête vue : de quoi vérifier qui a parlé, combien de fois, et ce qui fut répondu."""

    methode: str
    chemin: str
    montant: int
    descendant: int
    corps: int
    statut: int | None
    faute: Faute | None


@dataclass
class Mandataire:
    """Écoute sur localhost et relaie vers `amont`, port du serveur."""

    amont: int
    port: int = field(default_factory=port_libre)
    passages: list[Passage] = field(default_factory=list)
    _consignes: list[Consigne] = field(default_factory=list)
    _retouches: dict[str, Callable[[bytes], bytes]] = field(default_factory=dict)
    _boucle: asyncio.AbstractEventLoop | None = None
    _fil: threading.Thread | None = None
    _verrou: threading.Lock = field(default_factory=threading.Lock)

    @property
    def adresse(self) -> str:
        return f"http://localhost:{self.port}"

    def demarrer(self) -> None:
        pret = threading.Event()
        self._fil = threading.Thread(target=lambda: asyncio.run(self._servir(pret)), daemon=True)
        self._fil.start()
        assert pret.wait(5), "le mandataire n'écoute pas"

    def arreter(self) -> None:
        if self._boucle is not None and self._fil is not None:
            self._boucle.call_soon_threadsafe(self._fin.set)
            self._fil.join(5)

    def provoquer(self, faute: Faute, chemin: str = "/sync", *, fois: int = 1, secondes: float = 0.0) -> None:
        """Les `fois` prochaines requêtes vers `chemin` (préfixe) subissent `faute`."""
        with self._verrou:
            self._consignes.append(Consigne(faute, chemin, fois, secondes))

    def retoucher(self, chemin: str, retouche: Callable[[bytes], bytes]) -> None:
        """`chemin` est désormais servi retouché : une autre version du worker sans en construire une."""
        with self._verrou:
            self._retouches[chemin] = retouche

    def apaiser(self) -> None:
        with self._verrou:
            self._consignes.clear()

    def vers(self, chemin: str) -> list[Passage]:
        return [passage for passage in list(self.passages) if passage.chemin == chemin]

    def _faute_pour(self, chemin: str) -> Consigne | None:
        with self._verrou:
            for consigne in self._consignes:
                if consigne.fois > 0 and chemin.startswith(consigne.chemin):
                    consigne.fois -= 1
                    return consigne
        return None

    async def _servir(self, pret: threading.Event) -> None:
        self._boucle = asyncio.get_running_loop()
        self._fin = asyncio.Event()
        # asyncio ne tient ses tâches que d'une main : une connexion ouverte d'avance, et muette, serait ramassée.
        taches: set[asyncio.Task[None]] = set()

        def accueillir(lecteur: asyncio.StreamReader, auteur: asyncio.StreamWriter) -> None:
            tache = asyncio.ensure_future(self._une_connexion(lecteur, auteur))
            taches.add(tache)
            tache.add_done_callback(taches.discard)

        serveur = await asyncio.start_server(accueillir, "127.0.0.1", self.port)
        pret.set()
        await self._fin.wait()
        serveur.close()
        for tache in list(taches):
            tache.cancel()
        await asyncio.gather(*taches, return_exceptions=True)

    async def _une_connexion(self, lecteur: asyncio.StreamReader, auteur: asyncio.StreamWriter) -> None:
        with _connexion_fermee(auteur), contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
            entete = await lecteur.readuntil(b"\r\n\r\n")
            methode, chemin, lignes = _lire_entete(entete)
            corps = await _lire_corps(lecteur, lignes)
            consigne = self._faute_pour(chemin)
            reponse = await self._repondre(consigne, methode, chemin, lignes, corps)
            faute = consigne.faute if consigne else None
            statut = int(reponse.split(b" ", 2)[1]) if reponse else None
            montant = len(entete) + len(corps)
            rendus = len(reponse), len(reponse.partition(b"\r\n\r\n")[2])
            self.passages.append(Passage(methode, chemin.split("?")[0], montant, *rendus, statut, faute))
            if faute is Faute.COUPER_EN_ROUTE:
                reponse = reponse[: len(reponse) // 2]
            if faute is Faute.PERDRE_LA_REPONSE:
                return
            auteur.write(reponse)
            await auteur.drain()

    async def _repondre(
        self, consigne: Consigne | None, methode: str, chemin: str, lignes: list[bytes], corps: bytes
    ) -> bytes:
        faute = consigne.faute if consigne else None
        if faute is Faute.COUPER:
            return b""
        if faute is Faute.PORTAIL_CAPTIF:
            return _html(200, "OK", PORTAIL)
        if faute is Faute.OCCUPE:
            secondes = int(consigne.secondes) if consigne else 0
            return _html(503, "Service Unavailable", "occupé", f"Retry-After: {secondes}\r\n")
        reponse = await self._porter(methode, chemin, lignes, corps)
        if faute is Faute.RETARDER and consigne:
            await asyncio.sleep(consigne.secondes)
        return reponse

    async def _porter(self, methode: str, chemin: str, lignes: list[bytes], corps: bytes) -> bytes:
        """La requête telle quelle, connexion à usage unique ; serveur mort : rien n'est répondu."""
        try:
            lecteur, auteur = await asyncio.open_connection("127.0.0.1", self.amont)
        except OSError:
            return b""
        with _connexion_fermee(auteur):
            retouche = self._retouches.get(chemin.split("?")[0])
            # Une réponse à retoucher doit venir entière et sans compression.
            ecartees = DE_CETTE_CONNEXION | ({b"if-none-match", b"accept-encoding"} if retouche else set())
            retenues = [ligne for ligne in lignes if ligne.split(b":")[0].lower() not in ecartees]
            if corps or methode in {"POST", "PUT"}:
                retenues.append(b"Content-Length: %d" % len(corps))
            tete = [f"{methode} {chemin} HTTP/1.1".encode(), *retenues, b"Connection: close"]
            auteur.write(b"\r\n".join(tete) + b"\r\n\r\n" + corps)
            await auteur.drain()
            reponse = await lecteur.read(-1)
            return _retouchee(reponse, retouche) if retouche else reponse


def _lire_entete(entete: bytes) -> tuple[str, str, list[bytes]]:
    premiere, *lignes = entete.rstrip(b"\r\n").split(b"\r\n")
    methode, chemin, _ = premiere.decode("latin-1").split(" ", 2)
    return methode, chemin, lignes


async def _lire_corps(lecteur: asyncio.StreamReader, lignes: list[bytes]) -> bytes:
    entetes = {nom.strip().lower(): valeur.strip() for nom, _, valeur in (ligne.partition(b":") for ligne in lignes)}
    if entetes.get(b"transfer-encoding", b"").lower() == b"chunked":
        morceaux = []
        while taille := int((await lecteur.readline()).split(b";")[0], 16):
            morceaux.append(await lecteur.readexactly(taille))
            await lecteur.readline()
        await lecteur.readline()
        return b"".join(morceaux)
    return await lecteur.readexactly(int(entetes.get(b"content-length", b"0")))


def _retouchee(reponse: bytes, retouche: Callable[[bytes], bytes]) -> bytes:
    entete, _, corps = reponse.partition(b"\r\n\r\n")
    statut, lignes = entete.split(b"\r\n")[0], entete.split(b"\r\n")[1:]
    gardees = [ligne for ligne in lignes if ligne.split(b":")[0].lower() not in {b"content-length", b"etag"}]
    corps = retouche(corps)
    return b"\r\n".join([statut, *gardees, b"Content-Length: %d" % len(corps)]) + b"\r\n\r\n" + corps


def _html(statut: int, raison: str, corps: str, entetes: str = "") -> bytes:
    octets = corps.encode()
    tete = f"HTTP/1.1 {statut} {raison}\r\nContent-Type: text/html; charset=utf-8\r\n{entetes}"
    return f"{tete}Content-Length: {len(octets)}\r\nConnection: close\r\n\r\n".encode() + octets


@contextlib.contextmanager
def _connexion_fermee(auteur: asyncio.StreamWriter) -> Iterator[None]:
    try:
        yield
    finally:
        auteur.close()
