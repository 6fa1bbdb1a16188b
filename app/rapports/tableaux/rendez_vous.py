"""Le tableau des rendez-vous : proposés, réalisés, manqués, et les taux."""

from typing import Final

from app.domain.indicateurs import catalogue
from app.domain.indicateurs import rendez_vous as definition
from app.rapports.demande import Demande
from app.rapports.faits import Faits
from app.rapports.listes import DesRendezVous
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Ligne, Sorte, Tableau, addition

_TAUX: Final = ("taux_presence", "taux_absence")
# L'ordre de lecture : ce qui compte, les taux, puis ce qui est montré à côté.
_LIGNES: Final = (
    "proposes",
    "realise",
    "absences",
    "absence_excusee",
    "absence_non_excusee",
    *_TAUX,
    "annule_service",
    "a_preciser",
    "a_venir",
)


def rendez_vous(faits: Faits, _: Demande, regles: Regles) -> Tableau:
    decimales = int(regles.dans("rapport_rendez_vous", "decimales", 1))
    annules_comptes = bool(regles.dans("rapport_rendez_vous", "annules_comptes", False))
    bilan = definition.bilan(faits.rendez_vous, annules_comptes)
    lignes = tuple(
        _ligne(code, bilan, decimales, annules_comptes)
        for code in _LIGNES
        if code != "a_venir" or bilan.comptes["a_venir"]
    )
    n = bilan.comptes
    manques = (n["absences"], n["annule_service"]) if annules_comptes else (n["absences"],)
    controles = (
        addition(n["proposes"], (n["realise"], *manques), "proposés"),
        addition(n["absences"], (n["absence_excusee"], n["absence_non_excusee"]), "absences"),
    )
    return Tableau(
        "rendez_vous", "Rendez-vous", "événements", lignes, notes=_notes(annules_comptes), controles=controles
    )


def _ligne(code: str, bilan: definition.Bilan, decimales: int, annules_comptes: bool) -> Ligne:
    if code in _TAUX:
        cellule = Cellule.taux(bilan.exact(code), decimales)
        return Ligne(code, catalogue.nom(code), (cellule,), "taux", indicateur=code)
    selection = DesRendezVous(bilan.comptes[code], definition.etats(code, annules_comptes))
    nom = catalogue.nom(code)
    sorte: Sorte = "detail" if nom.startswith("dont") else "ligne"
    return Ligne(code, nom, (Cellule.compte(selection),), sorte, indicateur=code)


def _notes(annules_comptes: bool) -> tuple[str, ...]:
    if annules_comptes:
        return (
            "La convention compte dans les proposés les rendez-vous annulés par le service.",
            "Les rendez-vous à préciser et à venir ne sont comptés ni dans les proposés, ni dans les taux.",
        )
    return (
        "Les rendez-vous annulés par le service, à préciser et à venir ne sont comptés ni dans les proposés, "
        "ni dans les taux.",
    )
