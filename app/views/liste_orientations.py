"""Une liste d'orientations dans une requête : ce que l'on en a réglé, et où en sont ses lignes."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlalchemy.orm import Session

from app.base import db
from app.domain.dates import lire_jour
from app.models import ImportOrientations
from app.orientations import liste, magasin, structure
from app.orientations.champs import CHAMPS
from app.orientations.preparation import Preparation
from app.securite.portier import compte
from app.views import carnet, structure_entiere
from sync.acteur import Acteur


def preparer_liste(
    session: Session, importee: ImportOrientations, acteur: Acteur | None = None
) -> tuple[liste.Outils, Preparation]:
    qui = acteur or carnet.acteur()
    personnes = structure_entiere.identites(session, qui.structure_id, qui.role)
    return liste.preparer_liste(session, importee, personnes, qui.jour)


def champs_saisis(importee: ImportOrientations) -> list[str | None]:
    champs: list[str | None] = []
    for rang in range(len(importee.reglages["champs"])):
        dit = request.form.get(f"colonne-{rang}", "")
        champs.append(dit if dit in CHAMPS and rang not in importee.reglages["effacees"] else None)
    return champs


def lire_reglages(champs: list[str | None]) -> tuple[dict[str, Any], dict[str, str]]:
    erreurs: dict[str, str] = {}
    for rang, champ in enumerate(champs):
        if champ and not CHAMPS[champ].plusieurs and champ in champs[:rang]:
            erreurs[f"colonne-{rang}"] = f"«\u202f{CHAMPS[champ].libelle}\u202f» est déjà dit par une autre colonne."
    if "nom" not in champs and "nom_prenom" not in champs:
        erreurs["colonnes"] = "Dites quelle colonne porte le nom."
    jour, conventions = (
        carnet.acteur().jour,
        structure.conventions(db.session(), compte().structure_id, carnet.aujourd_hui()),
    )
    convention = request.form.get("convention") or None
    if convention not in dict(conventions.choix):
        convention = None
        if "convention" not in champs:
            erreurs["convention"] = "Choisissez la convention où ces personnes sont orientées."
    ecrit = request.form.get("orientee_le", "").strip()
    orientee_le = lire_jour(ecrit)
    if ecrit and orientee_le is None:
        erreurs["orientee_le"] = "Cette date n’existe pas au calendrier."
    elif orientee_le and orientee_le > jour.isoformat():
        erreurs["orientee_le"] = "Cette date est à venir."
    elif orientee_le is None and "orientee_le" not in champs:
        erreurs["orientee_le"] = "Donnez le jour où la liste est arrivée\u202f: le délai du premier contact en part."
    prescripteur = magasin.nom_de_source(request.form.get("prescripteur", "")) or None
    return {"convention": convention, "orientee_le": orientee_le, "prescripteur": prescripteur}, erreurs
