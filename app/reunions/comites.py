"""Les comités techniques : les créer, choisir les situations, noter ce qui est décidé."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.dates import lire_jour
from app.domain.francais import quantieme
from app.equipe.files_actives import nom_de
from app.models import Comite, Personne, SituationComite

TEXTE_MAX = 200
DECISION_MAX = 2000
PAGE = 50


@dataclass(frozen=True)
class Reunion:
    """Un comité, et où il en est."""

    comite: Comite
    situations: int
    decidees: int


@dataclass(frozen=True)
class Situation:
    """Un dossier de la liste ; `decision` vide : rien n'y est encore décidé."""

    personne_id: str
    nom: str
    decision: str | None


def lister(session: Session, structure_id: str) -> list[Reunion]:
    """Les plus récents d'abord."""
    comptes = {
        comite: (situations, decidees)
        for comite, situations, decidees in session.execute(
            select(SituationComite.comite_id, func.count(), func.count(SituationComite.decision))
            .where(SituationComite.structure_id == structure_id)
            .group_by(SituationComite.comite_id)
        )
    }
    requete = select(Comite).where(Comite.structure_id == structure_id).order_by(Comite.jour.desc(), Comite.id.desc())
    return [Reunion(comite, *comptes.get(comite.id, (0, 0))) for comite in session.scalars(requete.limit(PAGE))]


def situations(session: Session, structure_id: str, comite_id: str) -> list[Situation]:
    """Dans l'ordre où elles ont été choisies. Réunie à une autre, une personne y est sous le dossier qui reste."""
    requete = (
        select(SituationComite, Personne)
        .join(
            Personne,
            (Personne.structure_id == SituationComite.structure_id) & (Personne.id == SituationComite.personne_id),
        )
        .where(SituationComite.structure_id == structure_id, SituationComite.comite_id == comite_id)
        .order_by(SituationComite.rang, SituationComite.personne_id)
    )
    return [
        Situation(personne.id, nom_de(personne), situation.decision) for situation, personne in session.execute(requete)
    ]


def lire_reunion(saisie: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """`{jour, titre, avec}`, et ce qui s'y oppose."""
    erreurs: dict[str, str] = {}
    jour = lire_jour(saisie.get("jour"))
    if jour is None:
        erreurs["jour"] = "Donnez le jour du comité."
    titre = " ".join(saisie.get("titre", "").split())
    avec = " ".join(saisie.get("avec", "").split())
    if not titre:
        erreurs["titre"] = "Nommez ce comité, comme «\u202fComité technique de l’atelier\u202f»."
    for nom, texte in (("titre", titre), ("avec", avec)):
        if len(texte) > TEXTE_MAX:
            erreurs[nom] = f"Au plus {TEXTE_MAX} signes."
    return {"jour": jour and dt.date.fromisoformat(jour), "titre": titre, "avec": avec or None}, erreurs


def enregistrer(
    session: Session, structure_id: str, comite_id: str, lus: Mapping[str, Any], par_id: str, maintenant: dt.datetime
) -> None:
    """Envoyé deux fois, le formulaire n'en fait qu'un."""
    comite = session.get(Comite, (structure_id, comite_id))
    if comite is None:
        session.add(Comite(structure_id=structure_id, id=comite_id, par_id=par_id, cree_le=maintenant, **lus))
        return
    comite.jour, comite.titre, comite.avec = lus["jour"], lus["titre"], lus["avec"]


def ajouter(session: Session, structure_id: str, comite_id: str, personnes: Collection[str]) -> int:
    """Combien de plus ; déjà dans la liste, une situation y reste où elle est."""
    presentes = {situation.personne_id for situation in situations(session, structure_id, comite_id)}
    dernier = session.scalar(
        select(func.max(SituationComite.rang)).where(
            SituationComite.structure_id == structure_id, SituationComite.comite_id == comite_id
        )
    )
    neuves = [personne for personne in dict.fromkeys(personnes) if personne not in presentes]
    cle = {"structure_id": structure_id, "comite_id": comite_id}
    for rang, personne in enumerate(neuves, (dernier or 0) + 1):
        session.add(SituationComite(**cle, personne_id=personne, rang=rang))
    return len(neuves)


def retirer(session: Session, structure_id: str, comite_id: str, personne_id: str) -> bool:
    """Ce qui a été décidé ne se retire pas : on l'efface d'abord, et cela se voit."""
    situation = session.get(SituationComite, (structure_id, comite_id, personne_id))
    if situation is None or situation.decision:
        return False
    session.delete(situation)
    return True


def decider(
    session: Session,
    structure_id: str,
    comite_id: str,
    personne_id: str,
    decision: str,
    par_id: str,
    maintenant: dt.datetime,
) -> bool:
    situation = session.get(SituationComite, (structure_id, comite_id, personne_id))
    if situation is None:
        return False
    situation.decision = decision or None
    situation.par_id, situation.le = par_id, maintenant
    return True


def releve(comite: Comite, prises: Sequence[Situation], structure: str, jour: str) -> dict[str, Any]:
    """Le relevé des décisions, à imprimer (`app/papiers/papier.py`)."""
    avec = f", avec {comite.avec}" if comite.avec else ""
    lignes = [[prise.nom, prise.decision] for prise in prises]
    return {
        "titre": "Relevé de décisions",
        "sous_titre": f"{comite.titre}, {quantieme(comite.jour.isoformat())}{avec}",
        "langue": "fr",
        "fichier": "decisions",
        "emetteur": {"nom": structure},
        "lieu_date": f"Le {quantieme(jour)}",
        "blocs": [{"genre": "tableau", "entetes": ["Situation", "Décision"], "lignes": lignes, "largeurs": [2, 5]}],
    }
