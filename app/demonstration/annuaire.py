"""L'annuaire de la démonstration, reçu comme un vrai d'un fichier où tout est inventé ; et un partenaire écrit ici."""

from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.annuaire import ecriture, lecture, saisie
from app.demonstration.invention import Invention
from app.domain.indicateurs.periode import PARIS
from app.models import ServicePartenaire

TERRITOIRE: Final = ("00",)
_NOTES: Final = {
    "Cours de français du soir": "Appeler avant 16 h pour l’inscription. Compter deux semaines.",
    "Courses à un dixième du prix": "Un mot de notre part suffit, avec le quotient familial.",
}
_LOCAL: Final = {
    "partenaire": "Vestiaire de la Lanterne",
    "nom": "Tenue d’entretien d’embauche",
    "famille": "preparer-sa-candidature",
    "description": "Une tenue complète, prêtée ou donnée, retouchée sur place.",
    "telephone": "01 99 00 00 37",
    "adresse": "8, rue de la Veillée",
    "commune": "Fable-la-Ville",
    "horaires_accueil": "Mardi et vendredi, 14 h – 17 h",
    "note": "Prendre les mesures avant : il y a peu de petites tailles.",
}


def recevoir(session: Session, structure_id: str, invention: Invention, maintenant: datetime) -> None:
    """Deux services ont la note de l'équipe."""
    jour: date = maintenant.astimezone(PARIS).date()
    lu = lecture.lire(Path(__file__).with_name("annuaire.json").read_bytes(), jour)
    ecriture.importer(session, structure_id, lu, TERRITOIRE, maintenant)
    for service in session.scalars(select(ServicePartenaire).where(ServicePartenaire.structure_id == structure_id)):
        service.note = _NOTES.get(service.nom)
    saisie.enregistrer(session, structure_id, invention.identifiant(), saisie.lire(_LOCAL), maintenant, jour)
