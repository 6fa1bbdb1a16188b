"""Régler un désaccord : ce que devient le dossier, dit avant que le serveur ne l'ait fait.

Miroir : static/js/domain/reglement.js, mêmes cas dans tests/corpus/projection.json.
"""

from collections.abc import Callable
from typing import Any

from app.domain import piece
from app.domain.champs_personne import catalogue
from app.domain.personne import Fiche
from app.domain.rendez_vous import deplace

LISTES = {"mesure": "mesures", "rendez_vous": "rendez_vous", "entretien": "entretiens", "piece": "pieces"}
Inserer = Callable[[list[list[Any]], str, Any], list[list[Any]]]


def regler(dossier: Fiche, operation: dict[str, Any], qui: str, envoi: str, inserer: Inserer) -> Fiche:
    """Le dossier après ce choix ; le même s'il ne peut plus valoir : réglé entre-temps, ou changé depuis qu'on l'a lu.

    Les autres désaccords du même champ suivent : ceux qui proposaient la même valeur sont réglés, les autres opposent
    désormais la leur à celle qui a été prise.
    """
    desaccords = dossier.get("desaccords") or []
    regle = next((d for d in desaccords if d["id"] == operation["entite"] and d["etat"] == "ouvert"), None)
    if regle is None or (operation["base"] is not None and regle["version"] > operation["base"]):
        return dossier
    choix = operation["champs"]["choix"]
    fin = {"etat": "regle", "choix": choix, "regle_par_nom": qui, "regle_le": operation["heure"], "envoi": envoi}
    suivant = _prendre(dossier, regle, inserer, operation, qui) if choix == "propose" else dossier
    return {**suivant, "desaccords": [_apres(desaccord, regle, choix, fin) for desaccord in desaccords]}


def _apres(desaccord: Fiche, regle: Fiche, choix: str, fin: Fiche) -> Fiche:
    cles = ("fiche_id", "champ", "date_effet")
    if desaccord["etat"] != "ouvert" or any(desaccord[cle] != regle[cle] for cle in cles):
        return desaccord
    if desaccord["id"] == regle["id"] or desaccord["propose"]["valeur"] == regle["propose"]["valeur"]:
        return {**desaccord, **fin}
    return {**desaccord, "en_vigueur": regle["propose"]} if choix == "propose" else desaccord


def _prendre(dossier: Fiche, regle: Fiche, inserer: Inserer, operation: dict[str, Any], qui: str) -> Fiche:
    """La valeur proposée, à sa place ; la fiche revient à la lecture du chef de service."""
    champ, valeur = regle["champ"], regle["propose"]["valeur"]
    connu = catalogue().get(champ)
    if regle["fiche_type"] != "personne":
        liste = LISTES[regle["fiche_type"]]
        suivies = [
            {**f, **_prise(f, regle, valeur, operation, qui)} if f["id"] == regle["fiche_id"] else f
            for f in dossier[liste]
        ]
        suivant = {**dossier, liste: suivies}
    elif connu is not None and connu.date:
        personne = dossier["personne"]
        historique = dict(personne["historique"])
        historique[champ] = inserer(historique.get(champ, []), str(regle["date_effet"]), valeur)
        suivant = {**dossier, "personne": {**personne, "historique": historique}}
    else:
        suivant = {**dossier, "personne": {**dossier["personne"], champ: valeur}}
    if champ in ("archive_le", "note_personnelle"):
        return suivant
    controles = [
        {**controle, "etat": "recue"} if controle["fiche_id"] == regle["fiche_id"] else controle
        for controle in dossier["controles"]
    ]
    return {**suivant, "controles": controles}


def _prise(fiche: Fiche, regle: Fiche, valeur: Any, operation: dict[str, Any], qui: str) -> Fiche:
    if regle["fiche_type"] == "piece":
        return piece.modifiee(fiche, {**operation, "champs": {regle["champ"]: valeur}}, qui)
    if regle["champ"] == "sortie_le":
        # Ce qui expliquait l'autre date part avec elle ; ce qui expliquait celle-ci revient du serveur.
        return {"sortie_le": valeur, "sortie_ecart": None}
    return deplace(fiche, valeur) if regle["champ"] == "debut" else {regle["champ"]: valeur}
