"""La feuille d'un cahier, quelle qu'en soit la forme : la noter, la modifier, la retirer. Sans relecture du chef."""

from collections.abc import Callable

from app.domain import piece
from app.domain.feuilles import charger, redite
from app.domain.personne import Fiche
from app.domain.projection.changement import Acteur, Operation, ajouter, envoi_de


def _noter(cahier: Fiche, forme: str, operation: Operation, acteur: Acteur) -> Fiche | None:
    fiche = {
        "type": "feuille",
        "id": operation["entite"],
        "cahier_id": operation["personne"],
        "version": None,
        "forme": forme,
        "auteur": acteur["id"],
        "auteur_nom": acteur["nom"],
        "note_le": operation["heure"],
        "retiree_le": None,
        "retrait_motif": None,
        "tardive": None,
        "valeurs": {nom: lue for nom, lue in operation["champs"].items() if not piece.est_vide(lue)},
        "revisions": [],
    }
    decrite = charger()[forme]
    if "cle" in decrite and any(deja["id"] == fiche["id"] for deja in cahier.get("feuilles") or []):
        # Un autre l'a notée sans que l'on le sache : ce que l'on en dit s'y ajoute.
        def remise(deja: Fiche) -> Fiche:
            champs = redite(decrite, deja, operation["champs"])
            modifiee = piece.modifiee(deja, {**operation, "champs": champs}, str(acteur["nom"]))
            return {"retiree_le": None, "retrait_motif": None, **modifiee}

        return _changer(cahier, operation, remise)
    return ajouter({**cahier, "feuilles": cahier.get("feuilles") or []}, "feuilles", fiche, operation)


def _modifier(cahier: Fiche, forme: str, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Ce qu'elle disait avant reste, avec qui l'a changé."""
    return _changer(cahier, operation, lambda feuille: piece.modifiee(feuille, operation, str(acteur["nom"])))


def _retirer(cahier: Fiche, forme: str, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Déjà retirée, elle garde son premier jour et son premier motif, comme au serveur."""
    retrait = {"retiree_le": operation["heure"], "retrait_motif": operation["champs"].get("motif")}
    return _changer(cahier, operation, lambda feuille: None if feuille["retiree_le"] else retrait)


def _changer(cahier: Fiche, operation: Operation, changement: Callable[[Fiche], Fiche | None]) -> Fiche:
    feuilles = []
    for feuille in cahier.get("feuilles") or []:
        champs = changement(feuille) if feuille["id"] == operation["entite"] else None
        feuilles.append({**feuille, **champs, "envoi": envoi_de(operation)} if champs else feuille)
    return {**cahier, "feuilles": feuilles}


VERBES = {"noter": _noter, "modifier": _modifier, "retirer": _retirer}
