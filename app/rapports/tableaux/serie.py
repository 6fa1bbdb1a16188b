"""La série : accompagnées, sorties et encore suivies, sur trois années, la plus ancienne d'abord."""

from typing import Final

from app.domain.indicateurs import catalogue
from app.domain.indicateurs.periode import Periode
from app.rapports.demande import Demande
from app.rapports.faits import ANNEES_DE_SERIE, Faits
from app.rapports.listes import DateDe, DesMesures
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau, addition

_LIGNES: Final[dict[str, DateDe]] = {"accompagnees": "entree", "sorties": "sortie", "suivies_fin": "entree"}


def serie(faits: Faits, demande: Demande, _: Regles) -> Tableau | None:
    """Trois années civiles ; rien pour une période qui n'en est pas une."""
    derniere = demande.periode.numero
    if derniere is None:
        return None
    annees = [Periode.annee(derniere - recul) for recul in reversed(range(ANNEES_DE_SERIE))]
    membres = {code: [faits.retenues(code, annee) for annee in annees] for code in _LIGNES}
    lignes = tuple(
        Ligne(
            code,
            catalogue.nom(code).replace(
                "à la fin", "au 31 décembre" if demande.finie else "à la fin de l’année, ou à ce jour"
            ),
            tuple(Cellule.compte(DesMesures(mesures, selon)) for mesures in membres[code]),
            indicateur=code,
        )
        for code, selon in _LIGNES.items()
    )
    controles = tuple(
        addition(
            len(membres["accompagnees"][rang]),
            (len(membres["sorties"][rang]), len(membres["suivies_fin"][rang])),
            annee.libelle,
        )
        for rang, annee in enumerate(annees)
    )
    colonnes = tuple(Colonne(annee.code, annee.libelle) for annee in annees)
    return Tableau("serie", "Série sur trois ans", "mesures", lignes, colonnes, controles=controles)
