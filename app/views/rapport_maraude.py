"""Le rapport de la maraude : des secteurs, une période ; le chef de service compte, les équipes lisent."""

from __future__ import annotations

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.domain.indicateurs.catalogue import INDICATEURS
from app.rapports import maraude as lecture
from app.rapports.demande import lire_periode
from app.rapports.listes import TAILLE_DE_PAGE
from app.rapports.maraude import DemandeMaraude, FaitsMaraude
from app.rapports.rapport import page_de
from app.rapports.tableau import CaseInconnue
from app.rapports.tableaux.maraude import parties
from app.rapports.tableaux.maraude import tableau as composer_un
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.views import carnet
from app.views.fichiers_rapports import montrer_la_sortie, sortir_le_rapport
from app.views.rapports import voisines

rapport_maraude = Blueprint("rapport_maraude", __name__, url_prefix="/rapports/maraude")

_RAPPORT = "/<secteurs>/<periode>"


@rapport_maraude.get("")
@permission("equipe")
def index() -> Response:
    annee = carnet.aujourd_hui()[:4]
    return _index([], {"du": f"{annee}-01-01", "au": f"{annee}-12-31"}, {})


@rapport_maraude.get("/composer")
@permission("equipe")
def composer() -> Response:
    connus = lecture.secteurs(db.session(), compte().structure_id)
    choisis = [secteur for secteur in request.args.getlist("secteurs") if secteur in connus]
    saisi = {nom: request.args.get(nom, "") for nom in ("du", "au")}
    voulue, erreurs = lire_periode(**saisi)
    if len(choisis) == len(connus):
        choisis = []
    if len(choisis) > lecture.SECTEURS_MAX:
        erreurs["secteurs"] = f"Au plus {lecture.SECTEURS_MAX} à la fois, ou tous\u202f: n’en choisissez alors aucun."
    if erreurs or voulue is None:
        return _index(choisis, saisi, erreurs)
    return rediriger(f"/rapports/maraude/{'+'.join(sorted(choisis)) or lecture.TOUS}/{voulue.code}")


@rapport_maraude.get(_RAPPORT)
@permission("equipe")
def page(secteurs: str, periode: str) -> Response:
    demande, faits = _demandee(secteurs, periode)
    return rendre(
        "serveur/bureau/rapport.html",
        titre="Rapport",
        onglet="bureau",
        demande=demande,
        noms=_noms(faits),
        parties=parties(faits, demande),
        definitions=INDICATEURS,
        voisines=voisines(demande),
        sort=True,
        retour="/rapports/maraude",
    )


@rapport_maraude.get(f"{_RAPPORT}/<tableau>/<ligne>/<colonne>")
@permission("equipe")
def liste(secteurs: str, periode: str, tableau: str, ligne: str, colonne: str) -> Response:
    """Ce qu'il y a derrière un chiffre : des nuits, des heures, des nombres ; jamais qui."""
    demande, faits = _demandee(secteurs, periode)
    page = request.args.get("page", 1, type=int)
    try:
        trouvee = page_de(db.session(), demande, composer_un(faits, demande, tableau), (ligne, colonne), page)
    except CaseInconnue:
        raise NotFound from None
    return rendre(
        "serveur/bureau/liste_maraude.html",
        titre="Liste",
        onglet="bureau",
        demande=demande,
        liste=trouvee,
        page=page,
        pages=max(1, -(-trouvee.nombre // TAILLE_DE_PAGE)),
        adresse=f"{demande.adresse}/{tableau}/{ligne}/{colonne}",
    )


@rapport_maraude.get(f"{_RAPPORT}/sortir")
@permission("equipe")
def formulaire(secteurs: str, periode: str) -> Response:
    demande, faits = _demandee(secteurs, periode)
    return montrer_la_sortie(demande, _noms(faits))


@rapport_maraude.post(f"{_RAPPORT}/sortir")
@permission("equipe")
def sortir(secteurs: str, periode: str) -> Response:
    demande, faits = _demandee(secteurs, periode)
    return sortir_le_rapport(
        demande, _noms(faits), lambda: lecture.editer(db.session(), demande, faits, parties(faits, demande))
    )


def _demandee(secteurs: str, periode: str) -> tuple[DemandeMaraude, FaitsMaraude]:
    try:
        demande = DemandeMaraude.nommee(compte().structure_id, secteurs, periode, carnet.maintenant())
        return demande, lecture.lire_faits(db.session(), demande)
    except (ValueError, lecture.SecteurInconnu):
        raise NotFound from None


def _noms(faits: FaitsMaraude) -> list[str]:
    return list(faits.secteurs.values())


def _index(choisis: list[str], saisi: dict[str, str], erreurs: dict[str, str]) -> Response:
    connus = lecture.secteurs(db.session(), compte().structure_id)
    annee = int(carnet.aujourd_hui()[:4])
    return rendre(
        "serveur/bureau/rapports_maraude.html",
        titre="Rapports",
        onglet="bureau",
        statut=422 if erreurs else 200,
        secteurs=list(connus.items()),
        annees=list(range(annee, annee - 3, -1)),
        choix=[{"code": cle, "libelle": nom, "choisi": cle in choisis} for cle, nom in connus.items()],
        saisi=saisi,
        erreurs=erreurs,
    )
