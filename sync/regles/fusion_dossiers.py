"""Réunir deux dossiers d'une même personne, et les séparer (docs/adr/0013-fusion-de-dossiers.md).

Les fiches de l'autre dossier passent dans celui qui reste, sous leurs identifiants. L'identité de l'autre n'est pas
touchée : elle reste dans sa ligne et au journal. `FusionDossiers` garde de quoi tout rendre.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import insert, select, update

from app.domain.champs_personne import catalogue
from app.models import FusionDossiers
from sync import champs as lire
from sync.champs import Forme
from sync.etat import PARTAGE, PERSONNE, Ligne, table
from sync.fusion import departager
from sync.operation import Operation
from sync.regles import personne
from sync.regles.regle import CONTROLEURS, Contexte, Regle, refuser
from sync.reunion import fiches, lecteurs
from sync.reunion import valeurs as connu

FUSION = table(FusionDossiers)


def fusionner(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    reste, absorbee = _les_deux(contexte, operation, valeurs.pop("absorbee"))
    jour = valeurs.pop("date_effet", None) or contexte.aujourd_hui
    contexte.verifier_effets({"date_effet": jour}, ("date_effet",))
    ecrites = departager(contexte, operation, "personne", reste, valeurs, jour)
    connues: list[Ligne] = connu.histoire(contexte, reste["id"], absorbee["id"])
    connu.ecrire(contexte, reste, ecrites, jour, connues)
    deplacees = fiches.deplacer(contexte, fiches.toutes(contexte, absorbee["id"]), absorbee["id"], reste["id"])
    partages = lecteurs.copier_les_partages(contexte, operation, absorbee["id"])
    suivis = lecteurs.ouvrir(contexte, reste["id"], absorbee["id"])
    lecteurs.suivre_les_notes(contexte, operation, absorbee["id"], reste["id"], deplacees["entretien"])
    contexte.etat.changer(PERSONNE, reste["id"], sequence=contexte.version, fusion_sequence=contexte.version)
    contexte.etat.changer(
        PERSONNE,
        absorbee["id"],
        sequence=contexte.version,
        sequence_dossier=contexte.version,
        fusionnee_dans=reste["id"],
        fusion_sequence=contexte.version,
    )
    contexte.origine = absorbee["id"]
    contexte.etat.session.execute(
        insert(FUSION).values(
            structure_id=contexte.etat.structure_id,
            id=operation.id,
            personne_id=reste["id"],
            absorbee_id=absorbee["id"],
            deplacees=deplacees,
            valeurs=connues,
            partages=partages,
            acces=suivis,
            par_id=contexte.acteur.utilisateur_id,
            le=contexte.acteur.maintenant,
            sequence=contexte.version,
        )
    )


def separer(contexte: Contexte, operation: Operation, valeurs: dict[str, Any]) -> None:
    """Chacun reprend ses fiches, celles ajoutées depuis comprises : ce qui tient à une fiche suit cette fiche."""
    _au_bureau(contexte, operation)
    fusion = _fusion(contexte, valeurs["fusion"], operation.personne)
    reste, absorbee_id = contexte.personne(operation), fusion["absorbee_id"]
    contexte.etat.charger(PERSONNE, [absorbee_id])
    rendues = fiches.deplacer(contexte, fiches.siennes(contexte, fusion), reste["id"], absorbee_id)
    connu.rendre(contexte, reste, fusion)
    rendues[PARTAGE.name] = lecteurs.rendre_les_partages(contexte, operation, fusion)
    lecteurs.refermer(contexte, fusion)
    lecteurs.suivre_les_notes(contexte, operation, reste["id"], absorbee_id, rendues["entretien"])
    contexte.etat.changer(PERSONNE, reste["id"], sequence=contexte.version, fusion_sequence=contexte.version)
    contexte.etat.changer(
        PERSONNE,
        absorbee_id,
        sequence=contexte.version,
        sequence_dossier=contexte.version,
        fusionnee_dans=None,
        fusion_sequence=contexte.version,
    )
    contexte.origine = absorbee_id
    _modifier_fusion(
        contexte,
        fusion["id"],
        rendues=rendues,
        defaite_par_id=contexte.acteur.utilisateur_id,
        defaite_le=contexte.acteur.maintenant,
        defaite_sequence=contexte.version,
    )


def modifier_absorbee(contexte: Contexte, operation: Operation, valeurs: dict[str, Any], fusion: Ligne) -> None:
    """Une correction notée sur le dossier réuni : elle reste la sienne, et vaut dans celui qui reste.

    Contre un choix fait en réunissant, elle ouvre un désaccord : personne n'est écrasé sans l'avoir vu.
    """
    reste = contexte.personne(operation)
    absorbee = contexte.etat.lire(PERSONNE, contexte.origine or "")
    jour = valeurs.pop("date_effet", None) or contexte.aujourd_hui
    for nom, vide in (("nom", ""), ("prenom", ""), ("pseudonymes", [])):
        if nom in valeurs and valeurs[nom] is None:
            valeurs[nom] = vide
    if absorbee is not None:
        personne.poser(contexte, absorbee, valeurs, jour)
    ecrites = departager(contexte, operation, "personne", reste, valeurs, jour)
    connues = list(fusion["valeurs"])
    connu.ecrire(contexte, reste, ecrites, jour, connues)
    _modifier_fusion(contexte, fusion["id"], valeurs=connues)
    if ecrites:
        contexte.soumettre_au_controle("personne", reste["id"], reste["id"])


def _au_bureau(contexte: Contexte, operation: Operation) -> None:
    if contexte.acteur.hors_ligne or contexte.acteur.revoque:
        raise refuser("genre", "Deux dossiers se réunissent, et se séparent, au bureau.")
    if operation.entite != operation.personne:
        raise refuser("entite", "C’est le dossier qui reste que l’on désigne.")


def _les_deux(contexte: Contexte, operation: Operation, absorbee_id: str) -> tuple[Ligne, Ligne]:
    _au_bureau(contexte, operation)
    reste, absorbee = contexte.personne(operation), contexte.etat.lire(PERSONNE, absorbee_id)
    if absorbee is None or absorbee_id == operation.personne:
        raise refuser("absorbee", "Choisissez un autre dossier de la structure.")
    if reste["fusionnee_dans"] or absorbee["fusionnee_dans"]:
        raise refuser("absorbee", "Ce dossier est déjà réuni à un autre\u202f: relisez la liste.")
    if reste["archive_le"]:
        raise refuser("personne", "Le dossier qui reste est archivé\u202f: rouvrez-le d’abord.")
    return reste, absorbee


def _fusion(contexte: Contexte, identifiant: str, personne_id: str) -> Ligne:
    """La réunion à défaire : la dernière de ce dossier, pour que chacune retrouve l'état qu'elle avait trouvé."""
    requete = (
        select(FUSION)
        .where(
            FUSION.c.structure_id == contexte.etat.structure_id,
            FUSION.c.personne_id == personne_id,
            FUSION.c.defaite_le.is_(None),
        )
        .order_by(FUSION.c.sequence.desc())
    )
    en_cours = [dict(ligne) for ligne in contexte.etat.session.execute(requete).mappings()]
    if not any(fusion["id"] == identifiant for fusion in en_cours):
        raise refuser("fusion", "Ces dossiers ne sont plus réunis.")
    reste = contexte.etat.lire(PERSONNE, personne_id)
    if en_cours[0]["id"] != identifiant or (reste is not None and reste["fusionnee_dans"]):
        raise refuser("fusion", "Séparez d’abord ce qui a été réuni depuis.")
    return en_cours[0]


def _modifier_fusion(contexte: Contexte, identifiant: str, **valeurs: Any) -> None:
    contexte.etat.session.execute(
        update(FUSION)
        .where(FUSION.c.structure_id == contexte.etat.structure_id, FUSION.c.id == identifiant)
        .values(**valeurs)
    )


def _choisies(valeurs: Mapping[str, Any], _jour: dt.date) -> dict[str, Any]:
    return {nom: valeur for nom, valeur in valeurs.items() if nom != "absorbee"}


def _rien(_valeurs: Mapping[str, Any], _jour: dt.date) -> dict[str, Any]:
    return {}


@cache
def formes() -> Mapping[str, Forme]:
    """Les valeurs à garder de la personne, chacune dite en toutes lettres : c'est ce que la fusion par champ relit."""
    datees = {nom: forme for nom, forme in personne.formes().items() if _gardee(nom)}
    return {"absorbee": lire.identifiant, **datees}


def _gardee(nom: str) -> bool:
    return nom == "date_effet" or nom in personne.IDENTITE or catalogue()[nom].date


@cache
def formes_separation() -> Mapping[str, Forme]:
    return {"fusion": lire.identifiant}


GENRES = {
    "fusionner_dossiers": Regle(
        fusionner,
        formes,
        CONTROLEURS,
        "personne",
        cite={"absorbee": "personne"},
        obligatoires={"absorbee": "Choisissez le dossier à réunir à celui-ci."},
        fusionne=True,
        ecrit=_choisies,
    ),
    "separer_dossiers": Regle(
        separer,
        formes_separation,
        CONTROLEURS,
        "personne",
        obligatoires={"fusion": "La réunion à défaire est attendue."},
        ecrit=_rien,
    ),
}
