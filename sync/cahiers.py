"""Les cahiers que quelqu'un tient, ou a tenus : une requête par échange, sur l'index de ses seuls cahiers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from operator import itemgetter

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from app.domain.roles import TERRAIN
from app.instruction import Instruction, table
from app.models import CahierMembre
from sync.acteur import Acteur
from sync.etat import CAHIER
from sync.versions import connait

_MEMBRE = table(CahierMembre)

_TENUS = Instruction(
    lambda _: (
        select(_MEMBRE.c.cahier_id, _MEMBRE.c.actif, _MEMBRE.c.sequence, CAHIER.c.sequence_cahier, CAHIER.c.jusqu_au)
        .join(CAHIER, and_(CAHIER.c.structure_id == _MEMBRE.c.structure_id, CAHIER.c.id == _MEMBRE.c.cahier_id))
        .where(_MEMBRE.c.structure_id == bindparam("structure"), _MEMBRE.c.utilisateur_id == bindparam("lecteur"))
    )
)

Lot = list[tuple[str, bool]]


@dataclass(slots=True)
class Tenus:
    """`siens` : ceux qu'il tient ; `changes` : ceux qui ont du nouveau, et s'il l'a reçu depuis ; `perdus` depuis."""

    siens: set[str] = field(default_factory=set)
    changes: dict[str, bool] = field(default_factory=dict)
    perdus: list[str] = field(default_factory=list)

    def a_envoyer(self, apres: str) -> Lot:
        """Ceux qui viennent après cet identifiant ; vrai : à envoyer en entier."""
        return [(cahier_id, neuf) for cahier_id, neuf in self.changes.items() if cahier_id > apres]

    def trier(self, lot: Lot) -> tuple[Lot, Lot]:
        """Les dossiers, et les cahiers."""
        if not self.siens:
            return lot, []
        return [un for un in lot if un[0] not in self.siens], [un for un in lot if un[0] in self.siens]


def tenus(session: Session, acteur: Acteur, depuis: int, depuis_jour: dt.date | None) -> Tenus:
    """Rien pour un protocole qui ne connaît pas les cahiers, ni pour un rôle qui n'en lit aucun.

    `depuis_jour` : celui du dernier tour ; un comité passé depuis est perdu sans que rien ne soit écrit.
    """
    trouves = Tenus()
    if not connait(acteur.protocole, "cahier"):
        return trouves
    lus = _TENUS.lire(session, structure=acteur.structure_id, lecteur=acteur.utilisateur_id)
    for cahier_id, actif, recu, change, jusqu_au in sorted(lus, key=itemgetter(0)):
        passe = jusqu_au is not None and jusqu_au < acteur.jour
        if not actif or passe or acteur.role not in TERRAIN:
            if recu > depuis or (passe and (depuis_jour is None or jusqu_au >= depuis_jour)):
                trouves.perdus.append(cahier_id)
            continue
        trouves.siens.add(cahier_id)
        if max(recu, change) > depuis:
            trouves.changes[cahier_id] = recu > depuis
    return trouves
