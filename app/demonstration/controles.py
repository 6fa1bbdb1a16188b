"""Les fiches des derniers jours telles que le chef de service les trouve : reçues, validées, ou retournées."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.demonstration.cahier import Cahier
from app.domain.indicateurs.periode import PARIS
from app.models import Controle, Personne
from sync.regles.regle import identifiant_controle
from sync.sequence import reserver

JOURS: Final = 9
RETOURS: Final = 2
_REMARQUE: Final = "La durée manque : pouvez-vous la compléter ?"


def noter_controles(
    session: Session, structure_id: str, cahier: Cahier, chef_id: str, maintenant: datetime, aujourd_hui: date
) -> None:
    """Les plus anciennes sont validées, deux dont la durée manque sont retournées, le reste attend."""
    recentes = sorted(
        (n for n in cahier.lot.entretiens if n.valeurs["date"] >= aujourd_hui - timedelta(JOURS)),
        key=lambda n: (n.valeurs["date"], n.valeurs["reference"]),
    )
    retournees = {n.fiche.id for n in [n for n in recentes if n.valeurs["duree"] is None][:RETOURS]}
    premier = reserver(session, structure_id, len(recentes))
    for rang, n in enumerate(recentes):
        etat = "retournee" if n.fiche.id in retournees else "validee" if rang < len(recentes) // 3 else "recue"
        controle = etat != "recue"
        # Notée sur place, envoyée une fois le réseau retrouvé.
        recue_le = datetime.combine(n.valeurs["date"], n.valeurs["heure"], PARIS) + timedelta(minutes=70)
        session.add(
            Controle(
                structure_id=structure_id,
                id=identifiant_controle(structure_id, "entretien", n.fiche.id),
                personne_id=n.fiche.personne_id,
                fiche_type="entretien",
                fiche_id=n.fiche.id,
                etat=etat,
                remarque=_REMARQUE if etat == "retournee" else None,
                auteur_id=n.referent_id,
                recue_le=min(recue_le, maintenant),
                par_id=chef_id if controle else None,
                le=maintenant - timedelta(hours=1) if controle else None,
                sequence=premier + rang,
            )
        )
        session.execute(
            update(Personne)
            .where(Personne.structure_id == structure_id, Personne.id == n.fiche.personne_id)
            .values(sequence_dossier=premier + rang)
        )
