"""La note d'information d'une demande en cours, à mettre à jour quand la situation de la personne a changé depuis."""

from app.domain import nomenclatures
from app.domain.echeance.attente import Attente
from app.domain.echeance.faits import Situation
from app.domain.echeance.table import Genre
from app.domain.francais import minuscule, quantieme
from app.domain.personne import Fiche
from app.domain.piece import valeur as valeur_de


def attendre(genre: Genre, regle: object, situation: Situation, convention: Fiche | None) -> Attente | None:
    """La plus ancienne : une demande sans note datée n'en attend pas."""
    aujourd_hui, personne = situation.aujourd_hui, situation.dossier["personne"]
    historique = personne.get("historique") or {}
    for piece in situation.pieces("demande"):
        note_le = valeur_de(piece, "note_information_le")
        if not note_le or valeur_de(piece, "statut") != "en_cours":
            continue
        changes = [
            (effet, rang, champ)
            for rang, champ in enumerate(genre["champs"])
            for effet, _ in historique.get(champ) or ()
            if note_le < effet <= aujourd_hui
        ]
        if changes:
            jour, _, champ = min(changes)
            libelle = minuscule(nomenclatures.donnees()["champs"][champ]["libelle"])
            return Attente(
                due_le=jour,
                depuis=jour,
                pourquoi=f"Changement le {quantieme(jour, aujourd_hui)} ({libelle})\u202f: {genre['pourquoi']}",
                attendu=genre["attendus"][0],
                piece=piece,
            )
    return None
