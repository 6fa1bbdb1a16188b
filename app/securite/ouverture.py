"""Ouvrir et fermer une session. Chaque ouverture tire un jeton neuf : l'ancien ne vaut plus rien."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import replace

from flask import Flask
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session as SessionSQL

from app.base import cloisonner, ecriture
from app.cloison import Cloison
from app.models import SessionWeb, Utilisateur
from app.securite.session import Session, compte_de, empreinte, inactivite


def connecter(app: Flask, session: Session, utilisateur: Utilisateur, appareil_id: str | None) -> None:
    """Ouvre une session neuve pour cette personne ; l'ancien jeton ne vaut plus rien."""
    maintenant = dt.datetime.now(dt.UTC)
    jeton = secrets.token_urlsafe(32)
    # La session d'avant peut être d'une autre structure : son jeton, encore présenté, permet de la fermer.
    cloisonner(Cloison(utilisateur.structure_id, session=empreinte(session.jeton) if session.jeton else ""))
    with ecriture() as base:
        base.execute(delete(SessionWeb).where(SessionWeb.expire_le < maintenant))
        if session.jeton:
            base.execute(delete(SessionWeb).where(SessionWeb.id == empreinte(session.jeton)))
        base.execute(
            insert(SessionWeb).values(
                structure_id=utilisateur.structure_id,
                id=empreinte(jeton),
                utilisateur_id=utilisateur.id,
                appareil_id=appareil_id,
                donnees={},
                cree_le=maintenant,
                vue_le=maintenant,
                expire_le=maintenant + inactivite(app, appareil_id),
            )
        )
        base.execute(
            update(Utilisateur)
            .where(Utilisateur.structure_id == utilisateur.structure_id, Utilisateur.id == utilisateur.id)
            .values(connecte_le=maintenant)
        )
    session.clear()
    session.jeton, session.neuve, session.ouverte_le = jeton, True, maintenant
    session.compte = compte_de(utilisateur, appareil_id)


def attacher_appareil(app: Flask, session: Session, appareil_id: str) -> None:
    """La session devient celle d'un appareil enrôlé, avec un jeton neuf puisque ses droits changent."""
    if session.compte is None or session.jeton is None:
        raise ValueError("aucune session à attacher")
    jeton = secrets.token_urlsafe(32)
    maintenant = dt.datetime.now(dt.UTC)
    with ecriture() as base:
        base.execute(
            update(SessionWeb)
            .where(SessionWeb.id == empreinte(session.jeton))
            .values(
                id=empreinte(jeton),
                appareil_id=appareil_id,
                vue_le=maintenant,
                expire_le=maintenant + inactivite(app, appareil_id),
            )
        )
    session.jeton, session.neuve = jeton, True
    session.compte = replace(session.compte, appareil_id=appareil_id)


def detacher_appareil(app: Flask, session: Session) -> None:
    """La session redevient celle d'un simple poste, avec la vie courte d'un poste."""
    if session.compte is None or session.jeton is None:
        return
    with ecriture() as base:
        base.execute(
            update(SessionWeb)
            .where(SessionWeb.id == empreinte(session.jeton))
            .values(appareil_id=None, expire_le=dt.datetime.now(dt.UTC) + inactivite(app, None))
        )
    session.compte = replace(session.compte, appareil_id=None)


def est_recente(app: Flask, session: Session) -> bool:
    """Le mot de passe vient d'être donné : assez pour confier de nouveau des dossiers à un téléphone trouvé fermé."""
    if session.ouverte_le is None:
        return False
    limite: dt.timedelta = app.config["MOT_DE_PASSE_FRAICHEUR"]
    return dt.datetime.now(dt.UTC) - session.ouverte_le < limite


def deconnecter(session: Session) -> None:
    """Ferme la session : sa ligne disparaît, son cookie aussi."""
    if session.jeton:
        with ecriture() as base:
            base.execute(delete(SessionWeb).where(SessionWeb.id == empreinte(session.jeton)))
    session.clear()
    session.jeton, session.compte, session.modified = None, None, True


def fermer_toutes(base: SessionSQL, structure_id: str, utilisateur_id: str) -> None:
    """Ferme toutes les sessions d'une personne (mot de passe changé, rôle changé, compte désactivé)."""
    base.execute(
        delete(SessionWeb).where(SessionWeb.structure_id == structure_id, SessionWeb.utilisateur_id == utilisateur_id)
    )
