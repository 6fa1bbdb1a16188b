"""Garder un rapport tel qu'il a été imprimé, et le relire : ses tableaux en données simples, ses listes sans personne.

Un pseudonyme est tiré au sort pour chaque personne au moment de la clôture, le même dans toutes les listes de ce
rapport ; la table qui y mène n'est écrite nulle part (docs/adr/0014-rapports-clos.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import SystemRandom
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session

from app.domain import nomenclatures
from app.domain.indicateurs.catalogue import INDICATEURS
from app.models import Demarche
from app.rapports.actions import DesSeances
from app.rapports.demande import Demande
from app.rapports.faits import demarches_de
from app.rapports.listes import DesDemarches, DesMesures
from app.rapports.rapport import Partie, tableaux_de
from app.rapports.replis import sans_motifs_reserves
from app.rapports.selection import LigneDeListe, Selection
from app.rapports.tableau import Cellule, Colonne, Controle, Ligne, Tableau

# Ce que vaut une ligne gardée : pseudonyme, mois (ou rien), situation, combien de faits.
LigneGardee = tuple[int, str, str, int]


@dataclass(frozen=True)
class DesPseudonymes:
    """La liste d'un chiffre clos. Elle ne mène à aucun dossier : `page` n'a rien à lire."""

    nombre: int
    date_libelle: str
    lignes: tuple[LigneGardee, ...]

    def page(self, session: Session, demande: Demande, debut: int, taille: int) -> tuple[LigneDeListe, ...]:
        return ()


def pseudonyme(numero: int) -> str:
    return f"P-{numero:04}"


def donnees_de(parties: Sequence[Partie]) -> list[dict[str, Any]]:
    """Les tableaux tels qu'imprimés."""
    return [{"titre": partie.titre, "tableaux": [_tableau(t) for t in partie.tableaux]} for partie in parties]


def _tableau(tableau: Tableau) -> dict[str, Any]:
    return {
        "code": tableau.code,
        "titre": tableau.titre,
        "unite": tableau.unite,
        "colonnes": [[c.code, c.titre, *filter(None, [c.indicateur])] for c in tableau.colonnes],
        "lignes": [
            {
                "code": ligne.code,
                "libelle": ligne.libelle,
                "sorte": ligne.sorte,
                "indicateur": ligne.indicateur,
                "cellules": [_cellule(cellule) for cellule in ligne.cellules],
            }
            for ligne in tableau.lignes
        ],
        "notes": list(tableau.notes),
        "controles": [[controle.phrase, controle.juste] for controle in tableau.controles],
        "dessin": tableau.dessin,
    }


def _cellule(cellule: Cellule) -> dict[str, Any]:
    exact = cellule.exact
    return {
        "texte": cellule.texte,
        "nombre": cellule.nombre,
        "part": cellule.part,
        "exact": None if exact is None else f"{exact.numerator}/{exact.denominator}",
        "decimales": cellule.decimales,
        **({"feuilles": [list(feuille) for feuille in cellule.feuilles]} if cellule.feuilles else {}),
    }


def faits_de(
    session: Session, demande: Demande, parties: Sequence[Partie], ouvertes_a_tous: Sequence[Partie]
) -> dict[str, Any]:
    """Par case : ce qui l'explique, sans nom, sans référence, sans lieu et sans jour.

    `ouvertes_a_tous` : les mêmes parties, vues de qui ne lit pas les motifs réservés.
    """
    listes, a_tous = _listes(parties), _listes(ouvertes_a_tous)
    lues = {cle: _lire(session, demande, selection) for cle, selection in listes.items()}
    numeros = _tirer({dossier for comptes in lues.values() for dossier, _, _ in comptes})
    return {
        cle: {
            "date": listes[cle].date_libelle if isinstance(listes[cle], DesMesures) else "",
            "reservee": cle not in a_tous,
            "lignes": sorted([numeros[dossier], mois, cas, n] for (dossier, mois, cas), n in comptes.items()),
        }
        for cle, comptes in lues.items()
    }


def _listes(parties: Sequence[Partie]) -> dict[str, Selection]:
    return {
        cle_de(tableau.code, ligne.code, colonne.code): cellule.selection
        for tableau in tableaux_de(parties)
        for ligne in tableau.lignes
        for colonne, cellule in zip(tableau.colonnes, ligne.cellules, strict=True)
        if cellule.selection is not None
        and cellule.selection.nombre
        # Une séance n'est personne : il n'y a pas de pseudonyme à garder.
        and not isinstance(cellule.selection, DesSeances)
    }


