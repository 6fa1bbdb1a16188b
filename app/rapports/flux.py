"""Stock et flux d'une convention sur une année, répartition par sexe, et les listes qui sont derrière."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.domain import nomenclatures
from app.domain.indicateurs import arrondi
from app.domain.indicateurs import flux as definition
from app.domain.indicateurs.annee import PARIS, Annee
from app.domain.personne import nom_affiche
from app.rapports import faits
from app.rapports.regles import lire_regles
from app.rapports.tableau import CaseInconnue, Ligne, LigneDeListe, Liste, Tableau

_LIBELLES: Final = {indicateur.code: indicateur.nom for indicateur in definition.INDICATEURS}
_NON_RENSEIGNE: Final = "Non renseigné"
# La date qui a fait compter une mesure, et son nom ; sauf dit autrement, celle de l'entrée.
_A_L_ENTREE: Final[tuple[str, Callable[[faits.FaitMesure], date | None]]] = ("Entrée", lambda fait: fait.entree_le)
_DATES: Final[Mapping[str, tuple[str, Callable[[faits.FaitMesure], date | None]]]] = {
    "sorties": ("Sortie", lambda fait: fait.sortie_le),
    "en_integration": ("Orientation", lambda fait: fait.orientee_le),
}


def tableaux(
    session: Session, structure_id: str, convention: str, annee: int, maintenant: datetime | None = None
) -> tuple[Tableau, Tableau]:
    """Le tableau de stock et flux, puis la répartition par sexe, sur les mêmes faits."""
    periode = Annee(annee)
    regles = lire_regles(session, structure_id, convention, periode)
    lues = faits.mesures(session, structure_id, convention)
    comptes = {code: len(definition.retenir(lues, periode, code)) for code in definition.REGLES}
    libelles = _libelles(periode, maintenant)
    flux = tuple(Ligne(code, libelles[code], nombre, arrondi.entier(nombre)) for code, nombre in comptes.items())
    par_sexe = definition.par_sexe(lues, periode)
    sexe = tuple(
        Ligne(
            code,
            _libelle_du_sexe(code),
            len(mesures),
            arrondi.entier(len(mesures)),
            part=arrondi.pourcentage(len(mesures), comptes["accompagnees"], regles.decimales_sexe),
        )
        for code, mesures in par_sexe.items()
        # « Non renseigné » se montre toujours, même vide : c'est dire que personne ne manque.
        if mesures or code != "autre"
    )
    return (
        Tableau("flux", "Stock et flux", "mesures", convention, annee, flux),
        Tableau("sexe", _LIBELLES["sexe"], "mesures", convention, annee, sexe),
    )


def liste(
    session: Session, structure_id: str, convention: str, annee: int, case: str, maintenant: datetime | None = None
) -> Liste:
    """Les mesures derrière une ligne de l'un des deux tableaux ; `CaseInconnue` si la case n'existe pas."""
    if case not in definition.SEXES and case not in definition.REGLES:
        raise CaseInconnue(case)
    periode = Annee(annee)
    lire_regles(session, structure_id, convention, periode)
    lues = faits.mesures(session, structure_id, convention)
    if case in definition.SEXES:
        retenues, libelle = definition.par_sexe(lues, periode)[case], _libelle_du_sexe(case)
    else:
        retenues, libelle = definition.retenir(lues, periode, case), _libelles(periode, maintenant)[case]
    lignes = _lignes_de_liste(session, structure_id, case, retenues, periode)
    return Liste(case, libelle, convention, annee, lignes, _DATES.get(case, _A_L_ENTREE)[0])


def _lignes_de_liste(
    session: Session, structure_id: str, case: str, retenues: Sequence[faits.FaitMesure], annee: Annee
) -> tuple[LigneDeListe, ...]:
    """Du plus ancien au plus récent, à la date qui a fait compter chaque mesure dans cette case."""
    noms = faits.noms(session, structure_id, [f.personne_id for f in retenues])
    date_de = _DATES.get(case, _A_L_ENTREE)[1]
    return tuple(
        LigneDeListe(
            id=fait.id,
            dossier_id=fait.personne_id,
            nom=nom_affiche(noms[fait.personne_id]),
            reference=fait.reference,
            date=(date_de(fait) or date.min).isoformat(),
            heure=None,
            cas=_statut(fait, annee),
            cas_libelle=nomenclatures.libelle("statut_mesure", _statut(fait, annee)),
        )
        for fait in sorted(retenues, key=lambda fait: date_de(fait) or date.min)
    )


def _statut(fait: faits.FaitMesure, annee: Annee) -> str:
    """L'état de la mesure le dernier jour de l'année, pas celui d'aujourd'hui."""
    if fait.sortie_le is not None and fait.sortie_le <= annee.dernier_jour:
        return "sortie"
    entree = fait.entree_le is not None and fait.entree_le <= annee.dernier_jour
    return "en_cours" if entree else "en_integration"


def _libelles(annee: Annee, maintenant: datetime | None) -> dict[str, str]:
    """Tant que l'année court, son 31 décembre n'est pas passé : ce qui s'y compterait se compte à ce jour."""
    jour = (maintenant or datetime.now(UTC)).astimezone(PARIS).date()
    if jour > annee.dernier_jour:
        return _LIBELLES
    return {code: nom.replace("au 31 décembre", "à ce jour") for code, nom in _LIBELLES.items()}


def _libelle_du_sexe(code: str) -> str:
    return _NON_RENSEIGNE if code == "non_renseigne" else nomenclatures.libelle("sexe", code)
