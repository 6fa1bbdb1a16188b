"""La personne : la créer, changer sa situation, ranger son dossier."""

from app.domain import dates
from app.domain.champs_personne import catalogue
from app.domain.personne import Fiche
from app.domain.projection.changement import Acteur, Effet, Operation, date_effet, envoi_de, inserer_valeur, rouverts

# Ce que tient un dossier neuf.
LISTES = ("mesures", "rendez_vous", "entretiens", "controles")


def _nouveau_dossier(personne: Fiche) -> Fiche:
    return {"personne": personne, **{liste: [] for liste in LISTES}}


def _poser_champs(personne: Fiche, champs: Fiche, jour: str) -> Fiche:
    """Les champs datés vont dans l'historique à leur date d'effet, les autres prennent leur valeur."""
    suivante = {**personne, "historique": dict(personne["historique"])}
    for nom, donnee in champs.items():
        champ = catalogue().get(nom)
        if champ is None:
            continue
        if champ.date:
            suivante["historique"][nom] = inserer_valeur(suivante["historique"].get(nom, []), jour, donnee)
        else:
            suivante[nom] = donnee
    return suivante


def _creer_personne(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche:
    vierge = {
        "type": "personne",
        "id": operation["entite"],
        "version": None,
        "reference": None,
        "nom": "",
        "prenom": "",
        "nom_usage": None,
        "pseudonymes": [],
        "date_naissance": None,
        "naissance_precision": None,
        "historique": {},
        "envoi": envoi_de(operation),
    }
    personne = _poser_champs(vierge, operation["champs"], date_effet(operation))
    return {**dossier, "personne": personne} if dossier else _nouveau_dossier(personne)


def _modifier_personne(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    if dossier is None:
        return None
    personne = _poser_champs(dossier["personne"], operation["champs"], date_effet(operation))
    suivant = {**dossier, "personne": {**personne, "envoi": envoi_de(operation)}}
    return {**suivant, "controles": rouverts(dossier, operation)}


def _archiver(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    jour = operation["champs"].get("le") or dates.jour_paris(operation["heure"])
    return _ranger(dossier, operation, str(jour))


def _rouvrir(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    return _ranger(dossier, operation, None)


def _ranger(dossier: Fiche | None, operation: Operation, archive_le: str | None) -> Fiche | None:
    if dossier is None:
        return None
    return {**dossier, "personne": {**dossier["personne"], "archive_le": archive_le, "envoi": envoi_de(operation)}}


GENRES: dict[str, Effet] = {
    "creer_personne": _creer_personne,
    "modifier_personne": _modifier_personne,
    "archiver_dossier": _archiver,
    "rouvrir_dossier": _rouvrir,
}
