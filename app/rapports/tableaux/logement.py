"""Où vivent les personnes accompagnées, à l'entrée puis au plus tard, et les demandes déposées pour elles."""

from collections import defaultdict
from typing import Final

from app.domain import nomenclatures
from app.domain.indicateurs import catalogue
from app.domain.indicateurs import logement as definition
from app.domain.indicateurs.profil import NON_RENSEIGNE, valeur_a_l_entree, valeur_au
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, FaitPiece, Faits
from app.rapports.listes import DesMesures, DesPieces
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau, addition

_LIBELLES: Final = {
    "rue": "À la rue",
    "urgence": "Hébergement d’urgence",
    "hebergement": "Foyer ou hébergement temporaire, accompagné",
    "etablissement": "En établissement, sans logement à la sortie",
    "non_conventionnel": "Abri de fortune, caravane, squat",
    "tiers": "Chez un tiers",
    "logement": "Locataire ou propriétaire",
    NON_RENSEIGNE: "Non renseigné",
}
_A_CONFIRMER: Final = "D’après les catégories d’ETHOS Light\u202f; libellés français à confirmer."


def situations(faits: Faits, demande: Demande, regles: Regles) -> Tableau | None:
    """Rien si aucune convention ne le demande."""
    if not _demande(regles):
        return None
    dernier, connues = demande.periode.dernier_jour, faits.valeurs("logement")
    accompagnees = faits.retenues("accompagnees")
    a_l_entree: dict[str, list[FaitMesure]] = defaultdict(list)
    au_plus_tard: dict[str, list[FaitMesure]] = defaultdict(list)
    for m in accompagnees:
        historique = connues.get(m.personne_id, ())
        a_l_entree[definition.categorie(valeur_a_l_entree(historique, m.entree_le))].append(m)
        jour = min(dernier, m.sortie_le) if m.sortie_le else dernier
        au_plus_tard[definition.categorie(valeur_au(historique, jour))].append(m)
    lignes = tuple(
        Ligne(
            code,
            _LIBELLES[code],
            tuple(
                Cellule.compte(DesMesures(rangees[code]), len(accompagnees)) for rangees in (a_l_entree, au_plus_tard)
            ),
            indicateur="situations_logement",
        )
        for code in definition.CATEGORIES
    )
    return Tableau(
        "situations_logement",
        catalogue.nom("situations_logement"),
        "mesures",
        lignes,
        (Colonne("entree", "À l’entrée"), Colonne("derniere", "Dernière connue")),
        notes=(_A_CONFIRMER,),
        controles=tuple(
            addition(len(accompagnees), [ligne.cellules[rang].nombre or 0 for ligne in lignes]) for rang in (0, 1)
        ),
        dessin="barres_doubles",
    )


def demandes(faits: Faits, demande: Demande, regles: Regles) -> Tableau | None:
    """Rien si aucune convention ne le demande, ou si aucune n'a été déposée."""
    if not _demande(regles):
        return None
    trouvees: dict[tuple[str, str], list[FaitPiece]] = defaultdict(list)
    for pieces in faits.pieces_de_la_periode("demande").values():
        for piece in pieces:
            nature = piece.valeurs.get("nature")
            if nature in definition.NATURES and demande.periode.contient(piece.jour):
                trouvees[nature, definition.reponse_au(piece.valeurs, demande.periode.dernier_jour)].append(piece)
    if not trouvees:
        return None
    lignes = tuple(_ligne(nature, trouvees) for nature in definition.NATURES)
    reponses = tuple(Colonne(code, nomenclatures.libelle("statut_demande", code)) for code in definition.REPONSES)
    return Tableau(
        "demandes_logement",
        catalogue.nom("demandes_logement"),
        "demandes",
        lignes,
        (Colonne("deposees", "Déposées"), *reponses),
        controles=tuple(
            addition(ligne.nombre or 0, [cellule.nombre or 0 for cellule in ligne.cellules[1:]]) for ligne in lignes
        ),
    )


def _ligne(nature: str, trouvees: dict[tuple[str, str], list[FaitPiece]]) -> Ligne:
    libelle = nomenclatures.libelle("nature_demande", nature)
    par_reponse = [trouvees[nature, reponse] for reponse in definition.REPONSES]
    toutes = sorted((p for pieces in par_reponse for p in pieces), key=lambda piece: (piece.jour, piece.id))
    cellules = tuple(Cellule.compte(DesPieces(pieces, libelle)) for pieces in (toutes, *par_reponse))
    return Ligne(nature, libelle, cellules, indicateur="demandes_logement")


def _demande(regles: Regles) -> bool:
    return any(regles.de(version, "rapport_logement") for version in regles.versions)
