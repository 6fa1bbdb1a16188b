"""Les désaccords à régler, et l'histoire d'un dossier où on les retrouve."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from uuid6 import uuid7
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, chemin_local, rendre
from app.domain.dates import instant
from app.domain.identifiant import est_identifiant
from app.domain.personne import nom_affiche
from app.models import Desaccord
from app.models.desaccord import CHOIX
from app.securite.permissions import permission, peut
from app.securite.portier import compte, rediriger
from app.supervision import desaccords as lecture
from app.supervision import historique as journal
from app.supervision.doublons import reunions
from app.viewmodels.acces import acces
from app.viewmodels.desaccord import face_a_face
from app.views import carnet
from sync.appliquer import appliquer
from sync.operation import lire_operation

desaccords = Blueprint("desaccords", __name__, url_prefix="/supervision")

ACCUEIL = "/supervision/desaccords"


@desaccords.get("/desaccords")
@permission("fiches.lire")
def liste() -> Response:
    qui, jour = compte(), carnet.aujourd_hui()
    trouves = lecture.ouverts(db.session(), qui.structure_id, qui.utilisateur_id, qui.role, jour)
    return rendre(
        "serveur/bureau/desaccords.html",
        titre="Désaccords",
        onglet="bureau",
        desaccords=trouves,
        peut_regler=peut(qui.role, "fiches.controler"),
        nouvel_identifiant=lambda: str(uuid7()),
        retour=ACCUEIL,
    )


@desaccords.post("/desaccords/regler")
@permission("fiches.controler")
def regler() -> Response:
    """`desaccord` porte « désaccord.opération.version » : la fiche est relue de la base, jamais crue du formulaire."""
    desaccord_id, _, reste = request.form.get("desaccord", "").partition(".")
    op_id, _, version = reste.partition(".")
    choix = request.form.get("choix", "")
    if not (est_identifiant(desaccord_id) and est_identifiant(op_id) and version.isdecimal() and len(version) < 16):
        raise BadRequest
    if choix not in CHOIX:
        raise BadRequest
    with ecriture() as session:
        connu = session.get(Desaccord, (compte().structure_id, desaccord_id))
        if connu is None:
            raise BadRequest
        operation = lire_operation(
            {
                "id": op_id,
                "genre": "regler_desaccord",
                "entite": connu.id,
                "personne": connu.personne_id,
                "base": int(version),
                "champs": {"choix": choix},
                "heure": instant(carnet.maintenant()),
            }
        )
        (resultat,) = appliquer(session, carnet.acteur(), [operation])
    if resultat.erreurs:
        annoncer(" ".join(phrase for phrases in resultat.erreurs.values() for phrase in phrases))
    else:
        annoncer("Désaccord réglé\u202f: les téléphones le sauront au prochain échange.")
    retour = chemin_local(request.form.get("retour"), ACCUEIL)
    return rediriger(retour if retour.startswith("/supervision/") else ACCUEIL)


@desaccords.get("/historique/<uuid:id>")
@permission("fiches.lire")
def historique(id: UUID) -> Response:
    qui, jour = compte(), carnet.aujourd_hui()
    dossier = carnet.dossier(str(id))
    numero = request.args.get("page", "1")
    page = int(numero) if numero.isascii() and numero.isdecimal() and 0 < len(numero) <= 4 and int(numero) else 1
    adresse = f"/supervision/historique/{id}"
    lu = journal.lire(db.session(), qui.structure_id, dossier, qui.role, jour, page)
    return rendre(
        "serveur/bureau/historique.html",
        titre="Historique",
        onglet="bureau",
        personne={"id": dossier["personne"]["id"], "nom": nom_affiche(dossier["personne"])},
        desaccords=[
            face_a_face(desaccord, dossier, jour)
            for desaccord in dossier["desaccords"]
            if desaccord["etat"] == "ouvert"
        ],
        historique=lu,
        acces=acces(dossier, carnet.contexte()),
        reunions=reunions(db.session(), qui.structure_id, dossier["personne"]["id"]),
        peut_regler=peut(qui.role, "fiches.controler"),
        nouvel_identifiant=lambda: str(uuid7()),
        retour=adresse,
        precedente=f"{adresse}?page={page - 1}" if page > 1 else None,
        suivante=f"{adresse}?page={page + 1}" if lu.reste else None,
    )
