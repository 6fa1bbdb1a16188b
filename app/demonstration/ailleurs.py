"""Quelques dossiers de plus, sous les conventions dont l'année 2022 n'a pas de comptes : leurs écrans se voient aussi.

Rien n'y est tiré au sort de ce que dit la convention ; les jours se comptent d'aujourd'hui, comme la file active.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from app.demonstration.agenda import Agenda, jour_ouvre
from app.demonstration.cahier import Cahier
from app.demonstration.invention import LIEUX
from app.demonstration.pieces import Fait
from app.importation.controle import Nouvelle

CONVENTIONS: Final = ("CEA-FA5", "MOS-AG", "PDC-ASP")
_SEMAINE: Final = timedelta(7)


@dataclass(frozen=True)
class Histoire:
    """`orientee`, `entree` : il y a tant de jours ; `pas` : tant de jours d'un entretien à l'autre."""

    convention: str
    prenom: str
    nom: str
    sexe: str
    orientee: int
    entree: int | None
    pas: int
    valeurs: dict[str, Any]


HISTOIRES: Final = (
    Histoire("PDC-ASP", "Faustine", "Racontar", "femme", 100, 98, 27, {}),
    Histoire("PDC-ASP", "Barnabé", "Péripétal", "homme", 6, None, 27, {}),
    Histoire("PDC-ASP", "Odile", "Chimérique", "femme", 238, 231, 27, {"enfants_a_charge": 1}),
    Histoire("CEA-FA5", "Gaspard", "Contrefable", "homme", 163, 150, 14, {}),
    Histoire("MOS-AG", "Yasmina", "Filigrane-Fictif", "femme", 132, 121, 29, {"accord_partage": True}),
    Histoire("MOS-AG", "Théodule", "Sansroman", "homme", 24, 13, 29, {"accord_partage": True}),
)


def noter_ailleurs(cahier: Cahier, referent_id: str, agenda: Agenda, aujourd_hui: date) -> None:
    """Note les personnes, leurs mesures et leurs entretiens, dans l'agenda de leur conseillère."""
    for rang, histoire in enumerate(HISTOIRES):
        orientee = jour_ouvre(aujourd_hui - timedelta(histoire.orientee), apres=False)
        entree = None if histoire.entree is None else jour_ouvre(aujourd_hui - timedelta(histoire.entree), apres=False)
        decrite = {"prenom": histoire.prenom, "nom": histoire.nom} | histoire.valeurs
        mesure = cahier.mesure(
            cahier.personne(histoire.sexe, orientee, **decrite),
            histoire.convention,
            referent_id,
            orientee_le=orientee,
            premier_contact_le=entree,
            entree_le=entree,
        )
        if histoire.convention == "CEA-FA5":
            pret_le = jour_ouvre(aujourd_hui - timedelta(3), apres=False)
            cahier.valeurs.append((mesure.personne_id, "pret_emploi", pret_le, True))
        lieu = LIEUX[rang % 5][0]
        jour = entree
        while jour is not None and jour < aujourd_hui - timedelta(2):
            instant = agenda.creneau(jour, apres=False)
            tenu = cahier.rendez_vous(mesure, instant, "honore", lieu)
            cahier.entretien(mesure, instant, referent_id, rendez_vous=tenu, lieu=lieu)
            jour += timedelta(histoire.pas)
        cahier.rendez_vous(mesure, agenda.creneau(aujourd_hui + timedelta(3 + 2 * rang)), "propose", lieu)


def pieces(cahier: Cahier, aujourd_hui: date) -> list[tuple[Nouvelle, str, dict[str, Any]]]:
    return [(n, *fait) for n in cahier.lot.mesures for fait in _faits(n, aujourd_hui)]


