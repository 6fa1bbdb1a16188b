"""Ce qu'une personne lit des dossiers qui lui sont ouverts.

Qui suit le dossier (référent, co-référent), ou remplace qui le suit, le lit selon son rôle. Le partenaire d'un binôme
n'en lit que le nom de la personne et ce que lui-même y a noté ; quand elle accepte le partage, aussi le cadre de ses
mesures, et les pièces et les entretiens cochés pour lui. La liste est dans docs/donnees.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.domain import piece as domaine
from app.domain.formes import charger
from app.domain.personne import valeur_au
from app.instruction import Instruction, Parmi
from app.models import Acces, Operation, Partage, PersonneValeur
from sync.acteur import ROLES_STRUCTURE_ENTIERE, Acteur
from sync.etat import ENTRETIEN, RENDEZ_VOUS, table
from sync.fusion import jour_paris

BINOME, ACCORD = "binome", "accord_partage"
PROPOSER = "proposer_rendez_vous"

_ACCES, _PARTAGE, _VALEUR, _JOURNAL = (table(modele) for modele in (Acces, Partage, PersonneValeur, Operation))

_PARTAGES = Instruction(
    lambda _: select(
        *(_PARTAGE.c[nom] for nom in ("personne_id", "motif", "du", "jusqu_au", "fin_le", "sequence"))
    ).where(_PARTAGE.c.structure_id == bindparam("structure"), _PARTAGE.c.utilisateur_id == bindparam("qui"))
)
_SIENS = Instruction(
    lambda _: select(*(_ACCES.c[nom] for nom in ("personne_id", "actif", "jusqu_au", "sequence"))).where(
        _ACCES.c.structure_id == bindparam("structure"),
        _ACCES.c.utilisateur_id == bindparam("qui"),
        Parmi(_ACCES.c.personne_id, "cles"),
    )
)
_ACCORDS = Instruction(
    lambda _: select(*(_VALEUR.c[nom] for nom in ("personne_id", "jour", "valeur"))).where(
        _VALEUR.c.structure_id == bindparam("structure"),
        _VALEUR.c.champ == ACCORD,
        Parmi(_VALEUR.c.personne_id, "cles"),
    )
)
_ENTRETIENS_DE = Instruction(
    lambda _: select(ENTRETIEN.c.id).where(
        ENTRETIEN.c.structure_id == bindparam("structure"),
        ENTRETIEN.c.auteur_id == bindparam("qui"),
        Parmi(ENTRETIEN.c.personne_id, "cles"),
    )
)
# Un rendez-vous ne dit pas qui l'a proposé : le journal le sait.
_RENDEZ_VOUS_DE = Instruction(
    lambda _: select(RENDEZ_VOUS.c.id).where(
        RENDEZ_VOUS.c.structure_id == bindparam("structure"),
        Parmi(RENDEZ_VOUS.c.personne_id, "cles"),
        select(_JOURNAL.c.id)
        .where(
            _JOURNAL.c.structure_id == bindparam("structure"),
            _JOURNAL.c.entite == RENDEZ_VOUS.c.id,
            _JOURNAL.c.genre == PROPOSER,
            _JOURNAL.c.utilisateur_id == bindparam("qui"),
            _JOURNAL.c.statut != "refused",
        )
        .exists(),
    )
)


class Lecteur:
    """Ce que lit une personne de ces dossiers, un jour donné ; à défaut, aujourd'hui.

    `binomes` : les dossiers qu'elle tient, ou a tenus, en binôme ; parmi eux, `depuis_peu` : le numéro de ce qui lui a
    donné ou repris un titre en dernier, `suivis` : ceux qu'elle a aussi lus, ou lit, en entier.
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
        self._session, self._structure_id = session, structure_id
        self.id, self.role = lecteur_id, role
        self.binomes: set[str] = set()
        self.depuis_peu: dict[str, int] = {}
        self.suivis: set[str] = set()
        # Par dossier où elle n'est qu'en binôme : la personne accepte-t-elle le partage ?
        self._accords: dict[str, bool] = {}
        self._notees: set[str] | None = None
        if role in ROLES_STRUCTURE_ENTIERE or not personnes:
            return
        jour = jour or jour_paris(dt.datetime.now(dt.UTC))
        siens = _PARTAGES.lire(session, structure=structure_id, qui=lecteur_id)
        self.binomes = {ligne[0] for ligne in siens if ligne[1] == BINOME} & set(personnes)
        if not self.binomes:
            return
        cles = sorted(self.binomes)
        acces = _SIENS.lire(session, structure=structure_id, qui=lecteur_id, cles=cles)
        pleins = {personne for personne, actif, terme, _ in acces if actif and (terme is None or terme >= jour)}
        pleins |= {ligne[0] for ligne in siens if ligne[1] != BINOME and _vaut(ligne, jour)}
        self.suivis = {ligne[0] for ligne in acces} | {ligne[0] for ligne in siens if ligne[1] != BINOME}
        for personne, *_, numero in (*siens, *acces):
            self.depuis_peu[personne] = max(numero, self.depuis_peu.get(personne, 0))
        self._accords = accords(session, structure_id, self.binomes - pleins, jour)

    @property
    def restreints(self) -> set[str]:
        """Les dossiers où elle n'est qu'en binôme."""
        return set(self._accords)

    def accord(self, personne_id: str) -> bool | None:
        """None si elle suit ce dossier ; sinon, si la personne accepte qu'il soit partagé avec elle."""
        return self._accords.get(personne_id)

    def partage(self, personne_id: str, partagee: bool) -> bool | None:
        """None si elle suit ce dossier ; sinon, si cette pièce lui est partagée avec l'accord de la personne."""
        accord = self.accord(personne_id)
        return None if accord is None else accord and partagee

    def lit(self, forme: str, personne_id: str, partagee: bool, auteur_id: str, champ: str | None = None) -> bool:
        """Cette pièce, ou un de ses champs."""
        decrite = charger().get(forme)
        if decrite is None:
            return False
        partage = None if auteur_id == self.id else self.partage(personne_id, partagee)
        decrit = next((c for c in decrite["champs"] if c["nom"] == champ), None)
        return domaine.se_lit(decrite, self.role, partage) and (
            decrit is None or domaine.se_lit(decrite, self.role, partage, decrit)
        )

    def lit_fiche(self, fiche_type: str, fiche_id: str, personne_id: str, partagee: bool = False) -> bool:
        """Cette fiche, qui n'est ni une pièce, ni ce qui se dit d'une autre fiche ; `partagee` : cochée pour lui."""
        accord = self.accord(personne_id)
        if accord is None or fiche_type == "personne" or (accord and partagee):
            return True
        return accord if fiche_type == "mesure" else fiche_id in self._notees_ici()

    def lit_ce_qui_se_dit(self, fiche_type: str, fiche_id: str, personne_id: str) -> bool:
        """Le contrôle d'une fiche, un désaccord à son propos : d'un dossier en binôme, ceux de ce qu'elle y a noté."""
        return self.accord(personne_id) is None or (
            fiche_type in ("rendez_vous", "entretien") and fiche_id in self._notees_ici()
        )

    def lit_partage(self, ligne: Mapping[str, Any]) -> bool:
        """À qui d'autre ce dossier est ouvert ne regarde que qui le suit."""
        return self.accord(ligne["personne_id"]) is None or ligne["utilisateur_id"] == self.id

    def _notees_ici(self) -> set[str]:
        if self._notees is None:
            ou = {"structure": self._structure_id, "qui": self.id, "cles": sorted(self.restreints)}
            lues = (*_ENTRETIENS_DE.lire(self._session, **ou), *_RENDEZ_VOUS_DE.lire(self._session, **ou))
            self._notees = {identifiant for (identifiant,) in lues}
        return self._notees


