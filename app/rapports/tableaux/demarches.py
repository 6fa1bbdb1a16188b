"""Les démarches : social et emploi, puis chaque famille dans son groupe."""

from app.domain import nomenclatures
from app.domain.indicateurs import catalogue
from app.domain.indicateurs import demarches as definition
from app.rapports.demande import Demande
from app.rapports.faits import Faits
from app.rapports.listes import DesDemarches
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Ligne, Tableau, addition


def demarches(faits: Faits, _: Demande, __: Regles) -> Tableau:
    familles = {groupe: tuple(reunies) for groupe, reunies in nomenclatures.donnees()["familles"].items()}
    comptes, totaux = faits.demarches, definition.par_groupe(familles, faits.demarches)
    total = sum(comptes.values())
    toutes = tuple(famille for reunies in familles.values() for famille in reunies)
    lignes = [
        Ligne(
            "demarches",
            catalogue.nom("demarches"),
            (Cellule.compte(DesDemarches(total, toutes)),),
            "total",
            indicateur="demarches",
        )
    ]
    controles = [addition(total, list(totaux.values()))]
    for groupe, reunies in familles.items():
        lignes.append(
            Ligne(
                groupe,
                nomenclatures.libelle("groupe_demarches", groupe),
                (Cellule.compte(DesDemarches(totaux[groupe], reunies), total),),
                "sous_total",
                indicateur="part_des_demarches",
            )
        )
        for famille in reunies:
            nombre = comptes.get(famille, 0)
            cellule = Cellule.compte(DesDemarches(nombre, (famille,)), totaux[groupe])
            libelle = nomenclatures.libelle("demarche", famille)
            lignes.append(Ligne(famille, libelle, (cellule,), "detail", indicateur="famille_de_demarches"))
        controles.append(addition(totaux[groupe], [comptes.get(f, 0) for f in reunies]))
    return Tableau(
        "demarches",
        catalogue.nom("demarches"),
        "démarches",
        tuple(lignes),
        notes=("La part d’une famille se rapporte à son groupe, celle d’un groupe à toutes les démarches.",),
        controles=tuple(controles),
    )
