"""Des faits prêts à servir : une convention, une personne, sa mesure, ses rendez-vous, un entretien."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from uuid6 import uuid7

from app.base import db, ecrire
from app.domain.convention import charger
from app.models import Convention
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.fiches import lire_dossiers
from sync.operation import lire_operation
from tests.jours import dans_jours
from tests.views.conftest import Equipe


def un_id() -> str:
    return str(uuid7())


def dans(jours: int, heure: int = 10) -> str:
    """Un instant `AAAA-MM-JJTHH:00:00Z`, à cette heure UTC du jour de Paris qu'il sera."""
    return f"{dans_jours(jours)}T{heure:02}:00:00Z"


@dataclass
class Cas:
    """Un dossier complet d'une structure, et de quoi relire ce qu'il devient."""

    app: Flask
    equipe: Equipe
    role: str = "conseiller"
    personne: str = field(default_factory=un_id)
    mesure: str = field(default_factory=un_id)
    passe: str = field(default_factory=un_id)
    futur: str = field(default_factory=un_id)
    entretien: str = field(default_factory=un_id)
    nom: str = "Zinsou-Fictive"

    def acteur(self, role: str | None = None) -> Acteur:
        qui = role or self.role
        return Acteur(self.equipe.structure_id, self.equipe.comptes[qui], qui, None, dt.datetime.now(dt.UTC))

    def faire(self, genre: str, entite: str, champs: dict[str, Any], role: str | None = None) -> str:
        """Applique une opération comme le ferait un téléphone ; rend son statut."""
        operation = {
            "id": un_id(),
            "genre": genre,
            "entite": entite,
            "personne": self.personne,
            "champs": champs,
            "heure": dans(0),
        }
        with self.app.app_context(), ecrire(db.engine) as session:
            (resultat,) = appliquer(session, self.acteur(role), [lire_operation(operation)])
        assert resultat.statut == "applied", resultat
        return resultat.statut

    def dossier(self) -> dict[str, Any]:
        with self.app.app_context():
            qui = self.equipe.comptes[self.role]
            return lire_dossiers(db.session(), self.equipe.structure_id, [self.personne], qui, self.role)[self.personne]


def un_cas(app: Flask, equipe: Equipe, nom: str = "Zinsou-Fictive") -> Cas:
    """Awa, suivie par la conseillère : un rendez-vous passé à préciser, un à venir, un entretien noté."""
    cas = Cas(app, equipe, nom=nom)
    avec_convention(app, equipe)
    cas.faire(
        "creer_personne", cas.personne, {"nom": nom, "prenom": "Awa", "sexe": "femme", "date_effet": dans(-60)[:10]}
    )
    cas.faire("ouvrir_mesure", cas.mesure, {"convention": "DSP-TDL", "orientee_le": dans(-60)[:10]})
    for identifiant, jours in ((cas.passe, -1), (cas.futur, 8)):
        champs = {"mesure_id": cas.mesure, "debut": dans(jours), "duree": 45, "lieu": "CMS Toul"}
        cas.faire("proposer_rendez_vous", identifiant, champs)
    note = {"mesure_id": cas.mesure, "date": dans(-10)[:10], "moyen": "telephone", "synthese": "Point fait."}
    cas.faire("noter_entretien", cas.entretien, note)
    return cas


def avec_convention(app: Flask, equipe: Equipe, code: str = "DSP-TDL") -> None:
    convention = [c for c in charger() if c.code == code][-1]
    with app.app_context(), ecrire(db.engine) as session:
        session.add(
            Convention(
                structure_id=equipe.structure_id,
                id=un_id(),
                code=convention.code,
                version=convention.version,
                libelle=convention.libelle,
                debut=convention.debut,
                fin=convention.fin,
                donnees=convention.en_json(),
            )
        )
