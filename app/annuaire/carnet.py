"""Le carnet de l'annuaire : le cahier où l'équipe note ce qu'elle sait des services, tenu par tous ceux qui suivent des
dossiers. Il s'ouvre de lui-même avec l'annuaire (docs/adr/0018-notes-d-annuaire.md).
"""

from __future__ import annotations

import datetime as dt
from typing import Final
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.annuaire import CARNET
from app.domain.roles import TERRAIN
from app.models import Cahier, CahierMembre, Structure, Utilisateur
from sync.sequence import reserver

NOM: Final = "Annuaire"


def ouvrir(session: Session, structure_id: str, maintenant: dt.datetime) -> None:
    """À appeler quand il y a un annuaire de plus, ou quelqu'un de plus ; qui le tient déjà n'a rien de neuf."""
    if session.get_one(Structure, structure_id).annuaire is None:
        return
    carnet_id = str(uuid5(UUID(structure_id), CARNET))
    u, m = Utilisateur, CahierMembre
    deja = select(m.utilisateur_id).where(m.structure_id == structure_id, m.cahier_id == carnet_id)
    requete = select(u.id).where(u.structure_id == structure_id, u.actif.is_(True), u.role.in_(sorted(TERRAIN)))
    nouveaux = session.scalars(requete.where(u.id.not_in(deja)).order_by(u.id)).all()
    if not nouveaux:
        return
    numero = reserver(session, structure_id, 1)
    carnet = session.get(Cahier, (structure_id, carnet_id)) or Cahier(
        structure_id=structure_id, id=carnet_id, genre=CARNET, nom=NOM, valeurs={}, revisions=[], cree_le=maintenant
    )
    carnet.sequence = carnet.sequence_cahier = numero
    session.add(carnet)
    session.flush()
    session.add_all(
        CahierMembre(
            structure_id=structure_id, cahier_id=carnet_id, utilisateur_id=qui, depuis=maintenant, sequence=numero
        )
        for qui in nouveaux
    )
    session.flush()
