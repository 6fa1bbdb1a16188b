"""Les notes personnelles des dossiers qui passent à quelqu'un d'autre, ou dont l'auteur s'en va.

À lui de choisir, pour chacune : la transmettre à qui suit le dossier, ou l'effacer. Il le fait dès que son départ est
dit, et pendant trente jours ensuite ; ce qui est resté sans choix est alors au chef de service. Rien n'est écrit ces
jours-là : tout se calcule à la lecture, d'après ce qui lui ouvrait le dossier.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, union
from sqlalchemy.orm import Session

from app.domain.personne import nom_affiche
from app.instruction import Instruction
from app.models import Acces, NotePersonnelle, Partage, Utilisateur
from sync.acces import Titre, lire_titres
from sync.acteur import Acteur
from sync.etat import ENTRETIEN, PERSONNE, table
from sync.fusion import jour_paris

DELAI = dt.timedelta(days=30)
# Ce qui nomme une personne.
_NOMS = ("nom", "prenom", "nom_usage", "pseudonymes")
_ACCES, _PARTAGE, _NOTE, _QUI = (table(modele) for modele in (Acces, Partage, NotePersonnelle, Utilisateur))


@dataclass(frozen=True, slots=True)
class Note:
    """Une note qui attend un choix. `fin` : le dernier jour où son auteur a le dossier, passé ou à venir."""

    entretien: str
    personne: str
    nom: str
    auteur: str
    date: dt.date
    texte: str
    fin: dt.date

    @property
    def limite(self) -> dt.date:
        """Le dernier jour où son auteur choisit seul."""
        return self.fin + DELAI

    def en_json(self) -> dict[str, Any]:
        return {
            **{nom: getattr(self, nom) for nom in ("entretien", "personne", "nom", "texte")},
            **{nom: getattr(self, nom).isoformat() for nom in ("date", "fin", "limite")},
        }


def _requete(de_lui: bool) -> Any:
    """Les notes non transmises des dossiers dont un titre de leur auteur a fini, ou finira ; `de_lui` : les siennes."""
    structure: Any = bindparam("structure")
    cedes = [
        select(_ACCES.c.personne_id, _ACCES.c.utilisateur_id).where(
            _ACCES.c.structure_id == structure, or_(_ACCES.c.actif.is_(False), _ACCES.c.jusqu_au.is_not(None))
        ),
        select(_PARTAGE.c.personne_id, _PARTAGE.c.utilisateur_id).where(
            _PARTAGE.c.structure_id == structure, or_(_PARTAGE.c.fin_le.is_not(None), _PARTAGE.c.jusqu_au.is_not(None))
        ),
    ]
    if de_lui:
        titres = (_ACCES, _PARTAGE)
        cedes = [
            lus.where(titre.c.utilisateur_id == bindparam("qui")) for lus, titre in zip(cedes, titres, strict=True)
        ]
    else:
        parti = and_(_QUI.c.structure_id == _NOTE.c.structure_id, _QUI.c.id == _NOTE.c.auteur_id)
        cedes.append(
            select(_NOTE.c.personne_id, _NOTE.c.auteur_id)
            .join(_QUI, parti)
            .where(_NOTE.c.structure_id == structure, _QUI.c.actif.is_(False))
        )
    ou = union(*cedes).subquery("cedes")
    return (
        select(
            *(_NOTE.c[nom] for nom in ("entretien_id", "personne_id", "auteur_id", "texte")),
            ENTRETIEN.c.date,
            *(PERSONNE.c[nom] for nom in _NOMS),
        )
        .join(ou, and_(ou.c.personne_id == _NOTE.c.personne_id, ou.c.utilisateur_id == _NOTE.c.auteur_id))
        .join(ENTRETIEN, and_(ENTRETIEN.c.structure_id == _NOTE.c.structure_id, ENTRETIEN.c.id == _NOTE.c.entretien_id))
        .join(PERSONNE, and_(PERSONNE.c.structure_id == _NOTE.c.structure_id, PERSONNE.c.id == _NOTE.c.personne_id))
        .where(_NOTE.c.structure_id == structure, _NOTE.c.transmise_le.is_(None))
    )


_SIENNES, _TOUTES = Instruction(lambda _: _requete(True)), Instruction(lambda _: _requete(False))


def a_decider(session: Session, acteur: Acteur) -> list[Note]:
    """Celles dont cette personne a à décider : les siennes, tant que personne d'autre ne l'a fait."""
    lues = _SIENNES.lire(session, structure=acteur.structure_id, qui=acteur.utilisateur_id)
    return _notes(session, acteur.structure_id, lues, acteur.jour)


def sans_choix(session: Session, structure_id: str, jour: dt.date) -> list[Note]:
    """Celles que leur auteur n'a pas décidées à temps : au chef de service de le faire."""
    toutes = _notes(session, structure_id, _TOUTES.lire(session, structure=structure_id), jour)
    return [note for note in toutes if note.limite < jour]


