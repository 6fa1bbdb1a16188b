"""Anomalies : règle par règle, les fiches où quelque chose ne peut pas être vrai, et ce qui le règle."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.domain.anomalies import REGLES
from app.securite.permissions import permission, peut
from app.securite.portier import compte
from app.supervision import anomalies as lecture
from app.supervision.candidates import MAX
from app.views import carnet
from app.views.pages import Pages

anomalies = Blueprint("anomalies", __name__, url_prefix="/supervision/anomalies")

ACCUEIL = "/supervision/anomalies"
# Ce que demande l'écran qui règle ; les autres s'ouvrent à qui lit la liste.
_DEMANDENT = {"/entretiens/": "entretiens.noter", "/equipe": "equipe"}


@anomalies.get("")
@permission("fiches.lire")
def liste() -> Response:
    qui, jour = compte(), carnet.aujourd_hui()
    trouvees = lecture.chercher(db.session(), qui.structure_id, jour, qui.role)
    voulue = request.args.get("regle", "")
    choisie = voulue if voulue in REGLES else next((code for code, siennes in trouvees.items() if siennes), None)
    siennes = trouvees[choisie] if choisie else []
    pages = Pages.de(request.args.get("page"), len(siennes), lecture.PAGE, f"{ACCUEIL}?regle={choisie}")
    return rendre(
        "serveur/bureau/anomalies.html",
        titre="Anomalies",
        onglet="bureau",
        regles=[
            {"code": code, "titre": REGLES[code].titre, "nombre": len(liste), "choisie": code == choisie}
            for code, liste in trouvees.items()
            if liste or code == choisie
        ],
        choisie=REGLES[choisie] if choisie else None,
        total=sum(map(len, trouvees.values())),
        plein=MAX,
        lignes=lecture.lignes(db.session(), qui.structure_id, jour, pages.tranche(siennes)),
        pages=pages,
        s_ouvre=lambda url: all(peut(qui.role, nom) for debut, nom in _DEMANDENT.items() if url.startswith(debut)),
    )
