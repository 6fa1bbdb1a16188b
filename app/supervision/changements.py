"""Ce qui a changé dans une fiche depuis qu'elle a été relue, ou depuis qu'elle est arrivée : lu du journal."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.francais import minuscule
from app.domain.masque import MASQUE, est_masque
from app.equipe.lieux_masques import OU
from app.models import Operation
from app.supervision.lisible import forme_de, nom_du_champ, se_lit, valeur_lisible
from app.viewmodels import en_mots
from sync.operation import est_creation

_RELUE = frozenset({"valider_fiche", "retourner_fiche"})
_CHOIX = frozenset({"statut", "moyen"})
SANS_ISSUE = "propose"
# Au-delà, une valeur ne se lit plus d'un coup d'œil ; la fiche, dessous, montre la nouvelle en entier.
COURT = 60


@dataclass
class _Suivi:
    """Une fiche au fil du journal. `vue` : telle qu'on l'a eue sous les yeux ; un champ inconnu n'y est pas."""

    vue: dict[str, Any] = field(default_factory=dict)
    valeurs: dict[str, Any] = field(default_factory=dict)
    arrivee: dt.datetime | None = None
    forme: str | None = None

    def suivre(self, operation: Operation) -> None:
        self.forme = forme_de(operation.genre) or self.forme
        if operation.genre in _RELUE:
            self.vue = dict(self.valeurs)
            return
        contestes = set(operation.contestes or ())
        self.valeurs |= {nom: valeur for nom, valeur in operation.champs.items() if nom not in contestes}
        if est_creation(operation.genre) or (
            self.vue.get("statut", SANS_ISSUE) == SANS_ISSUE and "statut" in operation.champs
        ):
            # Un rendez-vous n'est à relire qu'une fois son issue dite.
            self.arrivee = operation.recue_le
        if self.arrivee == operation.recue_le:
            # Corrigée avant d'être partie, elle est arrivée telle quelle.
            self.vue = dict(self.valeurs)


def lire(
    session: Session,
    structure_id: str,
    fiches: Mapping[str, str | None],
    role: str,
    aujourd_hui: str,
    masques: Sequence[str] = (),
) -> dict[str, tuple[str, ...]]:
    """Pour chaque fiche modifiée, « durée 30 min → 45 min ». Un champ que ce rôle ne lit pas n'y est pas.

    `fiches` : leur identifiant, et le sexe de la personne ; `masques` : les lieux à taire.
    """
    requete = (
        select(Operation)
        .where(
            Operation.structure_id == structure_id,
            Operation.entite.in_(sorted(fiches)),
            Operation.statut != "refused",
            Operation.genre != "remettre_fiche",
        )
        .order_by(Operation.sequence, Operation.compteur)
    )
    suivis: dict[str, _Suivi] = defaultdict(_Suivi)
    for operation in session.scalars(requete):
        suivis[operation.entite].suivre(operation)
    changements = {
        fiche: _changements(suivi, role, fiches[fiche], aujourd_hui, masques) for fiche, suivi in suivis.items()
    }
    return {fiche: lignes for fiche, lignes in changements.items() if lignes}


def _changements(
    suivi: _Suivi, role: str, sexe: str | None, aujourd_hui: str, masques: Sequence[str]
) -> tuple[str, ...]:
    changes = [
        nom
        for nom, valeur in suivi.valeurs.items()
        if se_lit(nom, role, suivi.forme)
        and en_mots.champ(nom, suivi.forme) != nom
        and (nom not in suivi.vue or suivi.vue[nom] != valeur)
    ]

    def dire(nom: str, valeur: Any) -> str:
        texte = en_mots.valeur(nom, valeur_lisible(nom, valeur, role), sexe, aujourd_hui, suivi.forme)
        texte = MASQUE if nom in OU and est_masque(texte, masques) else _court(texte)
        return minuscule(texte) if nom in _CHOIX else texte

    return tuple(
        f"{nom_du_champ(nom, suivi.forme)} "
        + (f"{dire(nom, suivi.vue[nom])} → " if nom in suivi.vue else "")
        + dire(nom, suivi.valeurs[nom])
        for nom in changes
    )


def _court(texte: str) -> str:
    return texte if len(texte) <= COURT else texte[:COURT].rsplit(" ", 1)[0] + "…"
