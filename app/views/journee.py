"""Ma journée : la première page."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.domain.dates import instant
from app.securite.permissions import accueil, permission, peut
from app.securite.portier import compte, rediriger
from app.supervision import bilans, fiches_recues
from app.viewmodels.ma_journee import ma_journee
from app.views import carnet
from app.views.sans_entretien import selon_le_role
from sync.notes import sans_choix

journee = Blueprint("journee", __name__)


@journee.get("/")
@permission("accueil")
def ma_page() -> Response:
    qui = compte()
    role = qui.role
    if not peut(role, "journee"):
        return rediriger(accueil(role))
    page = selon_le_role(ma_journee(carnet.file_active(), carnet.contexte()))
    # Seul le serveur connaît toute la file : sur un téléphone, la page n'en dit rien.
    page["a_controler"] = (
        fiches_recues.a_controler(db.session(), qui.structure_id, qui.role) if peut(role, "fiches.controler") else None
    )
    if peut(role, "conventions.ajuster"):
        page["bilans"] = bilans.a_remettre(db.session(), qui.structure_id, instant(carnet.maintenant()))
    if peut(role, "equipe"):
        page["notes_sans_choix"] = len(sans_choix(db.session(), qui.structure_id, carnet.acteur().jour))
    return rendre("partages/pages/ma_journee.html", titre="Ma journée", onglet="journee", **page)
