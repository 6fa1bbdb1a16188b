"""Les fiches des derniers jours telles que le chef de service les trouve : reçues, validées, ou retournées."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.demonstration.cahier import Cahier
from app.models import Controle, Personne
from sync.sequence import reserver

JOURS: Final = 9
_RETOURS: Final = (
    "La durée semble courte pour ce rendez-vous : pouvez-vous la vérifier ?",
    "Il manque la démarche faite avec la personne, à compléter avant le comité.",
)


def noter_controles(
    session: Session, structure_id: str, cahier: Cahier, chef_id: str, maintenant: datetime, aujourd_hui: date
) -> None:
    """Les plus anciennes sont validées, deux sont retournées, le reste attend."""
    recentes = sorted(
        (n for n in cahier.lot.entretiens if n.valeurs["date"] >= aujourd_hui - timedelta(JOURS)),
        key=lambda n: (n.valeurs["date"], n.valeurs["reference"]),
    )
    premier = reserver(session, structure_id, len(recentes))
    for rang, n in enumerate(recentes):
        etat = _etat(rang, len(recentes))
        controle = etat != "recue"
        recue_le = datetime.combine(n.valeurs["date"], n.valeurs["heure"], maintenant.tzinfo) + timedelta(hours=2)
        session.add(
            Controle(
                structure_id=structure_id,
                id=cahier.invention.identifiant(),
                personne_id=n.fiche.personne_id,
                fiche_type="entretien",
                fiche_id=n.fiche.id,
                etat=etat,
                remarque=_RETOURS[rang % 2] if etat == "retournee" else None,
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


def _etat(rang: int, total: int) -> str:
    if rang in (total // 2, total // 2 + 1):
        return "retournee"
    return "validee" if rang < total // 3 else "recue"
