"""Prononcer la sortie d'une mesure, la corriger, ou revenir dessus."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import select

from app.models import Operation as Journal
from sync import champs as lire
from sync.champs import Forme, en_json
from sync.etat import Ligne
from sync.fusion import departager
from sync.operation import Operation
from sync.regles import mesure as mesures
from sync.regles.regle import DOSSIERS, Contexte, Regle, refuser


def prononcer(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """La sortie, avec son motif ; sans date, la mesure continue. `calculee_le` reste au journal."""
    contexte.personne(operation)
    contexte.refuser_au_binome(operation.personne)
    mesure = mesures.mesure_du_dossier(contexte, operation.entite, operation.personne, "entite")
    contexte.verifier_effets(valeurs, ("sortie_le",))
    dite = {nom: valeurs[nom] for nom in SORTIE if nom in valeurs}
    apres = {**mesure, **dite}
    debut = apres["entree_le"] or apres["orientee_le"]
    if apres["sortie_le"] and debut and apres["sortie_le"] < debut:
        raise refuser("sortie_le", "La sortie ne peut pas précéder l'entrée.")
    if apres["sortie_le"] and not apres["sortie_motif"]:
        raise refuser("sortie_motif", "Choisissez le motif de la sortie.")
    if apres["sortie_motif"] and not apres["sortie_le"]:
        raise refuser("sortie_motif", "Sans sortie, il n’y a pas de motif.")
    ecrites = departager(contexte, operation, "mesure", mesure, dite)
    mesures.poser(contexte, mesure, ecrites | _ecart(mesure, ecrites, valeurs))
    if ecrites:
        contexte.soumettre_au_controle("mesure", operation.entite, operation.personne)


def reprendre(contexte: Contexte, mesure: Ligne, valeurs: dict[str, Any]) -> None:
    """La valeur d'un désaccord que l'on règle ; une date de sortie revient avec ce qui l'expliquait."""
    if "sortie_le" in valeurs:
        dit = {"ecart": _ecart_note(contexte, mesure, valeurs["sortie_le"])}
        valeurs = valeurs | _ecart(mesure, valeurs, dit)
    mesures.poser(contexte, mesure, valeurs)


def _ecart(mesure: Ligne, ecrites: Mapping[str, Any], valeurs: Mapping[str, Any]) -> dict[str, Any]:
    """Pourquoi un autre jour que celui de la règle : il est d'une date, la suit, et s'efface avec elle."""
    if "sortie_le" not in ecrites or ("ecart" not in valeurs and ecrites["sortie_le"] == mesure["sortie_le"]):
        return {}
    return {"sortie_ecart": valeurs.get("ecart") if ecrites["sortie_le"] else None}


def _ecart_note(contexte: Contexte, mesure: Ligne, sortie: dt.date | None) -> str | None:
    """Ce qui expliquait cette date quand elle a été proposée, d'après le journal : le dernier qui l'a dite."""
    requete = (
        select(Journal.champs)
        .where(
            Journal.structure_id == contexte.acteur.structure_id,
            Journal.entite == mesure["id"],
            Journal.genre == "prononcer_sortie",
            Journal.statut != "refused",
        )
        .order_by(Journal.sequence.desc())
    )
    du_lot = [
        ligne["champs"]
        for ligne in reversed(contexte.etat.journal)
        if ligne["entite"] == mesure["id"] and ligne["statut"] != "refused"
    ]
    for champs in (*du_lot, *contexte.etat.session.scalars(requete)):
        if champs.get("sortie_le") == en_json(sortie):
            return None if champs.get("ecart") is None else str(champs["ecart"])
    return None


SORTIE = ("sortie_le", "sortie_motif")


@cache
def formes() -> Mapping[str, Forme]:
    return {
        "sortie_le": lire.jour,
        "sortie_motif": lire.code("motif_sortie"),
        "calculee_le": lire.jour,
        "ecart": lire.texte(300),
    }


GENRES = {
    "prononcer_sortie": Regle(
        prononcer,
        formes,
        DOSSIERS,
        "mesure",
        fusionne=True,
        ecrit=lambda valeurs, jour: {nom: valeurs[nom] for nom in SORTIE if nom in valeurs},
    ),
}
