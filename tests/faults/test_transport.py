"""Le réseau coupe, double, perd la réponse ou ment, par une vraie prise (fiabilité, 1, 2, 3 et 23)."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from tests.browser.mandataire import Faute, Mandataire

from .appareil import COUPURES, Appareil, Recue
from .serveur import ServeurFautif
from .temoin import tout_est_arrive, verifier


@pytest.fixture
def mandataire(serveur: ServeurFautif) -> Iterator[Mandataire]:
    relais = Mandataire(serveur.port)
    relais.demarrer()
    yield relais
    relais.arreter()


def test_an_answer_lost_after_commit_leaves_one_fact(
    serveur: ServeurFautif, mandataire: Mandataire, enroler: Callable[..., Appareil]
) -> None:
    appareil = enroler(port=mandataire.port)
    lot = appareil.noter(6)
    mandataire.provoquer(Faute.PERDRE_LA_REPONSE)
    assert appareil.echanger() == "inconnu"
    assert serveur.compter("operation", "appareil_id = ?", appareil.client.id) == len(lot), "le serveur l'avait prise"
    assert not appareil.acquittees
    appareil.insister()
    assert {resultat["statut"] for resultat in appareil.acquittees.values()} == {"duplicate"}
    tout_est_arrive(serveur, [appareil])


@pytest.mark.parametrize("faute", [Faute.PORTAIL_CAPTIF, Faute.COUPER, Faute.COUPER_EN_ROUTE, Faute.OCCUPE])
def test_what_is_not_an_answer_acknowledges_nothing(
    serveur: ServeurFautif, mandataire: Mandataire, enroler: Callable[..., Appareil], faute: Faute
) -> None:
    appareil = enroler(port=mandataire.port)
    lot = appareil.noter(6)
    mandataire.provoquer(faute)
    assert appareil.echanger() == "inconnu"
    assert appareil.client.boite.keys() == {op["id"] for op in lot}
    assert not appareil.acquittees
    appareil.insister()
    tout_est_arrive(serveur, [appareil])


def test_an_upload_cut_at_each_chunk_leaves_nothing_then_all(
    serveur: ServeurFautif, enroler: Callable[..., Appareil]
) -> None:
    appareil = enroler()
    appareil.noter(20)
    demande = appareil.demande_d_echange()
    morceau = 512
    for fin in range(morceau, len(demande), morceau):

        def couper(prise: socket.socket, brut: bytes, fin: int = fin) -> None:
            prise.sendall(brut[:fin])
            prise.shutdown(socket.SHUT_WR)

        with contextlib.suppress(*COUPURES):
            assert appareil.passer(demande, couper).statut >= 400, f"coupé à {fin} octets, et pris pour entier"
        assert serveur.compter("operation", "appareil_id = ?", appareil.client.id) == 0
    appareil.insister()
    tout_est_arrive(serveur, [appareil])


def test_the_same_upload_sent_several_times_at_once_is_one(
    serveur: ServeurFautif, enroler: Callable[..., Appareil]
) -> None:
    """Quatre connexions, deux ouvriers, les mêmes octets au même instant : toutes ont une réponse, un seul fait."""
    appareil = enroler()
    for _ in range(5):
        lot = appareil.noter(12)
        demande = appareil.demande_d_echange()
        depart, recues = threading.Barrier(4), list[Recue]()

        def envoyer(demande: bytes = demande, depart: threading.Barrier = depart, recues: list[Recue] = recues) -> None:
            def ensemble(prise: socket.socket, brut: bytes) -> None:
                prise.sendall(brut[:-1])
                depart.wait(10)
                prise.sendall(brut[-1:])

            recues.append(appareil.passer(demande, ensemble))

        fils = [threading.Thread(target=envoyer) for _ in range(4)]
        for fil in fils:
            fil.start()
        for fil in fils:
            fil.join()
        dits = [[resultat["statut"] for resultat in recue.json["resultats"]] for recue in recues]
        assert sorted(dits) == sorted([["applied"] * len(lot)] + [["duplicate"] * len(lot)] * 3)
        verifier(serveur, [appareil])
        appareil.insister()
    tout_est_arrive(serveur, [appareil])
