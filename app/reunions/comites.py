"""Les comités techniques, au bureau : les choisir, préparer un résumé par dossier, relire ce qui est décidé.

Un comité est un cahier (docs/adr/0017-comites.md) : ce qui s'y note passe par la porte de tout le reste.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain import comite as domaine
from app.domain.cahier import valeur
from app.domain.dates import instant, jour_paris, lire_jour
from app.domain.francais import quantieme
from app.equipe.lots import par_lots
from app.models import Cahier, Feuille, Personne
from app.viewmodels.comite import suite
from app.viewmodels.contexte import Contexte
from sync.fiches import lire_cahiers
from sync.sequence import reserver

NOM_MAX, TEXTE_MAX = 120, 200
PAGE = 50
# Ce qu'une réunion peut regarder, et une impression que l'on peut encore relire.
LOT = 80

Fiche = dict[str, Any]


@dataclass(frozen=True)
class Comite:
    """`situations` : dans l'ordre, celles qui ont été retirées exceptées ; `cahier` : tel que les vues le prennent."""

    id: str
    titre: str
    jour: dt.date
    avec: str | None
    version: int
    situations: tuple[Fiche, ...]
    cahier: Fiche

    @property
    def decidees(self) -> int:
        return sum(map(domaine.est_decidee, self.situations))


def lister(session: Session, structure_id: str) -> list[Comite]:
    """Les plus récents d'abord."""
    requete = select(Cahier.id).where(Cahier.structure_id == structure_id, Cahier.genre == "comite")
    choisis = session.scalars(requete.order_by(Cahier.jusqu_au.desc(), Cahier.id.desc()).limit(PAGE)).all()
    lus = lire_cahiers(session, structure_id, choisis)
    return [_comite(lus[cahier_id]) for cahier_id in choisis]


def trouver(session: Session, structure_id: str, comite_id: str) -> Comite | None:
    cahier = session.get(Cahier, (structure_id, comite_id))
    if cahier is None or cahier.genre != "comite":
        return None
    return _comite(lire_cahiers(session, structure_id, [comite_id])[comite_id])


def _comite(cahier: Fiche) -> Comite:
    sien = cahier["cahier"]
    return Comite(
        id=sien["id"],
        titre=sien["nom"],
        jour=dt.date.fromisoformat(domaine.jour(cahier)),
        avec=sien["valeurs"].get("avec"),
        version=sien["version"],
        situations=tuple(domaine.situations(cahier)),
        cahier=cahier,
    )


def reste(session: Session, structure_id: str, personnes: Collection[str]) -> dict[str, str]:
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


def dossiers(session: Session, structure_id: str, comite: Comite) -> dict[str, str]:
    """De chaque situation qui en a un, le dossier où se lit aujourd'hui la personne."""
    cites = {une["id"]: p for une in comite.situations if (p := valeur(une, "dossier_id"))}
    restes = reste(session, structure_id, set(cites.values()))
    return {situation_id: restes[personne] for situation_id, personne in cites.items() if personne in restes}


def neuves(session: Session, structure_id: str, comite: Comite, personnes: Collection[str]) -> list[str] | None:
    """Les dossiers à ajouter ; déjà dans la liste, une situation y reste où elle est, et la liste s'arrête à `LOT`.

    Rien si l'une n'est pas un dossier de cette structure.
    """
    restes = reste(session, structure_id, personnes)
    if len(restes) < len(set(personnes)):
        return None
    presentes = set(dossiers(session, structure_id, comite).values())
    voulues = dict.fromkeys(restes[personne] for personne in personnes)
    return [dossier for dossier in voulues if dossier not in presentes][: max(0, LOT - len(comite.situations))]


def existe(session: Session, structure_id: str, situation_id: str) -> bool:
    return session.get(Feuille, (structure_id, situation_id)) is not None


def preparer(session: Session, structure_id: str, comite_id: str, resumes: Mapping[str, Fiche]) -> None:
    """Joint à chaque situation son résumé : il part vers les téléphones de ceux qui y vont."""
    if not resumes:
        return
    version = reserver(session, structure_id, 1)
    for situation_id, resume in resumes.items():
        sienne = (Feuille.structure_id == structure_id, Feuille.id == situation_id, Feuille.cahier_id == comite_id)
        session.execute(update(Feuille).where(*sienne).values(resume=resume, sequence=version))
    lui = (Cahier.structure_id == structure_id, Cahier.id == comite_id)
    session.execute(update(Cahier).where(*lui).values(sequence_cahier=version))


def effacer_les_resumes(session: Session, structure_id: str, maintenant: dt.datetime) -> int:
    """Ceux des comités passés : les téléphones ne les ont plus, le bureau non plus. Combien."""
    aujourd_hui = dt.date.fromisoformat(jour_paris(instant(maintenant)))
    passes = select(Cahier.id).where(Cahier.structure_id == structure_id, Cahier.jusqu_au < aujourd_hui)
    ordre = update(Feuille).where(
        Feuille.structure_id == structure_id, Feuille.cahier_id.in_(passes), Feuille.resume.is_not(None)
    )
    effaces = session.execute(ordre.values(resume=None).returning(Feuille.id))
    return len(effaces.all())


def lire_reunion(saisie: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """`{nom, jour, avec}`, comme une opération les dit, et ce qui s'y oppose."""
    erreurs: dict[str, str] = {}
    titre = " ".join(saisie.get("titre", "").split())
    avec = " ".join(saisie.get("avec", "").split())
    if not titre:
        erreurs["titre"] = "Nommez ce comité, comme «\u202fComité technique de l’atelier\u202f»."
    for nom, texte, limite in (("titre", titre, NOM_MAX), ("avec", avec, TEXTE_MAX)):
        if len(texte) > limite:
            erreurs[nom] = f"Au plus {limite} signes."
    jour = lire_jour(saisie.get("jour"))
    if jour is None:
        erreurs["jour"] = "Donnez le jour du comité."
    return {"nom": titre, "jour": jour, "avec": avec or None}, erreurs


def releve(comite: Comite, contexte: Contexte) -> dict[str, Any]:
    """Le relevé des décisions, à imprimer (`app/papiers/papier.py`)."""
    avec = f", avec {comite.avec}" if comite.avec else ""
    lignes = [[valeur(une, "nom"), _decidee(une, contexte)] for une in comite.situations]
    return {
        "titre": "Relevé de décisions",
        "sous_titre": f"{comite.titre}, {quantieme(comite.jour.isoformat())}{avec}",
        "langue": "fr",
        "fichier": "decisions",
        "emetteur": {"nom": contexte["reference"]["structure"]["nom"]},
        "lieu_date": f"Le {quantieme(contexte['aujourd_hui'])}",
        "blocs": [{"genre": "tableau", "entetes": ["Situation", "Décision"], "lignes": lignes, "largeurs": [2, 5]}],
    }


def _decidee(situation: Fiche, contexte: Contexte) -> str | None:
    dits: Sequence[Any] = (valeur(situation, "decision"), suite(situation, contexte))
    return "\n".join(dit for dit in dits if dit) or None
