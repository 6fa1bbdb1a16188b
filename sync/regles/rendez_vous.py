"""Proposer un rendez-vous, le déplacer, constater ce qu'il en est advenu."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from app.domain import rendez_vous as domaine
from app.domain.dates import instant
from sync import champs as lire
from sync import desaccords
from sync.champs import Forme, en_json
from sync.etat import RENDEZ_VOUS, Ligne
from sync.fusion import contester, departager
from sync.operation import Operation
from sync.passages import valeur_vue
from sync.regles.mesure import mesure_du_dossier
from sync.regles.regle import AUTRE_DOSSIER, DOSSIERS, Contexte, Regle, Retenue, refuser

PROPOSITION = ("debut", "duree", "lieu")


def proposer(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    if contexte.etat.lire(RENDEZ_VOUS, operation.entite) is not None:
        raise refuser("entite", "Ce rendez-vous existe déjà.")
    mesure_du_dossier(contexte, valeurs["mesure_id"], operation.personne, "mesure_id")
    contexte.etat.ajouter(
        RENDEZ_VOUS,
        id=operation.entite,
        personne_id=operation.personne,
        mesure_id=valeurs["mesure_id"],
        **{nom: valeurs.get(nom) for nom in PROPOSITION},
        statut="propose",
        sequence=contexte.version,
        cree_le=contexte.acteur.maintenant,
    )


def constater(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    rendez_vous = rendez_vous_du_dossier(contexte, operation.entite, operation.personne, "entite")
    deplacement = _deplacement_ignore(contexte, operation, rendez_vous) if valeurs["statut"] != "propose" else {}
    vu = rendez_vous | deplacement
    fiche = {"statut": vu["statut"], "debut": instant(vu["debut"])}
    empechement = domaine.empechement(fiche, valeurs["statut"], instant(contexte.acteur.maintenant))
    if empechement:
        raise refuser("statut", empechement)
    ecrites = departager(contexte, operation, "rendez_vous", rendez_vous, valeurs)
    if ecrites and deplacement:
        ecrites |= _faire_face(contexte, operation, rendez_vous, deplacement)
    contexte.etat.changer(RENDEZ_VOUS, operation.entite, sequence=contexte.version, **ecrites)
    if ecrites:
        contexte.soumettre_au_controle("rendez_vous", operation.entite, operation.personne)


def deplacer(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    rendez_vous = rendez_vous_du_dossier(contexte, operation.entite, operation.personne, "entite")
    if "debut" in valeurs and valeurs["debut"] is None:
        raise refuser("debut", "Donnez la date et l'heure du rendez-vous.")
    if not domaine.est_deplacable(rendez_vous):
        valeurs = _sans_l_issue_ignoree(contexte, operation, rendez_vous, valeurs)
    ecrites = departager(contexte, operation, "rendez_vous", rendez_vous, valeurs)
    contexte.etat.changer(RENDEZ_VOUS, operation.entite, sequence=contexte.version, **ecrites)


def poser(contexte: Contexte, rendez_vous: Ligne, valeurs: Mapping[str, Any]) -> None:
    """Écrit des valeurs choisies. Un rendez-vous mis à un autre jour n'a plus l'issue de l'ancien."""
    changes = dict(valeurs)
    if changes.get("debut") is not None:
        apres = domaine.deplace({"debut": instant(rendez_vous["debut"])}, instant(changes["debut"]))
        changes |= {nom: valeur for nom, valeur in apres.items() if nom == "statut"}
    contexte.etat.changer(RENDEZ_VOUS, rendez_vous["id"], sequence=contexte.version, **changes)


def _deplacement_ignore(contexte: Contexte, operation: Operation, rendez_vous: Ligne) -> dict[str, Any]:
    """Ce que l'auteur voyait du rendez-vous dont il dit l'issue, si d'autres l'ont mis à un autre jour.

    Rien s'il n'a pas changé de jour : l'issue vaut alors à la nouvelle heure.
    """
    if contexte.fusion.derniere(operation, contexte.acteur, "debut") is None:
        return {}
    lu = valeur_vue(contexte, operation, "debut")
    if lu is None or "statut" not in domaine.deplace({"debut": lu}, instant(rendez_vous["debut"])):
        return {}
    formes, vues = formes_deplacement(), dict[str, Any](debut=lire.instant(lu))
    for champ in ("duree", "lieu"):
        if contexte.fusion.derniere(operation, contexte.acteur, champ) is not None:
            valeur = valeur_vue(contexte, operation, champ)
            vues[champ] = None if valeur is None else formes[champ](valeur)
    return {champ: valeur for champ, valeur in vues.items() if valeur != rendez_vous[champ]}


