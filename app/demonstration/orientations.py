"""Une liste d'orientations reçue il y a peu : des lignes prises, une à corriger, une à décider, une à confier."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.demonstration.invention import PRESCRIPTEURS, Invention
from app.models import ImportOrientations, Personne, SourceOrientations
from app.orientations import lecture, magasin
from app.orientations.liste import preparer_liste
from app.orientations.preparation import A_CONFIER, Preparation
from app.orientations.reception import recevoir
from sync.acteur import Acteur

SOURCE: Final = PRESCRIPTEURS[0]
PRISES: Final = 3
_TITRES: Final = "Civilité;Nom;Prénom;Né(e) le;Téléphone;Ville;Date d'orientation"
# Celle dont la date n'existe pas reste à corriger ; l'avant-dernière porte le nom de quelqu'un que l'on suit déjà.
_LIGNES: Final = (
    "Mme;Prologue;Inaya;14/07/1988;06 39 98 20 01;Fable-la-Ville",
    "M.;Épigraphe;Marceau;03/02/1979;06 39 98 20 02;Pont-aux-Songes",
    "Mme;Virgule-Fictive;Oriane;21/11/1995;06 39 98 20 03;Fable-la-Ville",
    "Mme;Astérisque;Zélie;31/02/1990;06 39 98 20 04;Contes-sur-Brume",
    "{civilite};{nom};{prenom};;;Fable-la-Ville",
    "M.;Parenthèse;Anatole;09/10/1985;06 39 98 20 05;Légende-le-Haut",
)


def recevoir_liste(
    session: Session, acteur: Acteur, referent_id: str, connue_id: str, invention: Invention, aujourd_hui: date
) -> None:
    """Par les gestes de l'écran : déposer, dire les colonnes, confier les premières, recevoir."""
    octets = _fichier(session.get_one(Personne, (acteur.structure_id, connue_id)), aujourd_hui)
    depot = (SOURCE, "orientations.csv", octets)
    quand = acteur.maintenant - timedelta(hours=2)
    identifiant = invention.identifiant()
    importee = magasin.deposer(
        session, acteur.structure_id, identifiant, acteur.utilisateur_id, quand, depot, lecture.lire(octets)
    )
    for ligne in magasin.toutes(session, importee):
        ligne.personne_id, ligne.mesure_id = invention.identifiant(), invention.identifiant()
    defauts = {"convention": "ASP-NC", "orientee_le": None, "prescripteur": SOURCE}
    magasin.regler(session, importee, importee.reglages["champs"], defauts)
    session.scalars(
        select(SourceOrientations).where(SourceOrientations.nom == SOURCE)
    ).one().id = invention.identifiant()
    a_confier = _preparer(session, importee, acteur).de(A_CONFIER)[:PRISES]
    magasin.confier(session, importee, [situation.numero for situation in a_confier], referent_id)
    session.flush()
    for situation in a_confier:
        session.refresh(situation.ligne)
    recues = recevoir(session, acteur, importee, lambda lue: _preparer(lue, importee, acteur))
    # Avant que la cloison ne change : la structure suivante ne verrait plus cette liste.
    session.flush()
    if recues.nouvelles != PRISES:
        raise ValueError(f"La démonstration devait recevoir {PRISES} orientations : {recues}")


def _preparer(session: Session, importee: ImportOrientations, acteur: Acteur) -> Preparation:
    return preparer_liste(session, importee, _identites(session, acteur.structure_id), acteur.jour)[1]


def _identites(session: Session, structure_id: str) -> list[dict[str, Any]]:
    lues = session.scalars(select(Personne).where(Personne.structure_id == structure_id).order_by(Personne.id))
    return [
        {
            "id": personne.id,
            "nom": personne.nom,
            "prenom": personne.prenom,
            "nom_usage": personne.nom_usage,
            "pseudonymes": personne.pseudonymes,
            "date_naissance": personne.date_naissance and personne.date_naissance.isoformat(),
            "naissance_precision": personne.naissance_precision,
            "historique": {},
        }
        for personne in lues
    ]


def _fichier(connue: Personne, aujourd_hui: date) -> bytes:
    jour = aujourd_hui - timedelta(4)
    lignes = [f"{ligne.format(civilite='', nom=connue.nom, prenom=connue.prenom)};{jour:%d/%m/%Y}" for ligne in _LIGNES]
    return "\n".join((_TITRES, *lignes)).encode()
