"""Un comité technique que le chef de service prépare : sa date, avec qui, les situations à y regarder, qui y va."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app.demonstration.agenda import jour_ouvre
from app.demonstration.invention import Invention
from app.domain.dates import instant
from app.domain.personne import nom_affiche
from app.reunions import comites
from app.reunions.resume import resumer
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.fiches import lire_dossiers
from sync.operation import lire_operation
from sync.reference import reference

SITUATIONS: Final = 6
PARTICIPENT: Final = ("camille", "nadia")
# Deux salariés d'une SIAE inventée, que l'association n'accompagne pas.
SUIVIS_LA: Final = ("K. B.", "Mme T.")
DECISION: Final = {
    "decision": "Relais confirmé avec le service insertion. À revoir dans deux mois.",
    "suivi_par": "referent",
}


def preparer_comite(
    session: Session,
    structure_id: str,
    comptes: Mapping[str, str],
    personnes: Sequence[str],
    invention: Invention,
    maintenant: datetime,
    aujourd_hui: date,
) -> None:
    """Dans une dizaine de jours ; une première situation a déjà sa décision, prise au téléphone."""
    chef = Acteur(structure_id, comptes["chef"], "chef_de_service", None, maintenant, "import")
    cahier = invention.identifiant()
    jour = jour_ouvre(aujourd_hui + timedelta(10), apres=True)
    dit = {"jour": jour.isoformat(), "avec": "Service insertion du Val-de-Fable, France Travail"}
    gestes: list[tuple[str, str, dict[str, Any]]] = [
        ("creer_cahier", cahier, {"genre": "comite", "nom": "Comité technique de suivi", **dit}),
        *(("ajouter_membre", cahier, {"utilisateur": comptes[qui]}) for qui in PARTICIPENT),
    ]
    choisies = personnes[:SITUATIONS]
    dossiers = lire_dossiers(session, structure_id, choisies, chef.utilisateur_id, chef.role)
    # L'ordre de la liste est celui des identifiants.
    rangs = sorted(invention.identifiant() for _ in (*choisies, *SUIVIS_LA))
    situations = dict(zip(rangs, choisies, strict=False))
    for rang, (situation, personne) in enumerate(situations.items()):
        nom = nom_affiche(dossiers[personne]["personne"])
        dite = {"nom": nom, "dossier_id": personne} | ({} if rang else DECISION)
        gestes.append(("noter_situation", situation, dite))
    la = zip(rangs[len(choisies) :], SUIVIS_LA, strict=True)
    gestes += [("noter_situation", situation, {"nom": nom}) for situation, nom in la]
    _faire(session, chef, cahier, gestes, invention)
    connu = reference(session, chef)
    contexte = {
        "aujourd_hui": aujourd_hui.isoformat(),
        "maintenant": instant(maintenant),
        "reference": connu,
        "utilisateur": connu["utilisateur"],
    }
    resumes = {
        situation: resumer(dossiers[personne], contexte, sortant=True) | {"le": contexte["aujourd_hui"]}
        for situation, personne in situations.items()
    }
    comites.preparer(session, structure_id, cahier, resumes)
    session.flush()


def _faire(
    session: Session,
    chef: Acteur,
    cahier: str,
    gestes: Sequence[tuple[str, str, dict[str, Any]]],
    invention: Invention,
) -> None:
    communs = {"personne": cahier, "heure": instant(chef.maintenant)}
    operations = [
        lire_operation(communs | {"id": invention.identifiant(), "genre": genre, "entite": entite, "champs": champs})
        for genre, entite, champs in gestes
    ]
    resultats = appliquer(session, chef, operations)
    refuses = [(resultat.statut, resultat.erreurs) for resultat in resultats if resultat.statut != "applied"]
    if refuses:
        raise ValueError(f"La démonstration devait préparer un comité : {refuses}")
