"""Les taux de retour à l'emploi, et la cible que la convention fixe à chacun."""

from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from app.domain.indicateurs import arrondi, catalogue
from app.domain.indicateurs.etapes import est_une_activite
from app.domain.indicateurs.profil import valeur_au
from app.domain.indicateurs.resultats import CREATION, EMPLOI
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, Faits
from app.rapports.listes import DateDe, DesMesures
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau

_COLONNES: Final = (
    Colonne("nombre", "Nombre"),
    Colonne("base", "Sur"),
    Colonne("taux", "Taux"),
    Colonne("cible", "Cible"),
)
DECIMALES: Final = 1


def resultats(faits: Faits, demande: Demande, regles: Regles) -> Tableau:
    sorties = faits.retenues("sorties")
    accompagnees = faits.retenues("accompagnees")
    lignes = [
        _ligne("sortie_emploi", [m for m in sorties if m.sortie_motif in EMPLOI], sorties, regles, "sortie"),
        _ligne("reprise_activite", _reprises(faits, demande, accompagnees), accompagnees, regles),
    ]
    if regles.une_dit("cv_depose"):
        lignes.append(_cv(faits, demande, regles, accompagnees))
    avec_cible = any(ligne.cellules[-1].texte for ligne in lignes)
    notes = []
    if avec_cible:
        notes.append("Les dénominateurs des cibles ne sont pas dans la fiche du financeur\u202f: à confirmer.")
    if any(m.sortie_motif == CREATION for m in sorties):
        notes.append(
            "Une création d’entreprise n’est pas comptée en emploi, comme au rapport 2022 du DSP\u202f; les autres "
            "sources ne le disent pas\u202f: à confirmer."
        )
    return Tableau(
        "resultats",
        "Retour à l’emploi",
        "mesures",
        tuple(lignes if avec_cible else map(_sans_cible, lignes)),
        _COLONNES if avec_cible else _COLONNES[:-1],
        notes=tuple(notes),
    )


def _reprises(faits: Faits, demande: Demande, accompagnees: list[FaitMesure]) -> list[FaitMesure]:
    etapes = faits.pieces_de_la_periode("etape")
    return [
        m
        for m in accompagnees
        if any(
            demande.periode.contient(piece.jour)
            and m.entree_le is not None
            and m.entree_le <= piece.jour
            and est_une_activite(piece.valeurs)
            for piece in etapes.get(m.id, ())
        )
    ]


def _cv(faits: Faits, demande: Demande, regles: Regles, accompagnees: list[FaitMesure]) -> Ligne:
    dernier, prets, cv = demande.periode.dernier_jour, faits.valeurs("pret_emploi"), faits.valeurs("cv_depose")

    def au_dernier_jour(valeurs: Any, mesure: FaitMesure) -> Any:
        return valeur_au(valeurs.get(mesure.personne_id, ()), dernier)

    base = [m for m in accompagnees if au_dernier_jour(prets, m) is True]
    return _ligne("cv_depose", [m for m in base if au_dernier_jour(cv, m)], base, regles)


def _sans_cible(ligne: Ligne) -> Ligne:
    return replace(ligne, cellules=ligne.cellules[:-1])


def _ligne(
    code: str, membres: list[FaitMesure], base: list[FaitMesure], regles: Regles, selon: DateDe = "entree"
) -> Ligne:
    voulue = regles.dans("cibles", code, None)
    cible = Cellule.rien() if voulue is None else Cellule.taux(Fraction(int(voulue)), 0)
    cellules = (
        Cellule.compte(DesMesures(membres, selon)),
        Cellule.compte(DesMesures(base, selon)),
        Cellule.taux(arrondi.part(len(membres), len(base)), DECIMALES),
        cible,
    )
    return Ligne(code, catalogue.nom(code), cellules, indicateur=code)
