"""kill -9 d'un ouvrier, ou de tout le serveur, n'importe où pendant un échange (fiabilité, 15)."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import socket
import time
from collections import Counter
from collections.abc import Callable

from tests.browser.attente import attendre

from .ampleur import POINTS
from .appareil import Appareil
from .serveur import ServeurFautif
from .temoin import tout_est_arrive, verifier


def duree_d_un_echange(appareil: Appareil) -> float:
    appareil.noter(12)
    debut = time.monotonic()
    assert appareil.echanger() == "fait"
    return time.monotonic() - debut


def coup(
    serveur: ServeurFautif, tirage: random.Random, duree: float, tout: bool, deja: Counter[str]
) -> Callable[[socket.socket, bytes], None]:
    """Un point tiré : après tant d'octets de l'envoi, ou tant de temps après le dernier ; l'ouvrier, ou tout."""
    par_octet, fraction, autre = tirage.random() < 0.25, tirage.random(), tirage.randrange(2)

    def frapper(prise: socket.socket) -> None:
        deja["serveur" if tout else "ouvrier"] += 1
        if tout:
            serveur.tuer()
        else:
            serveur.tuer_un_ouvrier(prise.getsockname()[1], autre)

    def envoyer(prise: socket.socket, brut: bytes) -> None:
        if par_octet:
            reste = int(fraction * len(brut))
            prise.sendall(brut[:reste])
            frapper(prise)
            with contextlib.suppress(OSError):
                prise.sendall(brut[reste:])
            return
        prise.sendall(brut)
        time.sleep(fraction * duree * 2)  # le point tiré, pas une attente
        frapper(prise)

    return envoyer


def coup_apres_validation(serveur: ServeurFautif, operation: str) -> Callable[[socket.socket, bytes], None]:
    """Le point le plus cruel : tout est écrit, l'ouvrier meurt, et la réponse n'est jamais lue."""

    def envoyer(prise: socket.socket, brut: bytes) -> None:
        prise.sendall(brut)
        attendre(lambda: serveur.compter("operation", "id = ?", operation), "l'envoi écrit")
        serveur.tuer_un_ouvrier(prise.getsockname()[1])
        raise ConnectionResetError

    return envoyer


def test_killed_anywhere_in_an_exchange_what_was_acknowledged_is_there_once(
    serveur: ServeurFautif, enroler: Callable[..., Appareil]
) -> None:
    appareil = enroler(lot=100)
    duree = duree_d_un_echange(appareil)
    sorts: Counter[str] = Counter()
    for point in range(POINTS):
        tirage = random.Random(f"jalon-{point}")  # noqa: S311 -- un tirage à rejouer, pas un secret
        lot = appareil.noter(tirage.randint(2, 30))
        cruel = point % 5 == 2
        tire = coup(serveur, tirage, duree, point % 5 == 4, sorts)
        appareil.envoyer = coup_apres_validation(serveur, lot[0]["id"]) if cruel else tire
        issue = appareil.client.echanger(dt.datetime.now(dt.UTC))
        appareil.envoyer = None
        if not serveur.en_marche():
            serveur.demarrer()
        verifier(serveur, [appareil])
        ecrites = serveur.compter("operation", f"id IN ({','.join('?' * len(lot))})", *(op["id"] for op in lot))
        assert ecrites in (0, len(lot)), f"point {point} : un lot à moitié"
        assert issue != "fait" or ecrites, f"point {point} : acquitté sans être écrit"
        sorts["acquitté" if issue == "fait" else "écrit sans réponse" if ecrites else "pas écrit"] += 1
        appareil.insister()
    tout_est_arrive(serveur, [appareil])
    print(f"\n{POINTS} points, échange de {duree * 1000:.0f} ms : {dict(sorts)}")
    assert sorts["ouvrier"]
    assert sorts["pas écrit"]
    assert sorts["écrit sans réponse"], "aucun coup n'a porté : l'épreuve n'éprouve rien"
