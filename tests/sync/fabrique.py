"""De quoi écrire un essai en peu de lignes : des structures, des conseillères, des opérations."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from sqlalchemy import Engine, func, select
from uuid6 import uuid7

from app import moteur as application
from app.models import Base, Convention, Structure, Utilisateur
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.flux import Page, page
from sync.operation import Operation, Resultat, lire_operation
from tests.bases import ecrire, lire

MAINTENANT = dt.datetime(2026, 11, 26, 15, 0, tzinfo=dt.UTC)


def un_id() -> str:
    return str(uuid7())


def operation(genre: str, entite: str, personne: str, /, **champs: Any) -> Operation:
    """Une opération telle qu'un téléphone l'enverrait ; `op_id`, `base`, `remplace` et `a` (l'heure de l'appareil)
    règlent l'enveloppe.
    """
    enveloppe = {
        "id": champs.pop("op_id", None) or un_id(),
        "genre": genre,
        "entite": entite,
        "personne": personne,
        "base": champs.pop("base", None),
        "champs": champs,
        "compteur": champs.pop("compteur", 1),
        "heure": champs.pop("a", "2026-11-26T14:30:00Z"),
        "remplace": champs.pop("remplace", None),
    }
    return lire_operation(enveloppe)


def creer_personne(personne: str | None = None, /, **champs: Any) -> Operation:
    identifiant = personne or un_id()
    return operation(
        "creer_personne", identifiant, identifiant, **({"nom": "Diallo-Fictive", "prenom": "Awa"} | champs)
    )


def noter(personne: str, entretien: str | None = None, /, **champs: Any) -> Operation:
    faits = {"date": "2026-11-26", "moyen": "telephone", "synthese": "Point sur les démarches."}
    return operation("noter_entretien", entretien or un_id(), personne, **(faits | champs))


class Monde:
    """Deux structures, leurs professionnels et une convention, prêts à servir."""

    def __init__(self, moteur: Engine, structures: list[str] | None = None) -> None:
        self.moteur = moteur
        self.structures = structures or [un_id(), un_id()]
        with ecrire(moteur) as session:
            for rang, structure_id in enumerate(self.structures):
                session.add(
                    Structure(
                        id=structure_id, nom=f"Association fictive {rang}", generation=un_id(), cree_le=MAINTENANT
                    )
                )
                session.flush()
                session.add(
                    Convention(
                        structure_id=structure_id,
                        id=un_id(),
                        code="ASP-NC",
                        version="2022",
                        libelle="Convention d'essai",
                        debut=dt.date(2022, 1, 1),
                        donnees={},
                    )
                )
        self.structure = self.structures[0]

    def acteur(
        self, role: str = "conseiller", structure_id: str | None = None, identifiant: str | None = None
    ) -> Acteur:
        """Un nouveau professionnel de la structure, prêt à agir."""
        identifiant, structure = identifiant or un_id(), structure_id or self.structure
        with ecrire(self.moteur) as session:
            session.add(
                Utilisateur(
                    structure_id=structure,
                    id=identifiant,
                    nom="Exemple",
                    prenom=role.capitalize(),
                    courriel=f"{identifiant}@exemple.test",
                    role=role,
                    actif=True,
                    cree_le=MAINTENANT,
                )
            )
        return Acteur(structure, identifiant, role, None, MAINTENANT)

    def pousser(self, acteur: Acteur, *operations: Operation) -> list[Resultat]:
        with application.ecrire(self.moteur, acteur.structure_id) as session:
            return appliquer(session, acteur, operations)

    def statuts(self, acteur: Acteur, *operations: Operation) -> list[str]:
        return [resultat.statut for resultat in self.pousser(acteur, *operations)]

    def page(self, acteur: Acteur, curseur: str | None = None, **options: Any) -> Page:
        with application.lire(self.moteur, acteur.structure_id) as session:
            return page(session, acteur, curseur, **options)

    def compter(self, modele: type[Base]) -> int:
        with lire(self.moteur) as session:
            return session.scalar(select(func.count()).select_from(modele)) or 0


@dataclass
class Telephone:
    """Ce qu'un téléphone garde : son curseur et ses fiches, par type et identifiant."""

    monde: Monde
    acteur: Acteur
    curseur: str | None = None
    fiches: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def tirer(self, **options: Any) -> int:
        """Tire jusqu'au bout et rend le nombre de pages."""
        pages = 0
        while True:
            pages += 1
            recue = self.monde.page(self.acteur, self.curseur, **options)
            if recue.repartir:
                self.fiches.clear()
            for personne_id in recue.retraits:
                self.purger(personne_id)
            for brute in recue.fiches:
                fiche = msgspec.json.decode(brute)
                self.fiches[fiche["type"], fiche["id"]] = fiche
            for tombe in recue.tombes:
                # Une tombe retire la fiche de ce dossier-là : passée dans un autre, elle y reste.
                cle = (tombe["type"], tombe["id"])
                if self.fiches.get(cle, {}).get("personne_id") == tombe["personne_id"]:
                    del self.fiches[cle]
            self.curseur = recue.curseur
            if not recue.suite:
                return pages

    def purger(self, personne_id: str) -> None:
        for cle, fiche in list(self.fiches.items()):
            if personne_id in (fiche["id"], fiche.get("personne_id"), fiche.get("cahier_id")):
                del self.fiches[cle]

    def de_type(self, genre: str) -> list[dict[str, Any]]:
        return [fiche for (type_fiche, _), fiche in self.fiches.items() if type_fiche == genre]


def plus_tard(acteur: Acteur, **duree: int) -> Acteur:
    return replace(acteur, maintenant=acteur.maintenant + dt.timedelta(**duree))
