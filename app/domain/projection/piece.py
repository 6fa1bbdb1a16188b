"""La pièce d'un dossier, quelle qu'en soit la forme : la noter, la modifier, la retirer."""

from app.domain import piece
from app.domain.personne import Fiche
from app.domain.projection.changement import Acteur, Operation, ajouter, changer


def _noter(dossier: Fiche, forme: str, operation: Operation, acteur: Acteur) -> Fiche | None:
    champs = operation["champs"]
    fiche = {
        "type": "piece",
        "id": operation["entite"],
        "personne_id": operation["personne"],
        "version": None,
        "forme": forme,
        "mesure_id": champs.get("mesure_id"),
        "reference": None,
        "auteur": acteur["id"],
        "auteur_nom": acteur["nom"],
        "note_le": operation["heure"],
        "retiree_le": None,
        "retrait_motif": None,
        "partagee": bool(champs.get("partagee")),
        "tardive": None,
        "valeurs": {n: v for n, v in champs.items() if n not in piece.CLES and v not in piece.SANS_LISTE},
        "revisions": [],
    }
    return ajouter({**dossier, "pieces": dossier.get("pieces") or []}, "pieces", fiche, operation)


def _modifier(dossier: Fiche, forme: str, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Ce qu'elle disait avant reste, avec qui l'a changé."""
    connue = next((fiche for fiche in dossier.get("pieces") or [] if fiche["id"] == operation["entite"]), None)
    if connue is None:
        return dossier
    return changer(dossier, "pieces", operation, piece.modifiee(connue, operation, str(acteur["nom"])))


def _retirer(dossier: Fiche, forme: str, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Déjà retirée, elle garde son premier jour et son premier motif, comme au serveur."""
    pieces = dossier.get("pieces") or []
    if any(fiche["id"] == operation["entite"] and fiche["retiree_le"] for fiche in pieces):
        return dossier
    retrait = {"retiree_le": operation["heure"], "retrait_motif": operation["champs"].get("motif")}
    return changer({**dossier, "pieces": pieces}, "pieces", operation, retrait)


VERBES = {"noter": _noter, "modifier": _modifier, "retirer": _retirer}
