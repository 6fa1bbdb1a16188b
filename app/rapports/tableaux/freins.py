"""Les freins, par thème : relevés, travaillés, levés."""

from app.domain import nomenclatures
from app.domain.indicateurs import catalogue
from app.domain.indicateurs import freins as definition
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, Faits
from app.rapports.listes import DesMesures
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau


def freins(faits: Faits, demande: Demande, _: Regles) -> Tableau | None:
    """Rien tant qu'aucune mesure n'a de diagnostic."""
    diagnostics = faits.pieces_de_la_periode("diagnostic")
    avec = [m for m in faits.retenues("accompagnees") if m.id in diagnostics]
    if not avec:
        return None
    membres: dict[tuple[str, str], list[FaitMesure]] = {}
    for mesure in avec:
        for frein, etats in definition.etats(piece.valeurs for piece in diagnostics[mesure.id]).items():
            for etat in etats:
                membres.setdefault((frein, etat), []).append(mesure)
    lignes = []
    for frein in nomenclatures.codes("frein"):
        releves = membres.get((frein, "freins_releves"), [])
        bases = (len(avec), len(releves), len(releves))
        cellules = tuple(
            Cellule.compte(DesMesures(membres.get((frein, etat), [])), base)
            for etat, base in zip(definition.ETATS, bases, strict=True)
        )
        lignes.append(Ligne(frein, nomenclatures.libelle("frein", frein), cellules))
    colonnes = tuple(
        Colonne(etat, catalogue.nom(etat).removeprefix("Freins ").capitalize(), etat) for etat in definition.ETATS
    )
    lignes.append(
        Ligne(
            "avec_diagnostic",
            "Mesures accompagnées qui ont un diagnostic",
            (Cellule.compte(DesMesures(avec)), Cellule.rien(), Cellule.rien()),
            "total",
            indicateur="diagnostic_fait",
        )
    )
    return Tableau(
        "freins",
        "Freins relevés, travaillés, levés",
        "mesures",
        tuple(lignes),
        colonnes,
        notes=("Relevés se rapporte aux mesures qui ont un diagnostic, travaillés et levés aux relevés.",),
        dessin="barres_doubles",
    )
