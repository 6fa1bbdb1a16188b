"""Ce que dit d'une fiche qui la relit, et un désaccord que l'on règle."""

from app.domain.personne import Fiche
from app.domain.projection.changement import Acteur, Effet, Operation, envoi_de, inserer_valeur
from app.domain.reglement import regler


def _controler(etat: str) -> Effet:
    def appliquer(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
        if dossier is None:
            return None
        champs = operation["champs"]
        fiches = {controle["fiche_id"]: controle for controle in dossier["controles"]}
        vierge = {
            "type": "controle",
            "id": operation["entite"],
            "personne_id": operation["personne"],
            "version": None,
            "fiche_type": champs["fiche_type"],
            "fiche_id": operation["entite"],
        }
        fiches[operation["entite"]] = {
            **fiches.get(operation["entite"], vierge),
            "etat": etat,
            "remarque": champs.get("remarque"),
            "par_nom": acteur["nom"],
            "le": operation["heure"],
            "envoi": envoi_de(operation),
        }
        return {**dossier, "controles": list(fiches.values())}

    return appliquer


def _remettre(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """La fiche est de nouveau à lire, comme à son arrivée."""
    if dossier is None:
        return None
    neuve = {"etat": "recue", "remarque": None, "par_nom": None, "le": None, "envoi": envoi_de(operation)}
    return {
        **dossier,
        "controles": [
            {**controle, **neuve} if controle["fiche_id"] == operation["entite"] else controle
            for controle in dossier["controles"]
        ],
    }


def _regler(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    if dossier is None:
        return None
    return regler(dossier, operation, str(acteur["nom"]), envoi_de(operation), inserer_valeur)


GENRES: dict[str, Effet] = {
    "regler_desaccord": _regler,
    "valider_fiche": _controler("validee"),
    "retourner_fiche": _controler("retournee"),
    "remettre_fiche": _remettre,
}
