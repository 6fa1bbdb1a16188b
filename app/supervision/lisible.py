"""Ce qui se lit d'une ligne du journal, selon qui la lit."""

from __future__ import annotations

from typing import Any

from app.domain import piece
from app.domain.champs_personne import catalogue, champs_lisibles
from app.domain.formes import champ as champ_de
from app.domain.formes import charger
from app.domain.francais import minuscule
from app.domain.mesure import motif_lisible
from app.domain.roles import LECTEURS_DES_SYNTHESES
from app.viewmodels import en_mots

# Ce qui relie les fiches entre elles ne se lit pas ; la date d'effet se dit une fois, à part.
_TECHNIQUES = frozenset(
    {"mesure_id", "rendez_vous_id", "date_effet", "choix", "referent", "utilisateur", "absorbee", "fusion"}
)
_IDENTITE = frozenset({"nom", "prenom", "nom_usage", "pseudonymes", "date_naissance", "naissance_precision"})


# Ce que dit un entretien, ce que le chef de service en remarque, et pourquoi une sortie n'a pas la date de la règle.
_RESERVES = frozenset({"synthese", "demarches", "remarque", "ecart"})


def se_lit(nom: str, role: str, forme: str | None = None) -> bool:
    """Ce rôle lit-il ce champ ? Le nom et l'âge disent de qui il s'agit ; une pièce a les lecteurs de sa forme.

    Un identifiant d'allocataire ou de demandeur d'emploi ne se lit nulle part encore.
    """
    if nom in _TECHNIQUES:
        return False
    if forme is not None:
        decrite = charger()[forme]
        return piece.se_lit(decrite, role, None, champ_de(decrite, nom)) and piece.se_lit(decrite, role, None)
    if nom in _RESERVES:
        return role in LECTEURS_DES_SYNTHESES
    connu = catalogue().get(nom)
    return connu is None or (connu.telephone == "oui" and (nom in _IDENTITE or nom in champs_lisibles(role)))


def forme_de(genre: str) -> str | None:
    """La forme de la pièce qu'une opération note, modifie ou retire."""
    return piece.genres().get(genre, (None, None))[1]


def valeur_lisible(nom: str, donnee: Any, role: str) -> Any:
    """La valeur telle que ce rôle peut la lire : un motif de sortie réservé y devient « autre »."""
    return motif_lisible(donnee, role) if nom == "sortie_motif" and isinstance(donnee, str) else donnee


def nom_du_champ(nom: str, forme: str | None = None) -> str:
    """Au milieu d'une phrase : « durée », mais « RSA »."""
    libelle = en_mots.champ(nom, forme)
    return libelle if libelle[1:2].isupper() else minuscule(libelle)
