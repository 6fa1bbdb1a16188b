"""La file active : qui a quel dossier. Donner envoie le dossier entier, retirer le fait purger."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models import Acces
from sync.etat import table
from sync.sequence import reserver


def donner(session: Session, structure_id: str, couples: Iterable[tuple[str, str]]) -> None:
    """Ajoute des dossiers à des files actives. `couples` : (utilisateur_id, personne_id)."""
    uniques = sorted(set(couples))
    if not uniques:
        return
    version = reserver(session, structure_id, 1)
    acces = table(Acces)
    ordre = postgresql.insert(acces) if session.get_bind().dialect.name == "postgresql" else sqlite.insert(acces)
    # Un dossier déjà présent garde son numéro : le renvoyer entier ne servirait à rien.
    ordre = ordre.on_conflict_do_update(
        index_elements=["structure_id", "utilisateur_id", "personne_id"],
        set_={"actif": True, "sequence": ordre.excluded.sequence, "perdu_le": None},
        where=acces.c.actif.is_(False),
    )
    session.execute(
        ordre,
        [
            {
                "structure_id": structure_id,
                "utilisateur_id": utilisateur_id,
                "personne_id": personne_id,
                "sequence": version,
                "actif": True,
                "perdu_le": None,
            }
            for utilisateur_id, personne_id in uniques
        ],
    )


def retirer(
    session: Session, structure_id: str, utilisateur_id: str, personnes: Collection[str], maintenant: dt.datetime
) -> None:
    """Retire des dossiers d'une file active ; ce qui n'était pas encore envoyé sera reçu pendant trente jours."""
    if not personnes:
        return
    version = reserver(session, structure_id, 1)
    session.execute(
        update(Acces)
        .where(
            Acces.structure_id == structure_id,
            Acces.utilisateur_id == utilisateur_id,
            Acces.personne_id.in_(sorted(personnes)),
            Acces.actif.is_(True),
        )
        .values(actif=False, sequence=version, perdu_le=maintenant)
        .execution_options(synchronize_session=False)
    )
