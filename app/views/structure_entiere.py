"""La liste de qui voit toute la structure : tout trier sur peu de colonnes, et n'ouvrir que les dossiers retenus.

Les filtres passent avant la coupe : ce qui est montré est le début de ce qui répond, et non ce qui répond parmi les
premiers venus.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.champs_personne import champs_lisibles
from app.domain.personne import cle_de_tri, textes_de_recherche
from app.domain.recherche import classer, cle
from app.models import Mesure, Personne, PersonneValeur, RendezVous

Identite = dict[str, Any]

# Ce qui se demande encore après une sortie (nouvelles à six mois, et six mois de plus) : docs/echeances.md.
APRES_LA_SORTIE = dt.timedelta(days=400)


def identites(session: Session, structure_id: str, role: str) -> list[Identite]:
    """Toutes les personnes, par nom, avec leurs numéros de téléphone : assez pour les chercher et les reconnaître."""
    colonnes = (
        Personne.id,
        Personne.nom,
        Personne.prenom,
        Personne.nom_usage,
        Personne.pseudonymes,
        Personne.reference,
        Personne.date_naissance,
        Personne.naissance_precision,
        Personne.archive_le,
    )
    lignes = session.execute(
        select(*colonnes)
        .where(Personne.structure_id == structure_id, Personne.fusionnee_dans.is_(None))
        .order_by(Personne.nom, Personne.prenom, Personne.id)
    ).mappings()
    numeros = _telephones(session, structure_id) if "telephones" in champs_lisibles(role) else {}
    return [
        {
            **ligne,
            "date_naissance": ligne["date_naissance"] and ligne["date_naissance"].isoformat(),
            "historique": {"telephones": numeros[ligne["id"]]} if ligne["id"] in numeros else {},
        }
        for ligne in lignes
    ]


def trouver(
    session: Session,
    structure_id: str,
    role: str,
    jour: str,
    requete: str = "",
    conventions: Collection[str] = (),
    retard: bool = False,
) -> tuple[list[str], int]:
    """Les personnes qui répondent, les meilleures d'abord, et combien la structure en suit. Qui cherche trouve aussi un
    dossier archivé.

    `retard` ne garde que celles qui peuvent l'être : une mesure ouverte ou quittée depuis peu, un rendez-vous passé
    sans issue.
    """
    toutes = identites(session, structure_id, role)
    ouvertes = [connue for connue in toutes if connue["archive_le"] is None]
    connues = toutes if requete.strip() else ouvertes
    # La base range les accents après le reste.
    connues.sort(key=lambda connue: cle(cle_de_tri(connue)))
    if requete.strip():
        rangs = classer(requete, [textes_de_recherche(connue, jour) for connue in connues])
        connues = [connues[rang] for rang in rangs]
    trouvees = [connue["id"] for connue in connues]
    if conventions:
        gardees = set(session.scalars(_suivies(structure_id, jour).where(Mesure.convention.in_(sorted(conventions)))))
        trouvees = [identifiant for identifiant in trouvees if identifiant in gardees]
    if retard:
        gardees = set(session.scalars(_suivies(structure_id, jour, APRES_LA_SORTIE)))
        gardees |= set(session.scalars(_attendues(structure_id, jour)))
        trouvees = [identifiant for identifiant in trouvees if identifiant in gardees]
    return trouvees, len(ouvertes)


def conventions(session: Session, structure_id: str) -> list[str]:
    """Les conventions où quelqu'un est, ou a été, accompagné."""
    return sorted(session.scalars(select(Mesure.convention).where(Mesure.structure_id == structure_id).distinct()))


def _telephones(session: Session, structure_id: str) -> dict[str, list[list[Any]]]:
    requete = (
        select(PersonneValeur.personne_id, PersonneValeur.jour, PersonneValeur.valeur)
        .where(PersonneValeur.structure_id == structure_id, PersonneValeur.champ == "telephones")
        .order_by(PersonneValeur.personne_id, PersonneValeur.jour)
    )
    historiques: dict[str, list[list[Any]]] = defaultdict(list)
    for personne_id, jour, valeur in session.execute(requete):
        historiques[personne_id].append([jour.isoformat(), valeur])
    return dict(historiques)


def _suivies(structure_id: str, jour: str, apres: dt.timedelta = dt.timedelta(0)) -> Any:
    """Les personnes d'une mesure ouverte, ou quittée depuis moins que cela."""
    ouverte = or_(Mesure.sortie_le.is_(None), Mesure.sortie_le > dt.date.fromisoformat(jour) - apres)
    return select(Mesure.personne_id).where(Mesure.structure_id == structure_id, ouverte)


def _attendues(structure_id: str, jour: str) -> Any:
    minuit = dt.datetime.fromisoformat(f"{jour}T00:00:00+00:00") + dt.timedelta(days=1)
    return select(RendezVous.personne_id).where(
        RendezVous.structure_id == structure_id, RendezVous.statut == "propose", RendezVous.debut < minuit
    )
