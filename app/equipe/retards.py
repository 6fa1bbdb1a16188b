"""Les échéances en retard d'une file active, par genre : celles que le dossier montre (`app/domain/echeance`)."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.echeance import REGISTRE, echeances
from app.domain.francais import majuscule
from app.domain.personne import nom_affiche
from app.domain.recherche import cle
from app.models import Personne
from sync.fiches import lire_dossiers

Fiche = dict[str, Any]

# Lire et juger un dossier prend une à deux millisecondes : au-delà, on choisit d'abord quelqu'un.
D_UN_COUP = 150
# Une file active plus longue encore ne se juge pas en entier dans une page : on le dit.
JUGEES = 400
PAGE = 50
_GARDES = 20_000


@dataclass(frozen=True)
class Retard:
    personne_id: str
    nom: str
    genre: str
    titre: str
    due_le: str
    jours: int
    libelle: str
    url: str


# Ce qu'un dossier doit ne change qu'avec lui, avec les conventions, avec l'heure, ou avec ce que le rôle de qui lit en
# ouvre : jugé une fois, il se garde.
_juges: OrderedDict[tuple[str, str, int, str, int, str], tuple[Retard, ...]] = OrderedDict()


def lire(
    session: Session,
    structure_id: str,
    personnes: Sequence[str],
    conventions: Sequence[Fiche],
    lecteur_id: str,
    role: str,
    maintenant: str,
) -> list[Retard]:
    """Ceux de ces personnes, du plus ancien au plus récent. `role` : celui de qui lit ; il lit tout le dossier."""
    regles = hash(json.dumps(conventions, sort_keys=True, default=str))
    versions = session.execute(
        select(Personne.id, Personne.sequence_dossier).where(
            Personne.structure_id == structure_id, Personne.id.in_(sorted(personnes))
        )
    )
    # À l'heure près : un rendez-vous qui passe sans issue ne prévoit plus rien.
    cles = {p: (structure_id, p, version, maintenant[:13], regles, role) for p, version in versions}
    a_juger = [personne for personne, cle in cles.items() if cle not in _juges]
    dossiers = lire_dossiers(session, structure_id, a_juger, lecteur_id, role)
    for personne, dossier in dossiers.items():
        _juges[cles[personne]] = tuple(_retards(dossier, conventions, maintenant))
    trouves = [retard for cle in cles.values() for retard in _juges.get(cle, ())]
    while len(_juges) > _GARDES:
        _juges.popitem(last=False)
    return sorted(trouves, key=lambda retard: (retard.due_le, cle(retard.nom)))


def genre_en_mots(genre: str) -> str:
    """« Premier contact en retard »."""
    return majuscule(str(REGISTRE[genre]["retard"]))


def _retards(dossier: Fiche, conventions: Sequence[Fiche], maintenant: str) -> list[Retard]:
    if dossier["personne"].get("archive_le"):
        return []
    return [
        Retard(
            dossier["personne"]["id"],
            nom_affiche(dossier["personne"]),
            due["genre"],
            due["titre"],
            due["due_le"],
            -due["jours"],
            due["action"]["libelle"],
            due["action"]["url"],
        )
        for due in echeances(dossier, conventions, maintenant)
        if due["etat"] == "en_retard"
    ]
