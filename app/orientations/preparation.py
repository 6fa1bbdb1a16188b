"""Où en est chaque ligne d'une liste : à corriger, à décider, à confier, prête, déjà connue.

Rien n'est retenu de ce calcul : une page et la réception le refont, sur ce que la base dit à cet instant.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.francais import date_chiffree
from app.domain.personne import Fiche
from app.domain.recherche import cle
from app.models import LigneOrientation
from app.orientations.ligne import Comprise, Regles, comprendre
from app.orientations.rapprochement import (
    HOMONYME,
    LA_MEME,
    RANG_MAX,
    RANG_MAX_DANS_LA_LISTE,
    Candidate,
    Connues,
    connues,
    fiche_de,
)

A_CORRIGER: Final = "a_corriger"
A_DECIDER: Final = "a_decider"
A_CONFIER: Final = "a_confier"
PRETE: Final = "prete"
CONNUE: Final = "connue"
ECARTEE: Final = "ecartee"
RECUE: Final = "recue"
ETATS: Final = (A_CORRIGER, A_DECIDER, A_CONFIER, PRETE, CONNUE, ECARTEE, RECUE)

SANS_DATE: Final = "Accompagnement déjà ouvert sous cette convention"
NOUVELLE: Final = "nouvelle"
MEME_NOM: Final = 1


@dataclass(frozen=True)
class Suivie:
    """Une mesure d'une personne connue, et son référent d'aujourd'hui."""

    id: str
    personne_id: str
    convention: str
    orientee_le: dt.date | None
    ouverte: bool
    referent_id: str | None


Suivies = Mapping[str, Sequence[Suivie]]


@dataclass
class Situation:
    """Une ligne et où elle en est. `personne_id` : celle à qui elle ira ; `nouvelle` : il faudra la créer."""

    numero: int
    ligne: LigneOrientation
    comprise: Comprise
    etat: str
    personne_id: str
    nouvelle: bool = True
    candidates: list[Candidate] = field(default_factory=list)
    connues: Suivies = field(default_factory=dict)
    referent_id: str | None = None
    pourquoi: str = ""

    @property
    def suivies(self) -> Sequence[Suivie]:
        """Les mesures de la personne connue à qui la ligne revient."""
        return self.connues.get(self.personne_id, ())

    @property
    def retenue(self) -> Candidate | None:
        """La personne connue à qui la ligne revient."""
        return None if self.nouvelle else next((c for c in self.candidates if c.id == self.personne_id), None)


@dataclass
class _Prises:
    """Ce que les lignes de plus haut apportent : (personne, convention) et la ligne ; `recues` : leurs mesures."""

    recues: frozenset[str]
    par: dict[tuple[str, str], int] = field(default_factory=dict)

    def retenir(self, situation: Situation) -> None:
        self.par.setdefault((situation.personne_id, situation.comprise.valeurs["convention"]), situation.numero)


@dataclass(frozen=True)
class Preparation:
    situations: list[Situation]

    def de(self, etat: str) -> list[Situation]:
        return [situation for situation in self.situations if situation.etat == etat]

    @property
    def comptes(self) -> dict[str, int]:
        comptes = Counter(situation.etat for situation in self.situations)
        return {etat: comptes[etat] for etat in ETATS}

    @property
    def restent(self) -> int:
        return sum(self.comptes[etat] for etat in (A_CORRIGER, A_DECIDER, A_CONFIER, PRETE))


def preparer(
    lignes: Sequence[LigneOrientation],
    regles: Regles,
    personnes: Sequence[Fiche],
    suivies: Callable[[Collection[str]], Suivies],
    suivent: Collection[str],
    lieux: Mapping[str, str],
) -> Preparation:
    """`suivies` : les mesures de ces personnes ; `suivent` : qui peut être référent ; `lieux` : qui suit quel lieu."""
    au_fichier = {personne["id"] for personne in personnes}
    situations = [_comprendre(ligne, regles) for ligne in lignes]
    a_placer = [situation for situation in situations if situation.etat == A_DECIDER]
    base = connues(personnes, [_fiche(situation) for situation in a_placer], regles.aujourd_hui.isoformat())
    for situation in a_placer:
        situation.candidates = base.proches(_fiche(situation), RANG_MAX)
    mesures = suivies({candidate.id for situation in a_placer for candidate in situation.candidates})
    liste = Connues(regles.aujourd_hui.isoformat())
    prises = _Prises(frozenset(ligne.mesure_id for ligne in lignes if ligne.recue_le is not None))
    for situation in a_placer:
        situation.candidates += [
            candidate
            for candidate in liste.proches(_fiche(situation), RANG_MAX_DANS_LA_LISTE)
            if candidate.id not in {connue.id for connue in situation.candidates}
        ]
        situation.connues = mesures
        _placer(situation, mesures, prises)
        situation.nouvelle = situation.personne_id not in au_fichier
        if situation.etat != CONNUE:
            prises.retenir(situation)
            liste.ajouter(_fiche(situation) | {"id": situation.personne_id}, situation.numero)
        if situation.etat == PRETE:
            _confier(situation, suivent, lieux)
    return Preparation(situations)


