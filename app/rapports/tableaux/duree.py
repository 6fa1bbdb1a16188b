"""La durée moyenne d'accompagnement, en mois."""

from fractions import Fraction

from app.domain.indicateurs import arrondi, catalogue
from app.domain.indicateurs import duree as definition
from app.rapports.demande import Demande
from app.rapports.faits import Faits
from app.rapports.listes import DesMesures
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau

DECIMALES = 0


def duree(faits: Faits, demande: Demande, _: Regles) -> Tableau:
    accompagnees = faits.retenues("accompagnees")
    sorties = faits.retenues("sorties")
    # Tant que la période court, ce qui dure encore se compte jusqu'à ce jour.
    jusqu_au = min(demande.periode.dernier_jour, demande.aujourd_hui)
    lignes = (
        _ligne("duree_accompagnees", definition.moyenne_en_mois(accompagnees, jusqu_au), DesMesures(accompagnees)),
        _ligne("duree_sorties", definition.moyenne_en_mois(sorties, jusqu_au), DesMesures(sorties, "sortie")),
    )
    colonnes = (Colonne("mois", "Durée moyenne"), Colonne("base", "Sur"))
    return Tableau("duree", "Durée d’accompagnement", "mesures", lignes, colonnes)


def _ligne(code: str, mois: Fraction | None, base: DesMesures) -> Ligne:
    texte = "—" if mois is None else f"{arrondi.decimal(mois, DECIMALES)}\u00a0mois"
    moyenne = Cellule(texte, exact=mois, decimales=DECIMALES)
    return Ligne(code, catalogue.nom(code), (moyenne, Cellule.compte(base)), indicateur=code)
