"""Un cahier de secteur que tiennent Camille et Noor : deux maraudes, quelqu'un de connu, une rencontre en danger."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from app.moteur import ecrire, ouvrir_moteur

from .a_plusieurs import Carnets
from .semences import Semis, identifiant
from .serveur import Serveur

NOM = "Secteur Gare"


@dataclass(frozen=True)
class Secteur:
    cahier: str
    maraude: str
    connu: str
    rencontre: str
    prevue: str


def semer(
    serveur: Serveur, semis: Semis, connus: tuple[str, ...] = ("Momo",), maintenant: dt.datetime | None = None
) -> Secteur:
    """Écrit dans la base du serveur ; `connus` : ceux que l'on a rencontrés il y a trois jours.

    `maraude` est celle de ce soir, en cours ; `connu`, le dernier d'entre eux.
    """
    moteur = ouvrir_moteur(f"sqlite:///{serveur.base}")
    ((structure,),) = serveur.lire("SELECT id FROM structure")
    cahier, maraude = identifiant(), identifiant()
    with ecrire(moteur, structure) as session:
        carnets = Carnets(session, structure, maintenant or dt.datetime.now(dt.UTC))
        chef, camille = (semis.chef, "chef_de_service"), (semis.camille, "conseiller")
        dit = {"perimetre": "De la gare au canal", "consignes": "Prévenir l’astreinte du modèle, puis le 15."}
        carnets.faire(*chef, "creer_cahier", cahier, cahier, genre="secteur", nom=NOM, **dit)
        for compte in (semis.camille, semis.noor):
            carnets.faire(*chef, "ajouter_membre", cahier, cahier, utilisateur=compte.id)
        veille = (carnets.maintenant - dt.timedelta(days=3)).date().isoformat()
        faite = {"le": veille, "debut": "20:30", "fin": "23:20", "equipe": [semis.noor.id], "moyen": "vehicule"}
        laisse = {"manque": "Plus un seul duvet.", "transmission": "Le porche est fermé : passer par le quai."}
        carnets.faire(*camille, "noter_maraude", maraude, cahier, **faite, **laisse)
        for nom in connus:
            connu, rencontre = identifiant(), identifiant()
            garde = {"reperes": ["barbe", "bonnet"], "sexe": "homme", "chiens": 1, "informe_le": veille}
            carnets.faire(*camille, "noter_connu", connu, cahier, pseudonyme=nom, **garde)
            vu = {"connu_id": connu, "heure": "21:10", "ou": "Porche de la gare", "donne": ["boisson", "duvet"]}
            note = {"alerte": "danger", "note": "Il tousse beaucoup."}
            carnets.faire(*camille, "noter_rencontre", rencontre, cahier, maraude_id=maraude, **vu, **note)
        ce_soir = identifiant()
        partie = {"le": carnets.maintenant.date().isoformat(), "debut": "00:05", "equipe": [semis.camille.id]}
        carnets.faire(*camille, "noter_maraude", ce_soir, cahier, **partie)
        prevue = identifiant()
        samedi = (carnets.maintenant + dt.timedelta(days=4)).date().isoformat()
        prevoir = {"le": samedi, "debut": "20:30", "equipe": [semis.noor.id], "secteur_precis": "Le canal"}
        carnets.faire(*camille, "noter_prevue", prevue, cahier, **prevoir)
    moteur.dispose()
    return Secteur(cahier, ce_soir, connu, rencontre, prevue)
