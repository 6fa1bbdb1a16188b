"""Les contacts d'une mesure, comptés comme le font les échéances : un jour de rencontre ne compte qu'une fois.

Un entretien noté sans dire sous quelle mesure vaut pour celles de la personne, à partir du premier jour de chacune.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time

from sqlalchemy import func, select

from app.domain.echeance.faits import MOYENS_D_ENTRETIEN, MOYENS_PHYSIQUES
from app.domain.indicateurs.periode import PARIS
from app.equipe.lots import par_lots
from app.models import Entretien, Mesure, RendezVous
from app.rapports.faits import FaitMesure, Faits, des_conventions


def premiers(faits: Faits, mesures: Iterable[FaitMesure]) -> dict[str, date]:
    """Le premier contact de chaque mesure orientée : le jour noté, l'entrée, un entretien ou un rendez-vous honoré."""
    toutes = list(mesures)
    if not toutes:
        return {}
    contacts = _premiers_jours(faits, toutes)
    # Un contact d'avant l'orientation est d'une autre histoire : ces mesures-là, peu nombreuses, se relisent en entier.
    precoces = [m for m in toutes if m.id in contacts and contacts[m.id] < _ouverture(m)]
    relus = _jours(faits, precoces, moyens=None)
    contacts |= {m.id: min(relus[m.id], default=date.max) for m in precoces}
    trouves = {}
    for mesure in toutes:
        connus = [mesure.premier_contact_le, mesure.entree_le, contacts.get(mesure.id)]
        jours = [jour for jour in connus if jour is not None and jour != date.max]
        if jours:
            trouves[mesure.id] = min(jours)
    return trouves


def physiques(faits: Faits, mesures: Iterable[FaitMesure]) -> dict[str, int]:
    """Combien de jours de rencontre physique sur toute la mesure, jusqu'à ce jour."""
    jours = _jours(faits, list(mesures), moyens=MOYENS_PHYSIQUES)
    return {mesure: sum(jour <= faits.demande.aujourd_hui for jour in siens) for mesure, siens in jours.items()}


def premieres_physiques(faits: Faits, mesures: Iterable[FaitMesure]) -> dict[str, date]:
    """Le jour de la première rencontre physique de chaque mesure qui en a eu une."""
    jours = _jours(faits, list(mesures), moyens=MOYENS_PHYSIQUES)
    return {mesure: min(siens) for mesure, siens in jours.items() if siens}


def entretiens(faits: Faits) -> Mapping[str, int]:
    """Combien d'entretiens dans la période, de l'entrée à la sortie : un par jour, et un par rendez-vous honoré.

    La base les compte, par mesure ; l'entretien d'un rendez-vous est ce rendez-vous.
    """
    periode, structure_id = faits.demande.periode, faits.demande.structure_id
    notes = (
        select(Entretien.mesure_id, func.count(Entretien.date.distinct()))
        .join(Mesure, (Mesure.structure_id == Entretien.structure_id) & (Mesure.id == Entretien.mesure_id))
        .where(
            Entretien.structure_id == structure_id,
            Entretien.moyen.in_(MOYENS_D_ENTRETIEN),
            Entretien.rendez_vous_id.is_(None),
            Entretien.date >= periode.premier_jour,
            Entretien.date <= periode.dernier_jour,
            Entretien.date >= Mesure.entree_le,
        )
        .group_by(Entretien.mesure_id)
    )
    honores = (
        select(RendezVous.mesure_id, func.count())
        .join(Mesure, (Mesure.structure_id == RendezVous.structure_id) & (Mesure.id == RendezVous.mesure_id))
        .where(
            RendezVous.structure_id == structure_id,
            RendezVous.statut == "honore",
            RendezVous.debut >= periode.debut,
            RendezVous.debut < periode.fin,
            # À l'heure universelle : aucun rendez-vous ne commence entre minuit et deux heures.
            RendezVous.debut >= Mesure.entree_le,
        )
        .group_by(RendezVous.mesure_id)
    )
    comptes: Counter[str] = Counter()
    for requete in (notes, honores):
        for mesure, nombre in faits.lignes(requete):
            comptes[str(mesure)] += nombre
    return comptes