def _faits(mesure: Nouvelle, aujourd_hui: date) -> Iterator[Fait]:
    entree: date | None = mesure.valeurs.get("entree_le")
    if entree is None:
        return
    yield "information", {"sujet": "droits_devoirs", "le": entree}
    freins = [{"cle": cle, "niveau": 2, "etat": "travaille"} for cle in ("mobilite", "numerique", "formation")]
    yield "diagnostic", {"moment": "entree", "jour": entree, "freins": freins, "atouts": ["motivation", "autonomie"]}
    yield from _SUITES[mesure.valeurs["convention"]](entree, aujourd_hui)


def _pas_de_calais(entree: date, aujourd_hui: date) -> Iterator[Fait]:
    """Un contrat, quinze heures par semaine ou un aménagement ; passé six mois, un renouvellement."""
    demi_annee = entree + timedelta(183)
    yield "contrat", _contrat("contrat_engagement", "premier", entree, demi_annee)
    yield (
        "action",
        {"quoi": "Visiter l'atelier de réparation de vélos", "qui": "ensemble", "etat": "en_cours"}
        | {"pour_le": jour_ouvre(aujourd_hui + timedelta(9), apres=True)},
    )
    if demi_annee < aujourd_hui:
        fin = entree + timedelta(365)
        decision = {"le": jour_ouvre(demi_annee - timedelta(6), apres=False), "jusqu_au": fin}
        yield "renouvellement", decision | {"motif": "emploi_engage"}
        suite = demi_annee + timedelta(1)
        yield "contrat", _contrat("contrat_engagement", "renouvellement", suite, fin)
    garde = aujourd_hui - timedelta(45)
    yield "amenagement", {"du": max(entree, garde), "minutes": 420, "motif": "garde"}
    lundi = entree - timedelta(entree.weekday())
    while lundi + _SEMAINE <= aujourd_hui:
        reste = 300 if lundi < garde else 120
        lignes = [{"nature": "recherche", "minutes": 360 if lundi < garde else 300}]
        lignes += [{"nature": "atelier", "minutes": 2 * reste if lundi < garde else reste}]
        yield "semaine", {"lundi": lundi, "activites": lignes}
        lundi += _SEMAINE


def _alsace(entree: date, aujourd_hui: date) -> Iterator[Fait]:
    """Un contrat de six mois, deux points de progression, un engagement dans une association."""
    yield "contrat", _contrat("cer", "premier", entree, entree + timedelta(181))
    for depuis, niveaux in ((timedelta(20), (1, 1, 2)), (timedelta(110), (2, 2, 3))):
        points = zip(("projet", "mobilite", "recherche"), niveaux, strict=True)
        indicateurs = [{"cle": cle, "niveau": niveau} for cle, niveau in points]
        yield "progression", {"le": jour_ouvre(entree + depuis, apres=False), "indicateurs": indicateurs}
    yield "engagement", {"nature": "association", "du": jour_ouvre(aujourd_hui - timedelta(40), apres=False)}


def _moselle(entree: date, aujourd_hui: date) -> Iterator[Fait]:
    """Un démarrage à trois ; chez l'un, l'initialisation côté social n'a pas encore eu lieu."""
    yield "tripartite", {"sorte": "tripartite", "le": entree, "presents": "La conseillère, la référente sociale"}
    yield "tripartite", {"sorte": "initialisation_emploi", "le": jour_ouvre(entree + timedelta(5), apres=False)}
    if aujourd_hui - entree > timedelta(30):
        yield "tripartite", {"sorte": "initialisation_social", "le": jour_ouvre(entree + timedelta(8), apres=False)}


_SUITES: Final = {"PDC-ASP": _pas_de_calais, "CEA-FA5": _alsace, "MOS-AG": _moselle}


def _contrat(sorte: str, rang: str, debut: date, fin: date) -> dict[str, Any]:
    signe = dict.fromkeys(("signe_personne_le", "signe_referent_le", "remis_le"), debut)
    return {"type": sorte, "sorte": rang, "debut": debut, "fin": fin} | signe
