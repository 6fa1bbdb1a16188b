"""Une liste d'orientations en cours de vérification dans la base du serveur qui tourne."""

from __future__ import annotations

import datetime as dt

from app.moteur import ecrire, ouvrir_moteur
from app.orientations import lecture, magasin
from tests.jours import aujourdhui, dans_jours

from .semences import Semis, identifiant
from .serveur import RACINE, Serveur

MODELE = RACINE / "docs" / "modeles-import" / "liste-orientations.csv"
DATES = ("03/11/2026", "4 novembre 2026", "05/11/2026", "05.11.26")


def recente() -> bytes:
    """Le modèle, orienté d'il y a dix jours."""
    texte, jour = MODELE.read_text(encoding="utf-8"), aujourdhui() - dt.timedelta(days=10)
    for date in DATES:
        texte = texte.replace(date, f"{jour:%d/%m/%Y}")
    return texte.encode()


def deposer(serveur: Serveur, semis: Semis) -> str:
    """Le modèle, ses colonnes dites : une ligne à corriger, une à décider, les autres sans référent."""
    moteur = ouvrir_moteur(f"sqlite:///{serveur.base}")
    ((structure,),) = serveur.lire("SELECT id FROM structure")
    voulu, maintenant, octets = identifiant(), dt.datetime.now(dt.UTC), recente()
    with ecrire(moteur, structure) as session:
        depot = ("Département de Fictive", MODELE.name, octets)
        importee = magasin.deposer(
            session, structure, voulu, semis.secretariat.id, maintenant, depot, lecture.lire(octets)
        )
        defauts = {"convention": semis.convention, "orientee_le": dans_jours(0), "prescripteur": None}
        magasin.regler(session, importee, importee.reglages["champs"], defauts)
    moteur.dispose()
    return voulu
