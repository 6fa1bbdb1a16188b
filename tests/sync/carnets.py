"""Des téléphones qui se croisent : chacun ne connaît que ce qu'il a tiré, et note d'après ce qu'il a sous les yeux."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import Any

from app.models import Appareil
from sync.acces import donner
from sync.acteur import Acteur
from sync.bilans import bilan, bilans
from sync.operation import Operation, Resultat
from tests.bases import ecrire, lire
from tests.sync.fabrique import MAINTENANT, Monde, Telephone, creer_personne, operation, un_id


@dataclass
class Carnet(Telephone):
    """Un téléphone qui note hors ligne : sa file attend, sa base est la version qu'il a reçue."""

    compteur: int = 0
    file: list[Operation] = field(default_factory=list)

    def version(self, entite: str) -> int | None:
        return next(
            (fiche["version"] for (_, identifiant), fiche in self.fiches.items() if identifiant == entite), None
        )

    def noter(self, genre: str, entite: str, personne: str, /, **champs: Any) -> Operation:
        """Note sans envoyer ; `base` se déduit de la copie du téléphone, sauf à la dire."""
        self.compteur += 1
        base = champs.pop("base") if "base" in champs else self.version(entite)
        notee = operation(genre, entite, personne, base=base, compteur=self.compteur, **champs)
        self.file.append(notee)
        return notee

    def envoyer(self, nombre: int | None = None) -> list[Resultat]:
        """Envoie le début de la file, sans rien tirer."""
        lot, self.file = self.file[:nombre], self.file[len(self.file) if nombre is None else nombre :]
        return self.monde.pousser(self.acteur, *lot)

    def faire(self, genre: str, entite: str, personne: str, /, **champs: Any) -> Resultat:
        """Note et envoie seul, d'après ce que le téléphone a sous les yeux."""
        self.noter(genre, entite, personne, **champs)
        return self.envoyer()[-1]

    def echanger(self) -> list[Resultat]:
        resultats = self.envoyer()
        self.tirer()
        return resultats

    def desaccords(self) -> list[dict[str, Any]]:
        return sorted(self.de_type("desaccord"), key=lambda fiche: fiche["version"])

    def personne(self, identifiant: str) -> dict[str, Any]:
        return self.fiches["personne", identifiant]


def un_carnet(monde: Monde, acteur: Acteur, nom: str = "Téléphone d'essai", **options: Any) -> Carnet:
    appareil = un_id()
    with ecrire(monde.moteur) as session:
        session.add(
            Appareil(
                structure_id=acteur.structure_id,
                id=appareil,
                utilisateur_id=acteur.utilisateur_id,
                nom=nom,
                enrole_le=MAINTENANT,
            )
        )
    return Carnet(monde, replace(acteur, appareil_id=appareil, **options))


def au_bureau(acteur: Acteur, **duree: int) -> Acteur:
    return replace(acteur, appareil_id=None, origine="bureau", maintenant=acteur.maintenant + dt.timedelta(**duree))


@dataclass
class Equipe:
    """Un dossier suivi par deux personnes : Awa sur téléphone et tablette, Bruno sur son téléphone ; et le chef."""

    monde: Monde
    personne: str
    telephone: Carnet
    tablette: Carnet
    collegue: Carnet
    chef: Acteur

    @property
    def carnets(self) -> tuple[Carnet, Carnet, Carnet]:
        return self.telephone, self.tablette, self.collegue

    def tirer(self) -> None:
        for carnet in self.carnets:
            carnet.tirer()

    def modifier(self, carnet: Carnet, **champs: Any) -> Resultat:
        return carnet.faire("modifier_personne", self.personne, self.personne, **champs)


def une_equipe(monde: Monde, /, role: str = "maraude", **champs: Any) -> Equipe:
    awa, bruno = monde.acteur(), monde.acteur(role)
    telephone = un_carnet(monde, awa, "Téléphone d'Awa")
    creation = creer_personne(**champs)
    monde.pousser(telephone.acteur, creation)
    with ecrire(monde.moteur) as session:
        donner(session, awa.structure_id, [(bruno.utilisateur_id, creation.entite)])
    tablette, collegue = un_carnet(monde, awa, "Tablette d'Awa"), un_carnet(monde, bruno, "Téléphone de Bruno")
    equipe = Equipe(monde, creation.entite, telephone, tablette, collegue, monde.acteur("chef_de_service"))
    equipe.tirer()
    return equipe


class Binome:
    """Un collègue à qui le dossier est ouvert en binôme, et lui seul."""

    def __init__(self, equipe: Equipe) -> None:
        self.equipe, self.carnet = equipe, un_carnet(equipe.monde, equipe.monde.acteur(), "Téléphone du binôme")
        qui = self.carnet.acteur.utilisateur_id
        partage = {"utilisateur": qui, "motif": "binome"}
        assert equipe.telephone.faire("partager_dossier", un_id(), equipe.personne, **partage).statut == "applied"

    def lues(self) -> set[str]:
        self.carnet.tirer()
        return {identifiant for genre, identifiant in self.carnet.fiches if genre == "piece"}

    def bilan_juste(self) -> bool:
        personne, acteur = self.equipe.personne, self.carnet.acteur
        tenues = [(t, i, f["version"]) for (t, i), f in self.carnet.fiches.items()]
        with lire(self.equipe.monde.moteur) as session:
            return bilans(session, acteur, [personne])[personne] == bilan(tenues)
