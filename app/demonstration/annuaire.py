"""L'annuaire de la démonstration, reçu comme un vrai d'un fichier où tout est inventé ; et un partenaire écrit ici."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.annuaire import ecriture, lecture, saisie
from app.demonstration.invention import Invention
from app.domain.annuaire import CARNET
from app.domain.indicateurs.periode import PARIS
from app.models import Cahier, CahierMembre, Feuille, ServicePartenaire
from sync.sequence import reserver

TERRITOIRE: Final = ("00",)
_NOTES: Final = {
    "Cours de français du soir": "Appeler avant 16 h pour l’inscription. Compter deux semaines.",
    "Courses à un dixième du prix": "Un mot de notre part suffit, avec le quotient familial.",
}
# Ce que l'équipe en a noté elle-même, et combien de jours avant.
_ANNOTATIONS: Final = (
    ("Cours de français du soir", 40, "La salle a changé : porte de droite, premier étage, sans ascenseur."),
    ("Cours de français du soir", 12, "Demander Mme Lecture : elle trouve une place en cours d’année."),
    ("Prêt de vélo et de scooter", 5, "Réserver une semaine avant. Une caution de trente euros, rendue au retour."),
)
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
    """Deux services ont la note du bureau, deux aussi celles de l'équipe."""
    jour: date = maintenant.astimezone(PARIS).date()
    lu = lecture.lire(Path(__file__).with_name("annuaire.json").read_bytes(), jour)
    ecriture.importer(session, structure_id, lu, TERRITOIRE, maintenant)
    for service in session.scalars(select(ServicePartenaire).where(ServicePartenaire.structure_id == structure_id)):
        service.note = _NOTES.get(service.nom)
    saisie.enregistrer(session, structure_id, invention.identifiant(), saisie.lire(_LOCAL), maintenant, jour)
    _annoter(session, structure_id, invention, maintenant)


def _annoter(session: Session, structure_id: str, invention: Invention, maintenant: datetime) -> None:
    carnet = session.scalars(select(Cahier).where(Cahier.structure_id == structure_id, Cahier.genre == CARNET)).one()
    qui = select(CahierMembre.utilisateur_id).where(
        CahierMembre.structure_id == structure_id, CahierMembre.cahier_id == carnet.id
    )
    auteurs = session.scalars(qui.order_by(CahierMembre.utilisateur_id)).all()
    siens = session.scalars(select(ServicePartenaire).where(ServicePartenaire.structure_id == structure_id))
    services = {service.nom: service.id for service in siens}
    premier = reserver(session, structure_id, len(_ANNOTATIONS))
    for rang, (service, jours, note) in enumerate(_ANNOTATIONS):
        session.add(
            Feuille(
                structure_id=structure_id,
                id=invention.identifiant(),
                cahier_id=carnet.id,
                forme="annotation",
                valeurs={"service_id": services[service], "service": service, "note": note},
                revisions=[],
                auteur_id=auteurs[rang % len(auteurs)],
                note_le=maintenant - timedelta(days=jours),
                sequence=premier + rang,
                cree_le=maintenant,
            )
        )
        carnet.sequence_cahier = premier + rang
    session.flush()
