"""Les désaccords, côte à côte : quoi, qui, quand, d'où. Ceux de toute la structure, ou d'un dossier."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain import nomenclatures
from app.domain.dates import heure_paris, jour_paris
from app.domain.francais import date_chiffree, jour_court
from app.domain.francais import heure as heure_en_mots
from app.domain.personne import nom_affiche
from app.models import Desaccord
from app.supervision import en_mots
from app.viewmodels.contexte import sexe
from sync.desaccords import ARCHIVE
from sync.fiches import lire_dossiers

# Une page que l'on peut lire ; ce qui reste vient quand ceux-ci sont réglés.
PAGE = 50
# Ce qui fait demander s'il faut rouvrir.
TRAVAIL = "du travail noté sans le savoir"

Fiche = dict[str, Any]


@dataclass(frozen=True)
class Cote:
    """Une des deux valeurs. `note` : quand elle a été notée, si ce n'est pas à sa réception."""

    valeur: str
    par: str
    recue: str
    note: str | None
    depuis: str


@dataclass(frozen=True)
class FaceAFace:
    """Un désaccord tel qu'on le tranche. `version` est celle que l'on lit : en régler une autre est refusé."""

    id: str
    personne_id: str
    nom: str
    version: int
    quoi: str
    effet: str | None
    en_vigueur: Cote
    propose: Cote
    garder: str
    prendre: str
    regle: str | None
    choix: str | None


def compter(session: Session, structure_id: str) -> int:
    """Combien sont ouverts : le même nombre que la page en montre, note personnelle à part."""
    requete = select(func.count()).where(
        Desaccord.structure_id == structure_id, Desaccord.etat == "ouvert", Desaccord.champ != "note_personnelle"
    )
    return session.scalar(requete) or 0


def ouverts(session: Session, structure_id: str, lecteur_id: str, role: str, aujourd_hui: str) -> list[FaceAFace]:
    """Les plus anciens d'abord : ce sont eux qui pèsent sur les dossiers."""
    en_attente = (
        select(Desaccord.personne_id)
        .where(Desaccord.structure_id == structure_id, Desaccord.etat == "ouvert")
        .group_by(Desaccord.personne_id)
        .order_by(func.min(Desaccord.ouvert_le), Desaccord.personne_id)
        .limit(PAGE)
    )
    personnes = list(session.scalars(en_attente))
    dossiers = lire_dossiers(session, structure_id, personnes, lecteur_id, role)
    trouves = [
        face_a_face(desaccord, dossiers[personne_id], aujourd_hui)
        for personne_id in personnes
        for desaccord in dossiers[personne_id]["desaccords"]
        if desaccord["etat"] == "ouvert"
    ]
    return trouves[:PAGE]


def face_a_face(desaccord: Fiche, dossier: Fiche, aujourd_hui: str) -> FaceAFace:
    """Le désaccord d'un dossier déjà lu, en mots."""
    accord = sexe(dossier["personne"], {"aujourd_hui": aujourd_hui})
    archive = desaccord["champ"] == ARCHIVE
    rouvrir = archive and desaccord["propose"]["valeur"] is None
    propose = _cote(desaccord, "propose", accord, aujourd_hui)
    regle = None
    if desaccord["etat"] == "regle":
        regle = f"{desaccord['regle_par_nom']}, {en_mots.moment(desaccord['regle_le'], aujourd_hui)}"
    return FaceAFace(
        id=desaccord["id"],
        personne_id=desaccord["personne_id"],
        nom=nom_affiche(dossier["personne"]),
        version=desaccord["version"],
        quoi=_quoi(desaccord, dossier, aujourd_hui),
        effet=f"à partir du {date_chiffree(desaccord['date_effet'])}" if desaccord["date_effet"] else None,
        en_vigueur=_cote(desaccord, "en_vigueur", accord, aujourd_hui),
        propose=replace(propose, valeur=TRAVAIL) if rouvrir else propose,
        garder="Laisser archivé" if archive else "Garder",
        prendre="Rouvrir" if rouvrir else "Prendre celle-ci",
        regle=regle,
        choix=desaccord["choix"],
    )


def _quoi(desaccord: Fiche, dossier: Fiche, aujourd_hui: str) -> str:
    """« Téléphone », « Issue du rendez-vous du jeu. 26 nov. à 9 h », « Synthèse de l'entretien du jeu. 26 nov. »."""
    libelle, fiche_type = en_mots.champ(desaccord["champ"]), desaccord["fiche_type"]
    if fiche_type == "personne":
        return libelle
    listes = {"mesure": "mesures", "rendez_vous": "rendez_vous", "entretien": "entretiens"}
    fiche = next((f for f in dossier[listes[fiche_type]] if f["id"] == desaccord["fiche_id"]), None)
    if fiche is None:
        return f"{libelle} ({nomenclatures.libelle('type_fiche', fiche_type).lower()})"
    if fiche_type == "rendez_vous":
        return f"{libelle} du rendez-vous du {en_mots.moment(fiche['debut'], aujourd_hui)}"
    if fiche_type == "entretien":
        return f"{libelle} de l’entretien du {jour_court(fiche['date'], aujourd_hui)}"
    return f"{libelle} de la mesure"


def _cote(desaccord: Fiche, cote: str, accord: str | None, aujourd_hui: str) -> Cote:
    vue: Mapping[str, Any] = desaccord[cote]
    return Cote(
        valeur=en_mots.valeur(desaccord["champ"], vue["valeur"], accord, aujourd_hui),
        par=vue["par_nom"],
        recue=en_mots.moment(vue["le"], aujourd_hui),
        note=note_le(vue["heure"], vue["le"], aujourd_hui),
        depuis=vue["depuis"],
    )


def note_le(heure: str | None, recue: str, aujourd_hui: str) -> str | None:
    """Quand cela a été noté, à la montre de l'appareil, s'il y a loin de là à la réception."""
    if heure is None or heure[:13] == recue[:13]:
        return None
    if jour_paris(heure) == jour_paris(recue):
        return f"à {heure_en_mots(heure_paris(heure))}"
    return en_mots.moment(heure, aujourd_hui)
