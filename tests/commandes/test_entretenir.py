"""`jalon entretenir` compte ce que les tables contiennent : la base sait alors quel index mène à un dossier."""

from __future__ import annotations

from sqlalchemy import text

from app.commandes.entretenir import tout_entretenir
from app.moteur import ouvrir_moteur
from tests.bases import lire
from tests.sync.fabrique import MAINTENANT, Monde, creer_personne, noter, un_id

PLAN = """EXPLAIN {} SELECT date, moyen FROM entretien
          WHERE structure_id = '{}' AND personne_id = '{}'"""


def test_once_counted_the_contacts_of_one_person_are_found_without_reading_the_others(adresse: str) -> None:
    moteur = ouvrir_moteur(adresse)
    monde = Monde(moteur)
    for _ in range(20):
        personne = un_id()
        monde.pousser(monde.acteur(), creer_personne(personne), *(noter(personne, un_id()) for _ in range(5)))
    tout_entretenir(moteur, MAINTENANT)
    moteur.dispose()
    with lire(moteur) as session:
        if moteur.dialect.name == "sqlite":
            plan = session.execute(text(PLAN.format("QUERY PLAN", monde.structure, personne))).one()
            assert "(structure_id=? AND personne_id=?)" in plan.detail
        else:
            assert session.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'entretien'")) == 100
    moteur.dispose()
