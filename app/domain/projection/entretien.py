"""L'entretien et sa note personnelle."""

from app.domain.personne import Fiche
from app.domain.projection.changement import Acteur, Effet, Operation, ajouter, changer, envoi_de


def _noter_entretien(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    champs = operation["champs"]
    entretien = {
        "type": "entretien",
        "id": operation["entite"],
        "personne_id": operation["personne"],
        "mesure_id": champs.get("mesure_id"),
        "version": None,
        "reference": None,
        "rendez_vous_id": champs.get("rendez_vous_id"),
        "date": champs["date"],
        "heure": champs.get("heure"),
        "duree": champs.get("duree"),
        "moyen": champs["moyen"],
        "lieu": champs.get("lieu"),
        "demarches": champs.get("demarches") or [],
        "synthese": champs.get("synthese"),
        "note_personnelle": champs.get("note_personnelle"),
        "auteur": acteur["id"],
        "auteur_nom": acteur["nom"],
    }
    return ajouter(dossier, "entretiens", entretien, operation)


def _modifier_entretien(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Une note de travail, une coche ne sont pas une fiche à relire."""
    suivant = changer(dossier, "entretiens", operation, operation["champs"])
    if dossier is None or suivant is None or set(operation["champs"]) - {"note_personnelle", "partagee"}:
        return suivant
    return {**suivant, "controles": dossier["controles"]}


def _decider_note(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Transmise, elle se lit de qui suit le dossier ; ce n'est pas une fiche à relire."""
    if dossier is None:
        return None
    entretiens = [
        {**fiche, **_note_decidee(fiche, operation["genre"]), "envoi": envoi_de(operation)}
        if fiche["id"] == operation["entite"]
        else fiche
        for fiche in dossier["entretiens"]
    ]
    return {**dossier, "entretiens": entretiens}


def _note_decidee(entretien: Fiche, genre: str) -> Fiche:
    if genre == "effacer_note":
        return {"note_personnelle": None, "note_transmise": None}
    return {"note_transmise": entretien.get("note_personnelle")}


GENRES: dict[str, Effet] = {
    "noter_entretien": _noter_entretien,
    "modifier_entretien": _modifier_entretien,
    "transmettre_note": _decider_note,
    "effacer_note": _decider_note,
}
