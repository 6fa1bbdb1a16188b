"""La base de départ des essais : une petite association inventée, deux conseillères, un chef, six personnes.

Les fiches sont posées par la même porte que celles d'un téléphone (`sync.appliquer`) : l'essai part d'un état que le
produit sait produire. Lancé comme programme, pour que la base naisse dans un autre processus que celui des essais.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import uuid6

if TYPE_CHECKING:
    from sqlalchemy import Engine

MOT_DE_PASSE = "lanterne cuivre et ruisseau"
CONVENTION = "ASP-NC"
LIEU = "Maison des services, Vézelise"
LIEU_ID = "0192b1c4-7a10-7c3e-8f00-000000000003"
PERMANENCE_ID = "0192b1c4-7a10-7c3e-8f00-000000000004"
# Prénom, nom, rôle.
COMPTES = {
    "camille": ("Camille", "Essai-Conseillère", "conseiller"),
    "noor": ("Noor", "Essai-Collègue", "conseiller"),
    "chef": ("Dominique", "Essai-Chef", "chef_de_service"),
    "secretariat": ("Claude", "Essai-Secrétariat", "secretariat"),
    "admin": ("Sacha", "Essai-Administration", "administrateur"),
    "partenaire": ("Lou", "Essai-Partenaire", "partenaire"),
}


@dataclass(frozen=True)
class Compte:
    id: str
    courriel: str
    mot_de_passe: str


@dataclass(frozen=True)
class RendezVousSeme:
    """Un rendez-vous passé dont l'issue n'est pas dite."""

    id: str
    personne_id: str
    nom: str
    jour: str


@dataclass(frozen=True)
class Semis:
    """Ce que les essais ont besoin de nommer dans la base semée."""

    convention: str
    camille: Compte
    noor: Compte
    chef: Compte
    secretariat: Compte
    admin: Compte
    partenaire: Compte
    appareil: str
    """un téléphone du secrétariat, qui n'a jamais rien échangé"""
    rendez_vous_honore: RendezVousSeme
    rendez_vous_manque: RendezVousSeme
    personnes: dict[str, str]
    """nom de famille → identifiant, pour la file active de Camille"""
    temoins: list[str]
    """noms, numéros et textes personnels qui ne doivent se lire nulle part où ils n'ont rien à faire"""

    @classmethod
    def de_json(cls, lu: dict[str, Any]) -> Semis:
        return cls(
            convention=lu["convention"],
            appareil=lu["appareil"],
            **{cle: Compte(**lu[cle]) for cle in COMPTES},
            rendez_vous_honore=RendezVousSeme(**lu["rendez_vous_honore"]),
            rendez_vous_manque=RendezVousSeme(**lu["rendez_vous_manque"]),
            personnes=lu["personnes"],
            temoins=lu["temoins"],
        )


# Numéros pris dans la tranche réservée à la fiction (06 39 98 …).
PERSONNES = [
    ("Awa", "Diallo-Fictive", "0639980117"),
    ("Bruno", "Vasseur-Fictif", "0639980228"),
    ("Zélie", "Quéméneur-Témoin", "0639987733"),
    ("Marie-Thérèse", "de La Tour-Inventée", "0639980445"),
    ("Yanis", "Benhaddou-Fictif", "0639980556"),
    ("Solène", "Œuvrard-Fictive", "0639980667"),
]
SYNTHESE_TEMOIN = "Zélie souhaite reprendre une formation de fleuriste à l'automne."
NOTE_TEMOIN = "Penser à son vertige dans l'escalier du second."


def identifiant() -> str:
    return str(uuid6.uuid7())


