"""Clore un rapport, le rouvrir, et dire ce qui y aurait changé depuis."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session
from uuid6 import uuid7

from app.models import RapportClos, Utilisateur
from app.rapports import journal, rapport
from app.rapports.conservation import DesPseudonymes, donnees_de, faits_de, relire
from app.rapports.demande import Demande
from app.rapports.rapport import Partie
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

    def liste(self, tableau: str, ligne: str, colonne: str) -> tuple[str, DesPseudonymes]:
        """Le libellé de la ligne, et la liste derrière son chiffre ; `CaseInconnue` s'il n'en a pas."""
        trouve = next((t for partie in self.parties for t in partie.tableaux if t.code == tableau), None)
        selection = trouve.cellule(ligne, colonne).selection if trouve else None
        if trouve is None or not isinstance(selection, DesPseudonymes):
            raise CaseInconnue(tableau)
        return trouve.ligne(ligne).libelle.removeprefix("dont "), selection


@dataclass(frozen=True)
class Difference:
    """Un chiffre clos, et ce qu'il vaudrait aujourd'hui."""

    tableau: str
    ligne: str
    colonne: str
    clos: str
    aujourd_hui: str


def actuelle(session: Session, demande: Demande) -> Clos | None:
    """La clôture en vigueur ; rien si le rapport est ouvert."""
    trouve = session.execute(
        select(RapportClos, Utilisateur.prenom, Utilisateur.nom)
        .join(
            Utilisateur,
            (Utilisateur.structure_id == RapportClos.structure_id) & (Utilisateur.id == RapportClos.clos_par),
        )
        .where(*_de(demande), RapportClos.rouvert_le.is_(None))
    ).first()
    if trouve is None:
        return None
    clos, prenom, nom = trouve
    return Clos(
        clos.id,
        clos.clos_le,
        f"{prenom} {nom}",
        relire(clos.chiffres, clos.faits, demande.motifs_reserves),
        tuple(Texte(**texte) for texte in clos.textes),
    )


def clore(session: Session, demande: Demande, auteur: journal.Auteur, precision: str = "") -> bool:
    """Faux s'il l'est déjà. `ConventionInconnue` si la structure n'a pas l'une des conventions."""
    if auteur.utilisateur_id is None or actuelle(session, demande) is not None:
        return False
    parties = rapport.parties(session, replace(demande, motifs_reserves=True))
    a_tous = rapport.parties(session, replace(demande, motifs_reserves=False))
    session.add(
        RapportClos(
            structure_id=demande.structure_id,
            id=str(uuid7()),
            conventions=demande.code,
            periode=demande.periode.code,
            chiffres=donnees_de(parties),
            textes=[asdict(texte) for texte in imprimables(session, demande)],
            faits=faits_de(session, demande, parties, a_tous),
            clos_le=auteur.le,
            clos_par=auteur.utilisateur_id,
        )
    )
    journal.noter(session, demande, auteur, "clos", precision=precision)
    return True


def rouvrir(session: Session, demande: Demande, auteur: journal.Auteur, raison: str) -> bool:
    """Faux s'il est ouvert. Ce qui avait été arrêté reste gardé."""
    clos = session.scalars(select(RapportClos).where(*_de(demande), RapportClos.rouvert_le.is_(None))).first()
    if clos is None:
        return False
    clos.rouvert_le, clos.rouvert_par = auteur.le, auteur.utilisateur_id
    journal.noter(session, demande, auteur, "rouvert", precision=raison)
    return True


def _de(demande: Demande) -> tuple[ColumnElement[bool], ...]:
    return (
        RapportClos.structure_id == demande.structure_id,
        RapportClos.conventions == demande.code,
        RapportClos.periode == demande.periode.code,
    )


def differences(clos: Sequence[Partie], aujourd_hui: Sequence[Partie]) -> list[Difference]:
    """Chiffre par chiffre, dans l'ordre de lecture ; une ligne ou un tableau qui n'est que d'un côté vaut « — »."""
    avant, apres = dict(_cases(clos)), dict(_cases(aujourd_hui))
    trouvees = []
    for cle in dict.fromkeys([*avant, *apres]):
        lieu = (avant.get(cle) or apres[cle])[0]
        dits = [_dit(cases[cle][1]) if cle in cases else "—" for cases in (avant, apres)]
        if dits[0] != dits[1]:
            trouvees.append(Difference(*lieu, *dits))
    return trouvees


def _cases(parties: Sequence[Partie]) -> Iterator[tuple[tuple[str, str, str], tuple[tuple[str, str, str], Cellule]]]:
    for partie in parties:
        for tableau in partie.tableaux:
            for ligne in tableau.lignes:
                for colonne, cellule in zip(tableau.colonnes, ligne.cellules, strict=True):
                    seule = len(tableau.colonnes) == 1
                    lieu = (tableau.titre, ligne.libelle, "" if seule else colonne.titre)
                    yield (tableau.code, ligne.code, colonne.code), (lieu, cellule)


def _dit(cellule: Cellule) -> str:
    return f"{cellule.texte} ({cellule.part})" if cellule.part else cellule.texte
