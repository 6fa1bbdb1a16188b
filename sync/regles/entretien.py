"""Noter un entretien, le corriger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from app.models import NotePersonnelle
from app.models.entretien import MOYENS
from sync import champs as lire
from sync.champs import Forme
from sync.etat import ENTRETIEN, Ligne
from sync.fusion import departager
from sync.operation import Operation
from sync.regles.mesure import mesure_du_dossier
from sync.regles.regle import AUTRE_DOSSIER, TERRAIN, Contexte, Regle, Retenue, refuser
from sync.regles.rendez_vous import rendez_vous_du_dossier

FAITS = ("mesure_id", "rendez_vous_id", "date", "heure", "duree", "moyen", "lieu", "synthese")
SANS_RELECTURE = frozenset({"note_personnelle", "partagee"})
OBLIGATOIRES = {"date": "Donnez la date de l’entretien.", "moyen": "Choisissez le moyen du contact."}
# La nuit d'une maraude chevauche deux jours, et toutes les montres ne sont pas à l'heure.
TOLERANCE = dt.timedelta(days=1)


def noter(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    if contexte.etat.lire(ENTRETIEN, operation.entite) is not None:
        raise refuser("entite", "Cet entretien existe déjà.")
    _verifier(contexte, operation, valeurs)
    contexte.etat.ajouter(
        ENTRETIEN,
        id=operation.entite,
        personne_id=operation.personne,
        **{nom: valeurs.get(nom) for nom in FAITS},
        partagee=bool(valeurs.get("partagee")),
        auteur_id=contexte.acteur.utilisateur_id,
        sequence=contexte.version,
        cree_le=contexte.acteur.maintenant,
    )
    entretien = {"id": operation.entite, "personne_id": operation.personne, "auteur_id": contexte.acteur.utilisateur_id}
    _deposer_suite(contexte, entretien, valeurs)


def modifier(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    contexte.personne(operation)
    entretien = contexte.etat.lire(ENTRETIEN, operation.entite)
    if entretien is None:
        raise Retenue("entite")
    if entretien["personne_id"] != operation.personne:
        raise refuser("entite", AUTRE_DOSSIER)
    if "partagee" in valeurs:
        contexte.refuser_au_binome(operation.personne)
        valeurs["partagee"] = bool(valeurs["partagee"])
    # Qui suit le dossier coche pour le binôme ce que d'autres ont noté.
    if entretien["auteur_id"] != contexte.acteur.utilisateur_id and valeurs.keys() != {"partagee"}:
        raise refuser("entite", "Seule la personne qui a noté cet entretien peut le modifier.")
    for champ, message in OBLIGATOIRES.items():
        if champ in valeurs and valeurs[champ] is None:
            raise refuser(champ, message)
    _verifier(contexte, operation, valeurs)
    if "demarches" in valeurs:
        valeurs["demarches"] = valeurs["demarches"] or []
    poser(contexte, entretien, departager(contexte, operation, "entretien", entretien, valeurs))


def poser(contexte: Contexte, entretien: Ligne, valeurs: Mapping[str, Any]) -> None:
    faits = {nom: valeurs[nom] for nom in (*FAITS, "partagee") if nom in valeurs}
    contexte.etat.changer(ENTRETIEN, entretien["id"], sequence=contexte.version, **faits)
    _deposer_suite(contexte, entretien, valeurs)


def _verifier(contexte: Contexte, operation: Operation, valeurs: Mapping[str, Any]) -> None:
    jour = valeurs.get("date")
    if jour is not None and jour > contexte.acteur.maintenant.date() + TOLERANCE:
        raise refuser("date", "Cet entretien n'a pas encore eu lieu.")
    if valeurs.get("mesure_id"):
        mesure_du_dossier(contexte, valeurs["mesure_id"], operation.personne, "mesure_id")
    if valeurs.get("rendez_vous_id"):
        rendez_vous_du_dossier(contexte, valeurs["rendez_vous_id"], operation.personne, "rendez_vous_id")


def _deposer_suite(contexte: Contexte, entretien: Ligne, valeurs: Mapping[str, Any]) -> None:
    identifiant, personne_id = entretien["id"], entretien["personne_id"]
    if "demarches" in valeurs:
        contexte.etat.remplacer_demarches(identifiant, personne_id, valeurs["demarches"] or [])
    if valeurs.get("note_personnelle"):
        contexte.etat.dater(
            NotePersonnelle,
            entretien_id=identifiant,
            personne_id=personne_id,
            auteur_id=entretien["auteur_id"],
            texte=valeurs["note_personnelle"],
            modifiee_le=contexte.acteur.maintenant,
            # Récrite, elle est de nouveau à son auteur seul.
            transmise_le=None,
        )
    elif "note_personnelle" in valeurs:
        contexte.etat.effacer_note(identifiant)
    # Une note de travail, une coche ne sont pas une fiche à relire.
    if set(valeurs) - SANS_RELECTURE:
        contexte.soumettre_au_controle("entretien", identifiant, personne_id)


@cache
def formes() -> Mapping[str, Forme]:
    return {
        "mesure_id": lire.identifiant,
        "rendez_vous_id": lire.identifiant,
        "date": lire.jour,
        "heure": lire.heure,
        "duree": lire.entier(1, 1440),
        "moyen": lire.parmi(MOYENS),
        "lieu": lire.texte(200),
        "demarches": lire.liste_de(lire.demarche, 40),
        "synthese": lire.texte(20_000, lignes=True),
        "note_personnelle": lire.texte(20_000, lignes=True),
        "partagee": lire.booleen,
    }


_CITE = {"mesure_id": "mesure", "rendez_vous_id": "rendez_vous"}

GENRES = {
    "noter_entretien": Regle(noter, formes, TERRAIN, "entretien", cite=_CITE, obligatoires=OBLIGATOIRES),
    "modifier_entretien": Regle(modifier, formes, TERRAIN, "entretien", cite=_CITE, fusionne=True),
}
