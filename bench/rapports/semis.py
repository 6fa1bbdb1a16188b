"""La structure mesurée : des mesures, leurs rendez-vous, leurs entretiens et leurs démarches, écrits par lots."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from app.domain import nomenclatures
from app.domain.convention import livrees
from app.domain.indicateurs.periode import PARIS
from app.models import (
    Demarche,
    Entretien,
    Mesure,
    Personne,
    PersonneValeur,
    Piece,
    RendezVous,
    SessionWeb,
    Structure,
    Utilisateur,
)
from app.moteur import ecrire
from app.securite.session import empreinte
from bench.croissance.semis import identifiant, nomme
from sync import conventions

CONVENTIONS = ("ASP-NC", "ASP-DOM", "DSP-TDL", "PDC-ASP")
CONTACTS = 50
STRUCTURE, CHEF = nomme("rapports"), nomme("rapports/chef")
JETON = "rapports-un-jeton-de-session-assez-long-pour-un-essai"
DEBUT, JOURS = dt.date(2019, 1, 1), 5 * 365
_STATUTS = ("honore",) * 14 + ("absence_excusee",) * 4 + ("absence_non_excusee",) * 6 + ("annule_service",)


def semer(moteur: Engine, mesures: int) -> None:
    """Le même tirage à chaque fois, quelle que soit la base."""
    hasard, maintenant = random.Random(11), dt.datetime.now(dt.UTC)  # noqa: S311  # un tirage à rejouer
    with ecrire(moteur, STRUCTURE) as session:
        _structure(session, maintenant)
        for debut in range(0, mesures, 500):
            lot = [_suivi(hasard, maintenant) for _ in range(debut, min(debut + 500, mesures))]
            for table in (Personne, PersonneValeur, Mesure, Piece, RendezVous, Entretien, Demarche):
                lignes = [ligne for suivi in lot for ligne in suivi.get(table.__name__, ())]
                if lignes:
                    session.execute(insert(table), lignes)
            if not debut:
                # PostgreSQL garde la façon de vérifier une clé étrangère : choisie sur des tables vides, elle relirait
                # toutes les personnes à chaque contact.
                session.execute(text("ANALYZE"))


def _structure(session: Session, maintenant: dt.datetime) -> None:
    session.add(Structure(id=STRUCTURE, nom="Rapports", generation=nomme("rapports/g"), cree_le=maintenant))
    session.flush()
    conventions.enregistrer(session, STRUCTURE, livrees(*CONVENTIONS))
    compte = {"nom": "Fictive", "prenom": "Claude", "courriel": "chef@exemple.test", "role": "chef_de_service"}
    session.add(Utilisateur(structure_id=STRUCTURE, id=CHEF, cree_le=maintenant, **compte))
    session.flush()
    dates = {"cree_le": maintenant, "vue_le": maintenant, "expire_le": maintenant + dt.timedelta(hours=9)}
    sien = {"structure_id": STRUCTURE, "utilisateur_id": CHEF}
    session.add(SessionWeb(id=empreinte(JETON), donnees={}, **dates, **sien))
    session.flush()


def _suivi(hasard: random.Random, maintenant: dt.datetime) -> dict[str, list[dict[str, Any]]]:
    def tirer() -> str:
        return identifiant(hasard, maintenant.timestamp() - hasard.random() * 9e7)

    personne, mesure = tirer(), tirer()
    entree = DEBUT + dt.timedelta(hasard.randrange(JOURS))
    duree = 120 + hasard.randrange(600)
    sortie = entree + dt.timedelta(duree) if hasard.random() < 0.9 else None
    communs = {"structure_id": STRUCTURE, "sequence": 0, "cree_le": maintenant}
    suivi: dict[str, list[dict[str, Any]]] = {
        "Personne": [
            {
                **communs,
                "id": personne,
                "nom": f"Fictive-{hasard.randrange(10**6)}",
                "prenom": "Awa",
                "pseudonymes": [],
                "date_naissance": dt.date(1960 + hasard.randrange(45), 1 + hasard.randrange(12), 3),
                "sequence_dossier": 0,
                "tardive": False,
            }
        ],
        "PersonneValeur": [
            {"structure_id": STRUCTURE, "personne_id": personne, "champ": champ, "jour": jour, "valeur": valeur}
            for champ, jour, valeur in _valeurs(hasard, entree)
        ],
        "Mesure": [
            {
                **communs,
                "id": mesure,
                "personne_id": personne,
                "convention": hasard.choice(CONVENTIONS),
                "orientee_le": entree - dt.timedelta(20),
                "prescripteur": f"Service inventé {hasard.randrange(8)}",
                "premier_contact_le": entree - dt.timedelta(20 - hasard.randrange(20)),
                "entree_le": entree,
                "sortie_le": sortie,
                "sortie_motif": hasard.choice(nomenclatures.codes("motif_sortie")) if sortie else None,
                "tardive": False,
            }
        ],
        "Piece": [
            _piece(tirer(), personne, mesure, forme, jour, valeurs, maintenant)
            for forme, jour, valeurs in _pieces(hasard, entree, duree)
        ],
        "RendezVous": [],
        "Entretien": [],
        "Demarche": [],
    }
    fiche = {**communs, "personne_id": personne, "mesure_id": mesure, "tardive": False}
    for rang in range(CONTACTS // 2):
        jour = entree + dt.timedelta(duree * rang // (CONTACTS // 2))
        debut = dt.datetime.combine(jour, dt.time(9 + rang % 8), PARIS).astimezone(dt.UTC)
        suivi["RendezVous"].append({**fiche, "id": tirer(), "debut": debut, "statut": hasard.choice(_STATUTS)})
        note = tirer()
        contact = {"date": jour, "moyen": "presentiel", "auteur_id": CHEF, "partagee": False}
        suivi["Entretien"].append({**fiche, "id": note, **contact})
        suivi["Demarche"] += [
            {
                **{"structure_id": STRUCTURE, "entretien_id": note, "rang": n, "personne_id": personne},
                **{"famille": famille, "date": jour, "mesure_id": mesure},
            }
            for n, famille in enumerate(hasard.sample(nomenclatures.codes("demarche"), hasard.randrange(3)))
        ]
    return suivi


def _valeurs(hasard: random.Random, entree: dt.date) -> Iterator[tuple[str, dt.date, Any]]:
    yield "sexe", entree, hasard.choice(("femme", "homme"))
    yield "rsa", entree, hasard.choice(("beneficiaire", "beneficiaire", "non_beneficiaire"))
    yield "rsa", entree + dt.timedelta(200), "clos"
    yield "niveau_formation", entree, hasard.choice(nomenclatures.codes("niveau_formation"))
    yield "rqth", entree, hasard.random() < 0.1
    yield "derniere_activite_le", entree, (entree - dt.timedelta(hasard.randrange(3000))).isoformat()


def _pieces(hasard: random.Random, entree: dt.date, duree: int) -> Iterator[tuple[str, dt.date, dict[str, Any]]]:
    freins = [{"cle": cle, "niveau": 2, "etat": "releve"} for cle in hasard.sample(nomenclatures.codes("frein"), 3)]
    yield "diagnostic", entree, {"moment": "entree", "jour": entree.isoformat(), "freins": freins}
    leves = [{**frein, "etat": hasard.choice(("travaille", "leve"))} for frein in freins]
    milieu = entree + dt.timedelta(duree // 2)
    yield "diagnostic", milieu, {"moment": "intermediaire", "jour": milieu.isoformat(), "freins": leves}
    signe = {"debut": entree.isoformat(), "signe_personne_le": entree.isoformat()}
    yield "contrat", entree, {"type": "contrat_insertion", "sorte": "premier", **signe}
    if hasard.random() < 0.3:
        yield (
            "etape",
            milieu,
            {"nature": hasard.choice(nomenclatures.codes("nature_etape")), "debut": milieu.isoformat()},
        )
    if hasard.random() < 0.15:
        yield "saisine", milieu, {"le": milieu.isoformat(), "faits": "Sans nouvelles."}


def _piece(
    cle: str,
    personne: str,
    mesure: str,
    forme: str,
    jour: dt.date,
    valeurs: dict[str, Any],
    maintenant: dt.datetime,
) -> dict[str, Any]:
    return {
        "structure_id": STRUCTURE,
        "id": cle,
        "personne_id": personne,
        "mesure_id": mesure,
        "forme": forme,
        "jour": jour,
        "valeurs": valeurs,
        "partagee": False,
        "revisions": [],
        "auteur_id": CHEF,
        "note_le": maintenant,
        "tardive": False,
        "sequence": 0,
        "cree_le": maintenant,
    }
