"""Clore un rapport, le rouvrir, et dire ce qui y aurait changé depuis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session, defer
from uuid6 import uuid7

from app.models import RapportClos, Structure, Utilisateur
from app.rapports import journal, rapport
from app.rapports.conservation import DesPseudonymes, cle_de, donnees_de, faits_de, gardee_de, relire
from app.rapports.demande import Demande
from app.rapports.petits_comptes import SEUIL
from app.rapports.rapport import Partie, tableaux_de
from app.rapports.replis import sans_motifs_reserves
from app.rapports.tableau import CaseInconnue, Cellule
from app.rapports.textes import Texte, imprimables


@dataclass(frozen=True)
class Clos:
    """Un rapport clos, tel qu'il se relit."""

    id: str
    le: dt.datetime
    par: str
    parties: tuple[Partie, ...]
    textes: tuple[Texte, ...]


@dataclass(frozen=True)
class Difference:
    """Un chiffre clos, et ce qu'il vaudrait aujourd'hui."""

    ligne: str
    colonne: str
    clos: str
    aujourd_hui: str


@dataclass(frozen=True)
class Ecart:
    """Ce qui diffère dans un tableau : ses chiffres, ou seulement combien.

    Un dossier effacé change d'un les cases qui le comptaient, et elles seules : elles le décriraient. D'un tableau dont
    un compte diffère de moins de cinq, on ne lit donc que combien de ses chiffres diffèrent.
    """

    tableau: str
    nombre: int
    differences: tuple[Difference, ...]


def est_clos(session: Session, demande: Demande) -> bool:
    return bool(session.scalar(select(exists().where(*_en_vigueur(demande)))))


def actuelle(session: Session, demande: Demande) -> Clos | None:
    """La clôture en vigueur ; rien si le rapport est ouvert. Un chiffre dit s'il a une liste ; `liste` la lit."""
    trouve = session.execute(
        select(RapportClos, Utilisateur.prenom, Utilisateur.nom)
        .join(
            Utilisateur,
            (Utilisateur.structure_id == RapportClos.structure_id) & (Utilisateur.id == RapportClos.clos_par),
        )
        .where(*_en_vigueur(demande))
        .options(defer(RapportClos.faits))
    ).first()
    if trouve is None:
        return None
    clos, prenom, nom = trouve
    return Clos(
        clos.id,
        clos.clos_le,
        f"{prenom} {nom}",
        relire(clos.chiffres, _sans_lignes(clos.listes), demande.motifs_reserves),
        tuple(Texte(**texte) for texte in clos.textes),
    )


def liste(session: Session, demande: Demande, clos: Clos, case: tuple[str, str, str]) -> tuple[str, DesPseudonymes]:
    """Le libellé de la ligne, et la liste derrière son chiffre ; `CaseInconnue` s'il n'en a pas."""
    code, ligne, colonne = case
    trouve = next((t for t in tableaux_de(clos.parties) if t.code == code), None)
    cellule = trouve.cellule(ligne, colonne) if trouve else None
    if trouve is None or cellule is None or not isinstance(cellule.selection, DesPseudonymes):
        raise CaseInconnue(code)
    gardee = session.scalar(
        select(RapportClos.faits[cle_de(*case)]).where(
            RapportClos.structure_id == demande.structure_id, RapportClos.id == clos.id
        )
    )
    return trouve.ligne(ligne).libelle.removeprefix("dont "), gardee_de(cellule.nombre or 0, gardee)


def _sans_lignes(listes: Mapping[str, bool]) -> dict[str, dict[str, Any]]:
    return {cle: {"date": "", "reservee": reservee, "lignes": []} for cle, reservee in listes.items()}


@dataclass(frozen=True)
class Arrete:
    """Ce qu'une clôture gardera, lu d'un seul instant de la base."""

    demande: Demande
    chiffres: list[dict[str, Any]]
    faits: dict[str, Any]

    @property
    def listes(self) -> dict[str, bool]:
        """Par case qui a une liste : si elle est réservée."""
        return {cle: fait["reservee"] for cle, fait in self.faits.items()}


def arreter(session: Session, demande: Demande) -> Arrete:
    """Le rapport et tout ce qu'il y a derrière, par une session de lecture : personne n'attend pendant qu'il se compte.

    `ConventionInconnue` si la structure n'a pas l'une des conventions.
    """
    entiere = replace(demande, motifs_reserves=True)
    parties = rapport.parties(session, entiere)
    a_tous = tuple(replace(p, tableaux=tuple(map(sans_motifs_reserves, p.tableaux))) for p in parties)
    return Arrete(demande, donnees_de(parties), faits_de(session, entiere, parties, a_tous))