class Operations:
    """Écrit des opérations comme le ferait un téléphone, à une heure donnée."""

    def __init__(self, heure: dt.datetime) -> None:
        self.lot: list[dict[str, Any]] = []
        self._heure = heure
        self._compteur: Iterator[int] = count(1)

    def ajouter(self, genre: str, entite: str, personne: str, **champs: Any) -> None:
        self.lot.append(
            {
                "id": identifiant(),
                "genre": genre,
                "entite": entite,
                "personne": personne,
                "base": None,
                "champs": champs,
                "compteur": next(self._compteur),
                "heure": self._heure.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "remplace": None,
            }
        )

    def personne_suivie(self, prenom: str, nom: str, telephone: str, entree: dt.date) -> tuple[str, str]:
        """Une personne et sa mesure en cours ; rend leurs identifiants."""
        personne, mesure = identifiant(), identifiant()
        self.ajouter(
            "creer_personne",
            personne,
            personne,
            nom=nom,
            prenom=prenom,
            date_naissance="1984-05-17",
            naissance_precision="jour",
            date_effet=entree.isoformat(),
            telephones=[{"numero": telephone, "libelle": None}],
            commune={"code": "54563", "nom": "Vézelise"},
        )
        self.ajouter(
            "ouvrir_mesure",
            mesure,
            personne,
            convention=CONVENTION,
            orientee_le=(entree - dt.timedelta(days=10)).isoformat(),
            prescripteur="Maison du Département (inventée)",
            premier_contact_le=entree.isoformat(),
            entree_le=entree.isoformat(),
            modalite="socioprofessionnelle",
        )
        return personne, mesure

    def rendez_vous(self, personne: str, mesure: str, debut: dt.datetime, lieu: str = LIEU) -> str:
        entite = identifiant()
        self.ajouter(
            "proposer_rendez_vous",
            entite,
            personne,
            mesure_id=mesure,
            debut=debut.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            duree=45,
            lieu=lieu,
        )
        return entite


def file_active(maintenant: dt.datetime) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Les opérations de la file active de Camille, et ce que les essais en nomment."""
    ici = maintenant.astimezone(ZoneInfo("Europe/Paris"))
    operations = Operations(maintenant)
    entree = (ici - dt.timedelta(days=60)).date()
    suivies = {nom: operations.personne_suivie(prenom, nom, tel, entree) for prenom, nom, tel in PERSONNES}

    def seme(rang: int, jours: int) -> dict[str, str]:
        _, nom, _ = PERSONNES[rang]
        debut = (ici - dt.timedelta(days=jours)).replace(hour=10, minute=0, second=0, microsecond=0)
        entite = operations.rendez_vous(*suivies[nom], debut)
        jour = debut.date().isoformat()
        return {"id": entite, "personne_id": suivies[nom][0], "nom": nom, "jour": jour}

    honore, manque = seme(0, 1), seme(1, 2)
    operations.rendez_vous(*suivies[PERSONNES[3][1]], ici + dt.timedelta(days=3))
    zelie, mesure_de_zelie = suivies[PERSONNES[2][1]]
    operations.ajouter(
        "noter_entretien",
        identifiant(),
        zelie,
        mesure_id=mesure_de_zelie,
        date=(ici - dt.timedelta(days=20)).date().isoformat(),
        duree=45,
        moyen="presentiel",
        lieu=LIEU,
        demarches=[{"famille": "emploi_formation", "nature": None}],
        synthese=SYNTHESE_TEMOIN,
        note_personnelle=NOTE_TEMOIN,
    )
    operations.ajouter(
        "noter_action",
        identifiant(),
        zelie,
        mesure_id=mesure_de_zelie,
        quoi="Refaire la carte d’identité",
        etat="a_faire",
    )
    return operations.lot, {
        "rendez_vous_honore": honore,
        "rendez_vous_manque": manque,
        "personnes": {nom: personne for nom, (personne, _) in suivies.items()},
    }


def temoins() -> list[str]:
    noms = [nom for _, nom, _ in PERSONNES]
    numeros = [
        forme for _, _, numero in PERSONNES for forme in (numero, " ".join(numero[i : i + 2] for i in range(0, 10, 2)))
    ]
    return [*noms, *numeros, SYNTHESE_TEMOIN, NOTE_TEMOIN]


def semer(base: Path) -> Semis:
    """Crée la base, y pose l'association et la file active, et rend ce que les essais en nomment."""
    from app.migrations import migrer
    from app.moteur import ouvrir_moteur

    moteur = ouvrir_moteur(f"sqlite:///{base}")
    migrer(moteur)
    return peupler(moteur, dt.datetime.now(dt.UTC))


