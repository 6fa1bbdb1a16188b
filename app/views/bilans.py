"""Le bilan d'une convention et d'une année : dire qu'il a été remis au financeur, ou revenir dessus."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.domain.echeance.structure import couvre
from app.domain.saisie.bilan import BilanSaisi, lire_bilan
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.supervision import conventions as lecture
from app.views import carnet
from sync.conventions import bilans_remis, noter_bilan

bilans = Blueprint("bilans", __name__, url_prefix="/conventions/<code>/<version>/bilans/<int:annee>")


@bilans.get("")
@permission("conventions.ajuster")
def lire(code: str, version: str, annee: int) -> Response:
    remis_le = bilans_remis(db.session(), compte().structure_id).get((code, annee))
    return _page(code, version, annee, BilanSaisi(remis_le.isoformat() if remis_le else carnet.aujourd_hui()))


@bilans.post("")
@permission("conventions.ajuster")
def noter(code: str, version: str, annee: int) -> Response:
    trouvee = _trouver(code, version, annee)
    reprendre = request.form.get("geste") == "reprendre"
    lu = lire_bilan(request.form.get("remis_le", ""), annee, carnet.aujourd_hui())
    if lu.erreurs and not reprendre:
        return _page(code, version, annee, lu)
    qui, jour = compte(), None if reprendre else dt.date.fromisoformat(lu.remis_le)
    with ecriture() as base:
        if bilans_remis(base, qui.structure_id).get((code, annee)) != jour:
            noter_bilan(
                base, qui.structure_id, (code, version), annee, jour, qui.utilisateur_id, dt.datetime.now(dt.UTC)
            )
    annoncer(f"Le bilan {annee} est {'à remettre' if reprendre else 'noté comme remis'}.")
    return rediriger(lecture.en_tete(trouvee, [trouvee], carnet.aujourd_hui())["url"])


def _page(code: str, version: str, annee: int, lu: BilanSaisi) -> Response:
    trouvee = _trouver(code, version, annee)
    return rendre(
        "serveur/bureau/bilan_remis.html",
        titre="Bilan au financeur",
        onglet="bureau",
        statut=422 if lu.erreurs else 200,
        convention=lecture.en_tete(trouvee, [trouvee], carnet.aujourd_hui()),
        annee=annee,
        regle=lecture.rapport_final(trouvee, annee),
        lu=lu,
        remis=(code, annee) in bilans_remis(db.session(), compte().structure_id),
    )


def _trouver(code: str, version: str, annee: int) -> lecture.Fiche:
    """La version, si elle demande un bilan de cette année-là."""
    for trouvee in lecture.versions_de(db.session(), compte().structure_id):
        celle_ci = (trouvee["code"], trouvee["version"]) == (code, version)
        if celle_ci and trouvee.get("rapport_final") and couvre(trouvee, annee):
            return trouvee
    raise NotFound
