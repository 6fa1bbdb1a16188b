"""Le rapport d'une demande : tous ses tableaux, dans l'ordre de lecture, et ce qu'il y a derrière chaque chiffre."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from app.rapports.demande import Demande
from app.rapports.faits import Faits
from app.rapports.listes import TAILLE_DE_PAGE
from app.rapports.regles import Regles, lire_regles
from app.rapports.tableau import CaseInconnue, Liste, Tableau
from app.rapports.tableaux import logement, moyens, profil, sorties, suites
from app.rapports.tableaux.actions import actions
from app.rapports.tableaux.conformite import conformite, conformite_seule
from app.rapports.tableaux.demarches import demarches
from app.rapports.tableaux.duree import duree
from app.rapports.tableaux.etapes import etapes
from app.rapports.tableaux.flux import par_sexe, stock_et_flux
from app.rapports.tableaux.freins import freins
from app.rapports.tableaux.rendez_vous import par_lieu, rendez_vous
from app.rapports.tableaux.resultats import resultats
from app.rapports.tableaux.saisines import saisines
from app.rapports.tableaux.serie import serie

# Les champs datés que les tableaux d'un rapport entier lisent tous.
CHAMPS: Final = ("sexe", "rsa", "ressources", "niveau_formation", "rqth", "derniere_activite_le")

# Un tableau, ou rien quand la convention ne le demande pas.
Composer = Callable[[Faits, Demande, Regles], Tableau | None]


@dataclass(frozen=True)
class Chapitre:
    """Une suite de tableaux sous un même titre, chacun par son code."""

    titre: str
    tableaux: dict[str, Composer]


CHAPITRES: Final = (
    Chapitre("Activité", {"flux": stock_et_flux, "serie": serie}),
    Chapitre(
        "Les personnes accompagnées",
        {
            "sexe": par_sexe,
            "age": profil.par_age,
            "brsa": profil.brsa,
            "minima": profil.minima,
            "rqth": profil.rqth,
            "niveau_formation": profil.par_niveau,
            "inactivite": profil.inactivite,
            "prescripteur": profil.prescripteurs,
        },
    ),
    Chapitre(
        "L’accompagnement",
        {
            "rendez_vous": rendez_vous,
            "rendez_vous_lieux": par_lieu,
            "saisines": saisines,
            "actions": actions,
            "demarches": demarches,
            "freins": freins,
            "situations_logement": logement.situations,
            "demandes_logement": logement.demandes,
        },
    ),
    Chapitre("Les sorties", {**sorties.PAR_GRILLE, "sorties_motifs": sorties.par_motif}),
    Chapitre(
        "Les résultats",
        {
            "resultats": resultats,
            "etapes": etapes,
            "duree": duree,
            "acces_emploi": suites.acces_emploi,
            "veille": suites.veille,
        },
    ),
    Chapitre("La convention", {"conformite": conformite, "equipe": moyens.equipe, "cadre": moyens.cadre}),
)
_COMPOSER: Final[dict[str, Composer]] = {
    code: composer for chapitre in CHAPITRES for code, composer in chapitre.tableaux.items()
}


@dataclass(frozen=True)
class Partie:
    """Un chapitre composé."""

    titre: str
    tableaux: tuple[Tableau, ...]


def parties(session: Session, demande: Demande) -> tuple[Partie, ...]:
    """Les chapitres qui ont quelque chose à montrer ; `ConventionInconnue` si la structure n'a pas l'une d'elles."""
    faits, regles = Faits(session, demande), lire_regles(session, demande)
    faits.lire_ensemble(CHAMPS)
    composees = []
    for chapitre in CHAPITRES:
        tableaux = tuple(t for composer in chapitre.tableaux.values() if (t := composer(faits, demande, regles)))
        if tableaux:
            composees.append(Partie(chapitre.titre, tableaux))
    return tuple(composees)


def tableaux_de(parties: Sequence[Partie]) -> tuple[Tableau, ...]:
    """Dans l'ordre de lecture."""
    return tuple(tableau for partie in parties for tableau in partie.tableaux)


def tableau(session: Session, demande: Demande, code: str, ligne: str | None = None) -> Tableau:
    """Un seul tableau, ou ce qu'il en faut pour `ligne` ; `CaseInconnue` si le rapport ne l'a pas."""
    if code not in _COMPOSER:
        raise CaseInconnue(code)
    composer = partial(conformite_seule, ligne=ligne) if ligne and code == "conformite" else _COMPOSER[code]
    faits = Faits(session, demande, sans_serie=code == "conformite")
    compose = composer(faits, demande, lire_regles(session, demande))
    if compose is None:
        raise CaseInconnue(code)
    return compose


def liste(session: Session, demande: Demande, code: str, ligne: str, colonne: str = "nombre", page: int = 1) -> Liste:
    """Une page de la liste derrière un chiffre ; `CaseInconnue` si la case n'existe pas ou n'est pas un compte."""
    return page_de(session, demande, tableau(session, demande, code, ligne), (ligne, colonne), page)


def page_de(session: Session, demande: Demande, trouve: Tableau, case: tuple[str, str], page: int) -> Liste:
    """La même, d'un tableau déjà composé."""
    selection = trouve.cellule(*case).selection
    debut = (page - 1) * TAILLE_DE_PAGE
    if selection is None or page < 1 or (page > 1 and debut >= selection.nombre):
        raise CaseInconnue(case[0])
    lignes = selection.page(session, demande, debut, TAILLE_DE_PAGE)
    return Liste(trouve.nom_de(*case), selection.date_libelle, selection.nombre, lignes, trouve.titre)
