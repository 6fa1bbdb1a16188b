"""Ce que l'on dit quand c'est noté, et comment revenir en arrière."""

from app.domain import dates, nomenclatures
from app.domain.francais import heure as heure_en_mots
from app.domain.francais import jour_proche, minuscule
from app.domain.personne import Fiche
from app.viewmodels.contexte import Contexte, Vue, sexe


def message_constat(rendez_vous: Fiche, statut: str, dossier: Fiche, contexte: Contexte) -> Vue:
    """`{texte, ton, annuler: {url, champs: [{nom, valeur}]} | None}` après une issue dite d'un geste.

    `rendez_vous` : tel qu'il était avant. Revenir en arrière remet l'issue qu'il avait.
    """
    moment = moment_du(rendez_vous["debut"], contexte["aujourd_hui"])
    if statut == "propose":
        return {"texte": f"Rendez-vous {moment} remis à préciser.", "ton": None, "annuler": None}
    mot = minuscule(nomenclatures.libelle("constat", statut, sexe(dossier["personne"], contexte)))
    return {
        "texte": f"Noté : {mot}. Rendez-vous {moment}.",
        "ton": "fait",
        "annuler": None
        if statut == rendez_vous["statut"]
        else {
            "url": f"/rendez-vous/{rendez_vous['id']}/constat",
            "champs": [
                {"nom": "statut", "valeur": rendez_vous["statut"]},
                {"nom": "op_id", "valeur": contexte["nouvel_identifiant"]()},
            ],
        },
    }


def message_enregistre(operations: list[Fiche]) -> Vue:
    """Ce qui vient d'être enregistré par un formulaire."""
    genres = [operation["genre"] for operation in operations]
    textes = {
        "noter_entretien": "Contact noté.",
        "modifier_entretien": "Fiche corrigée.",
        "creer_personne": "Personne ajoutée à vos dossiers.",
        "modifier_personne": "Situation mise à jour.",
        "constater_rendez_vous": "Issue du rendez-vous notée.",
        "proposer_rendez_vous": "Rendez-vous proposé.",
        "deplacer_rendez_vous": "Rendez-vous déplacé.",
    }
    texte = next((textes[genre] for genre in textes if genre in genres), "Rien n’a changé.")
    if "proposer_rendez_vous" in genres and genres[0] != "proposer_rendez_vous":
        texte += " Prochain rendez-vous proposé."
    return {"texte": texte, "ton": "fait" if genres else None, "annuler": None}


def moment_du(debut: str, aujourd_hui: str) -> str:
    """« de 9 h » aujourd'hui, « d’hier », « de demain », « du jeudi 12 novembre »."""
    jour = dates.jour_paris(debut)
    if jour == aujourd_hui:
        return f"de {heure_en_mots(dates.heure_paris(debut))}"
    mots = jour_proche(jour, aujourd_hui)
    if jour == dates.ajouter_jours(aujourd_hui, -1):
        return f"d’{mots}"
    return f"de {mots}" if jour == dates.ajouter_jours(aujourd_hui, 1) else f"du {mots}"
