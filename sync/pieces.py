"""Les pièces qui descendent, et ce que chacun en lit.

Qui suit le dossier, ou le tient d'un remplacement, lit les formes de son rôle. Qui n'y est qu'en binôme ne lit que les
pièces cochées pour lui, et seulement si la personne l'a accepté ; plus les siennes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain import piece as domaine
from app.domain.formes import charger
from app.domain.personne import valeur_au
from app.instruction import Instruction, Parmi
from app.models import Acces, Partage, PersonneValeur
from sync.acteur import ROLES_STRUCTURE_ENTIERE
from sync.etat import PIECE, table
from sync.fusion import jour_paris

Fiche = dict[str, Any]
# Ce qu'une lecture de la table rend, dans cet ordre.
COLONNES = (
    *("id", "personne_id", "sequence", "forme", "mesure_id", "reference", "valeurs", "partagee", "revisions"),
    *("auteur_id", "note_le", "retiree_le", "retrait_motif", "tardive"),
)
BINOME, ACCORD = "binome", "accord_partage"
# Une pièce tue, parmi les fiches d'un dossier : le flux l'annonce comme une tombe.
TOMBE = "tombe"

_PARTAGES = Instruction(
    lambda _: select(*(table(Partage).c[nom] for nom in ("personne_id", "motif", "du", "jusqu_au", "fin_le"))).where(
        table(Partage).c.structure_id == bindparam("structure"), table(Partage).c.utilisateur_id == bindparam("qui")
    )
)
_ACCES = Instruction(
    lambda _: select(table(Acces).c.personne_id, table(Acces).c.jusqu_au).where(
        table(Acces).c.structure_id == bindparam("structure"),
        table(Acces).c.utilisateur_id == bindparam("qui"),
        table(Acces).c.actif.is_(True),
        Parmi(table(Acces).c.personne_id, "cles"),
    )
)
_ACCORDS = Instruction(
    lambda _: select(*(table(PersonneValeur).c[nom] for nom in ("personne_id", "jour", "valeur"))).where(
        table(PersonneValeur).c.structure_id == bindparam("structure"),
        table(PersonneValeur).c.champ == ACCORD,
        Parmi(table(PersonneValeur).c.personne_id, "cles"),
    )
)


class Lecteur:
    """Ce qu'une personne lit des pièces de ces dossiers, un jour donné ; à défaut, aujourd'hui.

    `binomes` : les dossiers qu'elle tient, ou a tenus, d'un binôme.
    """

    def __init__(
        self,
        session: Session,
        structure_id: str,
        personnes: Collection[str],
        lecteur_id: str,
        role: str,
        jour: dt.date | None = None,
    ) -> None:
        self._id, self._role = lecteur_id, role
        self.binomes: set[str] = set()
        # Par dossier où il n'est qu'en binôme : la personne accepte-t-elle le partage ?
        self._accords: dict[str, bool] = {}
        if role in ROLES_STRUCTURE_ENTIERE or not personnes:
            return
        jour = jour or jour_paris(dt.datetime.now(dt.UTC))
        siens = _PARTAGES.lire(session, structure=structure_id, qui=lecteur_id)
        self.binomes = {ligne[0] for ligne in siens if ligne[1] == BINOME} & set(personnes)
        if not self.binomes:
            return
        cles = sorted(self.binomes)
        lus = _ACCES.lire(session, structure=structure_id, qui=lecteur_id, cles=cles)
        pleins = {personne for personne, terme in lus if terme is None or terme >= jour}
        pleins |= {ligne[0] for ligne in siens if ligne[1] != BINOME and _vaut(ligne, jour)}
        accords: dict[str, list[tuple[str, Any]]] = {personne: [] for personne in self.binomes - pleins}
        for personne, effet, valeur in _ACCORDS.lire(session, structure=structure_id, cles=sorted(accords)):
            accords[personne].append((effet.isoformat(), valeur))
        self._accords = {
            personne: bool(
                valeur_au([list(couple) for couple in sorted(dits, key=lambda dit: dit[0])], jour.isoformat())
            )
            for personne, dits in accords.items()
        }

    def partage(self, personne_id: str, partagee: bool) -> bool | None:
        """None s'il suit ce dossier ; sinon, si cette pièce lui est partagée avec l'accord de la personne."""
        accord = self._accords.get(personne_id)
        return None if accord is None else accord and partagee

    def lit(self, forme: str, personne_id: str, partagee: bool, auteur_id: str, champ: str | None = None) -> bool:
        decrite = charger().get(forme)
        if decrite is None:
            return False
        partage = None if auteur_id == self._id else self.partage(personne_id, partagee)
        decrit = next((c for c in decrite["champs"] if c["nom"] == champ), None)
        return domaine.se_lit(decrite, self._role, partage) and (
            decrit is None or domaine.se_lit(decrite, self._role, partage, decrit)
        )

    def fiche(self, ligne: Mapping[str, Any], noms: Mapping[str, str]) -> Fiche | None:
        """La pièce telle que cette personne la reçoit, ou None."""
        decrite = charger().get(ligne["forme"])
        auteur, personne = ligne["auteur_id"], ligne["personne_id"]
        if decrite is None or not self.lit(ligne["forme"], personne, ligne["partagee"], auteur):
            return None
        partage = None if auteur == self._id else self.partage(personne, ligne["partagee"])
        lus = {c["nom"] for c in decrite["champs"] if domaine.se_lit(decrite, self._role, partage, c)}
        lus |= set(domaine.CLES)
        return {
            "type": "piece",
            "id": ligne["id"],
            "personne_id": personne,
            "version": ligne["sequence"],
            "forme": ligne["forme"],
            "mesure_id": ligne["mesure_id"],
            "reference": ligne["reference"],
            "auteur": auteur,
            "auteur_nom": noms.get(auteur, ""),
            "note_le": _instant(ligne["note_le"]),
            "retiree_le": _instant(ligne["retiree_le"]),
            "retrait_motif": ligne["retrait_motif"],
            "partagee": ligne["partagee"],
            "valeurs": {nom: valeur for nom, valeur in ligne["valeurs"].items() if nom in lus},
            "tardive": ligne["tardive"],
            "revisions": [revision for revision in self._revisions(ligne, lus, noms) if revision["champs"]],
        }

    def _revisions(self, ligne: Mapping[str, Any], lus: set[str], noms: Mapping[str, str]) -> Iterator[Fiche]:
        for revision in ligne["revisions"]:
            champs = {nom: valeur for nom, valeur in revision["champs"].items() if nom in lus}
            yield {"le": revision["le"], "par_nom": noms.get(revision["par"], ""), "champs": champs}


def auteurs(lignes: Iterable[Mapping[str, Any]]) -> set[str]:
    """Qui a noté ces pièces, ou les a changées."""
    return {ligne["auteur_id"] for ligne in lignes} | {r["par"] for ligne in lignes for r in ligne["revisions"]}


def _vaut(partage: tuple[Any, ...], jour: dt.date) -> bool:
    _, _, du, jusqu_au, fin_le = partage
    return fin_le is None and (du is None or du <= jour) and (jusqu_au is None or jusqu_au >= jour)


def _instant(valeur: dt.datetime | None) -> str | None:
    return None if valeur is None else valeur.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Lues:
    """Des pièces citées ailleurs, par identifiant : les lit-il ?"""

    def __init__(self, lignes: Mapping[str, Mapping[str, Any]], lecteur: Lecteur | None = None) -> None:
        self._lignes, self._lecteur = lignes, lecteur

    def piece(self, identifiant: str, champ: str | None = None) -> bool:
        ligne = self._lignes.get(identifiant)
        return ligne is not None and self._lecteur is not None and est_lue(self._lecteur, ligne, champ)


def est_lue(lecteur: Lecteur, ligne: Mapping[str, Any], champ: str | None = None) -> bool:
    return lecteur.lit(ligne["forme"], ligne["personne_id"], ligne["partagee"], ligne["auteur_id"], champ)


def tombe(identifiant: str, personne_id: str, fiche_type: str = "piece") -> Fiche:
    """Ce qu'un binôme ne lit pas, ou plus : son téléphone l'oublie s'il l'avait."""
    return {"type": TOMBE, "de": fiche_type, "id": identifiant, "personne_id": personne_id}


def lisibles(session: Session, structure_id: str, lecteur: Lecteur, identifiants: Collection[str]) -> Lues:
    return _lues(session, structure_id, lecteur, _PAR_ID, identifiants)


def du_dossier(session: Session, structure_id: str, lecteur: Lecteur, personnes: Collection[str]) -> Lues:
    return _lues(session, structure_id, lecteur, _PAR_DOSSIER, personnes)


def _lues(session: Session, structure_id: str, lecteur: Lecteur, requete: Instruction, cles: Collection[str]) -> Lues:
    lues = requete.lire(session, structure=structure_id, cles=sorted(cles)) if cles else []
    return Lues({ligne[0]: dict(zip(_DITES, ligne, strict=True)) for ligne in lues}, lecteur)


_DITES = ("id", "personne_id", "forme", "partagee", "auteur_id")


def _citees(colonne: str) -> Instruction:
    return Instruction(
        lambda _: select(*(PIECE.c[nom] for nom in _DITES)).where(
            PIECE.c.structure_id == bindparam("structure"), Parmi(PIECE.c[colonne], "cles")
        )
    )


_PAR_ID, _PAR_DOSSIER = _citees("id"), _citees("personne_id")
