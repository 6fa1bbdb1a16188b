"""Des dossiers où plusieurs ont travaillé chacun de leur côté : désaccord, prêt, archive, arrivée tardive."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.moteur import ecrire, ouvrir_moteur
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.operation import lire_operation

from .ecrans import Ecran
from .parcours import Parcours
from .semences import Compte, Semis, identifiant
from .serveur import Serveur

# Ce qu'un écran montre de ce travail à plusieurs : de quoi savoir qu'il a vraiment été jugé.
MONTRE = {
    "desaccord": ".desaccord .face-a-face",
    "archive": ".etat-dossier form, .desaccord-gestes",
    "partage": "form[action*='/partages/']",
    "tardive": ".pastille:text('arrivée tardive')",
    "histoire": ".histoire-ligne",
}
ISO = "%Y-%m-%dT%H:%M:%SZ"


@dataclass
class Carnets:
    """Qui note quoi, et quand, d'après ce qu'il avait sous les yeux."""

    session: Any
    structure: str
    maintenant: dt.datetime

    def faire(
        self, compte: Compte, role: str, genre: str, entite: str, personne: str, /, **champs: Any
    ) -> tuple[str, int | None]:
        """Le statut et la version ; `base` et `il_y_a` (jours) règlent l'enveloppe."""
        base, moment = champs.pop("base", None), self.maintenant - dt.timedelta(days=champs.pop("il_y_a", 0))
        operation = {
            "id": identifiant(),
            "genre": genre,
            "entite": entite,
            "personne": personne,
            "base": base,
            "champs": champs,
            "heure": moment.strftime(ISO),
        }
        acteur = Acteur(self.structure, compte.id, role, None, moment, "bureau")
        (resultat,) = appliquer(self.session, acteur, [lire_operation(operation)])
        assert resultat.statut != "refused", (genre, resultat.erreurs)
        return resultat.statut, resultat.version


def montre(parcours: Parcours) -> set[str]:
    return {nom for nom, ou in MONTRE.items() if parcours.page.locator(ou).count()}


def semer(serveur: Serveur, semis: Semis) -> list[Ecran]:
    """Écrit dans la base du serveur qui tourne, et rend les écrans où cela se voit."""
    moteur = ouvrir_moteur(f"sqlite:///{serveur.base}")
    ((structure,),) = serveur.lire("SELECT id FROM structure")
    with ecrire(moteur, structure) as session:
        carnets = Carnets(session, structure, dt.datetime.now(dt.UTC))
        partage, archive = _en_desaccord(carnets, semis), _archive(carnets, semis)
    moteur.dispose()
    return [
        Ecran("/dossiers/<uuid:id>", f"/dossiers/{partage}"),
        Ecran("/dossiers/<uuid:id>", f"/dossiers/{archive}"),
        Ecran("/dossiers/<uuid:id>/partager", f"/dossiers/{partage}/partager"),
        Ecran("/supervision/historique/<uuid:id>", f"/supervision/historique/{partage}"),
        Ecran("/supervision/historique/<uuid:id>", f"/supervision/historique/{archive}"),
    ]


def _en_desaccord(carnets: Carnets, semis: Semis) -> str:
    """Une adresse et un rendez-vous en désaccord, un binôme, une fiche reçue après la fin d'un prêt."""
    personne, mesure, rendez_vous = identifiant(), identifiant(), identifiant()
    camille, chef, noor = (semis.camille, "conseiller"), (semis.chef, "chef_de_service"), (semis.noor, "maraude")
    jour = carnets.maintenant.date()
    carnets.faire(*camille, "creer_personne", personne, personne, nom="Partagée-Fictive", prenom="Lou", il_y_a=9)
    carnets.faire(*camille, "ouvrir_mesure", mesure, personne, convention=semis.convention, il_y_a=9)
    _, vu = carnets.faire(
        *camille,
        "proposer_rendez_vous",
        rendez_vous,
        personne,
        mesure_id=mesure,
        debut=(carnets.maintenant - dt.timedelta(days=3)).strftime(ISO),
        il_y_a=9,
    )
    fin = (jour - dt.timedelta(days=4)).isoformat()
    pret = {"utilisateur": semis.noor.id, "motif": "visite", "jusqu_au": fin}
    carnets.faire(*camille, "partager_dossier", identifiant(), personne, **pret, il_y_a=6)
    faits = {"date": fin, "moyen": "telephone", "synthese": "Passage à l’accueil, noté plus tard."}
    carnets.faire(*noor, "noter_entretien", identifiant(), personne, **faits)
    binome = {"utilisateur": semis.noor.id, "motif": "binome"}
    carnets.faire(*camille, "partager_dossier", identifiant(), personne, **binome)
    carnets.faire(*camille, "modifier_personne", personne, personne, adresse="12 rue du Verger", base=vu)
    carnets.faire(*chef, "modifier_personne", personne, personne, adresse="3 place du Marché", base=vu)
    carnets.faire(*camille, "constater_rendez_vous", rendez_vous, personne, statut="honore", base=vu)
    suite = (carnets.maintenant + dt.timedelta(days=7)).strftime(ISO)
    statut, _ = carnets.faire(*chef, "deplacer_rendez_vous", rendez_vous, personne, debut=suite, base=vu)
    assert statut == "conflict"
    return personne


def _archive(carnets: Carnets, semis: Semis) -> str:
    """Archivé par le chef, qui ne savait pas qu'on y travaillait encore."""
    personne = identifiant()
    creee = {"nom": "Archivée-Fictive", "prenom": "Noa"}
    _, vu = carnets.faire(semis.camille, "conseiller", "creer_personne", personne, personne, **creee)
    faits = {"date": carnets.maintenant.date().isoformat(), "moyen": "sms"}
    carnets.faire(semis.camille, "conseiller", "noter_entretien", identifiant(), personne, **faits)
    statut, _ = carnets.faire(semis.chef, "chef_de_service", "archiver_dossier", personne, personne, base=vu)
    assert statut == "merged"
    return personne
