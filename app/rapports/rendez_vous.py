"""Le tableau des rendez-vous d'une convention sur une année, et les listes qui sont derrière chaque chiffre."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.domain import nomenclatures
from app.domain.indicateurs import arrondi
from app.domain.indicateurs import rendez_vous as definition
from app.domain.indicateurs.annee import PARIS, Annee
from app.domain.masque import masquer
from app.domain.personne import nom_affiche
from app.equipe.lieux_masques import actuels
from app.rapports import faits
from app.rapports.regles import ReglesDuRapport, lire_regles
from app.rapports.tableau import CaseInconnue, Ligne, LigneDeListe, Liste, Tableau

TITRE: Final = "Rendez-vous"
_LIBELLES: Final = {indicateur.code: indicateur.nom for indicateur in definition.INDICATEURS}
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


def tableau(
    session: Session, structure_id: str, convention: str, annee: int, maintenant: datetime | None = None
) -> Tableau:
    """Le tableau ; `ConventionInconnue` ou `ValueError` (année) si la demande n'a pas de sens."""
    periode, instant = Annee(annee), maintenant or datetime.now(UTC)
    regles = lire_regles(session, structure_id, convention, periode)
    lus = faits.rendez_vous(session, structure_id, convention, periode)
    bilan = definition.bilan(lus, periode, instant, regles.annules_comptes)
    lignes = [_ligne(code, bilan, regles, annee) for code in _LIGNES]
    if not bilan.comptes["a_venir"]:
        lignes = [ligne for ligne in lignes if ligne.code != "a_venir"]
    return Tableau("rendez_vous", TITRE, "événements", convention, annee, tuple(lignes), _notes(regles))


def liste(
    session: Session, structure_id: str, convention: str, annee: int, case: str, maintenant: datetime | None = None
) -> Liste:
    """Les rendez-vous derrière une ligne du tableau ; `CaseInconnue` si la case n'existe pas."""
    periode, instant = Annee(annee), maintenant or datetime.now(UTC)
    if case not in definition.composition(False):
        raise CaseInconnue(case)
    regles = lire_regles(session, structure_id, convention, periode)
    lus = faits.rendez_vous(session, structure_id, convention, periode)
    retenus = definition.retenir(lus, periode, instant, case, regles.annules_comptes)
    return Liste(case, _LIBELLES[case], convention, annee, _lignes_de_liste(session, structure_id, retenus, instant))


def _lignes_de_liste(
    session: Session, structure_id: str, retenus: Sequence[faits.FaitRendezVous], instant: datetime
) -> tuple[LigneDeListe, ...]:
    personnes = [f.personne_id for f in retenus]
    noms, sexes = faits.noms(session, structure_id, personnes), faits.sexes(session, structure_id, personnes)
    lignes, masques = [], actuels(session, structure_id)
    for fait in retenus:
        debut = fait.debut.astimezone(PARIS)
        cas = definition.cas(fait, instant)
        lignes.append(
            LigneDeListe(
                id=fait.id,
                dossier_id=fait.personne_id,
                nom=nom_affiche(noms[fait.personne_id]),
                reference=fait.reference,
                date=debut.date().isoformat(),
                heure=debut.strftime("%H:%M"),
                cas=cas,
                cas_libelle=_libelle_du_cas(fait.statut, cas, sexes.get(fait.personne_id)),
                lieu=masquer(fait.lieu, masques),
            )
        )
    return tuple(lignes)


def _ligne(code: str, bilan: definition.Bilan, regles: ReglesDuRapport, annee: int) -> Ligne:
    if code in _TAUX:
        return Ligne(code, _LIBELLES[code], None, bilan.taux(code, regles.decimales_rendez_vous))
    nombre = bilan.comptes[code]
    url = f"/rapports/rendez-vous/{regles.code}/{annee}/liste/{code}"
    return Ligne(code, _LIBELLES[code], nombre, arrondi.entier(nombre), url)


def _libelle_du_cas(statut: str, cas: str, sexe: str | None) -> str:
    return nomenclatures.libelle("statut_rendez_vous", "a_preciser" if cas == "a_preciser" else statut, sexe)


def _notes(regles: ReglesDuRapport) -> tuple[str, ...]:
    a_cote = "Les rendez-vous à préciser et à venir ne sont comptés ni dans les proposés, ni dans les taux."
    if regles.annules_comptes:
        return ("La convention compte dans les proposés les rendez-vous annulés par le service.", a_cote)
    return (
        "Les rendez-vous annulés par le service, à préciser et à venir ne sont comptés ni dans les proposés, "
        "ni dans les taux.",
    )