def cle_de(tableau: str, ligne: str, colonne: str) -> str:
    return f"{tableau}/{ligne}/{colonne}"


def _lire(session: Session, demande: Demande, selection: Selection) -> Counter[tuple[str, str, str]]:
    """Un événement ne garde pas son mois : une suite de mois reconnaîtrait la personne."""
    if isinstance(selection, DesDemarches):
        return _compter(session, demande, selection)
    avec_mois = isinstance(selection, DesMesures)
    lignes = selection.page(session, demande, 0, selection.nombre)
    # Qui vient d'ailleurs n'a pas de dossier : son inscription le distingue des autres.
    return Counter(
        (ligne.dossier_id or ligne.id, ligne.date[:7] if avec_mois else "", ligne.cas_libelle) for ligne in lignes
    )


def _compter(session: Session, demande: Demande, selection: DesDemarches) -> Counter[tuple[str, str, str]]:
    """Par dizaines de milliers, et sans mois : la base les compte, par personne et par famille."""
    comptees = session.execute(
        demarches_de(demande, Demarche.personne_id, Demarche.famille, func.count())
        .where(Demarche.famille.in_(selection.familles))
        .group_by(Demarche.personne_id, Demarche.famille)
    )
    return Counter({(qui, "", nomenclatures.libelle("demarche", famille)): n for qui, famille, n in comptees})


def _tirer(dossiers: set[str]) -> Mapping[str, int]:
    """Au hasard de la machine : ni l'ordre des identifiants, ni celui des entrées, n'y laisse de trace."""
    tires = SystemRandom().sample(range(1, len(dossiers) + 1), len(dossiers))
    return dict(zip(sorted(dossiers), tires, strict=True))


def relire(chiffres: Sequence[Mapping[str, Any]], faits: Mapping[str, Any], reservees: bool) -> tuple[Partie, ...]:
    """L'inverse : les mêmes parties, leurs listes faites de pseudonymes. `reservees` : qui relit lit ces motifs-là."""
    lisibles = {cle: liste for cle, liste in faits.items() if reservees or not liste["reservee"]}
    relues = [(partie["titre"], [_relu(tableau, lisibles) for tableau in partie["tableaux"]]) for partie in chiffres]
    return tuple(
        Partie(titre, tuple(tableaux) if reservees else tuple(map(sans_motifs_reserves, tableaux)))
        for titre, tableaux in relues
    )


def _relu(donnees: Mapping[str, Any], faits: Mapping[str, Any]) -> Tableau:
    colonnes = tuple(Colonne(*dite) for dite in donnees["colonnes"])
    return Tableau(
        donnees["code"],
        donnees["titre"],
        donnees["unite"],
        tuple(
            Ligne(
                ligne["code"],
                ligne["libelle"],
                tuple(
                    _relue(cellule, faits.get(cle_de(donnees["code"], ligne["code"], colonne.code)))
                    for colonne, cellule in zip(colonnes, ligne["cellules"], strict=True)
                ),
                ligne["sorte"],
                ligne["indicateur"] if ligne["indicateur"] in INDICATEURS else None,
            )
            for ligne in donnees["lignes"]
        ),
        colonnes,
        tuple(donnees["notes"]),
        tuple(Controle(phrase, juste) for phrase, juste in donnees["controles"]),
        donnees["dessin"],
    )


def _relue(donnees: Mapping[str, Any], liste: Mapping[str, Any] | None) -> Cellule:
    nombre, selection = donnees["nombre"], None
    if nombre is not None and (liste or nombre == 0):
        selection = gardee_de(nombre, liste)
    return Cellule(
        donnees["texte"],
        nombre,
        donnees["part"],
        None if donnees["exact"] is None else Fraction(donnees["exact"]),
        donnees["decimales"],
        selection,
        tuple((code, n) for code, n in donnees.get("feuilles", ())),
    )


def gardee_de(nombre: int, liste: Mapping[str, Any] | None) -> DesPseudonymes:
    lignes = tuple((n, mois, cas, combien) for n, mois, cas, combien in (liste or {}).get("lignes", ()))
    return DesPseudonymes(nombre, (liste or {}).get("date", ""), lignes)
