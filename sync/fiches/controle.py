"""Ce que le chef de service a dit des fiches reçues ; à qui lit la fiche, et à lui seul."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.domain.dates import instant
from app.domain.roles import LECTEURS_DES_SYNTHESES
from sync.etat import CONTROLE
from sync.fiches import piece
from sync.fiches.lecture import PREMIER, Fiche, lecture
from sync.lecteur import Lecteur

LIGNES = lecture(
    CONTROLE,
    *("id", "personne_id", "sequence", "fiche_type", "fiche_id", "etat", "remarque", "par_id", "le"),
)
# Dans une ligne, le contrôle et son dossier.
OU = (0, 1)


def de_pieces(lus: Iterable[tuple[Any, ...]]) -> set[str]:
    """Les pièces dont parlent ces contrôles."""
    return {ligne[4] for ligne in lus if ligne[3] == "piece"}


def cites(lus: Iterable[tuple[Any, ...]]) -> set[str | None]:
    """Les comptes dont ces contrôles disent le nom."""
    return {ligne[-2] for ligne in lus}


def se_lit(ligne: tuple[Any, ...], lues: piece.Lues, lecteur: Lecteur) -> bool:
    _, personne_id, _, fiche_type, fiche_id, *_ = ligne
    if fiche_type == "piece":
        return lues.piece(fiche_id)
    return lecteur.lit_ce_qui_se_dit(fiche_type, fiche_id, personne_id)


def fiches(lus: list[tuple[Any, ...]], role: str, noms: Mapping[str, str]) -> Iterator[Fiche]:
    for identifiant, personne_id, version, fiche_type, fiche_id, etat, remarque, par_id, le in sorted(lus, key=PREMIER):
        yield {
            "type": "controle",
            "id": identifiant,
            "personne_id": personne_id,
            "version": version,
            "fiche_type": fiche_type,
            "fiche_id": fiche_id,
            "etat": etat,
            "remarque": remarque if role in LECTEURS_DES_SYNTHESES else None,
            "par_nom": noms.get(par_id or ""),
            "le": None if le is None else instant(le),
        }
