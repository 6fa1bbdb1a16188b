"""Ouvrir un compte, et donner le lien qui lui fait choisir son mot de passe."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from flask import Blueprint, request
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from uuid6 import uuid7
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.annuaire import carnet
from app.base import ecriture
from app.cadre import rendre
from app.domain.nomenclatures import libelle
from app.domain.saisie.compte import CompteSaisi, lire_compte
from app.models import Utilisateur
from app.securite.comptes import consigner, donner_lien
from app.securite.permissions import ROLES, permission
from app.securite.portier import compte

comptes = Blueprint("comptes", __name__, url_prefix="/administration/utilisateurs")

PRIS = "Un compte a déjà ce courriel."


@comptes.get("/nouveau")
@permission("administration")
def nouveau() -> Response:
    return _page_saisie(lire_compte({}, ROLES), {})


@comptes.post("")
@permission("administration")
def creer() -> Response:
    lu = lire_compte(request.form.to_dict(), ROLES)
    if lu.erreurs:
        return _page_saisie(lu, lu.erreurs)
    try:
        utilisateur, jeton = _creer(lu)
    except _DejaPris:
        return _page_saisie(lu, {"courriel": PRIS})
    return _page_lien(utilisateur, jeton)


@comptes.post("/<uuid:id>/lien")
@permission("administration")
def lien(id: UUID) -> Response:
    """Mot de passe oublié, ou invitation perdue : un lien neuf, l'ancien ne sert plus."""
    qui = compte()
    with ecriture() as base:
        utilisateur = base.get(Utilisateur, (qui.structure_id, str(id)))
        if utilisateur is None or not utilisateur.actif or utilisateur.id == qui.utilisateur_id:
            raise NotFound
        jeton = donner_lien(base, utilisateur, qui.utilisateur_id, dt.datetime.now(dt.UTC))
        base.flush()
        base.expunge(utilisateur)
    return _page_lien(utilisateur, jeton)


class _DejaPris(Exception):
    pass


def _creer(lu: CompteSaisi) -> tuple[Utilisateur, str]:
    qui, maintenant = compte(), dt.datetime.now(dt.UTC)
    utilisateur = Utilisateur(
        structure_id=qui.structure_id,
        id=str(uuid7()),
        nom=lu.nom,
        prenom=lu.prenom,
        courriel=lu.courriel,
        mot_de_passe=None,
        role=lu.role,
        actif=True,
        cree_le=maintenant,
    )
    try:
        with ecriture() as base:
            deja = select(Utilisateur.id).where(
                Utilisateur.structure_id == qui.structure_id, Utilisateur.courriel == lu.courriel
            )
            if base.scalar(deja) is not None:
                raise _DejaPris
            base.add(utilisateur)
            base.flush()
            consigner(base, "compte_cree", utilisateur, qui.utilisateur_id)
            carnet.ouvrir(base, qui.structure_id, maintenant)
            jeton = donner_lien(base, utilisateur, qui.utilisateur_id, maintenant)
            base.flush()
            base.expunge(utilisateur)
    except IntegrityError as erreur:
        # PostgreSQL : le même courriel au même instant.
        raise _DejaPris from erreur
    return utilisateur, jeton


def _page_saisie(lu: CompteSaisi, erreurs: dict[str, str]) -> Response:
    return rendre(
        "serveur/bureau/nouveau_compte.html",
        titre="Nouveau compte",
        onglet="bureau",
        statut=422 if erreurs else 200,
        saisi=lu,
        erreurs=erreurs,
        choix_roles=[{"code": role, "libelle": libelle("role", role), "choisi": role == lu.role} for role in ROLES],
    )


def _page_lien(utilisateur: Utilisateur, jeton: str) -> Response:
    """Le lien n'est montré qu'ici, une fois : ni la base ni la session ne le gardent."""
    reponse = rendre(
        "serveur/bureau/lien.html",
        titre="Lien de mot de passe",
        onglet="bureau",
        nom=f"{utilisateur.prenom} {utilisateur.nom}",
        premier=utilisateur.mot_de_passe is None,
        lien=f"{request.host_url}bienvenue/{jeton}",
    )
    reponse.headers["HX-Push-Url"] = "false"
    return reponse
