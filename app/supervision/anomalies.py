"""Les anomalies de toute la structure, règle par règle.

La base propose des fiches (`candidates.py`) ; la règle (`app/domain/anomalies`) décide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.anomalies import REGLES, Anomalie, signaler
from app.domain.mesure import mesure_principale, referent_au
from app.equipe.files_actives import nom_de
from app.models import Personne, Utilisateur
from app.supervision.candidates import MAX, Candidates, lire_mesures

PAGE = 50


@dataclass(frozen=True)
class Signalement:
    """Une anomalie d'une fiche, avec son dossier."""

    fiche_id: str
    personne_id: str
    anomalie: Anomalie


@dataclass(frozen=True)
class LigneSignalee:
    """Ce qu'une ligne de la liste montre ; `referent` : qui suit la personne aujourd'hui."""

    personne_id: str
    nom: str
    referent: str | None
    phrase: str
    geste: str
    url: str


def chercher(session: Session, structure_id: str, jour: str, role: str) -> dict[str, list[Signalement]]:
    """Par code de règle, dans l'ordre des règles : tout ce qu'elle signale à ce rôle, jusqu'à `MAX`."""
    candidates = Candidates(session, structure_id, jour, role)
    trouves: dict[str, list[Signalement]] = {code: [] for code in REGLES}
    for code, fiche, dossier in candidates.lire():
        anomalie = signaler(REGLES[code], fiche, dossier, jour)
        if anomalie is not None and len(trouves[code]) < MAX:
            personne = fiche["id"] if fiche["type"] == "personne" else fiche["personne_id"]
            trouves[code].append(Signalement(fiche["id"], personne, anomalie))
    return trouves


def lignes(session: Session, structure_id: str, jour: str, signalements: Iterable[Signalement]) -> list[LigneSignalee]:
    """Les mêmes, avec le nom de la personne et de qui la suit."""
    retenus = list(signalements)
    ids = sorted({retenu.personne_id for retenu in retenus})
    noms = {
        personne.id: nom_de(personne)
        for personne in session.scalars(
            select(Personne).where(Personne.structure_id == structure_id, Personne.id.in_(ids))
        )
    }
    suivies = referents(session, structure_id, ids, jour)
    return [
        LigneSignalee(
            retenu.personne_id,
            noms[retenu.personne_id],
            suivies.get(retenu.personne_id),
            retenu.anomalie.phrase,
            retenu.anomalie.geste,
            retenu.anomalie.url,
        )
        for retenu in retenus
    ]


def referents(session: Session, structure_id: str, personnes: list[str], jour: str) -> dict[str, str]:
    """Le nom de qui suit chaque personne ce jour-là, pour sa mesure la plus récente."""
    mesures = lire_mesures(session, structure_id, personnes)
    requete = select(Utilisateur.id, Utilisateur.prenom, Utilisateur.nom)
    noms = {
        identifiant: f"{prenom} {nom}".strip()
        for identifiant, prenom, nom in session.execute(requete.where(Utilisateur.structure_id == structure_id))
    }
    trouves = {}
    for personne_id, siennes in mesures.items():
        principale = mesure_principale(siennes, jour)
        qui = referent_au(principale, jour) if principale else None
        if qui:
            trouves[personne_id] = noms[qui]
    return trouves
