"""Les gestes que ni l'import ni l'année ne montrent : un lieu que l'on tait, un binôme, des notes à laisser."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.demonstration.cahier import Cahier, NotePrise
from app.demonstration.invention import Invention
from app.domain.dates import instant
from app.importation.connu import FicheConnue
from app.importation.controle import Nouvelle
from app.models import LieuMasque
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.operation import lire_operation

LIEU_TU = "Accueil de jour La Lanterne"
_NOTES = (
    "Se livre davantage en marchant : proposer de sortir du bureau.",
    "Parle peu devant sa sœur. Demander avant de la faire entrer.",
)


def confier(cahier: Cahier, mesures: list[FicheConnue], de: str, vers: str, aujourd_hui: date) -> None:
    """Des dossiers passent à une collègue ; la dernière fiche de chacun a une note personnelle, restée à son auteur."""
    for mesure, texte in zip(mesures, _NOTES, strict=True):
        cahier.referents.append((mesure.id, aujourd_hui - timedelta(3), vers))
        entretien = _dernier(cahier, mesure, de)
        cahier.notes[:] = [note for note in cahier.notes if note.entretien.id != entretien.id]
        cahier.notes.append(NotePrise(entretien, de, texte))


def faire(
    session: Session,
    structure_id: str,
    comptes: Mapping[str, str],
    cahier: Cahier,
    mesures: list[FicheConnue],
    invention: Invention,
    maintenant: datetime,
) -> None:
    """Par les mêmes règles que sur un téléphone : une note transmise, un dossier tenu en binôme, une fiche cochée."""
    session.add(
        LieuMasque(
            structure_id=structure_id,
            id=invention.identifiant(),
            nom=LIEU_TU,
            par_id=comptes["chef"],
            le=maintenant,
        )
    )
    session.flush()
    camille = Acteur(structure_id, comptes["camille"], "conseiller", None, maintenant, "bureau")
    confie = mesures[-2]
    tenu, coche = next(
        (mesure, fiche) for mesure in mesures[18:-2] if (fiche := _dernier_ou_rien(cahier, mesure, comptes["camille"]))
    )
    binome = {"utilisateur": comptes["nadia"], "motif": "binome"}
    voulues: list[tuple[str, str, str, dict[str, Any]]] = [
        ("transmettre_note", _dernier(cahier, confie, comptes["camille"]).id, confie.personne_id, {}),
        ("modifier_personne", tenu.personne_id, tenu.personne_id, {"accord_partage": True}),
        ("partager_dossier", invention.identifiant(), tenu.personne_id, binome),
        ("modifier_entretien", coche.id, tenu.personne_id, {"partagee": True}),
    ]
    operations = [
        lire_operation(
            {
                "id": invention.identifiant(),
                "genre": genre,
                "entite": entite,
                "personne": personne,
                "champs": champs,
                "heure": instant(maintenant),
            }
        )
        for genre, entite, personne, champs in voulues
    ]
    resultats = appliquer(session, camille, operations)
    refuses = [(resultat.statut, resultat.erreurs) for resultat in resultats if resultat.statut != "applied"]
    if refuses:
        raise ValueError(f"La démonstration contredit les règles : {refuses}")


def _dernier(cahier: Cahier, mesure: FicheConnue, auteur_id: str) -> FicheConnue:
    trouve = _dernier_ou_rien(cahier, mesure, auteur_id)
    if trouve is None:
        raise ValueError("Ce dossier confié n’a aucun entretien.")
    return trouve


def _dernier_ou_rien(cahier: Cahier, mesure: FicheConnue, auteur_id: str) -> FicheConnue | None:
    siens: list[Nouvelle] = [
        fiche
        for fiche in cahier.lot.entretiens
        if fiche.fiche.mesure_id == mesure.id and fiche.referent_id == auteur_id
    ]
    return max(siens, key=lambda fiche: fiche.valeurs["date"]).fiche if siens else None
