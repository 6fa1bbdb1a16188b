"""Redonner son mot de passe : une session ouverte ne suffit pas à emporter un fichier.

Une fois donné, il vaut `SORTIE_FRAICHEUR` pour cette session ; s'être connecté compte comme l'avoir donné. Il est
freiné comme à la connexion, et partage son compteur avec le changement de mot de passe.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from flask import current_app, request

from app.base import db
from app.models import Utilisateur
from app.securite import frein
from app.securite.mot_de_passe import verifier
from app.securite.portier import compte
from app.securite.session import session_courante

_DONNE_LE: Final = "mot_de_passe_le"
FAUX: Final = "Ce n’est pas votre mot de passe. Retapez-le\u202f; vérifiez la touche des majuscules."
ABSENT: Final = "Tapez votre mot de passe."


@dataclass(frozen=True)
class Refus:
    """`attente` : en secondes, quand il y a eu trop d'essais."""

    phrase: str
    attente: int = 0

    @property
    def statut(self) -> int:
        return 429 if self.attente else 422


def a_redonner() -> bool:
    """Rien ne dit plus que c'est encore la même personne devant l'écran."""
    session, maintenant = session_courante(), _maintenant()
    donnes = [session.ouverte_le, _lire(session.get(_DONNE_LE))]
    limite: dt.timedelta = current_app.config["SORTIE_FRAICHEUR"]
    # Une heure à venir, c'est que l'horloge du serveur a reculé : elle vaudrait d'autant plus longtemps.
    return not any(donne and maintenant - limite < donne <= maintenant for donne in donnes)


def redonner(propose: str) -> Refus | None:
    """Rien : il est bon, et cette session s'en souvient."""
    if not propose:
        return Refus(ABSENT)
    refus = essayer(propose, FAUX)
    if refus is None:
        session_courante()[_DONNE_LE] = _maintenant().isoformat()
    return refus


def essayer(propose: str, faux: str) -> Refus | None:
    """Le mot de passe de qui est connecté ; `faux` : ce qui se dit d'un autre."""
    qui = compte()
    # Devant un écran laissé ouvert, on ne devine pas plus vite qu'à la connexion.
    essai = frein.essai(str(current_app.secret_key), f"changer {qui.utilisateur_id}", request.remote_addr, None)
    attente = frein.demander(essai, _maintenant())
    if attente:
        return Refus(frein.patience(attente), attente)
    utilisateur = db.session.get_one(Utilisateur, (qui.structure_id, qui.utilisateur_id))
    if not verifier(utilisateur.mot_de_passe, propose):
        return Refus(faux)
    frein.reussir(essai)
    return None


def _lire(garde: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(garde) if garde else None


def _maintenant() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
