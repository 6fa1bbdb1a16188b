"""Stock et flux, et la répartition par sexe des personnes accompagnées."""

from collections.abc import Sequence
from typing import Final

from app.domain import nomenclatures
from app.domain.indicateurs import catalogue
from app.domain.indicateurs import flux as definition
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, Faits
from app.rapports.listes import DateDe, DesMesures
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Ligne, Tableau, addition

# La date qui a fait compter une mesure ; sauf dit autrement, celle de l'entrée.
_SELON: Final[dict[str, DateDe]] = {"sorties": "sortie", "en_integration": "orientation"}


def stock_et_flux(faits: Faits, demande: Demande, _: Regles) -> Tableau:
    membres = {code: faits.retenues(code) for code in definition.REGLES}
    n = {code: len(mesures) for code, mesures in membres.items()}
    lignes = [
        Ligne(
            code,
            _libelle(code, demande),
            (Cellule.compte(DesMesures(mesures, _SELON.get(code, "entree"))),),
            "detail" if catalogue.nom(code).startswith("dont") else "ligne",
            indicateur=code,
        )
        for code, mesures in membres.items()
    ]
    distinctes = _une_par_personne(membres["accompagnees"])
    lignes.append(
        Ligne(
            "personnes_distinctes",
            catalogue.nom("personnes_distinctes"),
            (Cellule.compte(DesMesures(distinctes)),),
            indicateur="personnes_distinctes",
        )
    )
    controles = (
        addition(n["accompagnees"], (n["presentes_debut"], n["entrees"]), "accompagnées, présentes et entrées"),
        addition(n["accompagnees"], (n["sorties"], n["suivies_fin"]), "accompagnées, sorties et encore suivies"),
    )
    return Tableau("flux", "Stock et flux", "mesures", tuple(lignes), controles=controles)


def par_sexe(faits: Faits, demande: Demande, regles: Regles) -> Tableau:
    decimales = int(regles.dans("rapport_sexe", "decimales", 0))
    rangees = definition.par_sexe(faits.retenues("accompagnees"), faits.valeurs("sexe"), demande.periode)
    total = sum(len(mesures) for mesures in rangees.values())
    lignes = tuple(
        Ligne(
            code,
            "Non renseigné" if code == "non_renseigne" else nomenclatures.libelle("sexe", code),
            (Cellule.compte(DesMesures(mesures), total, decimales),),
            indicateur="sexe",
        )
        for code, mesures in rangees.items()
        # « Non renseigné » se montre toujours, même vide : c'est dire que personne ne manque.
        if mesures or code != "autre"
    )
    accompagnees = len(faits.retenues("accompagnees"))
    return Tableau(
        "sexe",
        catalogue.nom("sexe"),
        "mesures",
        lignes,
        controles=(addition(accompagnees, [li.nombre or 0 for li in lignes]),),
        dessin="parts",
    )


def _une_par_personne(mesures: Sequence[FaitMesure]) -> list[FaitMesure]:
    """La première mesure de chaque personne : autant de lignes que de personnes."""
    return list({mesure.personne_id: mesure for mesure in reversed(mesures)}.values())


def _libelle(code: str, demande: Demande) -> str:
    """Tant que la période court, sa fin n'est pas passée : ce qui s'y compterait se compte à ce jour."""
    jour = f"au {demande.periode.dernier_jour:%d/%m/%Y}" if demande.finie else "à ce jour"
    return catalogue.nom(code).replace("à la fin", jour)
