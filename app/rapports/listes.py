"""Les listes derrière les chiffres : des mesures gardées en mémoire, ou des rendez-vous que la base relit par pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from app.domain import nomenclatures
from app.domain.indicateurs import rendez_vous as definition
from app.domain.indicateurs.periode import PARIS
from app.domain.masque import masquer
from app.domain.personne import nom_affiche
from app.equipe.lieux_masques import actuels
from app.models import Demarche, Entretien, Personne, PersonneValeur, RendezVous
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, FaitPiece, demarches_de, rendez_vous_de
from app.rapports.selection import LigneDeListe

TAILLE_DE_PAGE: Final = 100

DateDe = Literal["entree", "sortie", "orientation"]
_TITRES: Final[Mapping[DateDe, str]] = {"entree": "Entrée", "sortie": "Sortie", "orientation": "Orientation"}


@dataclass(frozen=True)
class DesMesures:
    """Des mesures, gardées telles qu'elles ont été comptées. `selon` : la date que la liste montre."""

    faits: Sequence[FaitMesure]
    selon: DateDe = "entree"

    @property
    def nombre(self) -> int:
        return len(self.faits)

    @property
    def date_libelle(self) -> str:
        return _TITRES[self.selon]

    def page(self, session: Session, demande: Demande, debut: int, taille: int) -> tuple[LigneDeListe, ...]:
        """De la plus ancienne à la plus récente, à la date qui les a fait compter."""
        date_de = _date_de(self.selon)
        choisies = sorted(self.faits, key=lambda fait: (date_de(fait), fait.id))[debut : debut + taille]
        noms = noms_affiches(session, demande.structure_id, {fait.personne_id for fait in choisies})
        return tuple(
            LigneDeListe(
                id=fait.id,
                dossier_id=fait.personne_id,
                nom=noms[fait.personne_id],
                reference=fait.reference,
                date="" if date_de(fait) == date.min else date_de(fait).isoformat(),
                heure=None,
                cas=_statut(fait, demande),
                cas_libelle=nomenclatures.libelle("statut_mesure", _statut(fait, demande)),
            )
            for fait in choisies
        )


@dataclass(frozen=True)
class Lieux:
    """Des lieux tels qu'ils sont écrits ; `sauf` : tous les autres ; sans aucun texte, aucun lieu noté."""

    textes: tuple[str, ...] = ()
    sauf: bool = False

    def condition(self) -> ColumnElement[bool]:
        if self.sauf:
            return RendezVous.lieu.is_not(None) & RendezVous.lieu.not_in(self.textes)
        return RendezVous.lieu.in_(self.textes) if self.textes else RendezVous.lieu.is_(None)


@dataclass(frozen=True)
class DesRendezVous:
    """Des rendez-vous, par leurs états et au besoin leurs lieux ; la base en a déjà compté le nombre."""

    nombre: int
    etats: frozenset[definition.Etat]
    lieux: Lieux | None = None

    @property
    def date_libelle(self) -> str:
        return "Date"

    def page(self, session: Session, demande: Demande, debut: int, taille: int) -> tuple[LigneDeListe, ...]:
        """Du plus ancien au plus récent."""
        if not self.etats:
            return ()
        champs = ("id", "personne_id", "reference", "statut", "debut", "lieu")
        passe = RendezVous.debut < demande.maintenant
        lus = session.execute(
            rendez_vous_de(demande, *(getattr(RendezVous, champ) for champ in champs))
            .where(or_(*((RendezVous.statut == s) & (passe if p else ~passe) for s, p in sorted(self.etats))))
            .where(self.lieux.condition() if self.lieux else true())
            .order_by(RendezVous.debut, RendezVous.id)
            .offset(debut)
            .limit(taille)
        ).all()
        personnes = {fait.personne_id for fait in lus}
        noms = noms_affiches(session, demande.structure_id, personnes)
        sexes, masques = _sexes(session, demande.structure_id, personnes), actuels(session, demande.structure_id)
        lignes = []
        for fait in lus:
            quand, cas = fait.debut.astimezone(PARIS), definition.cas((fait.statut, fait.debut < demande.maintenant))
            dit = "a_preciser" if cas == "a_preciser" else fait.statut
            lignes.append(
                LigneDeListe(
                    id=fait.id,
                    dossier_id=fait.personne_id,
                    nom=noms[fait.personne_id],
                    reference=fait.reference,
                    date=quand.date().isoformat(),
                    heure=quand.strftime("%H:%M"),
                    cas=cas,
                    cas_libelle=nomenclatures.libelle("statut_rendez_vous", dit, sexes.get(fait.personne_id)),
                    lieu=masquer(fait.lieu, masques),
                )
            )
        return tuple(lignes)


