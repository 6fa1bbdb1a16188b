"""Les actions collectives : celles de 2022, aux comptes du rapport publié, et un groupe qui se réunit cet automne.

Lieux, gens et partenaires n'existent pas, sauf les titres que le rapport publié donne aux actions de 2022.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app.demonstration.invention import Invention
from app.demonstration.operations import Geste, faire
from app.domain import action as domaine
from app.domain.feuilles import identifiant_tire
from app.domain.indicateurs.periode import PARIS
from app.equipe.actions import seance_du
from sync.acteur import Acteur

# Des dossiers, chacun avec son nom.
Gens = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class _De2022:
    """`inscrits`, `presents` : ceux que le rapport imprime, ou que sa phrase dit."""

    titre: str
    partenaire: str
    jour: str
    inscrits: int
    presents: int
    commentaire: str


# Rapport d'activité 2022, « Le collectif » : les jours ne sont pas imprimés, sauf le mois d'août du premier.
_ASP_2022: Final = (
    _De2022("Femmes bricoleuses et autonomes", "le Conseil départemental", "2022-05-12", 1, 1, "Rompre l’isolement."),
    _De2022("Flash mob’", "le Conseil départemental", "2022-06-16", 2, 2, "L’effet de groupe remobilise."),
    _De2022("Mercredis de la Pep’", "Tremplin Sport", "2022-08-24", 2, 0, "Une sortie était programmée."),
    _De2022("Jardin Éphémère", "", "2022-10-12", 1, 0, "La visite de tous les ans."),
)

# Le groupe d'aujourd'hui : deux jours par semaine pendant trois mois, quinze places.
_DEJA: Final = timedelta(weeks=5)
_D_AILLEURS: Final = (
    ("Armelle Fictive", "Maison Relais inventée"),
    ("Blaise Songe", "Maison Relais inventée"),
    ("Cécilia Fable", "Entraide imaginaire"),
    ("Driss Conte", "Entraide imaginaire"),
    ("Edwige Chimère", "Service logement des Amandiers"),
)
_THEMES: Final = ("Se présenter", "Enquête-métiers", "Garde d’enfants et permis", "Immersion en entreprise", "Le CV")
_ISSUES: Final = (
    "Bonne participation. Deux veulent visiter un atelier\u202f: appeler l’entreprise.",
    "Le bus avait du retard\u202f: commencer plus tard jeudi.",
    "Chacun est reparti avec une piste. Revoir la question de la garde.",
)


def noter_actions(
    session: Session,
    structure_id: str,
    comptes: Mapping[str, str],
    gens: tuple[Gens, Gens],
    invention: Invention,
    maintenant: datetime,
) -> None:
    """`gens` : des dossiers de 2022, et d'aujourd'hui, chacun avec son nom. Par les mêmes règles que le bureau."""
    chef = Acteur(structure_id, comptes["chef"], "chef_de_service", None, maintenant, "bureau")
    de_2022, d_aujourd_hui = gens
    for rang, action in enumerate(_ASP_2022):
        _de_2022(session, invention, chef, action, de_2022[rang * 2 :])
    _groupe(session, invention, chef, comptes, d_aujourd_hui)


def _de_2022(session: Session, invention: Invention, chef: Acteur, action: _De2022, dossiers: Gens) -> None:
    cahier, seance = invention.identifiant(), invention.identifiant()
    dit = {"genre": "action", "nom": action.titre, "conventions": ["ASP-NC"], "commentaire": action.commentaire}
    partenaire = {"partenaire": action.partenaire} if action.partenaire else {}
    gestes: list[Geste] = [
        ("creer_cahier", cahier, {**dit, **partenaire, "ferme_le": "2022-12-31"}),
        ("noter_seance", seance, {"le": action.jour}),
    ]
    for rang, (dossier, nom) in enumerate(dossiers[: action.inscrits]):
        inscription = _inscrire(gestes, cahier, {"qui": nom, "dossier_id": dossier}, action.jour)
        _emarger(gestes, cahier, seance, inscription, "present" if rang < action.presents else "absent")
    faire(session, invention, chef, cahier, gestes)


def _groupe(
    session: Session,
    invention: Invention,
    chef: Acteur,
    comptes: Mapping[str, str],
    dossiers: Gens,
) -> None:
    alea, cahier, jour = invention.alea, invention.identifiant(), chef.maintenant.astimezone(PARIS).date()
    debut = jour - _DEJA
    calendrier: dict[str, Any] = {
        "du": debut.isoformat(),
        "au": (debut + timedelta(weeks=13)).isoformat(),
        "jours": ["mardi", "jeudi"],
        "debut": "09:00",
        "fin": "12:00",
        "lieu": "Salle des Amandiers",
        "places": 15,
    }
    dit: dict[str, Any] = {
        "genre": "action",
        "nom": "Mobilisation sur le projet professionnel",
        "partenaire": "Tremplin imaginaire",
    }
    dit |= {"conventions": ["ASP-NC", "DSP-TDL"], "ouverte": True, "commentaire": "Un groupe de quinze, trois mois."}
    gestes: list[Geste] = [("creer_cahier", cahier, {**dit, **calendrier})]
    gestes += [("ajouter_membre", cahier, {"utilisateur": comptes[cle]}) for cle in ("camille", "nadia")]
    habituels = {nom: calendrier[nom] for nom in ("debut", "fin", "lieu")}
    passees = []
    for rang, le in enumerate(domaine.calendrier(calendrier)):
        seance, fait = seance_du(cahier, le), {}
        if date.fromisoformat(le) < jour:
            passees.append(seance)
            fait = {"theme": _THEMES[rang % len(_THEMES)], "etat": "tenue", "issue": alea.choice(_ISSUES)}
        gestes.append(("noter_seance", seance, {"le": le, **habituels, **fait}))
    venus = [{"qui": nom, "dossier_id": dossier} for dossier, nom in dossiers[:9]]
    venus += [{"qui": nom, "service": service} for nom, service in _D_AILLEURS]
    inscrites = [_inscrire(gestes, cahier, qui, debut.isoformat(), invention) for qui in venus]
    for seance in passees:
        for inscription in inscrites:
            etat = alea.choices(("present", "excuse", "absent"), (82, 11, 7))[0]
            _emarger(gestes, cahier, seance, inscription, etat)
    faire(session, invention, chef, cahier, gestes)


def _inscrire(
    gestes: list[Geste], cahier: str, qui: dict[str, Any], le: str, invention: Invention | None = None
) -> str:
    tire = identifiant_tire("inscription", cahier, qui) or (invention.identifiant() if invention else "")
    gestes.append(("noter_inscription", tire, {**qui, "le": le}))
    return tire


def _emarger(gestes: list[Geste], cahier: str, seance: str, inscription: str, etat: str) -> None:
    cite = {"seance_id": seance, "inscription_id": inscription}
    gestes.append(("noter_presence", identifiant_tire("presence", cahier, cite) or "", {**cite, "etat": etat}))
