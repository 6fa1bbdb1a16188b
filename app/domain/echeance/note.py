"""La note d'information d'une demande en cours, à mettre à jour quand la situation de la personne a changé depuis."""

from collections.abc import Sequence

from app.domain import nomenclatures
from app.domain.echeance.attente import Attente
from app.domain.echeance.faits import Situation
from app.domain.echeance.table import Genre
from app.domain.francais import minuscule, quantieme
from app.domain.personne import Fiche
from app.domain.piece import valeur as valeur_de


def attendre(genre: Genre, regle: object, situation: Situation, convention: Fiche | None) -> Attente | None:
    """La plus ancienne : une demande sans note datée n'en attend pas."""
    aujourd_hui = situation.aujourd_hui
    for piece in situation.pieces("demande"):
        change = changement(piece, situation.dossier["personne"], genre["champs"], aujourd_hui)
        if change:
            jour, libelle = change
            return Attente(
                due_le=jour,
                depuis=jour,
                pourquoi=f"Changement le {quantieme(jour, aujourd_hui)} ({libelle})\u202f: {genre['pourquoi']}",
                attendu=genre["attendus"][0],
                piece=piece,
            )
    return None


def changement(demande: Fiche, personne: Fiche, champs: Sequence[str], aujourd_hui: str) -> tuple[str, str] | None:
    """Le premier changement que la note d'une demande en cours ne dit pas encore : son jour, et de quoi."""
    note_le = valeur_de(demande, "note_information_le")
    if not note_le or valeur_de(demande, "statut") != "en_cours":
        return None
    historique = personne.get("historique") or {}
    changes = [
        (effet, rang, champ)
        for rang, champ in enumerate(champs)
        for effet, _ in historique.get(champ) or ()
        if note_le < effet <= aujourd_hui
    ]
    if not changes:
        return None
    jour, _, champ = min(changes)
    return jour, minuscule(nomenclatures.donnees()["champs"][champ]["libelle"])
