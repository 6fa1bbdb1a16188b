"""La mesure : l'ouvrir, la dater, la confier, en prononcer la sortie."""

from app.domain.personne import Fiche
from app.domain.projection.changement import (
    Acteur,
    Effet,
    Operation,
    ajouter,
    changer,
    date_effet,
    envoi_de,
    inserer_valeur,
)
from app.domain.roles import TERRAIN


def _ouvrir_mesure(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    champs = operation["champs"]
    depuis = champs.get("entree_le") or champs.get("orientee_le") or date_effet(operation)
    modalite = champs.get("modalite")
    # Le secrétariat ouvre pour d'autres : s'il ne le désigne pas, le référent reste à désigner.
    qui = champs.get("referent") or (acteur["id"] if acteur.get("role") in TERRAIN else None)
    referent = [[depuis, qui]] if qui else []
    mesure = {
        "type": "mesure",
        "id": operation["entite"],
        "personne_id": operation["personne"],
        "version": None,
        "reference": None,
        "convention": champs["convention"],
        "orientee_le": champs.get("orientee_le"),
        "prescripteur": champs.get("prescripteur"),
        "premier_contact_le": champs.get("premier_contact_le"),
        "entree_le": champs.get("entree_le"),
        "fin_prevue_le": None,
        "sortie_le": None,
        "sortie_motif": None,
        "sortie_ecart": None,
        "historique": {"referent": referent, "modalite": [[depuis, modalite]] if modalite else []},
    }
    return ajouter(dossier, "mesures", mesure, operation)


def _modifier_mesure(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    return changer(dossier, "mesures", operation, operation["champs"])


def _prononcer_sortie(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Pourquoi une autre date que celle de la règle : il suit la date, et s'efface avec elle."""
    if dossier is None:
        return None
    champs = operation["champs"]
    dite = {nom: lue for nom, lue in champs.items() if nom in ("sortie_le", "sortie_motif")}
    connue = next((m.get("sortie_le") for m in dossier["mesures"] if m["id"] == operation["entite"]), None)
    if "sortie_le" in dite and ("ecart" in champs or dite["sortie_le"] != connue):
        dite["sortie_ecart"] = champs.get("ecart") if dite["sortie_le"] else None
    return changer(dossier, "mesures", operation, dite)


def _confier(dossier: Fiche | None, operation: Operation, acteur: Acteur) -> Fiche | None:
    """Ce qui était prévu après revient aussi au nouveau référent."""
    if dossier is None:
        return None
    champs, jour = operation["champs"], date_effet(operation)
    mesures = []
    for mesure in dossier["mesures"]:
        suivis = [
            [debut, champs["referent"] if debut > jour else qui] for debut, qui in mesure["historique"]["referent"]
        ]
        referent = inserer_valeur(suivis, jour, champs["referent"])
        confiee = {**mesure, "historique": {**mesure["historique"], "referent": referent}, "envoi": envoi_de(operation)}
        mesures.append(confiee if mesure["id"] == operation["entite"] else mesure)
    return {**dossier, "mesures": mesures}


GENRES: dict[str, Effet] = {
    "ouvrir_mesure": _ouvrir_mesure,
    "modifier_mesure": _modifier_mesure,
    "prononcer_sortie": _prononcer_sortie,
    "confier_mesure": _confier,
}
