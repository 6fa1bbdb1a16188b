"""Les étapes de parcours commencées dans la période, par nature."""

from app.domain import nomenclatures
from app.domain.indicateurs import catalogue
from app.domain.indicateurs import etapes as definition
from app.rapports.demande import Demande
from app.rapports.faits import FaitPiece, Faits
from app.rapports.listes import DesPieces
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Ligne, Tableau, addition


def etapes(faits: Faits, demande: Demande, _: Regles) -> Tableau | None:
    """Rien si aucune étape n'a commencé."""
    bornes = {mesure.id: (mesure.entree_le, mesure.sortie_le) for mesure in faits.mesures}
    par_nature: dict[str, list[FaitPiece]] = {}
    toutes: list[FaitPiece] = []
    for mesure_id, pieces in faits.pieces_de_la_periode("etape").items():
        for piece in pieces:
            if demande.periode.contient(piece.jour) and definition.pendant(piece.jour, *bornes[mesure_id]):
                par_nature.setdefault(str(piece.valeurs.get("nature") or "autre"), []).append(piece)
                toutes.append(piece)
    if not toutes:
        return None
    connues = nomenclatures.codes("nature_etape")
    inconnues = sorted(set(par_nature) - set(connues))
    lignes = [_ligne(nature, par_nature[nature]) for nature in (*connues, *inconnues) if nature in par_nature]
    total = Ligne("total", "Total", (Cellule.compte(DesPieces(toutes, "Étape")),), "total", indicateur="etapes")
    controles = (addition(len(toutes), [li.nombre or 0 for li in lignes]),)
    return Tableau("etapes", catalogue.nom("etapes"), "étapes", (*lignes, total), controles=controles)


def _ligne(nature: str, pieces: list[FaitPiece]) -> Ligne:
    libelle = nomenclatures.libelle("nature_etape", nature)
    return Ligne(nature, libelle, (Cellule.compte(DesPieces(pieces, libelle)),), indicateur="etapes")
