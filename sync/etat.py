"""L'état d'un lot d'opérations : ce qu'une requête a lu de la base, ce qu'elle va y écrire, d'un seul tenant.

Les règles lisent et changent des lignes en mémoire ; `ecrire` les porte en base par lots, une instruction par table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.instruction import Instruction, Parmi
from app.instruction import table as table
from app.models import (
    Acces,
    Base,
    Cahier,
    CahierMembre,
    Controle,
    Demarche,
    Desaccord,
    Entretien,
    Feuille,
    Mesure,
    MesureModalite,
    MesureReferent,
    NotePersonnelle,
    Operation,
    Partage,
    Personne,
    PersonneIdentifiant,
    PersonneValeur,
    Piece,
    Rattachement,
    RendezVous,
)

Ligne = dict[str, Any]


# L'ordre d'écriture suit les clés étrangères.
FICHES = tuple(
    table(modele) for modele in (Personne, Mesure, RendezVous, Entretien, Piece, Controle, Desaccord, Partage)
)
DATEES = tuple(
    table(modele)
    for modele in (
        PersonneValeur,
        PersonneIdentifiant,
        MesureReferent,
        MesureModalite,
        Acces,
        NotePersonnelle,
        CahierMembre,
    )
)
PERSONNE, MESURE, RENDEZ_VOUS, ENTRETIEN, PIECE, CONTROLE, DESACCORD, PARTAGE = FICHES
# Ce qui n'est le dossier de personne.
DES_CAHIERS = tuple(table(modele) for modele in (Cahier, Feuille))
CAHIER, FEUILLE = DES_CAHIERS
# Ce qui relie l'un à l'autre : il descend avec la personne.
RATTACHEMENT = table(Rattachement)
_ECRITES = (*FICHES, *DES_CAHIERS, RATTACHEMENT)
PAR_NOM = {fiche.name: fiche for fiche in _ECRITES}
# Ce qu'une démarche répète de son entretien, pour se compter sans lui.
REPETES = ("date", "mesure_id")


class Etat:
    """Les lignes lues et à écrire d'un lot, pour une structure."""

    def __init__(self, session: Session, structure_id: str) -> None:
        self.session = session
        self.structure_id = structure_id
        self._lignes: dict[Table, dict[str, Ligne]] = {fiche: {} for fiche in _ECRITES}
        self._neuves: dict[Table, set[str]] = defaultdict(set)
        self._changees: dict[Table, dict[str, set[str]]] = defaultdict(dict)
        self._datees: dict[Table, dict[tuple[Any, ...], Ligne]] = defaultdict(dict)
        self._demarches: dict[str, list[Ligne]] = {}
        self._notes_effacees: set[str] = set()
        self.journal: list[Ligne] = []

    def charger(self, fiche: Table, identifiants: Iterable[str], colonne: str = "id") -> None:
        """Lit d'une seule requête les lignes citées par le lot ; celles qui manquent n'existent pas."""
        cherches = sorted(set(identifiants))
        if not cherches:
            return
        noms = fiche.columns.keys()
        for ligne in _chercher(fiche, colonne).lire(self.session, structure=self.structure_id, cles=cherches):
            lue = dict(zip(noms, ligne, strict=True))
            # Ce que le lot a déjà changé, la base ne le sait pas encore.
            if lue["id"] not in self._changees[fiche]:
                self._lignes[fiche][lue["id"]] = lue

    def lire(self, fiche: Table, identifiant: str) -> Ligne | None:
        return self._lignes[fiche].get(identifiant)

    def lignes(self, fiche: Table) -> Iterator[Ligne]:
        """Toutes celles de cette table que le lot a lues ou créées."""
        yield from self._lignes[fiche].values()

    def ligne_de_la_note(self, entretien_id: str) -> Ligne | None:
        """La note personnelle telle que le lot l'a laissée ; lue de la base au seul besoin."""
        notes, cle = table(NotePersonnelle), (self.structure_id, entretien_id)
        if cle in self._datees[notes]:
            return self._datees[notes][cle]
        if entretien_id in self._notes_effacees:
            return None
        requete = select(notes).where(notes.c.structure_id == self.structure_id, notes.c.entretien_id == entretien_id)
        lue = self.session.execute(requete).mappings().one_or_none()
        return None if lue is None else dict(lue)

    def note(self, entretien_id: str) -> str | None:
        ligne = self.ligne_de_la_note(entretien_id)
        return None if ligne is None else str(ligne["texte"])

    def ajouter(self, fiche: Table, **valeurs: Any) -> None:
        """Une ligne nouvelle ; les colonnes tues prennent leur valeur par défaut, écrite ici pour tout le lot."""
        ligne = _vide(fiche) | valeurs | {"structure_id": self.structure_id}
        self._lignes[fiche][ligne["id"]] = ligne
        self._neuves[fiche].add(ligne["id"])

    def changer(self, fiche: Table, identifiant: str, **valeurs: Any) -> None:
        ligne = self._lignes[fiche][identifiant]
        ligne.update(valeurs)
        if identifiant not in self._neuves[fiche]:
            self._changees[fiche].setdefault(identifiant, set()).update(valeurs)

    def dater(self, modele: type[Base], **valeurs: Any) -> None:
        """Une ligne dont la clé dit tout (une valeur à sa date) : écrite, ou remplacée si elle existe."""
        cible = table(modele)
        ligne = valeurs | {"structure_id": self.structure_id}
        self._datees[cible][tuple(ligne[colonne.name] for colonne in cible.primary_key)] = ligne

    def a_dater(self, modele: type[Base]) -> Iterator[Ligne]:
        """Ce que le lot va écrire de cette table."""
        yield from self._datees[table(modele)].values()

    def remplacer_demarches(self, entretien_id: str, personne_id: str, demarches: list[dict[str, Any]]) -> None:
        self._demarches[entretien_id] = [
            {
                "structure_id": self.structure_id,
                "entretien_id": entretien_id,
                "rang": rang,
                "personne_id": personne_id,
                "famille": demarche["famille"],
                "nature": demarche["nature"],
            }
            for rang, demarche in enumerate(demarches)
        ]

    def effacer_note(self, entretien_id: str) -> None:
        self._notes_effacees.add(entretien_id)
        self._datees[table(NotePersonnelle)].pop((self.structure_id, entretien_id), None)

    def ecrire(self) -> None:
        """Porte le lot en base."""
        for fiche in _ECRITES:
            neuves = [self._lignes[fiche][identifiant] for identifiant in sorted(self._neuves[fiche])]
            if neuves:
                _inserer(fiche).executer(self.session, neuves)
            self._ecrire_changements(fiche)
        self._ecrire_demarches()
        if self._notes_effacees:
            self._supprimer(table(NotePersonnelle), self._notes_effacees)
        for datee in DATEES:
            if self._datees[datee]:
                self._deposer(datee, list(self._datees[datee].values()))
        if self.journal:
            _inserer(table(Operation)).executer(self.session, self.journal)

    def _ecrire_changements(self, fiche: Table) -> None:
        par_colonnes: dict[tuple[str, ...], list[Ligne]] = defaultdict(list)
        for identifiant, colonnes in self._changees[fiche].items():
            ligne = self._lignes[fiche][identifiant]
            par_colonnes[tuple(sorted(colonnes))].append(
                {
                    "structure": self.structure_id,
                    "cle": identifiant,
                    **{f"v_{colonne}": ligne[colonne] for colonne in colonnes},
                }
            )
        for noms, lignes in par_colonnes.items():
            _modifier(fiche, noms).executer(self.session, lignes)

    def _ecrire_demarches(self) -> None:
        """Celles que le lot récrit ; les autres suivent leur entretien quand il change de jour ou de mesure."""
        entretiens = self._lignes[ENTRETIEN]
        deplaces = [
            {"structure": self.structure_id, "cle": identifiant, **_repetes(entretiens[identifiant], "v_")}
            for identifiant, colonnes in self._changees[ENTRETIEN].items()
            if identifiant not in self._demarches and not colonnes.isdisjoint(REPETES)
        ]
        if deplaces:
            _redater().executer(self.session, deplaces)
        if not self._demarches:
            return
        anciennes = self._demarches.keys() - self._neuves[ENTRETIEN]
        if anciennes:
            self._supprimer(table(Demarche), anciennes)
        lignes = [
            ligne | _repetes(entretiens[identifiant])
            for identifiant, demarches in self._demarches.items()
            for ligne in demarches
        ]
        if lignes:
            _inserer(table(Demarche)).executer(self.session, lignes)

    def _supprimer(self, cible: Table, entretiens: Iterable[str]) -> None:
        cles = [{"structure": self.structure_id, "cle": identifiant} for identifiant in sorted(entretiens)]
        _supprimer(cible).executer(self.session, cles)

    def _deposer(self, cible: Table, lignes: list[Ligne]) -> None:
        _deposer(cible, tuple(lignes[0])).executer(self.session, lignes)


