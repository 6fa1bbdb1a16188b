"""Le cahier d'une action que tiennent Camille et Noor : une séance aujourd'hui, une passée, trois inscrits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.domain.identifiant import deriver
from app.moteur import ecrire, ouvrir_moteur
from tests.jours import dans_jours

from .a_plusieurs import Carnets
from .semences import Semis, identifiant
from .serveur import Serveur

NOM = "Jardin partagé"
INSCRITS = ("Anne Témoin", "Élie Modèle", "Zoé Exemple")


@dataclass(frozen=True)
class Action:
    """`seance` : celle d'aujourd'hui, où personne n'est noté ; `presence` : celle d'Anne, à la séance passée."""

    cahier: str
    seance: str
    inscription: str
    presence: str


def semer(serveur: Serveur, semis: Semis) -> Action:
    """Écrit dans la base du serveur qui tourne."""
    moteur = ouvrir_moteur(f"sqlite:///{serveur.base}")
    ((structure,),) = serveur.lire("SELECT id FROM structure")
    cahier, passee, aujourd_hui = identifiant(), identifiant(), identifiant()
    with ecrire(moteur, structure) as session:
        carnets = Carnets(session, structure, dt.datetime.now(dt.UTC))
        chef, camille = (semis.chef, "chef_de_service"), (semis.camille, "conseiller")
        dit = {"partenaire": "Tremplin imaginaire", "places": 15, "consignes": "Le café est dans le placard."}
        calendrier = {"du": dans_jours(-7), "au": dans_jours(60), "jours": ["mardi", "jeudi"]}
        carnets.faire(*chef, "creer_cahier", cahier, cahier, genre="action", nom=NOM, **dit, **calendrier)
        for compte in (semis.camille, semis.noor):
            carnets.faire(*chef, "ajouter_membre", cahier, cahier, utilisateur=compte.id)
        inscriptions = [identifiant() for _ in INSCRITS]
        for inscription, nom in zip(inscriptions, INSCRITS, strict=True):
            carnets.faire(*camille, "noter_inscription", inscription, cahier, qui=nom, le=dans_jours(-9))
        carnets.faire(*camille, "noter_seance", passee, cahier, le=dans_jours(-7), debut="09:00", theme="Se présenter")
        carnets.faire(*camille, "noter_seance", aujourd_hui, cahier, le=dans_jours(0), debut="09:00", fin="12:00")
        presence = deriver(cahier, passee, inscriptions[0])
        cite = {"seance_id": passee, "inscription_id": inscriptions[0]}
        carnets.faire(*camille, "noter_presence", presence, cahier, **cite, etat="present")
    moteur.dispose()
    return Action(cahier, aujourd_hui, inscriptions[0], presence)
