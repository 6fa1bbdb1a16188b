"""Les rendez-vous : proposés, réalisés, manqués, et les taux ; puis les mêmes, lieu par lieu."""

from collections import Counter, defaultdict
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import select

from app.domain.indicateurs import catalogue
from app.domain.indicateurs import rendez_vous as definition
from app.domain.masque import est_masque
from app.domain.recherche import cle
from app.equipe.lieux_masques import actuels
from app.models import Lieu
from app.rapports.demande import Demande
from app.rapports.faits import Faits
from app.rapports.listes import DesRendezVous, Lieux
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Colonne, Ligne, Sorte, Tableau, addition

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
_PAR_LIEU: Final = ("proposes", "realise", "absences", "taux_presence")
_AUTRES: Final = "Autres lieux"
_AUCUN: Final = "Lieu non noté"


class _Rangee(NamedTuple):
    """Une ligne par lieu : ce que sa liste relit, et ses comptes."""

    code: str
    libelle: str
    lieux: Lieux | None
    etats: Counter[definition.Etat]


def rendez_vous(faits: Faits, _: Demande, regles: Regles) -> Tableau:
    decimales, annules_comptes = _reglages(regles)
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


def par_lieu(faits: Faits, demande: Demande, regles: Regles) -> Tableau | None:
    """Une ligne par lieu où l'on reçoit ; rien si tout s'est passé au même endroit.

    Ne se nomment que les lieux de la structure que les listes peuvent dire : un lieu tapé peut être une adresse.
    """
    decimales, annules_comptes = _reglages(regles)
    rangees = _rangees(faits, demande)
    if len(rangees) < 2:
        return None
    total = _Rangee("total", "Total", None, faits.rendez_vous)
    lignes = tuple(
        Ligne(
            rangee.code,
            rangee.libelle,
            tuple(_case(code, rangee, decimales, annules_comptes) for code in _PAR_LIEU),
            "total" if rangee is total else "ligne",
        )
        for rangee in (*rangees, total)
    )
    controles = tuple(
        addition(
            lignes[-1].cellules[rang].nombre or 0,
            [ligne.cellules[rang].nombre or 0 for ligne in lignes[:-1]],
            catalogue.nom(code),
        )
        for rang, code in enumerate(_PAR_LIEU)
        if code not in _TAUX
    )
    noms = {code: catalogue.nom(code).removeprefix("Rendez-vous ").capitalize() for code in _PAR_LIEU}
    return Tableau(
        "rendez_vous_lieux",
        "Rendez-vous par lieu",
        "événements",
        lignes,
        tuple(Colonne(code, nom, code) for code, nom in noms.items()),
        notes=_notes(annules_comptes),
        controles=controles,
    )


def _rangees(faits: Faits, demande: Demande) -> list[_Rangee]:
    """Les lieux nommés par ordre alphabétique, puis les autres, puis ceux que rien ne dit."""
    masques = actuels(faits.session, demande.structure_id)
    nommes = {
        cle(lieu.nom): lieu
        for lieu in faits.session.scalars(select(Lieu).where(Lieu.structure_id == demande.structure_id))
        if not est_masque(lieu.nom, masques)
    }
    textes: dict[str, list[str]] = defaultdict(list)
    etats: dict[str | None, Counter[definition.Etat]] = defaultdict(Counter)
    for texte, comptes in faits.rendez_vous_par_lieu.items():
        if texte is not None and cle(texte) in nommes:
            textes[cle(texte)].append(texte)
            etats[cle(texte)].update(comptes)
        else:
            etats[None if texte is None else _AUTRES].update(comptes)
    tous = tuple(sorted(texte for siens in textes.values() for texte in siens))
    rangees = [_Rangee(nommes[c].id, nommes[c].nom, Lieux(tuple(sorted(textes[c]))), etats[c]) for c in sorted(textes)]
    rangees.append(_Rangee("autres", _AUTRES, Lieux(tous, sauf=True), etats[_AUTRES]))
    rangees.append(_Rangee("aucun", _AUCUN, Lieux(), etats[None]))
    return [rangee for rangee in rangees if rangee.etats]


def _case(code: str, rangee: _Rangee, decimales: int, annules_comptes: bool) -> Cellule:
    bilan = definition.bilan(rangee.etats, annules_comptes)
    if code in _TAUX:
        return Cellule.taux(bilan.exact(code), decimales)
    return Cellule.compte(DesRendezVous(bilan.comptes[code], definition.etats(code, annules_comptes), rangee.lieux))


def _reglages(regles: Regles) -> tuple[int, bool]:
    """Les décimales des taux, et si les rendez-vous annulés par le service comptent."""
    regle = partial(regles.dans, "rapport_rendez_vous")
    return int(regle("decimales", 1)), bool(regle("annules_comptes", False))


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
