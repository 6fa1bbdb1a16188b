"""Écrire dans l'annuaire ce qu'un fichier apporte : ajouter, mettre à jour, signaler ce qui n'y est plus.

Une fiche est connue par (source, identifiant) : reprendre le même fichier ne change rien. Aucun import ne
touche aux notes de l'équipe.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.annuaire import territoire as lieux
from app.annuaire.lecture import Anomalie, Fiche, Lu
from app.annuaire.poche import renouveler
from app.domain.francais import quantite
from app.models import Partenaire, ServicePartenaire, Structure


@dataclass
class Bilan:
    """Ce qu'un import a fait, services d'abord. `disparus` : les noms de ce qui n'est plus dans le fichier."""

    comptes: Counter[str] = field(default_factory=Counter)
    hors: int = 0
    disparus: list[str] = field(default_factory=list)
    anomalies: list[Anomalie] = field(default_factory=list)

    def __str__(self) -> str:
        """« 12 fiches nouvelles, 3 mises à jour, 40 inchangées, 2 qui n’y sont plus, 7 hors du territoire »."""
        comptes = (
            (self.comptes["nouvelles"], "fiche nouvelle", "fiches nouvelles"),
            (self.comptes["mises_a_jour"], "mise à jour", "mises à jour"),
            (self.comptes["inchangees"], "inchangée", "inchangées"),
            (len(self.disparus), "qui n’y est plus", "qui n’y sont plus"),
            (self.hors, "hors du territoire", "hors du territoire"),
        )
        return ", ".join(quantite(*compte) for compte in comptes if compte[0]) or "aucune fiche lue"


def importer(session: Session, structure_id: str, lu: Lu, territoire: Sequence[str], maintenant: dt.datetime) -> Bilan:
    """Un service sans structure connue est refusé. Seules les sources que nomme le fichier y perdent des fiches."""
    bilan, laissees = Bilan(anomalies=list(lu.anomalies)), set(lu.laissees)
    partenaires = _connus(session, structure_id, Partenaire)
    par_code: dict[str, Fiche | Partenaire] = {p.code: p for p in partenaires.values()}
    par_code |= {fiche.code: fiche for fiche in lu.structures}
    services = []
    for fiche in lu.services:
        chez = par_code.get(fiche.de)
        if chez is None:
            dit = "sa structure n’est ni dans le fichier ni dans l’annuaire"
            bilan.anomalies.append(Anomalie("services", fiche.ligne, fiche.nom, dit, True))
            laissees.add(("services", fiche.source, fiche.code))
        elif _est_garde(fiche, chez, territoire):
            services.append(fiche)
        else:
            bilan.hors += 1
    utiles = {fiche.de for fiche in services}
    structures = [f for f in lu.structures if f.code in utiles or lieux.y_est(territoire, f.donnees)]
    bilan.hors += len(lu.structures) - len(structures)
    for fiche in structures:
        neuve = partial(Partenaire, **cles(structure_id, "partenaire", fiche.source, fiche.code))
        session.add(_ecrire(partenaires, fiche, bilan, maintenant, neuve))
    session.flush()
    chez_qui = {p.code: p.id for p in partenaires.values()}
    connus = _connus(session, structure_id, ServicePartenaire)
    for fiche in services:
        neuf = partial(ServicePartenaire, **cles(structure_id, "service", fiche.source, fiche.code))
        ligne = _ecrire(connus, fiche, bilan, maintenant, neuf)
        ligne.partenaire_id = chez_qui[fiche.de]
        session.add(ligne)
    _signaler(partenaires, _laissees("structures", laissees), {f.source for f in lu.structures}, maintenant, bilan)
    _signaler(connus, _laissees("services", laissees), {f.source for f in lu.services}, maintenant, bilan)
    maison = session.get_one(Structure, structure_id)
    maison.territoire = " ".join(territoire) or None
    session.flush()
    renouveler(session, structure_id)
    return bilan


Ligne = TypeVar("Ligne", Partenaire, ServicePartenaire)


def _connus(session: Session, structure_id: str, modele: type[Ligne]) -> dict[tuple[str, str], Ligne]:
    lignes = session.scalars(select(modele).where(modele.structure_id == structure_id))
    return {(ligne.source, ligne.code): ligne for ligne in lignes}


def _est_garde(fiche: Fiche, chez: Fiche | Partenaire, territoire: Sequence[str]) -> bool:
    """À son adresse, à défaut celle de sa structure ; ou dans sa zone d'éligibilité."""
    ou = fiche.donnees if fiche.donnees.keys() & {"code_insee", "code_postal"} else chez.donnees
    return lieux.y_est(territoire, ou) or lieux.est_desservi(territoire, fiche.donnees.get("zone_eligibilite", ()))


def _ecrire(
    connus: dict[tuple[str, str], Ligne],
    fiche: Fiche,
    bilan: Bilan,
    maintenant: dt.datetime,
    neuve: Callable[[], Ligne],
) -> Ligne:
    """Met à jour la ligne connue, ou celle que rend `neuve`."""
    ligne = connus.get((fiche.source, fiche.code))
    if ligne is None:
        ligne = connus[fiche.source, fiche.code] = neuve()
        bilan.comptes["nouvelles"] += 1
    elif (ligne.nom, ligne.donnees, ligne.maj_le, ligne.absent_le) == (fiche.nom, fiche.donnees, fiche.maj_le, None):
        bilan.comptes["inchangees"] += 1
    else:
        bilan.comptes["mises_a_jour"] += 1
    ligne.nom, ligne.donnees, ligne.maj_le = fiche.nom, fiche.donnees, fiche.maj_le
    ligne.recu_le, ligne.absent_le = maintenant, None
    return ligne


def _laissees(liste: str, laissees: set[tuple[str, str, str]]) -> set[tuple[str, str]]:
    """Mal écrites dans ce fichier, elles y sont pourtant."""
    return {(source, code) for une, source, code in laissees if une == liste}


def _signaler(
    connus: dict[tuple[str, str], Ligne],
    laissees: set[tuple[str, str]],
    sources: set[str],
    maintenant: dt.datetime,
    bilan: Bilan,
) -> None:
    for qui, ligne in connus.items():
        if ligne.source in sources and qui not in laissees and ligne.recu_le != maintenant and ligne.absent_le is None:
            ligne.absent_le = maintenant
            bilan.disparus.append(ligne.nom)


def cles(structure_id: str, genre: str, source: str, code: str) -> dict[str, str]:
    """Une fiche a le même identifiant à chaque import."""
    identifiant = str(uuid5(UUID(structure_id), f"{genre} {source} {code}"))
    return {"structure_id": structure_id, "id": identifiant, "source": source, "code": code}
