"""Les files actives de l'équipe : combien de dossiers chacun suit, lesquels, et depuis quand."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from app.domain.mesure import convention_au, nom_court
from app.domain.personne import nom_affiche
from app.domain.recherche import cle
from app.equipe.suivis import Suivie, mesures_suivies
from app.models import Acces, Mesure, MesureReferent, Personne, RendezVous, Utilisateur
from sync.conventions import conventions_de
from sync.regles.regle import TERRAIN

# Ce qui tient lieu d'identifiant aux dossiers que personne ne suit.
SANS = "sans"


@dataclass(frozen=True)
class Collegue:
    id: str
    nom: str
    ouvert: bool
    dossiers: int


@dataclass
class Suivi:
    """Un dossier d'une file active. `mesures` : celles qu'elle suit, (identifiant, convention, depuis)."""

    id: str
    nom: str
    mesures: list[tuple[str, str, dt.date]] = field(default_factory=list)


def collegues(session: Session, structure_id: str, jour: dt.date) -> list[Collegue]:
    """Qui suit des dossiers, ou en suivait quand son compte a été fermé : ceux-là attendent d'être confiés. En dernier,
    `SANS` : ceux que personne ne suit.
    """
    en_cours = and_(Acces.actif, or_(Acces.jusqu_au.is_(None), Acces.jusqu_au >= jour))
    comptes = session.execute(
        select(Acces.utilisateur_id, func.count())
        .where(Acces.structure_id == structure_id, en_cours)
        .group_by(Acces.utilisateur_id)
    )
    nombres = {utilisateur_id: nombre for utilisateur_id, nombre in comptes}  # noqa: C416  # des lignes, pas des couples
    utilisateurs = session.scalars(
        select(Utilisateur)
        .where(Utilisateur.structure_id == structure_id, Utilisateur.role.in_(sorted(TERRAIN)))
        .order_by(Utilisateur.id)
    )
    lus = [Collegue(u.id, f"{u.prenom} {u.nom}".strip(), u.actif, nombres.get(u.id, 0)) for u in utilisateurs]
    lus.sort(key=lambda collegue: cle(collegue.nom))
    sans = len({suivie.personne_id for suivie in _sans_referent(session, structure_id, jour)})
    orphelins = [Collegue(SANS, "Personne", False, sans)] if sans else []
    return [collegue for collegue in lus if collegue.ouvert or collegue.dossiers] + orphelins


def file_de(session: Session, structure_id: str, utilisateur_id: str, jour: dt.date) -> list[Suivi]:
    """Les dossiers de sa file active, par nom ; ce qu'on lui prête n'en est pas."""
    if utilisateur_id == SANS:
        return _que_personne_ne_suit(session, structure_id, jour)
    personnes = session.scalars(
        select(Personne)
        .join(Acces, and_(Acces.structure_id == Personne.structure_id, Acces.personne_id == Personne.id))
        .where(
            Personne.structure_id == structure_id,
            Acces.utilisateur_id == utilisateur_id,
            Acces.actif,
            or_(Acces.jusqu_au.is_(None), Acces.jusqu_au >= jour),
        )
    ).all()
    suivis = {personne.id: Suivi(personne.id, nom_de(personne)) for personne in personnes}
    conventions = conventions_de(session, structure_id)
    for mesure, depuis in _mesures(session, structure_id, utilisateur_id, suivis, jour):
        convention = convention_au(conventions, mesure.convention, jour.isoformat())
        nom = nom_court(convention) if convention else mesure.convention
        suivis[mesure.personne_id].mesures.append((mesure.id, nom, depuis))
    return _par_nom(personnes, suivis)


def _que_personne_ne_suit(session: Session, structure_id: str, jour: dt.date) -> list[Suivi]:
    """`depuis` : le jour où elles ont été orientées, ou entrées."""
    sans = {suivie.id for suivie in _sans_referent(session, structure_id, jour)}
    mesures = session.scalars(select(Mesure).where(Mesure.structure_id == structure_id, Mesure.id.in_(sans))).all()
    personnes = session.scalars(
        select(Personne).where(
            Personne.structure_id == structure_id, Personne.id.in_({mesure.personne_id for mesure in mesures})
        )
    ).all()
    suivis = {personne.id: Suivi(personne.id, nom_de(personne)) for personne in personnes}
    conventions = conventions_de(session, structure_id)
    for mesure in mesures:
        convention = convention_au(conventions, mesure.convention, jour.isoformat())
        nom = nom_court(convention) if convention else mesure.convention
        suivis[mesure.personne_id].mesures.append((mesure.id, nom, mesure.orientee_le or mesure.entree_le or jour))
    return _par_nom(personnes, suivis)


def _sans_referent(session: Session, structure_id: str, jour: dt.date) -> list[Suivie]:
    """Celles qui ne sont pas non plus déjà confiées pour un jour à venir."""
    confiees = set(
        session.scalars(
            select(MesureReferent.mesure_id).where(
                MesureReferent.structure_id == structure_id, MesureReferent.jour > jour
            )
        )
    )
    suivies = mesures_suivies(session, structure_id, jour.isoformat())
    return [suivie for suivie in suivies if suivie.referent_id is None and suivie.id not in confiees]


def _par_nom(personnes: Sequence[Personne], suivis: Mapping[str, Suivi]) -> list[Suivi]:
    # La base range les accents après le reste.
    rangs = {personne.id: cle(f"{personne.nom} {personne.prenom}") for personne in personnes}
    return sorted(suivis.values(), key=lambda suivi: (rangs[suivi.id], suivi.id))


def rendez_vous_a_venir(
    session: Session, structure_id: str, personnes: Collection[str], maintenant: dt.datetime
) -> int:
    requete = select(func.count()).where(
        RendezVous.structure_id == structure_id,
        RendezVous.personne_id.in_(sorted(personnes)),
        RendezVous.statut == "propose",
        RendezVous.debut >= maintenant,
    )
    return session.scalar(requete) or 0


def noms_de(session: Session, structure_id: str, personnes: Sequence[str]) -> list[dict[str, str]]:
    """De quoi proposer ces dossiers, dans cet ordre : `{id, nom, quoi}`."""
    requete = select(Personne).where(Personne.structure_id == structure_id, Personne.id.in_(personnes))
    noms = {personne.id: nom_de(personne) for personne in session.scalars(requete)}
    return [{"id": identifiant, "nom": noms[identifiant], "quoi": ""} for identifiant in personnes]


def nom_de(personne: Personne) -> str:
    return nom_affiche({nom: getattr(personne, nom) for nom in ("nom", "prenom", "nom_usage", "pseudonymes")})


def _mesures(
    session: Session, structure_id: str, utilisateur_id: str, personnes: Collection[str], jour: dt.date
) -> list[tuple[Mesure, dt.date]]:
    """Les mesures ouvertes qu'il suit ce jour-là, ou suivra, et depuis quand."""
    ouvertes = session.scalars(
        select(Mesure).where(
            Mesure.structure_id == structure_id,
            Mesure.personne_id.in_(sorted(personnes)),
            or_(Mesure.sortie_le.is_(None), Mesure.sortie_le >= jour),
        )
    ).all()
    suivis: dict[str, list[tuple[dt.date, str]]] = defaultdict(list)
    for ligne in session.scalars(
        select(MesureReferent)
        .where(
            MesureReferent.structure_id == structure_id,
            MesureReferent.mesure_id.in_([mesure.id for mesure in ouvertes]),
        )
        .order_by(MesureReferent.jour)
    ):
        suivis[ligne.mesure_id].append((ligne.jour, ligne.utilisateur_id))
    lues = []
    for mesure in ouvertes:
        passes = [suivi for suivi in suivis[mesure.id] if suivi[0] <= jour]
        actuels = passes[-1:] + [suivi for suivi in suivis[mesure.id] if suivi[0] > jour]
        depuis = next((debut for debut, qui in actuels if qui == utilisateur_id), None)
        if depuis is not None:
            lues.append((mesure, depuis))
    return lues
