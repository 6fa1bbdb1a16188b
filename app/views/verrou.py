"""Le verrou vu du serveur : un appareil enrôlé l'atteint en contournant son service worker.

Le secret du coffre ne vient jamais ici. Cette page n'a donc pas de champ : elle ramène au carnet, dont
le worker ouvre le verrou, ou à la connexion.
"""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.cadre import chemin_local, rendre
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.securite.preuve import appareil_annonce, preuve_valide

verrou = Blueprint("verrou", __name__)


@verrou.get("/verrou")
@permission("compte")
def verrou_page() -> Response:
    suite = chemin_local(request.args.get("suite"))
    appareil = appareil_annonce(request)
    if appareil is None or preuve_valide(request, compte().utilisateur_id, appareil[1]):
        return rediriger(suite)
    return rendre("serveur/verrou.html", titre="Carnet fermé", onglet="", suite=suite)


@verrou.post("/verrou")
@permission("compte")
def verrou_envoye() -> Response:
    """Un formulaire de verrou arrivé ici par erreur : rien n'en est lu."""
    return rediriger("/verrou")
