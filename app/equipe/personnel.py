"""Le personnel : lire qui travaille ici et pour quel temps, écrire une fiche, dater un temps de travail."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.dates import lire_jour
from app.domain.mesure import convention_au, nom_court
from app.domain.recherche import cle
from app.equipe.temps import etp_en_mots
from app.models import Agent, TempsDeTravail, Utilisateur

ETP_MAX = Decimal(1)
HORS_CONVENTION = "Hors convention"
_TEXTES = {"prenom": 120, "nom": 120, "fonction": 200, "diplome": 200}
_OBLIGATOIRES = {
    "prenom": "Écrivez le prénom.",
    "nom": "Écrivez le nom.",
    "fonction": "Écrivez la fonction, comme «\u202fconseillère socioprofessionnelle\u202f».",
}


@dataclass(frozen=True)
class Temps:
    """`jusqu_au` : la veille du suivant sur la même convention ; vide, il dure."""

    convention: str
    nom: str
    depuis: dt.date
    jusqu_au: dt.date | None
    etp: str
    vaut: bool


@dataclass
class Fiche:
    """`du_jour` : ce qui vaut aujourd'hui, convention par convention ; `total` : leur somme."""

    agent: Agent
    temps: list[Temps] = field(default_factory=list)
    total: str = ""

    @property
    def nom(self) -> str:
        return f"{self.agent.prenom} {self.agent.nom}".strip()

    @property
    def du_jour(self) -> list[Temps]:
        return [temps for temps in self.temps if temps.vaut and temps.etp]


def lire(session: Session, structure_id: str, conventions: Sequence[dict[str, Any]], jour: str) -> list[Fiche]:
    """Toute l'équipe par nom ; qui est parti vient à la fin."""
    agents = session.scalars(select(Agent).where(Agent.structure_id == structure_id)).all()
    lignes: dict[str, list[TempsDeTravail]] = defaultdict(list)
    requete = select(TempsDeTravail).where(TempsDeTravail.structure_id == structure_id)
    for ligne in session.scalars(requete.order_by(TempsDeTravail.convention, TempsDeTravail.jour)):
        lignes[ligne.agent_id].append(ligne)
    le = dt.date.fromisoformat(jour)
    fiches = [_fiche(agent, lignes[agent.id], conventions, le) for agent in agents]
    return sorted(fiches, key=lambda fiche: (_parti(fiche.agent, le), cle(f"{fiche.agent.nom} {fiche.agent.prenom}")))


def _fiche(
    agent: Agent, lignes: Sequence[TempsDeTravail], conventions: Sequence[dict[str, Any]], jour: dt.date
) -> Fiche:
    fiche, total = Fiche(agent), Decimal(0)
    for rang, ligne in enumerate(lignes):
        suivant = next((autre for autre in lignes[rang + 1 :] if autre.convention == ligne.convention), None)
        vaut = ligne.jour <= jour and (suivant is None or suivant.jour > jour) and not _parti(agent, jour)
        version = convention_au(conventions, ligne.convention, jour.isoformat()) or {"code": ligne.convention}
        fiche.temps.append(
            Temps(
                ligne.convention,
                nom_court(version) if ligne.convention else HORS_CONVENTION,
                ligne.jour,
                suivant.jour - dt.timedelta(days=1) if suivant else None,
                etp_en_mots(ligne.etp),
                vaut,
            )
        )
        total += ligne.etp if vaut else 0
    fiche.total = etp_en_mots(total)
    return fiche


def _parti(agent: Agent, jour: dt.date) -> bool:
    return agent.parti_le is not None and agent.parti_le < jour


def comptes_libres(session: Session, structure_id: str, sauf: str | None = None) -> list[Utilisateur]:
    """Les comptes que personne du personnel ne porte encore ; `sauf` : celui de la fiche que l'on corrige."""
    pris = select(Agent.utilisateur_id).where(Agent.structure_id == structure_id, Agent.utilisateur_id.is_not(None))
    requete = select(Utilisateur).where(Utilisateur.structure_id == structure_id, Utilisateur.role != "partenaire")
    libres = sorted(session.scalars(requete), key=lambda compte: cle(f"{compte.prenom} {compte.nom}"))
    portes = set(session.scalars(pris)) - {sauf}
    return [utilisateur for utilisateur in libres if utilisateur.id not in portes]


