"""Les faits d'une convention, lus en quelques requêtes pour être comptés par les définitions."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.indicateurs.annee import Annee
from app.models import Mesure, Personne, PersonneValeur, RendezVous


@dataclass(frozen=True)
class FaitRendezVous:
    id: str
    personne_id: str
    reference: str | None
    statut: str
    debut: datetime
    lieu: str | None


@dataclass(frozen=True)
class FaitMesure:
    id: str
    personne_id: str
    reference: str | None
    orientee_le: date | None
    entree_le: date | None
    sortie_le: date | None
    sexe: Sequence[tuple[date, str | None]]


def rendez_vous(session: Session, structure_id: str, convention: str, annee: Annee) -> list[FaitRendezVous]:
    """Les rendez-vous de la convention dans l'année, du plus ancien au plus récent."""
    lignes = session.execute(
        select(
            RendezVous.id,
            RendezVous.personne_id,
            RendezVous.reference,
            RendezVous.statut,
            RendezVous.debut,
            RendezVous.lieu,
        )
        .join(Mesure, (Mesure.structure_id == RendezVous.structure_id) & (Mesure.id == RendezVous.mesure_id))
        .where(
            RendezVous.structure_id == structure_id,
            Mesure.convention == convention,
            RendezVous.debut >= annee.debut,
            RendezVous.debut < annee.fin,
        )
        .order_by(RendezVous.debut, RendezVous.id)
    )
    return [FaitRendezVous(*ligne) for ligne in lignes]


def mesures(session: Session, structure_id: str, convention: str) -> list[FaitMesure]:
    """Toutes les mesures de la convention, avec l'historique du sexe de la personne."""
    sexes: dict[str, list[tuple[date, str | None]]] = defaultdict(list)
    valeurs = session.execute(
        select(PersonneValeur.personne_id, PersonneValeur.jour, PersonneValeur.valeur)
        .where(
            PersonneValeur.structure_id == structure_id,
            PersonneValeur.champ == "sexe",
            PersonneValeur.personne_id.in_(
                select(Mesure.personne_id).where(Mesure.structure_id == structure_id, Mesure.convention == convention)
            ),
        )
        .order_by(PersonneValeur.jour)
    )
    for personne_id, jour, valeur in valeurs:
        sexes[personne_id].append((jour, valeur))
    lignes = session.execute(
        select(Mesure.id, Mesure.personne_id, Mesure.reference, Mesure.orientee_le, Mesure.entree_le, Mesure.sortie_le)
        .where(Mesure.structure_id == structure_id, Mesure.convention == convention)
        .order_by(Mesure.entree_le, Mesure.orientee_le, Mesure.id)
    )
    return [FaitMesure(*ligne, sexes[ligne.personne_id]) for ligne in lignes]


def noms(session: Session, structure_id: str, personne_ids: Sequence[str]) -> dict[str, dict[str, str | None]]:
    """De quoi nommer les personnes d'une liste, telles que le carnet les nomme."""
    trouves: dict[str, dict[str, str | None]] = {}
    uniques = sorted(set(personne_ids))
    for debut in range(0, len(uniques), 500):
        lignes = session.execute(
            select(Personne.id, Personne.nom, Personne.prenom, Personne.nom_usage).where(
                Personne.structure_id == structure_id, Personne.id.in_(uniques[debut : debut + 500])
            )
        )
        for identifiant, nom, prenom, nom_usage in lignes:
            trouves[identifiant] = {"nom": nom, "prenom": prenom, "nom_usage": nom_usage}
    return trouves


def sexes(session: Session, structure_id: str, personne_ids: Sequence[str]) -> dict[str, str | None]:
    """Le sexe connu aujourd'hui de chaque personne, pour accorder les mots d'une liste."""
    trouves: dict[str, str | None] = {}
    uniques = sorted(set(personne_ids))
    for debut in range(0, len(uniques), 500):
        valeurs = session.execute(
            select(PersonneValeur.personne_id, PersonneValeur.valeur)
            .where(
                PersonneValeur.structure_id == structure_id,
                PersonneValeur.champ == "sexe",
                PersonneValeur.personne_id.in_(uniques[debut : debut + 500]),
            )
            .order_by(PersonneValeur.jour)
        )
        trouves.update((personne_id, valeur) for personne_id, valeur in valeurs)
    return trouves