def accords(session: Session, structure_id: str, personnes: Collection[str], jour: dt.date) -> dict[str, bool]:
    """Ces personnes acceptaient-elles, ce jour-là, que leur dossier soit partagé ? Sans réponse, non."""
    dits: dict[str, list[list[Any]]] = {personne: [] for personne in personnes}
    lus = _ACCORDS.lire(session, structure=structure_id, cles=sorted(dits)) if dits else ()
    for personne, effet, valeur in sorted(lus, key=lambda ligne: ligne[1]):
        dits[personne].append([effet.isoformat(), valeur])
    return {personne: bool(valeur_au(historique, jour.isoformat())) for personne, historique in dits.items()}


def tournes(session: Session, acteur: Acteur, avant: dt.date | None, jour: dt.date) -> set[str]:
    """Les dossiers de ses binômes qui ne se lisent plus comme `avant` ; sans jour d'avant, tous ceux qui n'en sont que.

    Ce qu'une opération a changé a laissé un numéro ; ici, ce que change le seul calendrier.
    """
    structure_id, qui = acteur.structure_id, acteur.utilisateur_id
    siens = {ligne[0] for ligne in _PARTAGES.lire(session, structure=structure_id, qui=qui) if ligne[1] == BINOME}
    if not siens:
        return set()
    lecteur = Lecteur(session, structure_id, siens, qui, acteur.role, jour)
    if avant is None:
        return lecteur.restreints
    autrefois = Lecteur(session, structure_id, siens, qui, acteur.role, avant)
    return {personne for personne in siens if autrefois.accord(personne) != lecteur.accord(personne)}


def _vaut(partage: tuple[Any, ...], jour: dt.date) -> bool:
    _, _, du, jusqu_au, fin_le, _ = partage
    return fin_le is None and (du is None or du <= jour) and (jusqu_au is None or jusqu_au >= jour)
