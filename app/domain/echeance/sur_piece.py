"""Une pièce qui attend quelque chose : d'être complétée, ou qu'on agisse à la date qu'elle porte."""

from typing import Any

from app.domain.echeance.attente import Attente
from app.domain.echeance.delai import decaler
from app.domain.echeance.faits import Situation
from app.domain.echeance.table import Genre
from app.domain.francais import quantieme
from app.domain.personne import Fiche
from app.domain.piece import valeur as valeur_de


def attendre(genre: Genre, regle: Any, situation: Situation, convention: Fiche | None) -> Attente | None:
    """La première due de celles qui attendent. `manque` : des groupes de champs, dont l'un est resté vide."""
    if genre["forme"] == "contrat" and (
        "contrat_signe" in situation.manquants or not situation.doit_un_contrat(convention or {})
    ):
        return None
    valeur = regle[genre["cle"]] if "cle" in genre else genre.get("repere", regle)
    pieces = situation.pieces(genre["forme"])
    dues = []
    for piece in pieces[-1:] if genre.get("derniere") else pieces:
        date = valeur_de(piece, genre["date"])
        if not date or not _attend(genre, piece):
            continue
        if any(jour >= date for fait in genre["attendus"][0].get("faits", ()) for jour in situation.jours(fait)):
            continue
        dues.append((decaler(date, genre.get("unite"), valeur), date, piece))
    if not dues:
        return None
    due_le, date, piece = min(dues, key=lambda due: due[0])
    attendu = genre["attendus"][0]
    en_mots = genre["pourquoi"].replace("{valeur}", str(valeur))
    return Attente(
        due_le=due_le,
        depuis=date,
        pourquoi=f"{genre['base']} {quantieme(date, situation.aujourd_hui)}\u202f: {en_mots}",
        attendu=attendu,
        piece=piece if attendu["chemin"] == "piece" else None,
    )


def _attend(genre: Genre, piece: Fiche) -> bool:
    def vaut(champ: str, parmi: list[Any]) -> bool:
        donnee = valeur_de(piece, champ)
        return ("" if donnee is None else donnee) in parmi

    if "parmi" in genre and not any(all(vaut(*condition) for condition in cas.items()) for cas in genre["parmi"]):
        return False
    manque = genre.get("manque")
    return not manque or any(all(valeur_de(piece, champ) is None for champ in groupe) for groupe in manque)