@cache
def _vide(fiche: Table) -> Ligne:
    return dict.fromkeys(fiche.columns.keys())


@cache
def _chercher(fiche: Table, cle: str) -> Instruction:
    return Instruction(
        lambda _: select(fiche).where(fiche.c.structure_id == bindparam("structure"), Parmi(fiche.c[cle], "cles"))
    )


@cache
def _inserer(cible: Table) -> Instruction:
    return Instruction(
        lambda _: insert(cible).values({colonne.name: bindparam(colonne.name) for colonne in cible.columns})
    )


@cache
def _modifier(fiche: Table, noms: tuple[str, ...]) -> Instruction:
    return Instruction(
        lambda _: (
            update(fiche)
            .where(fiche.c.structure_id == bindparam("structure"), fiche.c.id == bindparam("cle"))
            .values({nom: bindparam(f"v_{nom}", type_=fiche.c[nom].type) for nom in noms})
        )
    )


def _repetes(entretien: Ligne, prefixe: str = "") -> Ligne:
    return {f"{prefixe}{nom}": entretien[nom] for nom in REPETES}


@cache
def _redater() -> Instruction:
    cible = table(Demarche)
    return Instruction(
        lambda _: (
            update(cible)
            .where(cible.c.structure_id == bindparam("structure"), cible.c.entretien_id == bindparam("cle"))
            .values({nom: bindparam(f"v_{nom}", type_=cible.c[nom].type) for nom in REPETES})
        )
    )


@cache
def _supprimer(cible: Table) -> Instruction:
    return Instruction(
        lambda _: delete(cible).where(
            cible.c.structure_id == bindparam("structure"), cible.c.entretien_id == bindparam("cle")
        )
    )


@cache
def _deposer(cible: Table, noms: tuple[str, ...]) -> Instruction:
    """Écrire, ou remplacer si la clé existe : chaque base par son propre constructeur."""

    def construire(base: str) -> Any:
        ordre: Any = (postgresql if base == "postgresql" else sqlite).insert(cible)
        ordre = ordre.values({nom: bindparam(nom) for nom in noms})
        cle = [colonne.name for colonne in cible.primary_key]
        valeurs = {nom: ordre.excluded[nom] for nom in noms if nom not in cle}
        return ordre.on_conflict_do_update(index_elements=cle, set_=valeurs)

    return Instruction(construire)
