"""Régler un désaccord : garder la valeur en vigueur, ou prendre celle qui était proposée."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import select

from app.domain.francais import jour_long
from app.models import Utilisateur
from app.models.desaccord import CHOIX
from sync import champs as lire
from sync import desaccords
from sync.champs import Forme
from sync.desaccords import ARCHIVE
from sync.etat import DESACCORD, PAR_NOM, PIECE, Ligne
from sync.fusion import jour_paris
from sync.operation import Operation
from sync.regles import archive, entretien, mesure, personne, piece, rendez_vous, sortie
from sync.regles.regle import AUTRE_DOSSIER, TERRAIN, Contexte, Regle, Retenue, refuser

PAS_LISIBLE = "Ce désaccord porte sur ce que vous ne lisez pas\u202f: il est à régler par quelqu’un d’autre."


def regler(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    if contexte.acteur.revoque:
        raise refuser("genre", "Cet appareil a été retiré\u202f: les désaccords se règlent au bureau.")
    contexte.personne(operation, meme_perdu=False)
    desaccord = contexte.etat.lire(DESACCORD, operation.entite)
    if desaccord is None:
        raise Retenue("entite")
    if desaccord["personne_id"] != operation.personne:
        raise refuser("entite", AUTRE_DOSSIER)
    if not _se_lit(contexte, desaccord):
        raise refuser("entite", PAS_LISIBLE)
    if desaccord["etat"] == "regle":
        if desaccord["choix"] != valeurs["choix"]:
            raise refuser("choix", _deja_regle(contexte, desaccord))
        return
    if operation.base is not None and desaccord["sequence"] > operation.base:
        raise refuser("base", "Ce désaccord a changé depuis que vous l’avez lu\u202f: relisez-le.")
    if valeurs["choix"] == "propose":
        _prendre(contexte, operation, desaccord)
    desaccords.regler(contexte, desaccord, valeurs["choix"])


def _se_lit(contexte: Contexte, desaccord: Ligne) -> bool:
    """Régler, c'est choisir entre deux valeurs : il faut pouvoir lire l'une et l'autre."""
    if not desaccords.lisible(desaccord, contexte.acteur.utilisateur_id, contexte.acteur.role):
        return False
    if desaccord["fiche_type"] != "piece":
        return _se_lit_en_binome(contexte, desaccord)
    fiche = contexte.etat.lire(PIECE, desaccord["fiche_id"])
    return fiche is not None and piece.se_lit(contexte, fiche, desaccord["champ"])


def _se_lit_en_binome(contexte: Contexte, desaccord: Ligne) -> bool:
    personne = desaccord["personne_id"]
    lecteur = contexte.lecteur(personne)
    return lecteur.lit_ce_qui_se_dit(desaccord["fiche_type"], desaccord["fiche_id"], personne)


def _prendre(contexte: Contexte, operation: Operation, desaccord: Ligne) -> None:
    """Écrit la valeur proposée, avec les mêmes vérifications que si on la saisissait."""
    fiche_type, champ, brute = desaccord["fiche_type"], desaccord["champ"], desaccord["propose_valeur"]
    fiche = contexte.etat.lire(PAR_NOM[fiche_type], desaccord["fiche_id"])
    assert fiche is not None  # noqa: S101  # les fiches à régler sont lues avec le lot
    if fiche_type == "piece":
        forme = piece.formes(fiche["forme"])[champ]
    else:
        forme = archive.formes()["le"] if champ == ARCHIVE else FORMES[fiche_type]()[champ]
    valeur = None if brute is None else forme(brute)
    if fiche_type == "personne" and champ == ARCHIVE:
        archive.poser(contexte, fiche, {champ: valeur})
        return
    if fiche_type == "personne":
        personne.poser(contexte, fiche, {champ: valeur}, desaccord["date_effet"] or contexte.aujourd_hui)
    elif fiche_type == "mesure":
        ecrire = sortie.reprendre if champ in sortie.formes() else mesure.poser
        ecrire(contexte, fiche, {champ: valeur})
    elif fiche_type == "entretien":
        entretien.poser(contexte, fiche, {champ: valeur})
    elif fiche_type == "piece":
        piece.poser(contexte, fiche, {champ: valeur}, operation)
    else:
        rendez_vous.poser(contexte, fiche, {champ: valeur})
    if champ != desaccords.NOTE:
        contexte.soumettre_au_controle(fiche_type, fiche["id"], desaccord["personne_id"])


def _deja_regle(contexte: Contexte, desaccord: Ligne) -> str:
    requete = select(Utilisateur.prenom, Utilisateur.nom).where(
        Utilisateur.structure_id == contexte.acteur.structure_id, Utilisateur.id == desaccord["regle_par_id"]
    )
    prenom, nom = contexte.etat.session.execute(requete).one()
    jour = jour_long(jour_paris(desaccord["regle_le"]).isoformat())
    return f"Ce désaccord a déjà été réglé par {prenom} {nom} le {jour}."


FORMES: dict[str, Callable[[], Mapping[str, Forme]]] = {
    "personne": personne.formes,
    "mesure": lambda: {**mesure.formes_modification(), **sortie.formes()},
    "rendez_vous": lambda: {**rendez_vous.formes_deplacement(), **rendez_vous.formes_constat()},
    "entretien": entretien.formes,
}


@cache
def formes() -> Mapping[str, Forme]:
    return {"choix": lire.parmi(CHOIX)}


GENRES = {
    "regler_desaccord": Regle(
        regler, formes, TERRAIN, "desaccord", obligatoires={"choix": "Choisissez la valeur à garder."}
    )
}