def peupler(moteur: Engine, maintenant: dt.datetime) -> Semis:
    """L'association et la file active dans une base migrée, que l'on ferme."""
    from app.moteur import ecrire
    from sync.acteur import Acteur
    from sync.appliquer import appliquer
    from sync.operation import lire_operation

    comptes = {cle: Compte(identifiant(), f"{cle}@essais.example", MOT_DE_PASSE) for cle in COMPTES}
    structure = identifiant()
    lot, nommes = file_active(maintenant)
    with ecrire(moteur) as session:
        poser_la_structure(session, structure, comptes, maintenant)
        appareil = poser_un_appareil(session, structure, comptes["secretariat"].id, maintenant)
        acteur = Acteur(structure, comptes["camille"].id, "conseiller", None, maintenant, origine="import")
        resultats = appliquer(session, acteur, [lire_operation(operation) for operation in lot])
        rates = [resultat for resultat in resultats if resultat.statut != "applied"]
        assert not rates, rates
    moteur.dispose()
    return Semis.de_json(
        {
            **{cle: asdict(compte) for cle, compte in comptes.items()},
            **nommes,
            "appareil": appareil,
            "convention": CONVENTION,
            "temoins": temoins(),
        }
    )


def poser_la_structure(session: Any, structure: str, comptes: dict[str, Compte], maintenant: dt.datetime) -> None:
    from app.models import Lieu, Permanence, Structure, Utilisateur
    from app.securite.mot_de_passe import hacher
    from sync import conventions

    session.add(Structure(id=structure, nom="Association d'essai", generation=identifiant(), cree_le=maintenant))
    session.flush()
    empreinte = hacher(MOT_DE_PASSE)
    for cle, (prenom, nom, role) in COMPTES.items():
        session.add(
            Utilisateur(
                structure_id=structure,
                id=comptes[cle].id,
                prenom=prenom,
                nom=nom,
                courriel=comptes[cle].courriel,
                mot_de_passe=empreinte,
                role=role,
                cree_le=maintenant,
            )
        )
    conventions.enregistrer(session, structure)
    session.add(
        Lieu(
            structure_id=structure,
            id=LIEU_ID,
            nom=LIEU,
            commune="Vézelise",
            adresse="3, rue du Modèle",
            horaires=["9\u00a0h – 17\u00a0h"] * 7,
            preteur="Mme Accueil-Inventée",
            preteur_telephone="0199000014",
        )
    )
    session.flush()
    camille = comptes["camille"].id
    session.add(
        Permanence(
            structure_id=structure,
            id=PERMANENCE_ID,
            utilisateur_id=camille,
            lieu_id=LIEU_ID,
            jour=3,
            semaines=1,
            de="09:00",
            a="12:00",
            pas=45,
            du=maintenant.date(),
            par_id=camille,
            le=maintenant,
        )
    )
    session.flush()


def poser_un_appareil(session: Any, structure: str, utilisateur: str, maintenant: dt.datetime) -> str:
    from app.models import Appareil

    appareil = identifiant()
    session.add(
        Appareil(
            structure_id=structure,
            id=appareil,
            utilisateur_id=utilisateur,
            nom="Tablette de l'accueil",
            enrole_le=maintenant,
        )
    )
    session.flush()
    return appareil


if __name__ == "__main__":
    print(json.dumps(asdict(semer(Path(sys.argv[1])))))