def lire_fiche(saisie: Mapping[str, str], comptes: Sequence[Utilisateur]) -> tuple[dict[str, Any], dict[str, str]]:
    """Les valeurs d'un formulaire, et ce qui s'y oppose, par champ. Un compte choisi
    donne son nom s'il n'est pas écrit.
    """
    erreurs: dict[str, str] = {}
    lues: dict[str, Any] = {nom: " ".join(saisie.get(nom, "").split()) or None for nom in _TEXTES}
    choisi = next((compte for compte in comptes if compte.id == saisie.get("utilisateur_id")), None)
    if choisi is not None:
        lues["prenom"], lues["nom"] = lues["prenom"] or choisi.prenom, lues["nom"] or choisi.nom
    elif saisie.get("utilisateur_id"):
        erreurs["utilisateur_id"] = "Choisissez un compte de la liste, ou aucun."
    lues["utilisateur_id"] = choisi.id if choisi else None
    for nom, message in _OBLIGATOIRES.items():
        if not lues[nom]:
            erreurs[nom] = message
    for nom, longueur in _TEXTES.items():
        if lues[nom] and len(lues[nom]) > longueur:
            erreurs[nom] = f"Au plus {longueur} signes."
    for nom in ("valide_le", "parti_le"):
        lues[nom] = _jour(saisie.get(nom, ""), nom, erreurs)
    return lues, erreurs


def lire_temps(saisie: Mapping[str, str], conventions: Sequence[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """`{convention, jour, etp}` ; un zéro dit que l'on n'y travaille plus."""
    erreurs: dict[str, str] = {}
    convention = saisie.get("convention", "")
    if convention not in conventions and convention != "":
        erreurs["convention"] = "Choisissez une convention de la liste."
    jour = _jour(saisie.get("jour", ""), "jour", erreurs)
    if jour is None and "jour" not in erreurs:
        erreurs["jour"] = "Dites à partir de quel jour."
    etp = _etp(saisie.get("etp", ""))
    if etp is None:
        erreurs["etp"] = "Un nombre de 0 à 1, comme 0,8."
    return {"convention": convention, "jour": jour, "etp": etp}, erreurs


def _etp(texte: str) -> Decimal | None:
    try:
        lu = Decimal(texte.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not lu.is_finite() or not 0 <= lu <= ETP_MAX or lu != round(lu, 2):
        return None
    return lu


def _jour(texte: str, champ: str, erreurs: dict[str, str]) -> dt.date | None:
    lu = lire_jour(texte)
    if texte.strip() and lu is None:
        erreurs[champ] = "Cette date n’existe pas au calendrier."
    return dt.date.fromisoformat(lu) if lu else None


def enregistrer(
    session: Session, structure_id: str, agent_id: str, valeurs: Mapping[str, Any], par_id: str, maintenant: dt.datetime
) -> None:
    """Envoyé deux fois, le formulaire n'en fait qu'une fiche."""
    agent = session.get(Agent, (structure_id, agent_id))
    if agent is None:
        session.add(Agent(structure_id=structure_id, id=agent_id, par_id=par_id, le=maintenant, **valeurs))
        return
    for nom, valeur in valeurs.items():
        setattr(agent, nom, valeur)
    agent.par_id, agent.le = par_id, maintenant


def dater_temps(session: Session, structure_id: str, agent_id: str, valeurs: Mapping[str, Any]) -> None:
    """Le même jour sur la même convention se corrige."""
    ligne = session.get(TempsDeTravail, (structure_id, agent_id, valeurs["convention"], valeurs["jour"]))
    if ligne is None:
        session.add(TempsDeTravail(structure_id=structure_id, agent_id=agent_id, **valeurs))
    else:
        ligne.etp = valeurs["etp"]
