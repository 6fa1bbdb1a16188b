"""Se connecter, se déconnecter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from flask import Blueprint, current_app, g, request
from sqlalchemy import select, update
from werkzeug.wrappers import Response

from app.base import cloisonner, db, ecriture, lire
from app.cadre import chemin_local, en_demonstration, rendre
from app.cloison import Cloison
from app.models import Appareil, Structure, Utilisateur
from app.securite import frein, mot_de_passe, ouverture
from app.securite.permissions import permission, peut, publique
from app.securite.portier import compte_ou_rien, rediriger
from app.securite.preuve import COOKIE_OUVERT, appareil_annonce, oublier_appareil, poser_preuve
from app.securite.session import session_courante

connexion = Blueprint("connexion", __name__)

REFUS = "Courriel ou mot de passe incorrect."
A_RETAPER = "Retapez-le\u202f; vérifiez la touche des majuscules."
VIDES = {"courriel": "Donnez votre courriel.", "mot_de_passe": "Donnez votre mot de passe."}
LAQUELLE = "Vous avez un compte dans plusieurs structures. Choisissez la vôtre et retapez votre mot de passe."


@connexion.get("/connexion")
@publique
def connexion_page() -> Response:
    suite = chemin_local(request.args.get("suite"))
    return rediriger(suite) if compte_ou_rien() else _page(suite=suite)


@connexion.post("/connexion")
@publique
def entrer() -> Response:
    suite, courriel = chemin_local(request.form.get("suite")), request.form.get("courriel", "").strip().lower()[:254]
    appareil = appareil_annonce(request)
    essai = frein.essai(str(current_app.secret_key), courriel, request.remote_addr, appareil[1] if appareil else None)
    # Rien de tapé n'est pas un essai.
    if manquants := {nom: phrase for nom, phrase in VIDES.items() if not request.form.get(nom, "").strip()}:
        return _page(courriel=courriel, suite=suite, manquants=manquants, statut=422)
    attente = frein.demander(essai, dt.datetime.now(dt.UTC))
    if attente:
        return _freine(courriel, suite, attente)
    propose = request.form.get("mot_de_passe", "")
    reconnus = _reconnaitre(courriel, propose)
    if not reconnus:
        return _page(courriel=courriel, suite=suite, erreur=REFUS, statut=422)
    frein.reussir(essai)
    voulus = [reconnu for reconnu in reconnus if reconnu.structure_id == request.form.get("structure")]
    if len(reconnus) > 1 and not voulus:
        return _page(courriel=courriel, suite=suite, erreur=LAQUELLE, statut=422, structures=_structures(reconnus))
    utilisateur = (voulus or reconnus)[0]
    cloisonner(utilisateur.structure_id)
    _rehacher(utilisateur, propose)
    return ouvrir(utilisateur, appareil, suite)


@connexion.post("/deconnexion")
@permission("compte")
def sortir() -> Response:
    ouverture.deconnecter(session_courante())
    reponse = rediriger("/connexion")
    reponse.delete_cookie(COOKIE_OUVERT, path="/", secure=True)
    return reponse


def _reconnaitre(courriel: str, propose: str) -> list[Utilisateur]:
    """Les comptes dont c'est le courriel et le mot de passe : un par structure où la personne travaille.

    Même travail que le compte existe ou non.
    """
    with lire(db.engine, Cloison(courriel=courriel)) as session:
        candidats = session.scalars(select(Utilisateur).where(Utilisateur.courriel == courriel)).all()
    reconnus = [
        candidat for candidat in candidats if mot_de_passe.verifier(candidat.mot_de_passe, propose) and candidat.actif
    ]
    if not candidats:
        mot_de_passe.verifier(None, propose)
    return reconnus


def _structures(comptes: list[Utilisateur]) -> list[dict[str, str]]:
    noms: dict[str, str] = {}
    for structure_id in {reconnu.structure_id for reconnu in comptes}:
        with lire(db.engine, structure_id) as session:
            noms[structure_id] = session.get_one(Structure, structure_id).nom
    return [{"code": code, "libelle": noms[code]} for code in sorted(noms, key=noms.__getitem__)]


def _rehacher(reconnu: Utilisateur, propose: str) -> None:
    """Un mot de passe haché avec des réglages d'hier l'est de nouveau avec ceux d'aujourd'hui."""
    if mot_de_passe.a_rehacher(reconnu.mot_de_passe or ""):
        with ecriture() as base:
            base.execute(
                update(Utilisateur)
                .where(Utilisateur.structure_id == reconnu.structure_id, Utilisateur.id == reconnu.id)
                .values(mot_de_passe=mot_de_passe.hacher(propose))
            )


def ouvrir(utilisateur: Utilisateur, appareil: tuple[str, str] | None, suite: str) -> Response:
    """Ouvre la session de qui vient de prouver que ce compte est le sien, et mène à `suite`."""
    connu = db.session.get(Appareil, appareil) if appareil else None
    sien = connu is not None and connu.utilisateur_id == utilisateur.id and connu.revoque_le is None
    ouverture.connecter(current_app, session_courante(), utilisateur, connu.id if connu and sien else None)
    g.pop("csrf_token", None)
    reponse = rediriger(suite)
    if connu is not None and sien:
        # Le mot de passe vaut ouverture : sans cela, un téléphone dont le worker manque resterait fermé.
        poser_preuve(reponse, utilisateur.id, connu.id)
    elif appareil is not None:
        if connu is not None and connu.utilisateur_id != utilisateur.id and peut(utilisateur.role, "echange"):
            # Le carnet d'une autre personne répondrait à toutes les adresses du terrain : il faut d'abord en décider.
            reponse = rediriger("/installer/remplacer")
        oublier_appareil(reponse)
    return reponse


def _freine(courriel: str, suite: str, attente: int) -> Response:
    reponse = _page(courriel=courriel, suite=suite, erreur=frein.patience(attente), statut=429)
    reponse.headers["Retry-After"] = str(attente)
    return reponse


def _page(
    suite: str = "/",
    courriel: str = "",
    erreur: str = "",
    statut: int = 200,
    structures: Sequence[dict[str, str]] = (),
    manquants: Mapping[str, str] | None = None,
) -> Response:
    comptes = current_app.config.get("COMPTES_DEMONSTRATION", []) if en_demonstration() else []
    return rendre(
        "serveur/connexion.html",
        titre="Connexion",
        onglet="",
        statut=statut,
        courriel=courriel,
        suite=suite,
        erreur=erreur,
        a_retaper=A_RETAPER if erreur == REFUS else "",
        comptes=comptes,
        structures=structures,
        manquants=manquants or {},
    )
