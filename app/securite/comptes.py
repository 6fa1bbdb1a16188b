"""Le mot de passe d'un compte, et le journal de ce qui arrive aux comptes.

Un mot de passe ne passe par personne d'autre : on change le sien, ou l'on choisit le premier par un lien à usage
unique que l'administration donne. De ce lien la base ne garde que l'empreinte, comme d'une session.
"""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.cloison import Cloison, changer
from app.models import EvenementCompte, LienMotDePasse, Structure, Utilisateur
from app.securite.mot_de_passe import hacher, reproche, verifier
from app.securite.ouverture import fermer_toutes
from app.securite.session import empreinte

DUREE_LIEN = dt.timedelta(hours=24)


def consigner(base: Session, genre: str, utilisateur: Utilisateur, auteur_id: str | None) -> None:
    """Écrit une ligne du journal des comptes ; `auteur_id` vide : la ligne de commande."""
    base.add(
        EvenementCompte(
            structure_id=utilisateur.structure_id,
            id=str(uuid7()),
            genre=genre,
            utilisateur_id=utilisateur.id,
            auteur_id=auteur_id,
            survenu_le=dt.datetime.now(dt.UTC),
        )
    )


def donner_lien(base: Session, utilisateur: Utilisateur, auteur_id: str, maintenant: dt.datetime) -> str:
    """Le jeton d'un lien neuf, à montrer une fois ; le lien d'avant ne sert plus."""
    jeton = secrets.token_urlsafe(32)
    _oublier_liens(base, utilisateur)
    base.execute(delete(LienMotDePasse).where(LienMotDePasse.expire_le <= maintenant))
    base.add(
        LienMotDePasse(
            structure_id=utilisateur.structure_id,
            id=empreinte(jeton),
            utilisateur_id=utilisateur.id,
            cree_le=maintenant,
            expire_le=maintenant + DUREE_LIEN,
        )
    )
    consigner(base, "lien_donne", utilisateur, auteur_id)
    return jeton


def compte_du_lien(base: Session, jeton: str, maintenant: dt.datetime) -> Utilisateur | None:
    """À qui est ce lien ; rien s'il a servi, s'il a plus d'un jour ou si le compte est fermé."""
    # Le lien n'ouvre que sa ligne ; elle dit la structure, où se lit le compte.
    changer(base, Cloison(lien=empreinte(jeton)))
    lien = base.execute(
        select(LienMotDePasse.structure_id, LienMotDePasse.utilisateur_id).where(
            LienMotDePasse.id == empreinte(jeton), LienMotDePasse.expire_le > maintenant
        )
    ).one_or_none()
    if lien is None:
        return None
    changer(base, lien.structure_id)
    return base.scalar(
        select(Utilisateur).where(
            Utilisateur.structure_id == lien.structure_id, Utilisateur.id == lien.utilisateur_id, Utilisateur.actif
        )
    )


def choisir_par_lien(base: Session, jeton: str, nouveau: str, maintenant: dt.datetime) -> Utilisateur | None:
    """Dépense le lien et pose le mot de passe ; rien si un autre envoi l'a dépensé entre-temps."""
    utilisateur = compte_du_lien(base, jeton, maintenant)
    if utilisateur is None:
        return None
    depense = base.execute(delete(LienMotDePasse).where(LienMotDePasse.id == empreinte(jeton)))
    if not isinstance(depense, CursorResult) or depense.rowcount != 1:
        return None
    changer_mot_de_passe(base, utilisateur, nouveau)
    consigner(base, "mot_de_passe_choisi", utilisateur, utilisateur.id)
    return utilisateur


def changer_mot_de_passe(base: Session, utilisateur: Utilisateur, nouveau: str) -> None:
    """Pose le mot de passe, ferme toutes les sessions du compte et annule le lien qu'il attendait."""
    utilisateur.mot_de_passe = hacher(nouveau)
    fermer_toutes(base, utilisateur.structure_id, utilisateur.id)
    _oublier_liens(base, utilisateur)


def erreurs_du_nouveau(base: Session, utilisateur: Utilisateur, nouveau: str, encore: str) -> dict[str, str]:
    """Ce qui ne va pas dans un mot de passe choisi, par champ."""
    if not nouveau:
        return {"nouveau": "Choisissez un mot de passe."}
    structure = base.get(Structure, utilisateur.structure_id)
    contexte = (utilisateur.courriel, utilisateur.prenom, utilisateur.nom, structure.nom if structure else "")
    defaut = reproche(nouveau, contexte)
    if defaut:
        return {"nouveau": defaut}
    if utilisateur.mot_de_passe and verifier(utilisateur.mot_de_passe, nouveau):
        return {"nouveau": "C’est déjà votre mot de passe\u202f: choisissez-en un autre."}
    if nouveau != encore:
        return {"encore": "Les deux mots de passe sont différents."}
    return {}


def _oublier_liens(base: Session, utilisateur: Utilisateur) -> None:
    base.execute(
        delete(LienMotDePasse).where(
            LienMotDePasse.structure_id == utilisateur.structure_id,
            LienMotDePasse.utilisateur_id == utilisateur.id,
        )
    )