@dataclass(frozen=True)
class DesDemarches:
    """Des démarches, par leurs familles ; la base en a déjà compté le nombre."""

    nombre: int
    familles: tuple[str, ...]

    @property
    def date_libelle(self) -> str:
        return "Entretien du"

    def page(self, session: Session, demande: Demande, debut: int, taille: int) -> tuple[LigneDeListe, ...]:
        """De la plus ancienne à la plus récente."""
        ordre = (Demarche.date, Demarche.entretien_id, Demarche.rang)
        # La page se choisit dans l'index seul ; les entretiens de ses cent lignes s'ouvrent ensuite.
        choisies = (
            demarches_de(demande, Demarche.structure_id, *ordre, Demarche.famille)
            .where(Demarche.famille.in_(self.familles))
            .order_by(*ordre)
            .offset(debut)
            .limit(taille)
            .subquery()
        ).c
        lues = session.execute(
            select(*choisies, Entretien.personne_id, Entretien.reference)
            .join(
                Entretien,
                (Entretien.structure_id == choisies.structure_id) & (Entretien.id == choisies.entretien_id),
            )
            .order_by(choisies.date, choisies.entretien_id, choisies.rang)
        ).all()
        noms = noms_affiches(session, demande.structure_id, {lue.personne_id for lue in lues})
        return tuple(
            LigneDeListe(
                id=f"{lue.entretien_id}-{lue.rang}",
                dossier_id=lue.personne_id,
                nom=noms[lue.personne_id],
                reference=lue.reference,
                date=lue.date.isoformat(),
                heure=None,
                cas=lue.famille,
                cas_libelle=nomenclatures.libelle("demarche", lue.famille),
            )
            for lue in lues
        )


@dataclass(frozen=True)
class DesPieces:
    """Des pièces de dossiers, gardées telles qu'elles ont été comptées."""

    faits: Sequence[FaitPiece]
    libelle: str

    @property
    def nombre(self) -> int:
        return len(self.faits)

    @property
    def date_libelle(self) -> str:
        return "Date"

    def page(self, session: Session, demande: Demande, debut: int, taille: int) -> tuple[LigneDeListe, ...]:
        """De la plus ancienne à la plus récente."""
        choisies = sorted(self.faits, key=lambda fait: (fait.jour, fait.id))[debut : debut + taille]
        noms = noms_affiches(session, demande.structure_id, {fait.personne_id for fait in choisies})
        return tuple(
            LigneDeListe(
                id=fait.id,
                dossier_id=fait.personne_id,
                nom=noms[fait.personne_id],
                reference=None,
                date=fait.jour.isoformat(),
                heure=None,
                cas="piece",
                cas_libelle=self.libelle,
            )
            for fait in choisies
        )


def _date_de(selon: DateDe) -> Callable[[FaitMesure], date]:
    champ = {"entree": "entree_le", "sortie": "sortie_le", "orientation": "orientee_le"}[selon]
    return lambda fait: getattr(fait, champ) or date.min


def _statut(fait: FaitMesure, demande: Demande) -> str:
    """L'état de la mesure le dernier jour de la période, pas celui d'aujourd'hui."""
    dernier = demande.periode.dernier_jour
    if fait.sortie_le is not None and fait.sortie_le <= dernier:
        return "sortie"
    return "en_cours" if fait.entree_le is not None and fait.entree_le <= dernier else "en_integration"


def noms_affiches(session: Session, structure_id: str, personnes: Iterable[str]) -> dict[str, str]:
    """De quoi nommer les personnes d'une page, telles que le carnet les nomme."""
    lignes = session.execute(
        select(Personne.id, Personne.nom, Personne.prenom, Personne.nom_usage, Personne.pseudonymes).where(
            Personne.structure_id == structure_id, Personne.id.in_(sorted(personnes))
        )
    )
    return {ligne.id: nom_affiche(dict(ligne._mapping)) for ligne in lignes}


def _sexes(session: Session, structure_id: str, personnes: Iterable[str]) -> dict[str, str | None]:
    """Le sexe connu aujourd'hui, pour accorder les mots d'une liste."""
    valeurs = session.execute(
        select(PersonneValeur.personne_id, PersonneValeur.valeur)
        .where(
            PersonneValeur.structure_id == structure_id,
            PersonneValeur.champ == "sexe",
            PersonneValeur.personne_id.in_(sorted(personnes)),
        )
        .order_by(PersonneValeur.jour)
    )
    return {ligne.personne_id: ligne.valeur for ligne in valeurs}
