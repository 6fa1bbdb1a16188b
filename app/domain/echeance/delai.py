"""Un délai après un fait : tout ce que le genre attend doit être fait d'ici là, le premier manque donne le geste."""

from typing import Any

from app.domain import dates
from app.domain.echeance.attente import RENCONTRES, Attente
from app.domain.echeance.faits import Situation
from app.domain.echeance.table import DONNEES, Genre
from app.domain.francais import quantieme
from app.domain.personne import Fiche

# De combien une veille peut précéder son jour et compter quand même.
AVANCE_MOIS = 1


def attendre(genre: Genre, regle: Any, situation: Situation, convention: Fiche | None) -> Attente | None:
    choisi = regle if isinstance(regle, dict) else {}
    depart = DONNEES["departs"].get(choisi.get("depuis"), genre["depuis"])
    depuis_le = situation.jour(depart)
    if not depuis_le:
        return None
    valeur = regle if "nombre" not in genre else choisi[genre["nombre"]]
    due_le = decaler(depuis_le, genre.get("unite"), valeur)
    if "unite" in genre and situation.statut != "sortie":
        due_le = situation.reculer(depuis_le, due_le)
    apres = _apres(genre, situation, due_le)
    demandes = [a for a in genre["attendus"] if _est_demande(a, choisi)]
    reste = [a for a in demandes if not any(jour >= apres for fait in a["faits"] for jour in situation.jours(fait))]
    if not reste:
        return None
    situation.manquants.update(fait for attendu in reste for fait in attendu["faits"])
    if situation.prochain:
        # Un rendez-vous est déjà proposé : le geste utile est le suivant.
        reste.sort(key=lambda attendu: attendu["chemin"] in RENCONTRES)
    attendu = reste[0]
    piece = situation.derniere_piece(attendu["chemin"]) if "ebauche" in attendu else None
    base = genre.get("base") or DONNEES["bases"][depart]
    en_mots = genre["pourquoi"].replace("{valeur}", str(valeur))
    return Attente(
        due_le=due_le,
        depuis=depuis_le,
        pourquoi=f"{base} le {quantieme(depuis_le, situation.aujourd_hui)}\u202f: {en_mots}",
        suite=f". Il reste {', '.join(attendu['nom'] for attendu in reste)}" if len(demandes) > 1 else "",
        attendu={**attendu, "geste": attendu["ebauche"]} if piece else attendu,
        piece=piece,
    )


def decaler(jour: str, unite: str | None, nombre: int) -> str:
    """Le jour, tant de jours ou de mois plus tard ; sans unité, le jour même."""
    if unite == "mois":
        return dates.ajouter_mois(jour, nombre)
    return dates.ajouter_jours(jour, nombre) if unite == "jours" else jour


def _apres(genre: Genre, situation: Situation, due_le: str) -> str:
    """Le jour avant lequel un fait ne compte pas."""
    if genre.get("apres") == "avance":
        return dates.ajouter_mois(due_le, -AVANCE_MOIS)
    if genre.get("apres") == "periode":
        return situation.jour("periode") or ""
    return (situation.jour("ouverture") or "") if genre["depuis"] in ("orientee_le", "entree_le") else ""


def _est_demande(attendu: Fiche, regle: Fiche) -> bool:
    si = attendu.get("si")
    return si is None or bool(regle.get(si)) or si in (regle.get("livrables") or ())
