"""L'aide, lisible sans être connecté."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from werkzeug.wrappers import Response as ReponseWerkzeug

from app.cadre import rendre
from app.domain.dates import instant
from app.securite import ouverture
from app.securite.permissions import permission, publique
from app.securite.portier import compte, rediriger
from app.securite.session import session_courante
from app.viewmodels.envoi import moment
from app.views import carnet
from app.views.appareils import appareil_de_ce_navigateur, mot_de_passe_a_redonner

aide = Blueprint("aide", __name__)


@aide.get("/aide/installation")
@publique
def installation() -> Response:
    return rendre("partages/pages/installation.html", titre="Installer Jalon", onglet="")


@aide.get("/installer")
@permission("appareil")
def installer() -> Response:
    """Nommer l'appareil, choisir comment il s'ouvre, recevoir sa file active. Le script de page conduit."""
    return _preparer(remplacer=False)


@aide.get("/installer/remplacer")
@permission("appareil")
def remplacer() -> Response:
    """Phrase oubliée, ou carnet d'une autre personne : le carnet qui est là s'en va quand le neuf est prêt."""
    return _preparer(remplacer=True)


@aide.post("/installer/reconnexion")
@permission("compte")
def reconnexion() -> ReponseWerkzeug:
    """Redonner son mot de passe, et revenir ici."""
    ouverture.deconnecter(session_courante())
    return rediriger(url_for("connexion.connexion_page", suite=url_for("aide.remplacer")))


def _preparer(remplacer: bool) -> Response:
    appareil = appareil_de_ce_navigateur()
    dernier = appareil.dernier_echange_le if appareil else None
    contexte = {"aujourd_hui": carnet.aujourd_hui()}
    return rendre(
        "serveur/installer.html",
        titre="Préparer cet appareil",
        onglet="",
        utilisateur_id=compte().utilisateur_id,
        appareil=appareil,
        dernier_echange=moment(instant(dernier), contexte) if dernier else None,
        remplacer=remplacer,
        a_reconnecter=mot_de_passe_a_redonner(),
    )


@aide.get("/galerie")
@permission("compte")
def galerie() -> Response:
    """Tous les composants dans tous leurs états, pour qui dessine les écrans."""
    return rendre("serveur/galerie.html", titre="Galerie", onglet="")
