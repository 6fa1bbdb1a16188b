"""Conventions : lire chaque règle et sa source, comparer deux versions, ajuster ce qui revient à la structure."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.domain.convention import PAR_NOM, Regle, etat, valeur_au
from app.domain.dates import instant
from app.domain.mesure import nom_court
from app.domain.saisie.ajustement import AjustementSaisi, champs, lire_ajustement
from app.securite.permissions import permission, peut
from app.securite.portier import compte, rediriger
from app.supervision import bilans
from app.supervision import conventions as lecture
from app.views import carnet
from sync.conventions import AjustementRefuse, ajuster

conventions = Blueprint("conventions", __name__, url_prefix="/conventions")

# Des adresses déjà prises par un écran : aucun code ne leur ressemble, ils sont en capitales.
_ADRESSE = "/<code>/<version>"


@conventions.get("")
@permission("conventions.lire")
def index() -> Response:
    structure, jour = compte().structure_id, carnet.aujourd_hui()
    versions = lecture.versions_de(db.session(), structure)
    return rendre(
        "serveur/bureau/conventions.html",
        titre="Conventions",
        onglet="bureau",
        conventions=lecture.sommaire(db.session(), structure, versions, jour),
        paires=lecture.paires(versions),
    )


@conventions.get("/comparer")
@permission("conventions.lire")
def comparer() -> Response:
    """Deux versions côte à côte, prises dans l'adresse ; à défaut les deux dernières d'une même convention."""
    versions = lecture.versions_de(db.session(), compte().structure_id)
    gauche, droite = lecture.choisir_deux(versions, request.args.get("gauche"), request.args.get("droite"))
    jour = carnet.aujourd_hui()
    return rendre(
        "serveur/bureau/comparer_conventions.html",
        titre="Comparer",
        onglet="bureau",
        choix=[
            {"cle": lecture.cle(v), "libelle": f"{nom_court(lecture.du_jour(v, versions, jour))}, {v['version']}"}
            for v in versions
        ],
        gauche=gauche and lecture.en_tete(gauche, versions, jour),
        droite=droite and lecture.en_tete(droite, versions, jour),
        lignes=lecture.comparaison(gauche, droite, versions, jour) if gauche and droite else [],
    )


@conventions.get(_ADRESSE)
@permission("conventions.lire")
def version(code: str, version: str) -> Response:
    versions, trouvee = _trouver(code, version)
    jour = carnet.aujourd_hui()
    return rendre(
        "serveur/bureau/convention.html",
        titre="Convention",
        onglet="bureau",
        convention=lecture.en_tete(trouvee, versions, jour),
        peut_ajuster=peut(compte().role, "conventions.ajuster"),
        groupes=lecture.groupes(trouvee, versions, jour),
        autres=[lecture.en_tete(v, versions, jour) for v in versions if v["code"] == code and v is not trouvee],
        bilans=bilans.d_une_version(db.session(), compte().structure_id, trouvee, instant(carnet.maintenant())),
        journal=lecture.journal(db.session(), compte().structure_id, code, version),
        limites=lecture.limites_de(db.session(), compte().structure_id, trouvee, versions, jour),
    )


@conventions.get(f"{_ADRESSE}/ajuster/<regle>")
@permission("conventions.ajuster")
def nouvel_ajustement(code: str, version: str, regle: str) -> Response:
    versions, trouvee, connue = _ajustable(code, version, regle)
    jour = carnet.aujourd_hui()
    valeur = valeur_au(lecture.du_jour(trouvee, versions, jour), regle, jour)
    effet = max(jour, trouvee["debut"])
    return _page(versions, trouvee, connue, champs(connue, valeur), AjustementSaisi(effet=effet))


@conventions.post(f"{_ADRESSE}/ajuster/<regle>")
@permission("conventions.ajuster")
def noter_ajustement(code: str, version: str, regle: str) -> Response:
    versions, trouvee, connue = _ajustable(code, version, regle)
    formulaire, rendue = request.form.to_dict(flat=False), request.form.get("geste") == "rendre"
    lu = lire_ajustement(connue, formulaire, trouvee["debut"], carnet.aujourd_hui(), rendue)
    if lu.erreurs:
        return _page(versions, trouvee, connue, champs(connue, None, formulaire), lu)
    qui = compte()
    try:
        with ecriture() as base:
            ajuster(
                base,
                qui.structure_id,
                (code, version),
                regle,
                dt.date.fromisoformat(lu.effet),
                lu.valeur,
                lu.raison,
                qui.utilisateur_id,
                dt.datetime.now(dt.UTC),
            )
    except AjustementRefuse:
        raise NotFound from None
    annoncer(
        f"«\u202f{connue.libelle}\u202f» revient à la convention."
        if rendue
        else f"«\u202f{connue.libelle}\u202f» est ajusté. Les téléphones le sauront à leur prochain échange."
    )
    return rediriger(f"/conventions/{code}/{version}")


def _page(
    versions: list[lecture.Fiche],
    trouvee: lecture.Fiche,
    regle: Regle,
    saisie: list[dict[str, Any]],
    lu: AjustementSaisi,
) -> Response:
    return rendre(
        "serveur/bureau/ajuster_convention.html",
        titre="Ajuster",
        onglet="bureau",
        statut=422 if lu.erreurs else 200,
        convention=lecture.en_tete(trouvee, versions, carnet.aujourd_hui()),
        regle=regle,
        champs=saisie,
        lu=lu,
        dite=lecture.dite_par_la_convention(trouvee, regle),
        passes=lecture.ajustements_dits(trouvee, regle.nom),
    )


def _trouver(code: str, version: str) -> tuple[list[lecture.Fiche], lecture.Fiche]:
    versions = lecture.versions_de(db.session(), compte().structure_id)
    for trouvee in versions:
        if (trouvee["code"], trouvee["version"]) == (code, version):
            return versions, trouvee
    raise NotFound


def _ajustable(code: str, version: str, regle: str) -> tuple[list[lecture.Fiche], lecture.Fiche, Regle]:
    """Ce que la convention laisse à la structure, dans une version qui n'est pas du passé."""
    versions, trouvee = _trouver(code, version)
    laissees = trouvee.get("perimetre_structure") or ()
    if regle not in laissees or regle not in PAR_NOM or etat(trouvee, versions, carnet.aujourd_hui()) == "passee":
        raise NotFound
    return versions, trouvee, PAR_NOM[regle]
