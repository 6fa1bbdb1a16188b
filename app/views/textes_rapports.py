"""Les textes libres d'un rapport : les écrire, relire ce qu'ils disaient."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.rapports import cloture, textes
from app.rapports.demande import Demande
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.views import carnet
from app.views.demande_rapport import existante

textes_rapports = Blueprint("textes_rapports", __name__, url_prefix="/rapports/<conventions>/<periode>/textes/<bloc>")

CHANGE = "Quelqu’un a changé ce texte pendant que vous écriviez\u202f: le sien est dessous. Reprenez-en ce qu’il faut."


@textes_rapports.get("")
@permission("rapports.ecrire")
def modifier(conventions: str, periode: str, bloc: str) -> Response:
    demande = existante(conventions, periode)
    lu = _bloc(demande, bloc)
    if cloture.est_clos(db.session(), demande):
        return _refuser(demande)
    return _page(demande, lu, {"titre": lu.titre, "texte": lu.texte, "version": lu.version}, {})


@textes_rapports.post("")
@permission("rapports.ecrire")
def modifie(conventions: str, periode: str, bloc: str) -> Response:
    demande = existante(conventions, periode)
    lu = _bloc(demande, bloc)
    if cloture.est_clos(db.session(), demande):
        return _refuser(demande)
    saisi = {nom: request.form.get(nom, "") for nom in ("titre", "texte", "version")}
    titre, texte = " ".join(saisi["titre"].split()), saisi["texte"].replace("\r\n", "\n").strip()
    erreurs = textes.erreurs(titre, texte)
    if not erreurs and not _garder(demande, bloc, titre, texte, saisi["version"]):
        lu = _bloc(demande, bloc)
        if cloture.est_clos(db.session(), demande):
            return _refuser(demande)
        erreurs["texte"] = CHANGE
    if erreurs:
        return _page(demande, lu, saisi | {"version": lu.version}, erreurs)
    if textes.noms_ecrits(db.session(), demande.structure_id, titre, texte):
        # Le texte est relu là où il s'écrit ; ni l'adresse ni le message ne nomment personne.
        annoncer("Le texte est gardé, mais il semble nommer quelqu’un\u202f: relisez-le.")
        return rediriger(f"{demande.adresse}/textes/{bloc}")
    annoncer(
        "Le texte est gardé avec le rapport." if texte else "Le texte ne s’imprimera plus\u202f; il reste relisible."
    )
    return rediriger(demande.adresse)


def _garder(demande: Demande, code: str, titre: str, texte: str, version: str) -> bool:
    """Faux si le rapport s'est clos, ou si ce n'est plus la version que l'on a lue : cela se voit sous le verrou."""
    with ecriture() as session:
        cloture.verrouiller(session, demande)
        lu = textes.bloc(session, demande, code)
        if lu is None or lu.version != version or cloture.est_clos(session, demande):
            return False
        if (titre, texte) != (lu.titre, lu.texte):
            textes.ecrire(session, demande, code, titre, texte, compte().utilisateur_id, carnet.maintenant())
        return True


def _refuser(demande: Demande) -> Response:
    annoncer("Ce rapport est clos\u202f: rouvrez-le pour changer ses textes.")
    return rediriger(f"{demande.adresse}/cloture")


def _bloc(demande: Demande, code: str) -> textes.Bloc:
    trouve = textes.bloc(db.session(), demande, code)
    if trouve is None:
        raise NotFound
    return trouve


def _page(demande: Demande, lu: textes.Bloc, saisi: dict[str, str], erreurs: dict[str, str]) -> Response:
    versions = textes.versions(db.session(), demande, lu.code)
    return rendre(
        "serveur/bureau/texte_rapport.html",
        titre="Rapport",
        onglet="bureau",
        statut=422 if erreurs else 200,
        demande=demande,
        bloc=lu,
        saisi=saisi,
        erreurs=erreurs,
        noms=textes.noms_ecrits(db.session(), demande.structure_id, saisi["titre"], saisi["texte"]),
        versions=versions[::-1] if erreurs else versions[-2::-1],
    )
