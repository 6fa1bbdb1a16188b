"""Qui peut faire quoi : une table, et un décorateur sans lequel aucune vue ne répond.

La table dit ce qu'un rôle peut *faire* ; ce qu'il peut *voir* d'une personne dépend en plus de sa
file active (`sync.portee`) et de la liste des lecteurs de chaque champ (`docs/donnees.md`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, get_args

from app.securite.permissions_liste import Permission, Role
from sync.regles.regle import CONTROLEURS, DOSSIERS, TERRAIN

Vue = TypeVar("Vue", bound=Callable[..., object])

# Ce que fait toute personne connectée : gérer sa session et ses appareils.
_COMPTE: frozenset[Permission] = frozenset({"compte", "appareil", "accueil"})
_CARNET: frozenset[Permission] = _COMPTE | {"journee", "dossiers.lire", "envoi", "echange", "deposer"}
# Recevoir une liste d'orientations, et dire qui la suivra.
_RECEVOIR: frozenset[Permission] = frozenset({"orientations.importer"})

# Lire les rapports, et en faire un fichier.
_RAPPORTS: frozenset[Permission] = frozenset({"rapports.lire", "rapports.sortir"})

# Ce que les règles de la synchronisation laissent enregistrer : elles seules le disent, un écran ne promet pas plus.
_ENREGISTREMENTS: dict[Permission, frozenset[str]] = {
    "dossiers.ecrire": DOSSIERS,
    "entretiens.noter": TERRAIN,
    "fiches.controler": CONTROLEURS,
}

# Tenir les lieux, et les permanences de chacun.
_LIEUX: frozenset[Permission] = frozenset({"lieux", "permanences"})


def _enregistre(role: Role) -> frozenset[Permission]:
    return frozenset(nom for nom, roles in _ENREGISTREMENTS.items() if role in roles)


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    "conseiller": _CARNET | _enregistre("conseiller") | {"permanences"},
    "maraude": _CARNET | _enregistre("maraude") | {"permanences"},
    "chef_de_service": _CARNET
    | _enregistre("chef_de_service")
    | _RECEVOIR
    | _RAPPORTS
    | _LIEUX
    | {"annuaire", "rapports.ecrire", "fiches.lire", "equipe", "conventions.lire", "conventions.ajuster", "modeles"},
    "secretariat": _CARNET
    | _enregistre("secretariat")
    | _RECEVOIR
    | _RAPPORTS
    | _LIEUX
    | {"annuaire", "fiches.lire", "conventions.lire"},
    # L'administrateur tient les comptes et les appareils ; il n'est lecteur d'aucun dossier.
    "administrateur": _COMPTE | {"administration", "annuaire", "conventions.lire"},
    # Rien n'est encore partagé avec les partenaires : le rôle existe, la porte est fermée.
    "partenaire": _COMPTE,
}

# Les pages du bureau, avec la permission que demande chacune. Le téléphone reçoit cette table et celle des rôles à la
# construction (`tools/modules_serveur.py`) : son menu et ses gestes ne sont définis nulle part ailleurs.
BUREAU: tuple[tuple[str, str, Permission], ...] = (
    ("/supervision/fiches", "Fiches reçues", "fiches.lire"),
    ("/orientations", "Orientations", "orientations.importer"),
    ("/rapports", "Rapports", "rapports.lire"),
    ("/equipe", "Équipe", "equipe"),
    ("/reunions", "Réunions", "equipe"),
    ("/lieux", "Lieux", "lieux"),
    ("/partenaires", "Partenaires", "annuaire"),
    ("/conventions", "Conventions", "conventions.lire"),
    ("/modeles", "Modèles", "modeles"),
    ("/administration", "Comptes et appareils", "administration"),
)

ROLES: tuple[Role, ...] = get_args(Role)
_ATTRIBUT = "permission_jalon"
_PUBLIQUE = "publique"


# Où commence la journée de qui n'a pas de carnet.
_ACCUEILS: dict[str, str] = {"administrateur": "/administration"}


def accueil(role: str) -> str:
    return _ACCUEILS.get(role, "/appareils")


def permission(nom: Permission) -> Callable[[Vue], Vue]:
    """Réserve une vue aux rôles qui ont cette permission."""

    def marquer(vue: Vue) -> Vue:
        setattr(vue, _ATTRIBUT, nom)
        return vue

    return marquer


def publique(vue: Vue) -> Vue:
    """Ouvre une vue à qui n'est pas connecté ; à n'écrire que là où c'est voulu."""
    setattr(vue, _ATTRIBUT, _PUBLIQUE)
    return vue


def permission_de(vue: object) -> str | None:
    """La permission déclarée par une vue ; `None` si personne ne l'a dite, et alors on refuse."""
    valeur: str | None = getattr(vue, _ATTRIBUT, None)
    return valeur


def est_publique(vue: object) -> bool:
    return permission_de(vue) == _PUBLIQUE


def peut(role: str | None, nom: str | None) -> bool:
    """Un rôle inconnu, une permission inconnue ou absente : non."""
    if role is None or nom is None:
        return False
    return any(connu == role and nom in accordees for connu, accordees in PERMISSIONS.items())
