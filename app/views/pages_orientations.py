"""Les pages des listes d'orientations : déposer, relier les colonnes, vérifier les lignes, relire ce qui a été fait."""

from __future__ import annotations

from flask import request
from uuid6 import uuid7
from werkzeug.wrappers import Response

from app.base import db
from app.cadre import rendre
from app.domain.recherche import cle
from app.models import ImportOrientations, Utilisateur
from app.orientations import dire, lecture, magasin, reception, sources, structure
from app.orientations.champs import CHAMPS, TITRES_CHERCHES
from app.orientations.liste import Outils
from app.orientations.preparation import A_CONFIER, A_DECIDER, PRETE, Situation
from app.securite.portier import compte
from app.views import carnet
from app.views.liste_orientations import preparer_liste

PAGE = 50
APERCU = 3


def voir(voulu: str | None) -> str:
    return voulu if voulu in dire.VOIR else ""


def accueil(erreurs: dict[str, str] | None = None) -> Response:
    structure_id = compte().structure_id
    lues = magasin.listes(db.session(), structure_id)
    return rendre(
        "serveur/bureau/orientations.html",
        titre="Orientations",
        onglet="bureau",
        statut=422 if erreurs else 200,
        erreurs=erreurs or {},
        saisie=request.form.to_dict(),
        identifiant=str(uuid7()),
        sources=sources.noms(db.session(), structure_id),
        en_cours=[{"import": lue, "par": _nom(lue.par_id)} for lue in lues if not lue.fini_le],
        finies=[{"import": lue, "par": _nom(lue.par_id), "dit": dire.resume(lue.bilan)} for lue in lues if lue.fini_le],
        jours=magasin.GARDE.days,
        mio=lecture.OCTETS_MAX // 1024 // 1024,
    )


def _nom(utilisateur_id: str) -> str:
    lu = db.session.get(Utilisateur, (compte().structure_id, utilisateur_id))
    return f"{lu.prenom} {lu.nom}".strip() if lu else ""


def colonnes(
    importee: ImportOrientations, champs: list[str | None] | None = None, erreurs: dict[str, str] | None = None
) -> Response:
    reglages = importee.reglages
    toutes = magasin.toutes(db.session(), importee)
    sous = [ligne.cellules for ligne in toutes if ligne.numero > reglages["titres_ligne"] and ligne.cellules]
    saisie = request.form.to_dict() if erreurs else {}
    colonnes = [
        {
            "rang": rang,
            "titre": titre,
            "champ": (champs or reglages["champs"])[rang],
            "effacee": rang in reglages["effacees"],
            "exemples": [cellules[rang] for cellules in sous if rang < len(cellules) and cellules[rang]][:APERCU],
        }
        for rang, titre in enumerate(reglages["titres"])
    ]
    jour = carnet.aujourd_hui()
    conventions = structure.conventions(db.session(), importee.structure_id, jour)
    return rendre(
        "serveur/bureau/orientations_colonnes.html",
        titre="Orientations",
        onglet="bureau",
        statut=422 if erreurs else 200,
        importee=importee,
        lignes=len(sous),
        colonnes=[colonne for colonne in colonnes if colonne["titre"] or colonne["exemples"]],
        champs=list(CHAMPS.values()),
        conventions=conventions.choix,
        seule=conventions.choix[0][0] if len(conventions.choix) == 1 else "",
        defauts={nom: saisie.get(nom, reglages[nom]) for nom in ("convention", "orientee_le", "prescripteur")},
        aujourd_hui=jour,
        erreurs=erreurs or {},
        debut=[]
        if reglages["verifie"]
        else [(li.numero, " · ".join(filter(None, li.cellules))[:70]) for li in toutes[:TITRES_CHERCHES]],
        deja=magasin.deja_venue(db.session(), importee),
    )


def lignes(importee: ImportOrientations) -> Response:
    outils, preparation = preparer_liste(db.session(), importee)
    tas = voir(request.args.get("voir"))
    if not tas or not preparation.comptes[tas]:
        tas = dire.premier_tas(preparation)
    situations = preparation.de(tas)
    rang = request.args.get("page", "1")
    pages = max(1, -(-len(situations) // PAGE))
    page = min(int(rang), pages) if rang.isascii() and rang.isdecimal() and int(rang[:6]) > 0 else 1
    montrees = situations[(page - 1) * PAGE : page * PAGE]
    ouvrables = [*preparation.de(PRETE), *preparation.de(A_CONFIER), *preparation.de(A_DECIDER)]
    ici = {collegue.id: 0 for collegue in outils.collegues}
    for situation in preparation.de(PRETE):
        ici[situation.referent_id or ""] += 1
    reste = {etat: nombre for etat, nombre in preparation.comptes.items() if etat != PRETE}
    dossiers = reception.dossiers_rejoints(db.session(), carnet.acteur(), montrees)
    return rendre(
        "serveur/bureau/orientations_lignes.html",
        titre="Orientations",
        onglet="bureau",
        importee=importee,
        total=len(preparation.situations),
        voir=tas,
        filtres=dire.filtres(preparation, tas),
        lignes=[dire.ligne(s, outils, dossiers) for s in montrees],
        page=page,
        pages=pages,
        pretes=preparation.comptes[PRETE],
        reste=dire.reste(reste),
        recu=dire.recu(importee.bilan) if importee.bilan else "",
        collegues=outils.collegues,
        ici=ici,
        sans_referent=preparation.comptes[A_CONFIER],
        lieux=[(cle(lieu), lieu, nombre) for lieu, nombre in dire.lieux(preparation)],
        lieux_retenus=sources.lieux_retenus(db.session(), importee),
        conventions=outils.conventions.choix,
        places=structure.places(
            db.session(),
            importee.structure_id,
            outils.conventions,
            [situation.comprise.valeurs["convention"] for situation in ouvrables],
            outils.regles.aujourd_hui,
        ),
        jours=magasin.GARDE.days,
    )


def finie(importee: ImportOrientations) -> Response:
    return rendre(
        "serveur/bureau/orientations_finies.html",
        titre="Orientations",
        onglet="bureau",
        importee=importee,
        dit=dire.resume(importee.bilan),
        par=_nom(importee.par_id),
    )


def une_ligne(importee: ImportOrientations, outils: Outils, situation: Situation) -> Response:
    dossiers = reception.dossiers_rejoints(db.session(), carnet.acteur(), [situation])
    return rendre(
        "serveur/bureau/orientations_ligne.html",
        titre="Orientations",
        onglet="bureau",
        importee=importee,
        ligne=dire.ligne(situation, outils, dossiers),
        champs=dire.champs_de_la_ligne(situation, outils.regles),
        conventions=outils.conventions.choix,
        collegues=outils.collegues,
        voir=voir(situation.etat),
    )
