"""Rapports : les tableaux d'une ou plusieurs conventions sur une période, chaque chiffre ouvrant sa liste."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.domain.indicateurs.catalogue import INDICATEURS
from app.domain.indicateurs.periode import ANNEES, Periode
from app.rapports import cloture, fse, lecteurs, rapport, textes
from app.rapports.demande import Demande, lire_periode
from app.rapports.listes import TAILLE_DE_PAGE
from app.rapports.regles import ConventionInconnue, lire_regles
from app.rapports.tableau import CaseInconnue
from app.securite.permissions import permission, peut
from app.securite.portier import compte, rediriger
from app.views import carnet
from app.views.demande_rapport import conventions_connues, demandee, noms_de

rapports = Blueprint("rapports", __name__, url_prefix="/rapports")

MOIS_ENTIERS = "Votre rôle lit des mois entiers\u202f: du premier jour d’un mois au dernier jour d’un mois."


@rapports.get("")
@permission("rapports.lire")
def index() -> Response:
    annee = carnet.aujourd_hui()[:4]
    return _index([], {"du": f"{annee}-01-01", "au": f"{annee}-12-31"}, {})


@rapports.get("/composer")
@permission("rapports.lire")
def composer() -> Response:
    """Le formulaire de la page : l'adresse du rapport, ou ce qui manque pour l'ouvrir."""
    connues = {convention["code"] for convention in conventions_connues()}
    choisies = [code for code in request.args.getlist("conventions") if code in connues]
    saisi = {nom: request.args.get(nom, "") for nom in ("du", "au")}
    voulue, erreurs = lire_periode(**saisi)
    if voulue and not lecteurs.lit_la_periode(compte().role, voulue):
        erreurs["au"] = MOIS_ENTIERS
    if not choisies:
        erreurs["conventions"] = "Choisissez au moins une convention."
    if erreurs or voulue is None:
        return _index(choisies, saisi, erreurs)
    return rediriger(f"/rapports/{'+'.join(sorted(choisies))}/{voulue.code}")


def _index(choisies: list[str], saisi: dict[str, str], erreurs: dict[str, str]) -> Response:
    annee, conventions = int(carnet.aujourd_hui()[:4]), conventions_connues()
    return rendre(
        "serveur/bureau/rapports.html",
        titre="Rapports",
        onglet="bureau",
        statut=422 if erreurs else 200,
        conventions=[
            {**convention, "annees": list(range(annee, max(convention["debut"], annee - 9) - 1, -1))}
            for convention in conventions
        ],
        choix=[{"code": c["code"], "libelle": c["code"], "choisi": c["code"] in choisies} for c in conventions],
        saisi=saisi,
        erreurs=erreurs,
        voit_la_maraude=peut(compte().role, "equipe"),
    )


@rapports.get("/<conventions>/<periode>")
@permission("rapports.lire")
def page(conventions: str, periode: str) -> Response:
    demande = demandee(conventions, periode)
    try:
        clos = cloture.actuelle(db.session(), demande)
        parties = clos.parties if clos else rapport.parties(db.session(), demande)
    except ConventionInconnue:
        raise NotFound from None
    ecrit = peut(compte().role, "rapports.ecrire")
    return rendre(
        "serveur/bureau/rapport.html",
        titre="Rapport",
        onglet="bureau",
        demande=demande,
        noms=noms_de(demande),
        parties=lecteurs.fermer(parties, compte().role),
        restreint=not demande.motifs_reserves,
        definitions=INDICATEURS,
        voisines=voisines(demande),
        sort=peut(compte().role, "rapports.sortir"),
        ecrit=ecrit and clos is None,
        clot=ecrit,
        cofinance=ecrit and bool(fse.conventions_fse(lire_regles(db.session(), demande))),
        clos=clos,
        blocs=clos.textes if clos else textes.blocs(db.session(), demande),
    )


@rapports.get("/<conventions>/<periode>/<tableau>/<ligne>/<colonne>")
@permission("rapports.lire")
def liste(conventions: str, periode: str, tableau: str, ligne: str, colonne: str) -> Response:
    """Ce qu'il y a derrière un chiffre, par pages ; 404 à qui ne lit pas ce que la liste dirait."""
    demande, page = demandee(conventions, periode), request.args.get("page", 1, type=int)
    if not lecteurs.ouvre(tableau, ligne, compte().role):
        raise NotFound
    clos = cloture.actuelle(db.session(), demande)
    if clos is not None:
        return _liste_close(demande, clos, (tableau, ligne, colonne), page)
    try:
        trouvee = rapport.liste(db.session(), demande, tableau, ligne, colonne, page)
    except (ConventionInconnue, CaseInconnue):
        raise NotFound from None
    return rendre(
        "serveur/bureau/liste.html",
        titre="Liste",
        onglet="bureau",
        demande=demande,
        noms=noms_de(demande),
        liste=trouvee,
        page=page,
        pages=max(1, -(-trouvee.nombre // TAILLE_DE_PAGE)),
        adresse=f"{demande.adresse}/{tableau}/{ligne}/{colonne}",
    )


def _liste_close(demande: Demande, clos: cloture.Clos, case: tuple[str, str, str], page: int) -> Response:
    """Derrière un chiffre arrêté : des pseudonymes, et aucun chemin vers un dossier."""
    try:
        ligne, liste = cloture.liste(db.session(), demande, clos, case)
    except CaseInconnue:
        raise NotFound from None
    pages = max(1, -(-len(liste.lignes) // TAILLE_DE_PAGE))
    if not 1 <= page <= pages:
        raise NotFound
    return rendre(
        "serveur/bureau/liste_close.html",
        titre="Liste",
        onglet="bureau",
        demande=demande,
        clos=clos,
        libelle=ligne,
        liste=liste,
        lignes=liste.lignes[(page - 1) * TAILLE_DE_PAGE : page * TAILLE_DE_PAGE],
        page=page,
        pages=pages,
        adresse=f"{demande.adresse}/{'/'.join(case)}",
    )


def voisines(demande: Demande) -> list[dict[str, Any]]:
    """L'année d'avant, celle-ci et celle d'après si elle a commencé, quand la période est une année."""
    annee = demande.periode.numero
    if annee is None:
        return []
    return [
        {"annee": a, "url": replace(demande, periode=Periode.annee(a)).adresse, "ici": a == annee}
        for a in range(annee - 1, annee + 2)
        if a in ANNEES and (a == annee or a <= demande.aujourd_hui.year)
    ]
