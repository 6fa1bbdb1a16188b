"""Les dossiers ouverts à un collègue, en cours ou à venir."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.domain import nomenclatures
from app.domain.francais import minuscule
from app.domain.recherche import cle
from app.equipe.files_actives import nom_de
from app.models import Partage, Personne, Utilisateur


@dataclass(frozen=True)
class Pret:
    """Un dossier ouvert à quelqu'un. `motif` : en mots."""

    id: str
    personne_id: str
    nom: str
    a: str
    par: str
    du: dt.date | None
    jusqu_au: dt.date | None
    motif: str | None


def lire(session: Session, structure_id: str, jour: dt.date) -> list[Pret]:
    """Par collègue, puis par nom. Ceux qui sont finis se lisent au journal du dossier."""
    requete = (
        select(Partage, Personne)
        .join(Personne, and_(Personne.structure_id == Partage.structure_id, Personne.id == Partage.personne_id))
        .where(
            Partage.structure_id == structure_id,
            Partage.fin_le.is_(None),
            or_(Partage.jusqu_au.is_(None), Partage.jusqu_au >= jour),
        )
    )
    lues = session.execute(requete).all()
    noms = {
        u.id: f"{u.prenom} {u.nom}".strip()
        for u in session.scalars(select(Utilisateur).where(Utilisateur.structure_id == structure_id))
    }
    prets = [
        Pret(
            id=partage.id,
            personne_id=personne.id,
            nom=nom_de(personne),
            a=noms[partage.utilisateur_id],
            par=noms[partage.par_id],
            du=partage.du if partage.du and partage.du > jour else None,
            jusqu_au=partage.jusqu_au,
            motif=minuscule(nomenclatures.libelle("motif_partage", partage.motif)) or None,
        )
        for partage, personne in lues
    ]
    return sorted(prets, key=lambda pret: (cle(pret.a), cle(pret.nom), pret.id))
