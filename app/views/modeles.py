"""Modèles : lire, écrire, dater et valider le texte des papiers."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request
from sqlalchemy import select
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from app.base import db, ecriture
from app.cadre import annoncer, rendre
from app.domain import modele
from app.domain.francais import date_chiffree
from app.domain.saisie.modele import ModeleSaisi, lire_modele
from app.models import Modele, Utilisateur
from app.papiers.exemple import exemple
from app.securite.permissions import permission
from app.securite.portier import compte, rediriger
from app.viewmodels.papier import papier
from app.views import carnet
from sync.modeles import de_la_structure, ecrire_modele

modeles = Blueprint("modeles", __name__, url_prefix="/modeles")

TITRE = "Modèles"
# Dans l'ordre où un accompagnement les emploie.
NOMS = {
    "droits_devoirs": "Droits et devoirs",
    "contrat": "Contrat",
    "parcours": "Mon parcours",
    "liaison": "Fiche de liaison",
    "relance": "Courrier de relance",
    "saisine": "Résumé des faits d’une saisine",
    "bilan": "Bilan",
}


@modeles.get("")
@permission("modeles")
def index() -> Response:
    connus, jour = _connus(), carnet.aujourd_hui()
    lignes = [
        {"code": code, "nom": nom, "versions": [_ligne(connus, code, langue, jour) for langue in langues]}
        for code, nom in NOMS.items()
        if (langues := modele.langues(connus, code))
    ]
    return rendre("serveur/bureau/modeles.html", titre=TITRE, onglet="bureau", modeles=lignes)


@modeles.get("/<code>")
@permission("modeles")
def lire(code: str) -> Response:
    connus, jour, langue = _connus(), carnet.aujourd_hui(), request.args.get("langue", "fr")
    trouve = _trouver(connus, code, langue, jour)
    return rendre(
        "serveur/bureau/modele.html",
        titre=TITRE,
        onglet="bureau",
        modele=_dit(trouve),
        nom=NOMS[code],
        traduit=code in modele.TRADUITS,
        versions=[_dit(m) for m in reversed(connus) if (m["code"], m["langue"]) == (code, langue)],
        journal=_journal(code, langue),
        **_apercu(trouve),
    )


@modeles.get("/<code>/modifier")
@permission("modeles")
def modifier(code: str) -> Response:
    jour, langue = carnet.aujourd_hui(), request.args.get("langue", "fr")
    neuf = code in modele.TRADUITS and langue == "nouvelle"
    trouve = _trouver(_connus(), code, "fr" if neuf else langue, jour)
    return _page(ModeleSaisi(code, "" if neuf else langue, trouve["titre"], trouve["corps"], jour))


@modeles.post("/<code>/modifier")
@permission("modeles")
def modifie(code: str) -> Response:
    if code not in NOMS:
        raise NotFound
    lu = lire_modele(code, request.form.to_dict(), carnet.aujourd_hui())
    if lu.erreurs or request.form.get("geste") == "apercu":
        return _page(lu)
    _ecrire(_version(lu))
    annoncer("Le modèle est noté. Il reste à le valider.")
    return rediriger(f"/modeles/{code}?langue={lu.langue}")


@modeles.post("/<code>/valider")
@permission("modeles")
def valider(code: str) -> Response:
    langue, depuis = request.form.get("langue", ""), request.form.get("depuis", "")
    trouve = next(
        (m for m in _connus() if (m["code"], m["langue"], m["depuis"]) == (code, langue, depuis)),
        None,
    )
    if trouve is None:
        raise NotFound
    if not trouve["valide"]:
        _ecrire(trouve | {"valide": True})
        annoncer("Le modèle est validé. Les téléphones le sauront à leur prochain échange.")
    return rediriger(f"/modeles/{code}?langue={langue}")


def _page(lu: ModeleSaisi) -> Response:
    return rendre(
        "serveur/bureau/modifier_modele.html",
        titre=TITRE,
        onglet="bureau",
        statut=422 if lu.erreurs else 200,
        lu=lu,
        nom=NOMS[lu.code],
        traduit=lu.code in modele.TRADUITS,
        mots=sorted(modele.mots_connus(lu.code)),
        **(_apercu(_version(lu)) if request.method == "POST" and not lu.erreurs else {}),
    )


def _apercu(version: dict[str, Any]) -> dict[str, Any]:
    """Le papier tel qu'il s'imprimera, pour une personne inventée."""
    contexte = carnet.contexte()
    contexte["reference"] = contexte["reference"] | {"modeles": [version], "conventions": []}
    genre, dossier, fiche = exemple(contexte, version["code"])
    return papier(genre, dossier, contexte, fiche, version["langue"]) or {}


def _version(lu: ModeleSaisi) -> dict[str, Any]:
    return {
        "code": lu.code,
        "langue": lu.langue,
        "titre": lu.titre,
        "corps": lu.corps,
        "depuis": lu.depuis,
        "valide": False,
    }


def _ecrire(version: dict[str, Any]) -> None:
    qui = compte()
    with ecriture() as base:
        ecrire_modele(base, qui.structure_id, qui.utilisateur_id, version, carnet.maintenant())


def _connus() -> list[dict[str, Any]]:
    return de_la_structure(db.session(), compte().structure_id)


def _trouver(connus: list[dict[str, Any]], code: str, langue: str, jour: str) -> dict[str, Any]:
    trouve = modele.en_vigueur(connus, code, langue, jour) if code in NOMS else None
    if trouve is None:
        raise NotFound
    return trouve


def _ligne(connus: list[dict[str, Any]], code: str, langue: str, jour: str) -> dict[str, Any]:
    suivant = next((m for m in connus if (m["code"], m["langue"]) == (code, langue) and m["depuis"] > jour), None)
    dit = _dit(_trouver(connus, code, langue, jour))
    return dit | {"suivant": date_chiffree(suivant["depuis"]) if suivant and suivant["depuis"] != dit["jour"] else None}


def _dit(version: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": version["code"],
        "langue": version["langue"],
        "titre": version["titre"],
        "jour": version["depuis"],
        "depuis": date_chiffree(version["depuis"]),
        "valide": version["valide"],
        "url": f"/modeles/{version['code']}?langue={version['langue']}",
    }


def _journal(code: str, langue: str) -> list[Any]:
    """Qui a écrit ou validé quelle version, la dernière d'abord."""
    return list(
        db.session.execute(
            select(Modele.depuis, Modele.cree_le, Modele.valide_le, Utilisateur.prenom, Utilisateur.nom)
            .join(
                Utilisateur,
                (Utilisateur.id == Modele.auteur_id) & (Utilisateur.structure_id == Modele.structure_id),
            )
            .where(Modele.structure_id == compte().structure_id, Modele.code == code, Modele.langue == langue)
            .order_by(Modele.cree_le.desc(), Modele.id)
        )
    )