def _ouverture(mesure: FaitMesure) -> date:
    """Le premier jour de la mesure : l'orientation ou l'entrée, celle qui vient d'abord."""
    return min((jour for jour in (mesure.orientee_le, mesure.entree_le) if jour is not None), default=date.min)


def _premiers_jours(faits: Faits, mesures: list[FaitMesure]) -> dict[str, date]:
    """Le jour du premier contact, par mesure, depuis le plus ancien premier jour : la base le cherche d'un passage."""
    structure_id, depuis = faits.demande.structure_id, min(map(_ouverture, mesures), default=date.max)
    orientations = [mesure.orientee_le for mesure in mesures if mesure.orientee_le]
    siennes = select(Mesure.id).where(
        *des_conventions(faits.demande), Mesure.orientee_le.between(min(orientations), max(orientations))
    )
    notes = (
        select(Entretien.mesure_id, func.min(Entretien.date))
        .where(Entretien.structure_id == structure_id, Entretien.date >= depuis, Entretien.mesure_id.in_(siennes))
        .group_by(Entretien.mesure_id)
    )
    honores = (
        select(RendezVous.mesure_id, func.min(RendezVous.debut))
        .where(
            RendezVous.structure_id == structure_id,
            RendezVous.mesure_id.in_(siennes),
            RendezVous.statut == "honore",
            RendezVous.debut >= datetime.combine(depuis, time(), PARIS),
        )
        .group_by(RendezVous.mesure_id)
    )
    trouves = {str(mesure): jour for mesure, jour in faits.lignes(notes)}
    for mesure, debut in faits.lignes(honores):
        jour = debut.astimezone(PARIS).date()
        trouves[mesure] = min(jour, trouves.get(mesure, jour))
    seuls: dict[str, list[date]] = defaultdict(list)
    for personne, jour in faits.lignes(
        select(Entretien.personne_id, Entretien.date).where(
            Entretien.structure_id == structure_id, Entretien.date >= depuis, Entretien.mesure_id.is_(None)
        )
    ):
        seuls[personne].append(jour)
    for fait in mesures:
        siens = [jour for jour in seuls.get(fait.personne_id, ()) if jour >= _ouverture(fait)]
        if siens:
            trouves[fait.id] = min(*siens, trouves.get(fait.id, date.max))
    return trouves


def _jours(faits: Faits, mesures: Sequence[FaitMesure], moyens: tuple[str, ...] | None) -> dict[str, set[date]]:
    """Les jours de contact de chacune, à partir de son premier jour ; `moyens` : de ceux-là seuls.

    Un rendez-vous honoré compte, sauf si l'entretien qui le raconte dit un autre moyen.
    """
    trouves: dict[str, set[date]] = {}
    par_id = {mesure.id: mesure for mesure in mesures}
    for ici in par_lots(par_id):
        lot = [par_id[mesure] for mesure in ici]
        siens: dict[tuple[str | None, str], set[date]] = defaultdict(set)
        de_loin = set()
        for mesure_id, personne, jour, moyen, rendez_vous in faits.lignes(
            select(
                *(Entretien.mesure_id, Entretien.personne_id, Entretien.date),
                *(Entretien.moyen, Entretien.rendez_vous_id),
            ).where(
                Entretien.structure_id == faits.demande.structure_id,
                Entretien.personne_id.in_({mesure.personne_id for mesure in lot}),
            )
        ):
            if moyens is None or moyen in moyens:
                siens[mesure_id, personne].add(jour)
            elif rendez_vous:
                de_loin.add(rendez_vous)
        for mesure_id, personne, rendez_vous, debut in faits.lignes(
            select(RendezVous.mesure_id, RendezVous.personne_id, RendezVous.id, RendezVous.debut).where(
                RendezVous.structure_id == faits.demande.structure_id,
                RendezVous.mesure_id.in_(ici),
                RendezVous.statut == "honore",
            )
        ):
            if rendez_vous not in de_loin:
                siens[mesure_id, personne].add(debut.astimezone(PARIS).date())
        for mesure in lot:
            jours = siens[mesure.id, mesure.personne_id] | siens[None, mesure.personne_id]
            trouves[mesure.id] = {jour for jour in jours if jour >= _ouverture(mesure)}
    return trouves
