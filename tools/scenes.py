"""Ce que la démonstration ne contient pas et que l'on photographie : un désaccord ouvert, une fiche corrigée."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from uuid6 import uuid7

from app.domain.dates import instant
from app.models import Acces, Appareil, Personne, Utilisateur
from app.moteur import ecrire, lire, ouvrir_moteur
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.operation import lire_operation


@dataclass(frozen=True)
class Scenes:
    """Les dossiers où il y a quelque chose à voir."""

    desaccord: str


def preparer(base: Path, courriel: str, courriel_chef: str) -> Scenes:
    """Dans une base de démonstration neuve, avant qu'elle ne serve."""
    moteur = ouvrir_moteur(f"sqlite:///{base}")
    with lire(moteur) as session:
        qui, chef = (
            session.scalars(select(Utilisateur).where(Utilisateur.courriel == adresse)).one()
            for adresse in (courriel, courriel_chef)
        )
        suivies = select(Acces.personne_id).where(Acces.utilisateur_id == qui.id, Acces.actif)
        personne = session.scalars(select(Personne).where(Personne.id.in_(suivies)).order_by(Personne.nom)).all()[5]
    tablette = str(uuid7())
    maintenant = datetime.now(UTC)
    with ecrire(moteur) as session:
        session.add(
            Appareil(
                structure_id=qui.structure_id,
                id=tablette,
                utilisateur_id=qui.id,
                nom="Tablette de l’antenne",
                enrole_le=maintenant,
            )
        )
    jour = maintenant.date().isoformat()
    domicile = {"adresse": "12, rue du Verger", "permis": "en_cours", "date_effet": jour}
    contact = {"date": jour, "moyen": "telephone", "duree": 30, "synthese": "Point sur la demande de logement."}
    entretien = str(uuid7())
    au_bureau = Acteur(chef.structure_id, chef.id, chef.role, None, maintenant)
    sur_place = Acteur(qui.structure_id, qui.id, qui.role, tablette, maintenant)
    plus_tard = replace(sur_place, maintenant=maintenant + timedelta(seconds=1))
    autre = {"adresse": "3, place du Marché", "date_effet": jour}
    _noter(moteur, au_bureau, ("modifier_personne", personne.id, personne.id, personne.sequence), autre)
    _noter(moteur, sur_place, ("modifier_personne", personne.id, personne.id, personne.sequence), domicile)
    _noter(moteur, sur_place, ("noter_entretien", entretien, personne.id, None), contact)
    _noter(moteur, plus_tard, ("modifier_entretien", entretien, personne.id, None), {"duree": 45})
    moteur.dispose()
    return Scenes(desaccord=personne.id)


def _noter(moteur: Any, acteur: Acteur, quoi: tuple[str, str, str, int | None], champs: dict[str, Any]) -> None:
    genre, entite, personne, vue = quoi
    brute = {"id": str(uuid7()), "genre": genre, "entite": entite, "personne": personne, "base": vue, "champs": champs}
    with ecrire(moteur) as session:
        appliquer(session, acteur, [lire_operation(brute | {"heure": instant(acteur.maintenant)})])
