"""Une référente et son dossier, un collègue, un chef de service."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from app.models import Operation as Journal
from sync.acteur import Acteur
from sync.operation import Operation, Resultat
from tests.bases import lire
from tests.sync.fabrique import MAINTENANT, Monde, Telephone, creer_personne, noter, operation, un_id

AUJOURD_HUI = dt.date(2026, 11, 26)


def jour(decalage: int) -> str:
    return (AUJOURD_HUI + dt.timedelta(days=decalage)).isoformat()


class Service:
    """Une référente et son dossier, un collègue, un chef de service ; un téléphone à chacun."""

    def __init__(self, monde: Monde) -> None:
        self.monde = monde
        self.referente, self.collegue, self.chef = (
            Telephone(monde, monde.acteur(role)) for role in ("conseiller", "maraude", "chef_de_service")
        )
        creation = creer_personne()
        self.personne, self.mesure = creation.entite, un_id()
        ouverture = operation("ouvrir_mesure", self.mesure, self.personne, convention="ASP-NC", orientee_le=jour(-8))
        assert set(monde.statuts(self.referente.acteur, creation, ouverture, noter(self.personne))) == {"applied"}
        for telephone in (self.referente, self.collegue, self.chef):
            telephone.tirer()

    def faire(self, qui: Acteur, *operations: Operation) -> Resultat:
        return self.monde.pousser(qui, *operations)[-1]

    def confier(self, a: Telephone, quand: int = 0, par: Acteur | None = None, **champs: Any) -> Resultat:
        champs = {"referent": a.acteur.utilisateur_id, "date_effet": jour(quand)} | champs
        return self.faire(par or self.chef.acteur, operation("confier_mesure", self.mesure, self.personne, **champs))

    def partager(self, a: Telephone, par: Acteur | None = None, partage: str | None = None, **champs: Any) -> Resultat:
        champs = {"utilisateur": a.acteur.utilisateur_id} | champs
        return self.faire(
            par or self.referente.acteur,
            operation("partager_dossier", partage or un_id(), self.personne, **champs),
        )

    def tient(self, telephone: Telephone, dans: int = 0) -> bool:
        """Ce que tient le téléphone après son échange, tant de jours plus tard. Rien d'autre n'est écrit."""
        telephone.acteur = replace(telephone.acteur, maintenant=MAINTENANT + dt.timedelta(days=dans))
        telephone.tirer()
        personnes, entretiens = telephone.de_type("personne"), telephone.de_type("entretien")
        lisibles = [] if any("en_binome" in personne for personne in personnes) else personnes
        assert len(lisibles) == len(entretiens) <= 1, "un dossier gagné arrive entier, un dossier perdu s'en va entier"
        return bool(personnes)

    def tardive(self, operation_id: str) -> tuple[bool, str | None]:
        with lire(self.monde.moteur) as session:
            ligne = session.get_one(Journal, (self.monde.structure, operation_id))
            return ligne.tardive, ligne.retard