def clore(session: Session, arrete: Arrete, auteur: journal.Auteur) -> bool:
    """Faux s'il l'est déjà : de deux personnes au même instant, la seconde attend, puis l'apprend."""
    demande = arrete.demande
    verrouiller(session, demande)
    if auteur.utilisateur_id is None or est_clos(session, demande):
        return False
    session.add(
        RapportClos(
            structure_id=demande.structure_id,
            id=str(uuid7()),
            conventions=demande.code,
            periode=demande.periode.code,
            chiffres=arrete.chiffres,
            textes=[asdict(texte) for texte in imprimables(session, demande)],
            listes=arrete.listes,
            faits=arrete.faits,
            clos_le=auteur.le,
            clos_par=auteur.utilisateur_id,
        )
    )
    journal.noter(session, demande, auteur, "clos")
    return True


def verrouiller(session: Session, demande: Demande) -> None:
    """Jusqu'à la fin de la transaction, ce que la structure garde de ses rapports ne change que par elle."""
    session.execute(select(Structure.id).where(Structure.id == demande.structure_id).with_for_update(key_share=True))


def rouvrir(session: Session, demande: Demande, auteur: journal.Auteur, raison: str) -> bool:
    """Faux s'il est ouvert. Ce qui avait été arrêté reste gardé."""
    rouvert = session.execute(
        update(RapportClos)
        .where(*_en_vigueur(demande))
        .values(rouvert_le=auteur.le, rouvert_par=auteur.utilisateur_id)
        .returning(RapportClos.id)
        .execution_options(synchronize_session=False)
    ).first()
    if rouvert is None:
        return False
    journal.noter(session, demande, auteur, "rouvert", precision=raison)
    return True


def _en_vigueur(demande: Demande) -> tuple[ColumnElement[bool], ...]:
    return (
        RapportClos.structure_id == demande.structure_id,
        RapportClos.conventions == demande.code,
        RapportClos.periode == demande.periode.code,
        RapportClos.rouvert_le.is_(None),
    )


def ecarts(clos: Sequence[Partie], aujourd_hui: Sequence[Partie]) -> list[Ecart]:
    """Tableau par tableau, dans l'ordre de lecture ; une ligne ou un tableau qui n'est que d'un côté vaut « — »."""
    avant, apres = dict(_cases(clos)), dict(_cases(aujourd_hui))
    trouvees: dict[str, list[tuple[Difference, int]]] = {}
    titres: dict[str, str] = {}
    for cle in dict.fromkeys([*avant, *apres]):
        titre, ligne, colonne = (avant.get(cle) or apres[cle])[0]
        cellules = [cases[cle][1] if cle in cases else None for cases in (avant, apres)]
        dits = ["—" if cellule is None else _dit(cellule) for cellule in cellules]
        if dits[0] != dits[1]:
            vaut = [(cellule and cellule.nombre) or 0 for cellule in cellules]
            trouvees.setdefault(cle[0], []).append((Difference(ligne, colonne, *dits), abs(vaut[1] - vaut[0])))
            titres.setdefault(cle[0], titre)
    return [
        Ecart(
            titres[code],
            len(siennes),
            () if _peu([de for _, de in siennes]) else tuple(difference for difference, _ in siennes),
        )
        for code, siennes in trouvees.items()
    ]


def _peu(comptes: Sequence[int]) -> bool:
    """Un compte diffère de peu ; ou aucun, et seuls un taux, une part, une moyenne le font."""
    return not any(comptes) or any(0 < de < SEUIL for de in comptes)


def _cases(parties: Sequence[Partie]) -> Iterator[tuple[tuple[str, str, str], tuple[tuple[str, str, str], Cellule]]]:
    for tableau in tableaux_de(parties):
        for ligne in tableau.lignes:
            for colonne, cellule in zip(tableau.colonnes, ligne.cellules, strict=True):
                seule = len(tableau.colonnes) == 1
                lieu = (tableau.titre, ligne.libelle, "" if seule else colonne.titre)
                yield (tableau.code, ligne.code, colonne.code), (lieu, cellule)


def _dit(cellule: Cellule) -> str:
    return f"{cellule.texte} ({cellule.part})" if cellule.part else cellule.texte
