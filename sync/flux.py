"""Le flux : les fiches d'une file active qui ont changé depuis un curseur, par pages bornées en octets.

Un *tour* va d'un numéro à celui de la base au début du tour. Ses pages suivent l'ordre des dossiers. Ce qui change
pendant le tour porte un numéro plus grand que sa borne : le tour suivant l'envoie, même si une page l'a déjà montré.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import and_, case, func, or_, select, union_all
from sqlalchemy.orm import Session

from app.models import Acces
from sync import curseur as curseurs
from sync.acteur import Acteur
from sync.curseur import Curseur
from sync.etat import FICHES, PERSONNE, table
from sync.fiches import Choix, lire_fiches
from sync.sequence import derniere

LIMITE_OCTETS = 256 * 1024
DOSSIERS_PAR_LECTURE = 16

ACCES = table(Acces)


@dataclass(slots=True)
class Page:
    """Une page du flux. `fiches` sont déjà du JSON. `repartir` : le curseur reçu ne vaut plus rien ici."""

    fiches: list[msgspec.Raw]
    retraits: list[str]
    tombes: list[dict[str, Any]]
    curseur: str
    suite: bool
    restant: int
    repartir: bool


def page(session: Session, acteur: Acteur, curseur: str | None, limite_octets: int = LIMITE_OCTETS) -> Page:
    """La page suivante pour cet utilisateur : au moins un dossier, au plus `limite_octets` environ."""
    sequence, generation = derniere(session, acteur.structure_id)
    lu = curseurs.lire(curseur)
    perime = lu is None or not _vaut(lu, acteur, generation, sequence)
    if perime or lu is None:
        lu = Curseur(generation, acteur.utilisateur_id, acteur.role)
    borne = sequence if lu.jusqu_a is None else lu.jusqu_a
    a_envoyer = _dossiers_a_envoyer(session, acteur, lu)
    fiches: list[msgspec.Raw] = []
    octets = 0
    dernier: str | None = None
    envoyes = 0
    for debut in range(0, len(a_envoyer), DOSSIERS_PAR_LECTURE):
        lot = a_envoyer[debut : debut + DOSSIERS_PAR_LECTURE]
        lues = _lire_lot(session, acteur, lot, lu.depuis)
        for personne_id, _ in lot:
            encodees = [msgspec.json.encode(fiche) for fiche in lues.get(personne_id, ())]
            taille = sum(map(len, encodees))
            if dernier is not None and octets + taille > limite_octets:
                break
            fiches += map(msgspec.Raw, encodees)
            octets += taille
            dernier = personne_id
            envoyes += 1
        else:
            continue
        break
    suite = envoyes < len(a_envoyer)
    pages = (lu.depuis, borne, dernier) if suite else (borne,)
    suivant = Curseur(generation, acteur.utilisateur_id, acteur.role, *pages)
    return Page(
        fiches=fiches,
        retraits=_retraits(session, acteur, lu) if lu.dossier is None else [],
        tombes=[],
        curseur=curseurs.ecrire(suivant),
        suite=suite,
        restant=_compter(session, acteur, a_envoyer[envoyes:], lu.depuis) if suite else 0,
        repartir=perime and curseur is not None,
    )


def _vaut(lu: Curseur, acteur: Acteur, generation: str, sequence: int) -> bool:
    """Ce curseur est-il de cette base, de cette personne et de ce rôle ?

    Une base restaurée a une autre génération ; une copie oubliée sans elle est en retard sur le curseur.
    """
    borne = lu.depuis if lu.jusqu_a is None else lu.jusqu_a
    pour_lui = (lu.generation, lu.lecteur, lu.role) == (generation, acteur.utilisateur_id, acteur.role)
    return pour_lui and lu.depuis <= borne <= sequence


def _dossiers_a_envoyer(session: Session, acteur: Acteur, lu: Curseur) -> list[tuple[str, bool]]:
    """Les dossiers de la file active qui ont du nouveau, dans l'ordre ; vrai : à envoyer en entier."""
    entier = case((ACCES.c.sequence > lu.depuis, 1), else_=0)
    requete = (
        select(ACCES.c.personne_id, entier)
        .join(PERSONNE, and_(PERSONNE.c.structure_id == ACCES.c.structure_id, PERSONNE.c.id == ACCES.c.personne_id))
        .where(
            ACCES.c.structure_id == acteur.structure_id,
            ACCES.c.utilisateur_id == acteur.utilisateur_id,
            ACCES.c.actif.is_(True),
            or_(ACCES.c.sequence > lu.depuis, PERSONNE.c.sequence_dossier > lu.depuis),
        )
        .order_by(ACCES.c.personne_id)
    )
    if lu.dossier is not None:
        requete = requete.where(ACCES.c.personne_id > lu.dossier)
    return [(personne_id, bool(neuf)) for personne_id, neuf in session.execute(requete)]


def _choix(acteur: Acteur, lot: list[tuple[str, bool]], depuis: int) -> Choix:
    entiers = [personne_id for personne_id, neuf in lot if neuf]
    partiels = [personne_id for personne_id, neuf in lot if not neuf]
    return Choix(acteur.structure_id, entiers, partiels, depuis)


def _lire_lot(
    session: Session, acteur: Acteur, lot: list[tuple[str, bool]], depuis: int
) -> dict[str, list[dict[str, Any]]]:
    return lire_fiches(session, _choix(acteur, lot, depuis), acteur.utilisateur_id, acteur.role)


def _retraits(session: Session, acteur: Acteur, lu: Curseur) -> list[str]:
    requete = (
        select(ACCES.c.personne_id)
        .where(
            ACCES.c.structure_id == acteur.structure_id,
            ACCES.c.utilisateur_id == acteur.utilisateur_id,
            ACCES.c.actif.is_(False),
            ACCES.c.sequence > lu.depuis,
        )
        .order_by(ACCES.c.personne_id)
    )
    return list(session.scalars(requete))


def _compter(session: Session, acteur: Acteur, reste: list[tuple[str, bool]], depuis: int) -> int:
    """Les fiches encore à venir, pour une barre de progression qui dit vrai."""
    choix = _choix(acteur, reste, depuis)
    comptes = union_all(
        *(select(func.count().label("n")).select_from(fiche).where(choix.de(fiche)) for fiche in FICHES)
    )
    return int(session.execute(select(func.sum(comptes.subquery().c.n))).scalar_one())
