"""Le partage d'un dossier : le donner, le cesser."""

from app.domain import dates
from app.domain.personne import Fiche
from app.domain.projection.changement import Acteur, Effet, Operation, ajouter, envoi_de


def _partager(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    if dossier is None:
        return None
    champs = operation["champs"]
    partage = {
        "type": "partage",
        "id": operation["entite"],
        "personne_id": operation["personne"],
        "version": None,
        "utilisateur": champs["utilisateur"],
        "utilisateur_nom": None,
        "du": champs.get("du"),
        "jusqu_au": champs.get("jusqu_au"),
        "motif": champs.get("motif"),
        "par_nom": acteur["nom"],
        "fin_le": None,
    }
    return ajouter({**dossier, "partages": dossier.get("partages") or []}, "partages", partage, operation)


def _cesser(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Un partage déjà fini garde son jour : deux personnes y ont pensé."""
    if dossier is None:
        return None
    jour = dates.jour_paris(operation["heure"])
    partages = [
        {**partage, "fin_le": jour, "envoi": envoi_de(operation)}
        if partage["id"] == operation["entite"] and not partage["fin_le"]
        else partage
        for partage in dossier.get("partages") or []
    ]
    return {**dossier, "partages": partages}


GENRES: dict[str, Effet] = {
    "partager_dossier": _partager,
    "cesser_partage": _cesser,
}
