"""Les comités techniques : les créer, choisir les situations, noter ce qui est décidé."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.dates import lire_jour
from app.domain.francais import quantieme
from app.equipe.files_actives import nom_de
from app.equipe.lots import par_lots
from app.models import Comite, Personne, SituationComite

TEXTE_MAX = 200
DECISION_MAX = 2000
PAGE = 50
# Ce qu'une réunion peut regarder, et une impression que l'on peut encore relire.
LOT = 80


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
    requete = select(Comite).where(Comite.structure_id == structure_id).order_by(Comite.jour.desc(), Comite.id.desc())
    comites = list(session.scalars(requete.limit(PAGE)))
    prises = _prises(session, structure_id, [comite.id for comite in comites])
    restes = _restes(session, structure_id, {prise.personne_id for prise in prises})
    situations: dict[str, set[str]] = defaultdict(set)
    decidees: dict[str, set[str]] = defaultdict(set)
    for prise in prises:
        situations[prise.comite_id].add(restes[prise.personne_id])
        if prise.decision:
            decidees[prise.comite_id].add(restes[prise.personne_id])
    return [Reunion(comite, len(situations[comite.id]), len(decidees[comite.id])) for comite in comites]


def situations(session: Session, structure_id: str, comite_id: str) -> list[Situation]:
    """Dans l'ordre où elles ont été choisies. Réunie à une autre, une personne y est sous le dossier qui reste, une
    fois, avec ce qui a été décidé de l'une et de l'autre.
    """
    siennes = _par_dossier(session, structure_id, comite_id)
    personnes = {
        personne.id: personne
        for personne in session.scalars(
            select(Personne).where(Personne.structure_id == structure_id, Personne.id.in_(sorted(siennes)))
        )
    }
    return [
        Situation(
            dossier,
            nom_de(personnes[dossier]),
            "\n\n".join(prise.decision for prise in prises if prise.decision) or None,
        )
        for dossier, prises in siennes.items()
    ]


def _par_dossier(session: Session, structure_id: str, comite_id: str) -> dict[str, list[SituationComite]]:
    """Ce qui a été choisi, sous le dossier qui reste, dans l'ordre."""
    prises = _prises(session, structure_id, [comite_id])
    restes = _restes(session, structure_id, {prise.personne_id for prise in prises})
    siennes: dict[str, list[SituationComite]] = defaultdict(list)
    for prise in prises:
        siennes[restes[prise.personne_id]].append(prise)
    return siennes


def reste(session: Session, structure_id: str, personne_id: str) -> str:
    """Le dossier où celui-ci se lit : une page restée ouverte peut nommer celui d'avant la réunion."""
    return _restes(session, structure_id, [personne_id]).get(personne_id, personne_id)


def _de(session: Session, structure_id: str, comite_id: str, personne_id: str) -> list[SituationComite]:
    siennes = _par_dossier(session, structure_id, comite_id)
    return siennes.get(reste(session, structure_id, personne_id), [])


def _prises(session: Session, structure_id: str, comites: Collection[str]) -> list[SituationComite]:
    requete = (
        select(SituationComite)
        .where(SituationComite.structure_id == structure_id, SituationComite.comite_id.in_(sorted(comites)))
        .order_by(SituationComite.rang, SituationComite.personne_id)
    )
    return list(session.scalars(requete))


def _restes(session: Session, structure_id: str, personnes: Collection[str]) -> dict[str, str]:
    """Le dossier où chacune se lit : le sien, ou celui auquel elle a été réunie ; qui n'est pas d'ici n'y est pas."""
    suivants: dict[str, str | None] = {}
    a_lire = set(personnes)
    while a_lire:
        lues: dict[str, str | None] = {}
        for lot in par_lots(a_lire):
            requete = select(Personne.id, Personne.fusionnee_dans)
            requete = requete.where(Personne.structure_id == structure_id, Personne.id.in_(lot))
            lues |= {ligne.id: ligne.fusionnee_dans for ligne in session.execute(requete)}
        suivants |= lues
        a_lire = {suivant for suivant in lues.values() if suivant} - set(suivants)

    def au_bout(personne: str) -> str:
        suivant = suivants.get(personne)
        return au_bout(suivant) if suivant else personne

    return {personne: au_bout(personne) for personne in personnes if personne in suivants}


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


def ajouter(session: Session, structure_id: str, comite_id: str, personnes: Collection[str]) -> int | None:
    """Combien de plus ; déjà dans la liste, une situation y reste où elle est, et la liste s'arrête à `LOT`.

    Rien si l'une n'est pas un dossier de cette structure.
    """
    restes = _restes(session, structure_id, personnes)
    if len(restes) < len(set(personnes)):
        return None
    presentes = _par_dossier(session, structure_id, comite_id)
    dernier = max((prise.rang for prises in presentes.values() for prise in prises), default=0)
    voulues = dict.fromkeys(restes[personne] for personne in personnes)
    neuves = [dossier for dossier in voulues if dossier not in presentes]
    neuves = neuves[: max(0, LOT - len(presentes))]
    cle = {"structure_id": structure_id, "comite_id": comite_id}
    for rang, personne in enumerate(neuves, dernier + 1):
        session.add(SituationComite(**cle, personne_id=personne, rang=rang))
    return len(neuves)


def retirer(session: Session, structure_id: str, comite_id: str, personne_id: str) -> bool:
    """Ce qui a été décidé ne se retire pas : on l'efface d'abord, et cela se voit."""
    prises = _de(session, structure_id, comite_id, personne_id)
    if not prises or any(prise.decision for prise in prises):
        return False
    for prise in prises:
        session.delete(prise)
    return True


def est_decidee(session: Session, structure_id: str, comite_id: str, personne_id: str) -> bool:
    """Une décision y est déjà notée : un texte vide l'efface."""
    return any(prise.decision for prise in _de(session, structure_id, comite_id, personne_id))


def decider(
    session: Session,
    structure_id: str,
    comite_id: str,
    personne_id: str,
    decision: str,
    par_id: str,
    maintenant: dt.datetime,
) -> bool:
    """De deux dossiers réunis, la décision lue d'un seul tenant est gardée de même."""
    prises = _de(session, structure_id, comite_id, personne_id)
    for rang, prise in enumerate(prises):
        prise.decision = (decision or None) if rang == 0 else None
        prise.par_id, prise.le = par_id, maintenant
    return bool(prises)


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