def _faire_face(
    contexte: Contexte, operation: Operation, rendez_vous: Ligne, vues: Mapping[str, Any]
) -> dict[str, Any]:
    """Ce qui a eu lieu l'emporte sur ce qui était prévu : l'issue vaut pour le jour où elle a été constatée, et le
    déplacement est mis en face. Le même état que s'ils étaient arrivés dans l'autre ordre.
    """
    contexte.verdict.issue = "conflict"
    ici = desaccords.passage_courant(contexte, operation)
    for champ, valeur in vues.items():
        autre = contexte.fusion.derniere(operation, contexte.acteur, champ)
        vue, proposee, ou = en_json(valeur), en_json(rendez_vous[champ]), (champ, None)
        contexte.verdict.gestes += [
            desaccords.a_suivre(contexte, operation, ou, vue),
            desaccords.a_ouvrir(contexte, operation, "rendez_vous", ou, (vue, ici), proposee, autre),
        ]
    return dict(vues)


def _sans_l_issue_ignoree(
    contexte: Contexte, operation: Operation, rendez_vous: Ligne, valeurs: Mapping[str, Any]
) -> dict[str, Any]:
    """Déplacer un rendez-vous qui a une issue : refusé à qui la voyait, mis en face d'elle pour qui l'ignorait."""
    issue = contexte.fusion.derniere(operation, contexte.acteur, "statut")
    if issue is None and not _plus_ancienne(contexte, operation):
        raise refuser("debut", "Ce rendez-vous a déjà une issue : proposez-en un autre.")
    fiche = {"debut": instant(rendez_vous["debut"])}
    if issue is None or "debut" not in valeurs or "statut" not in domaine.deplace(fiche, instant(valeurs["debut"])):
        return dict(valeurs)
    for champ, valeur in valeurs.items():
        if valeur != rendez_vous[champ]:
            actuelle = (en_json(rendez_vous[champ]), issue)
            contester(contexte, operation, "rendez_vous", (champ, None), actuelle, en_json(valeur))
    return {}


def _plus_ancienne(contexte: Contexte, operation: Operation) -> bool:
    """L'appareil a dit l'issue après ce déplacement, mais elle est arrivée avant : son ordre à lui prévaut."""
    siens = (p for p in contexte.fusion.depuis(operation, contexte.acteur) if ("statut", None) in p.valeurs)
    return any(p.source == contexte.acteur.source and 0 < operation.compteur < p.compteur for p in siens)


def rendez_vous_du_dossier(contexte: Contexte, identifiant: str, personne_id: str, champ: str) -> Ligne:
    rendez_vous = contexte.etat.lire(RENDEZ_VOUS, identifiant)
    if rendez_vous is None:
        raise Retenue(champ)
    if rendez_vous["personne_id"] != personne_id or not contexte.lit_rendez_vous(rendez_vous):
        raise refuser(champ, AUTRE_DOSSIER)
    return rendez_vous


@cache
def formes_proposition() -> Mapping[str, Forme]:
    return {"mesure_id": lire.identifiant} | dict(formes_deplacement())


@cache
def formes_deplacement() -> Mapping[str, Forme]:
    return {"debut": lire.instant, "duree": lire.entier(1, 1440), "lieu": lire.texte(200)}


@cache
def formes_constat() -> Mapping[str, Forme]:
    return {"statut": lire.parmi(("propose", *domaine.CONSTATS))}


GENRES = {
    "proposer_rendez_vous": Regle(
        proposer,
        formes_proposition,
        DOSSIERS,
        "rendez_vous",
        cite={"mesure_id": "mesure"},
        obligatoires={
            "mesure_id": "Choisissez la mesure de ce rendez-vous.",
            "debut": "Donnez la date et l’heure du rendez-vous.",
        },
    ),
    "constater_rendez_vous": Regle(
        constater,
        formes_constat,
        DOSSIERS,
        "rendez_vous",
        obligatoires={"statut": "Choisissez ce qui s’est passé."},
        fusionne=True,
    ),
    "deplacer_rendez_vous": Regle(deplacer, formes_deplacement, DOSSIERS, "rendez_vous", fusionne=True),
}
