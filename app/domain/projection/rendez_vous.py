"""Le rendez-vous : le proposer, le déplacer, en dire l'issue."""

from app.domain.personne import Fiche
from app.domain.projection.changement import Acteur, Effet, Operation, ajouter, changer


def _proposer_rendez_vous(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    champs = operation["champs"]
    rendez_vous = {
        "type": "rendez_vous",
        "id": operation["entite"],
        "personne_id": operation["personne"],
        "mesure_id": champs["mesure_id"],
        "version": None,
        "reference": None,
        "debut": champs["debut"],
        "duree": champs.get("duree"),
        "lieu": champs.get("lieu"),
        "statut": "propose",
    }
    return ajouter(dossier, "rendez_vous", rendez_vous, operation)


def _constater_rendez_vous(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    return changer(dossier, "rendez_vous", operation, {"statut": operation["champs"]["statut"]})


def _deplacer_rendez_vous(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    return changer(dossier, "rendez_vous", operation, operation["champs"])


GENRES: dict[str, Effet] = {
    "proposer_rendez_vous": _proposer_rendez_vous,
    "constater_rendez_vous": _constater_rendez_vous,
    "deplacer_rendez_vous": _deplacer_rendez_vous,
}
