"""Un worker que le navigateur réveille répond seul : la page qu'il va faire n'est pas aussi demandée au serveur."""

from __future__ import annotations

from .attente import attendre
from .mandataire import Mandataire
from .parcours import ORIGINE_APPAREIL, Parcours


def ouvrir_et_echanger(telephone: Parcours, mandataire: Mandataire, adresse: str) -> None:
    echanges = len(mandataire.vers("/sync"))
    telephone.ouvrir(adresse)
    assert telephone.rendu_par() == ORIGINE_APPAREIL
    # L'échange de la page chargée part bien après elle : une page demandée en double serait déjà passée.
    attendre(lambda: len(mandataire.vers("/sync")) > echanges, "l'échange", patienter=telephone.navigateur.patienter)


def test_a_woken_worker_leaves_the_server_alone(telephone_relaye: Parcours, mandataire: Mandataire) -> None:
    for adresse in ("/", "/dossiers"):
        telephone_relaye.navigateur.arreter_le_worker()
        avant = len(mandataire.vers(adresse))
        ouvrir_et_echanger(telephone_relaye, mandataire, adresse)
        assert len(mandataire.vers(adresse)) == avant
