"""L'agenda de quelqu'un, lu par un autre calendrier : ses heures et ses lieux, rien de qui il reçoit (RFC 5545).

Qui tient l'adresse lit l'agenda : la base n'en garde que l'empreinte, et elle ne se montre qu'une fois.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterator
from typing import Final

from icalendar import Calendar, Event
from sqlalchemy import not_, select
from sqlalchemy.orm import Session

from app.cloison import Cloison, changer
from app.domain import dates
from app.domain.masque import est_masque
from app.domain.permanence import se_tient
from app.equipe import permanences
from app.equipe.lieux_masques import actuels
from app.models import AbonnementAgenda, Lieu, RendezVous, Utilisateur
from app.securite.comptes import consigner
from app.securite.session import empreinte
from sync.portee import en_cours, titres

PASSES: Final = 31
A_VENIR: Final = 92
RELIRE: Final = dt.timedelta(hours=1)


def abonnement(session: Session, structure_id: str, utilisateur_id: str) -> AbonnementAgenda | None:
    a = AbonnementAgenda
    return session.scalar(select(a).where(a.structure_id == structure_id, a.utilisateur_id == utilisateur_id))


def ouvrir(session: Session, utilisateur: Utilisateur, maintenant: dt.datetime) -> str:
    """Le jeton d'une adresse neuve, à montrer une fois ; celle d'avant ne sert plus."""
    jeton, qui = secrets.token_urlsafe(32), (utilisateur.structure_id, utilisateur.id)
    avant = abonnement(session, *qui)
    if avant is not None:
        session.delete(avant)
        session.flush()
    session.add(AbonnementAgenda(structure_id=qui[0], id=empreinte(jeton), utilisateur_id=qui[1], ouvert_le=maintenant))
    consigner(session, "agenda_ouvert", utilisateur, utilisateur.id)
    return jeton


def fermer(session: Session, utilisateur: Utilisateur, par_id: str) -> None:
    ouvert = abonnement(session, utilisateur.structure_id, utilisateur.id)
    if ouvert is not None:
        session.delete(ouvert)
        consigner(session, "agenda_ferme", utilisateur, par_id)


def titulaire(session: Session, jeton: str) -> Utilisateur | None:
    """À qui est cette adresse ; rien si elle a été remplacée ou fermée, ou si le compte l'est."""
    # L'adresse n'ouvre que sa ligne ; elle dit la structure, où se lit le reste.
    changer(session, Cloison(agenda=empreinte(jeton)))
    a = AbonnementAgenda
    trouve = session.execute(select(a.structure_id, a.utilisateur_id).where(a.id == empreinte(jeton))).first()
    if trouve is None:
        return None
    changer(session, trouve.structure_id)
    utilisateur = session.get(Utilisateur, (trouve.structure_id, trouve.utilisateur_id))
    return utilisateur if utilisateur and utilisateur.actif else None


def calendrier(session: Session, utilisateur: Utilisateur, maintenant: dt.datetime) -> bytes:
    """Le mois passé et les trois à venir : « Rendez-vous », « Permanence », et où, si les listes peuvent le dire."""
    agenda = Calendar()
    agenda.add("prodid", "-//Jalon//Agenda//FR")
    agenda.add("version", "2.0")
    agenda.add("x-wr-calname", "Jalon")
    agenda.add("refresh-interval", RELIRE, parameters={"VALUE": "DURATION"})
    masques = actuels(session, utilisateur.structure_id)
    lieux = session.scalars(select(Lieu).where(Lieu.structure_id == utilisateur.structure_id))
    dits = {lieu.id: lieu.nom for lieu in lieux if not est_masque(lieu.nom, masques)}
    jour = dt.date.fromisoformat(dates.jour_paris(dates.instant(maintenant)))
    du, au = jour - dt.timedelta(days=PASSES), jour + dt.timedelta(days=A_VENIR)
    for rendez_vous in _rendez_vous(session, utilisateur, jour, du, au):
        fin = rendez_vous.debut + dt.timedelta(minutes=rendez_vous.duree) if rendez_vous.duree else None
        # Un lieu hors de la liste peut être une adresse, un domicile : il ne sort pas.
        lieu = rendez_vous.lieu if rendez_vous.lieu in dits.values() else None
        agenda.add_component(_evenement(rendez_vous.id, "Rendez-vous", rendez_vous.debut, fin, lieu, maintenant))
    for identifiant, debut, fin, lieu_id in _permanences(session, utilisateur, du, au):
        agenda.add_component(_evenement(identifiant, "Permanence", debut, fin, dits.get(lieu_id), maintenant))
    return bytes(agenda.to_ical())


def _rendez_vous(
    session: Session, utilisateur: Utilisateur, jour: dt.date, du: dt.date, au: dt.date
) -> Iterator[RendezVous]:
    """Ceux des dossiers qu'il suit ou qu'on lui prête ; pas ceux d'un binôme, qu'il ne lit pas."""
    lignes, r = titres(utilisateur.structure_id, utilisateur.id), RendezVous
    siens = select(lignes.c.personne_id).where(en_cours(lignes, jour), not_(lignes.c.binome))
    yield from session.scalars(
        select(r)
        .where(
            r.structure_id == utilisateur.structure_id,
            r.personne_id.in_(siens),
            r.statut.in_(("propose", "honore")),
            r.debut >= _minuit(du),
            r.debut < _minuit(au),
        )
        .order_by(r.debut, r.id)
    )


def _permanences(
    session: Session, utilisateur: Utilisateur, du: dt.date, au: dt.date
) -> Iterator[tuple[str, dt.datetime, dt.datetime, str]]:
    """Jour par jour, comme on les tient : un jour férié n'en a pas."""
    for permanence in permanences.lire(session, utilisateur.structure_id, utilisateur.id):
        tenue = {
            "jour": permanence.jour,
            "semaines": permanence.semaines,
            "du": permanence.du.isoformat(),
            "au": permanence.au.isoformat() if permanence.au else None,
        }
        for rang in range((au - du).days):
            jour = dates.ajouter_jours(du.isoformat(), rang)
            if se_tient(tenue, jour):
                debut, fin = (_moment(jour, heure) for heure in (permanence.de, permanence.a))
                yield f"{permanence.id}-{jour}", debut, fin, permanence.lieu_id


def _evenement(
    identifiant: str, titre: str, debut: dt.datetime, fin: dt.datetime | None, lieu: str | None, lu_le: dt.datetime
) -> Event:
    evenement = Event()
    evenement.add("uid", f"{identifiant}@jalon")
    evenement.add("dtstamp", lu_le)
    evenement.add("summary", titre)
    evenement.add("dtstart", debut)
    if fin:
        evenement.add("dtend", fin)
    if lieu:
        evenement.add("location", lieu)
    return evenement


def _minuit(jour: dt.date) -> dt.datetime:
    return _moment(jour.isoformat(), "00:00")


def _moment(jour: str, heure: str) -> dt.datetime:
    """L'instant d'une heure de Paris."""
    return dt.datetime.fromisoformat(dates.instant_de(jour, heure))
