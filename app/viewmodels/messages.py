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
    jour = dates.jour_paris(rendez_vous["debut"])
    heure = heure_en_mots(dates.heure_paris(rendez_vous["debut"]))
    moment = f"de {heure}" if jour == contexte["aujourd_hui"] else f"de {jour_proche(jour, contexte['aujourd_hui'])}"
    if jour not in (contexte["aujourd_hui"], *_voisins(contexte["aujourd_hui"])):
        moment = f"du {jour_proche(jour, contexte['aujourd_hui'])}"
    if statut == "propose":
        return {"texte": f"Rendez-vous {moment} remis à préciser.", "ton": None, "annuler": None}
    mot = minuscule(nomenclatures.libelle("constat", statut, sexe(dossier["personne"], contexte)))
    return {
        "texte": f"Noté : {mot}. Rendez-vous {moment}.",
        "ton": "fait",
        "annuler": {
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
        "proposer_rendez_vous": "Rendez-vous proposé.",
        "deplacer_rendez_vous": "Rendez-vous déplacé.",
        "constater_rendez_vous": "Issue du rendez-vous notée.",
    }
    texte = next((textes[genre] for genre in textes if genre in genres), "Rien n’a changé.")
    if "proposer_rendez_vous" in genres and genres[0] != "proposer_rendez_vous":
        texte += " Prochain rendez-vous proposé."
    return {"texte": texte, "ton": "fait" if genres else None, "annuler": None}


def _voisins(jour: str) -> tuple[str, str]:
    return dates.ajouter_jours(jour, -1), dates.ajouter_jours(jour, 1)
