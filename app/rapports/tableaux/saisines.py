"""Les saisines de la période, et celles d'avant la première rencontre."""

from app.domain.indicateurs import catalogue
from app.domain.indicateurs import saisines as definition
from app.rapports.contacts import premieres_physiques
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, Faits
from app.rapports.listes import DesMesures
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Ligne, Tableau


def saisines(faits: Faits, demande: Demande, _: Regles) -> Tableau | None:
    """Rien quand il n'y en a eu aucune : une saisine n'est pas un objectif."""
    pieces = faits.pieces_de_la_periode("saisine")
    premieres = {
        mesure: jour
        for mesure, siennes in pieces.items()
        if (jour := definition.premiere([piece.jour for piece in siennes], demande.periode))
    }
    saisies = [mesure for mesure in faits.mesures if mesure.id in premieres]
    if not saisies:
        return None
    rencontres = premieres_physiques(faits, saisies)

    def avant(mesure: FaitMesure) -> bool:
        return definition.avant_rencontre(premieres[mesure.id], rencontres.get(mesure.id))

    ligne = Ligne("saisines", catalogue.nom("saisines"), (Cellule.compte(DesMesures(saisies)),), indicateur="saisines")
    precoces = Cellule.compte(DesMesures([mesure for mesure in saisies if avant(mesure)]), len(saisies))
    return Tableau(
        "saisines",
        "Saisines",
        "mesures",
        (
            ligne,
            Ligne(
                "saisines_avant_rencontre",
                catalogue.nom("saisines_avant_rencontre"),
                (precoces,),
                "detail",
                indicateur="saisines_avant_rencontre",
            ),
        ),
    )
