"""Un annuaire dans la base du serveur qui tourne : celui de la démonstration."""

from __future__ import annotations

import datetime as dt
from random import Random

from app.demonstration import annuaire
from app.demonstration.invention import Invention
from app.moteur import ecrire, ouvrir_moteur

from .serveur import Serveur


def semer(serveur: Serveur) -> str:
    """L'identifiant d'un service annoté."""
    if not serveur.compter("service_partenaire"):
        moteur = ouvrir_moteur(f"sqlite:///{serveur.base}")
        ((structure,),) = serveur.lire("SELECT id FROM structure")
        with ecrire(moteur, structure) as session:
            invention = Invention(Random(1), 0)  # noqa: S311  # un tirage à rejouer, pas un secret
            annuaire.recevoir(session, structure, invention, dt.datetime.now(dt.UTC))
        moteur.dispose()
    return str(serveur.lire("SELECT id FROM service_partenaire WHERE note IS NOT NULL ORDER BY id LIMIT 1")[0][0])


def annotation(serveur: Serveur) -> str:
    """Une note de l'équipe, dans l'annuaire semé."""
    return str(serveur.lire("SELECT id FROM feuille WHERE forme = 'annotation' ORDER BY id LIMIT 1")[0][0])
