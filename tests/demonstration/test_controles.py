"""Le chef de service de la démonstration valide ce qui l'attend, comme dans une vraie structure."""

from datetime import UTC, datetime

from sqlalchemy import select

from app.demonstration.chargement import charger
from app.models import Controle, Utilisateur
from app.moteur import ouvrir_moteur
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.operation import lire_operation
from tests.bases import ecrire

MAINTENANT = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)


def test_every_waiting_fiche_can_be_validated(adresse: str) -> None:
    moteur = ouvrir_moteur(adresse)
    charger(moteur, MAINTENANT)
    with ecrire(moteur) as session:
        chef = session.scalars(select(Utilisateur).where(Utilisateur.courriel == "chef@amandiers.example")).one()
        acteur = Acteur(chef.structure_id, chef.id, chef.role, None, MAINTENANT)
        recues = session.scalars(
            select(Controle).where(Controle.structure_id == chef.structure_id, Controle.etat == "recue")
        ).all()
        assert recues
        operations = [
            lire_operation(
                {
                    "id": f"0192a000-0000-7000-8000-{rang:012d}",
                    "genre": "valider_fiche",
                    "entite": controle.fiche_id,
                    "personne": controle.personne_id,
                    "base": 10**9,
                    "champs": {"fiche_type": controle.fiche_type},
                    "heure": "2026-11-22T18:00:00Z",
                }
            )
            for rang, controle in enumerate(recues)
        ]
        assert [r.erreurs for r in appliquer(session, acteur, operations) if r.statut != "applied"] == []
    moteur.dispose()
