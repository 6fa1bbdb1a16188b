"""Ce qui est arrivé tard : d'un ancien référent, après un prêt, d'un appareil retiré ou d'un compte fermé."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.domain.projection.rattachement import GENRES as DE_LA_RUE
from app.equipe.files_actives import nom_de
from app.models import Appareil, Cahier, Operation, Personne, Utilisateur
from app.viewmodels.en_mots import acte
from app.viewmodels.tardive import CAUSES, SANS_CAUSE

MONTREES_PENDANT = dt.timedelta(days=60)
PAGE = 200

# Ici l'appareil est connu : retiré, ou d'un compte fermé.
ETIQUETTES = CAUSES | {"appareil": "envoyée par un appareil retiré"}
COMPTE_FERME = "envoyée d’un compte fermé"


@dataclass(frozen=True)
class Arrivee:
    """Une ligne du journal. `notee_le` : à la montre de l'appareil. `refusee` : elle n'est pas au dossier."""

    id: str
    recue_le: dt.datetime
    notee_le: dt.datetime
    auteur: str
    appareil: str | None
    personne_id: str | None
    nom: str
    quoi: str
    etiquette: str
    refusee: bool


def lire(session: Session, structure_id: str, maintenant: dt.datetime) -> list[Arrivee]:
    """Les plus récentes d'abord."""
    requete = (
        select(Operation, Utilisateur, Appareil, Personne, Cahier.nom)
        .join(
            Utilisateur,
            and_(Utilisateur.structure_id == Operation.structure_id, Utilisateur.id == Operation.utilisateur_id),
        )
        .outerjoin(
            Appareil, and_(Appareil.structure_id == Operation.structure_id, Appareil.id == Operation.appareil_id)
        )
        .outerjoin(
            Personne, and_(Personne.structure_id == Operation.structure_id, Personne.id == Operation.personne_id)
        )
        .outerjoin(Cahier, and_(Cahier.structure_id == Operation.structure_id, Cahier.id == Operation.personne_id))
        .where(
            Operation.structure_id == structure_id,
            Operation.tardive,
            # Le chef de service ne lit pas qu'un dossier est rattaché à des rencontres de la rue.
            Operation.genre.not_in(sorted(DE_LA_RUE)),
            Operation.recue_le > maintenant - MONTREES_PENDANT,
        )
        .order_by(Operation.recue_le.desc(), Operation.compteur.desc(), Operation.id)
        .limit(PAGE)
    )
    return [
        Arrivee(
            id=operation.id,
            recue_le=operation.recue_le,
            notee_le=operation.heure,
            auteur=f"{auteur.prenom} {auteur.nom}".strip(),
            appareil=appareil.nom if appareil else None,
            personne_id=personne.id if personne else None,
            nom=nom_de(personne) if personne else (cahier or "Personne inconnue"),
            quoi=acte(operation.genre),
            etiquette=etiquette(operation.retard, appareil),
            refusee=operation.statut == "refused",
        )
        for operation, auteur, appareil, personne, cahier in session.execute(requete)
    ]


def etiquette(retard: str | None, appareil: Appareil | None) -> str:
    if retard == "appareil" and (appareil is None or appareil.revoque_le is None):
        return COMPTE_FERME
    return ETIQUETTES.get(retard or "", SANS_CAUSE)


def etiquettes(session: Session, structure_id: str, fiches: Collection[str]) -> dict[str, str]:
    """L'étiquette de chaque fiche dont une opération est arrivée tard ; la plus récente l'emporte."""
    requete = (
        select(Operation.entite, Operation.retard, Appareil)
        .outerjoin(
            Appareil, and_(Appareil.structure_id == Operation.structure_id, Appareil.id == Operation.appareil_id)
        )
        .where(Operation.structure_id == structure_id, Operation.entite.in_(sorted(fiches)), Operation.tardive)
        .order_by(Operation.recue_le)
    )
    return {entite: etiquette(retard, appareil) for entite, retard, appareil in session.execute(requete)}