def _comprendre(ligne: LigneOrientation, regles: Regles) -> Situation:
    if ligne.recue_le is not None:
        return Situation(ligne.numero, ligne, Comprise({}), RECUE, ligne.personne_id)
    comprise = comprendre(ligne.cellules, ligne.corrections, regles)
    etat = A_CORRIGER if comprise.erreurs else A_DECIDER
    return Situation(ligne.numero, ligne, comprise, ECARTEE if ligne.decision == ECARTEE else etat, ligne.personne_id)


def _fiche(situation: Situation) -> Fiche:
    return fiche_de(situation.comprise.valeurs, situation.ligne.personne_id)


def _placer(situation: Situation, mesures: Suivies, prises: _Prises) -> None:
    """À qui la ligne revient : à qui on l'a dit ; sinon à qui c'est, sans doute possible ; sinon c'est à décider."""
    situation.etat = PRETE
    decision = situation.ligne.decision
    if decision == NOUVELLE:
        return
    retenue = next((c for c in situation.candidates if c.id == decision), None)
    deja = next((c for c in situation.candidates if _deja(situation, c, mesures, prises)), None)
    if retenue is None and deja is not None:
        retenue = deja
    memes = [c for c in situation.candidates if c.rang == LA_MEME]
    if retenue is None and len(memes) == 1:
        retenue = memes[0]
    if retenue is None:
        if any(c.rang != HOMONYME for c in situation.candidates):
            situation.etat = A_DECIDER
        return
    situation.personne_id = retenue.id
    if pourquoi := _deja(situation, retenue, mesures, prises):
        situation.etat, situation.pourquoi = CONNUE, pourquoi


def _deja(situation: Situation, candidate: Candidate, mesures: Suivies, prises: _Prises) -> str:
    """Pourquoi cette orientation est déjà connue, si la ligne parle bien de cette personne ; rien sinon."""
    decidee = situation.ligne.decision == candidate.id
    if candidate.rang > MEME_NOM and not decidee:
        return ""
    valeurs = situation.comprise.valeurs
    for suivie in mesures.get(candidate.id, ()):
        if suivie.convention != valeurs["convention"]:
            continue
        meme_jour = suivie.orientee_le == valeurs["orientee_le"]
        # Sans la date de naissance, la même orientation du même jour lève le doute, si elle vient d'une autre liste.
        certaine = candidate.rang == LA_MEME or decidee
        if (meme_jour and (certaine or suivie.id not in prises.recues)) or (suivie.ouverte and certaine):
            du = f" du {date_chiffree(suivie.orientee_le.isoformat())}" if suivie.orientee_le else ""
            if meme_jour:
                return f"Orientation{du} déjà reçue"
            return f"Accompagnement déjà ouvert sous cette convention, orientation{du}" if du else SANS_DATE
    plus_haut = prises.par.get((candidate.id, valeurs["convention"]))
    if plus_haut is not None and (candidate.rang == LA_MEME or decidee):
        return f"La ligne {plus_haut} l’apporte déjà"
    return ""


def _confier(situation: Situation, suivent: Collection[str], lieux: Mapping[str, str]) -> None:
    """Le référent choisi ; sinon celui que dit la liste, celui qui la suit déjà, ou celui du lieu."""
    valeurs = situation.comprise.valeurs
    siens = [suivie.referent_id for suivie in situation.suivies if suivie.ouverte]
    proposes = [situation.ligne.referent_id, valeurs.get("referent"), *siens, lieux.get(cle(valeurs.get("lieu")))]
    situation.referent_id = next((qui for qui in proposes if qui in suivent), None)
    if situation.referent_id is None:
        situation.etat = A_CONFIER