def laissees(session: Session, structure_id: str, auteur_id: str, jour: dt.date) -> int:
    """Combien de ses notes attendent encore un choix : toutes celles non transmises, si son compte est fermé."""
    toutes = _notes(session, structure_id, _TOUTES.lire(session, structure=structure_id), jour)
    return sum(note.auteur == auteur_id for note in toutes)


def limite(session: Session, structure_id: str, auteur_id: str, personne_id: str, jour: dt.date) -> dt.date | None:
    """Le dernier jour où l'auteur choisit seul ; None s'il garde le dossier."""
    fin = _fins(session, structure_id, [(auteur_id, personne_id)], jour).get((auteur_id, personne_id))
    return None if fin is None else fin + DELAI


def fin_du_suivi(titres: Collection[Titre], jour: dt.date) -> dt.date | None:
    """Le dernier jour, passé ou annoncé, où ces titres ouvrent le dossier ; None s'il reste ouvert, ou prêté.

    Un prêt finit de lui-même : ce n'est que fini qu'il laisse une note à décider.
    """
    actuels = [titre for titre in titres if titre.en_cours(jour)]
    if any(titre.pret or titre.jusqu_au is None for titre in actuels):
        return None
    passes = [titre for titre in titres if titre.a_commence(jour)]
    return max((fin for titre in actuels or passes if (fin := _fin(titre)) is not None), default=None)


def _fin(titre: Titre) -> dt.date | None:
    if titre.perdu_le is not None and not titre.actif:
        return jour_paris(titre.perdu_le)
    return min((fin for fin in (titre.fin_le, titre.jusqu_au) if fin is not None), default=None)


def _fins(
    session: Session, structure_id: str, couples: Iterable[tuple[str, str]], jour: dt.date
) -> dict[tuple[str, str], dt.date]:
    """Par (auteur, personne). Un compte fermé n'a plus rien le jour où il l'a été."""
    dossiers: dict[str, set[str]] = defaultdict(set)
    for auteur, personne in couples:
        dossiers[auteur].add(personne)
    requete = select(_QUI.c.id, _QUI.c.desactive_le).where(
        _QUI.c.structure_id == structure_id, _QUI.c.id.in_(sorted(dossiers)), _QUI.c.actif.is_(False)
    )
    fermes = {qui: le for qui, le in session.execute(requete) if le is not None}
    fins = {}
    for auteur, personnes in dossiers.items():
        titres = lire_titres(session, structure_id, auteur, sorted(personnes))
        parti = jour_paris(fermes[auteur]) if auteur in fermes else None
        for personne in personnes:
            fin = fin_du_suivi(titres.get(personne, ()), jour)
            bornes = [borne for borne in (fin, parti) if borne is not None]
            if bornes:
                fins[auteur, personne] = min(bornes)
    return fins


def _notes(session: Session, structure_id: str, lues: Sequence[tuple[Any, ...]], jour: dt.date) -> list[Note]:
    if not lues:
        return []
    fins = _fins(session, structure_id, ((ligne[2], ligne[1]) for ligne in lues), jour)
    notes = [
        Note(
            entretien=entretien,
            personne=personne,
            nom=nom_affiche(dict(zip(_NOMS, noms, strict=True))),
            auteur=auteur,
            date=date,
            texte=texte,
            fin=fins[auteur, personne],
        )
        for entretien, personne, auteur, texte, date, *noms in lues
        if (auteur, personne) in fins
    ]
    return sorted(notes, key=lambda note: (note.fin, note.personne, note.date, note.entretien))
