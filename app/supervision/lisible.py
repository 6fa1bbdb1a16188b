"""Ce qui se lit d'une ligne du journal, selon qui la lit."""

from __future__ import annotations

from app.domain.champs_personne import catalogue, champs_lisibles
from app.domain.francais import minuscule
from app.viewmodels import en_mots

# Ce qui relie les fiches entre elles ne se lit pas ; la date d'effet se dit une fois, à part.
_TECHNIQUES = frozenset(
    {"mesure_id", "rendez_vous_id", "date_effet", "choix", "referent", "utilisateur", "absorbee", "fusion"}
)
_IDENTITE = frozenset({"nom", "prenom", "nom_usage", "pseudonymes", "date_naissance", "naissance_precision"})


def se_lit(nom: str, role: str) -> bool:
    """Le nom et l'âge disent de qui il s'agit ; un autre champ de la personne, si ce rôle le lit."""
    if nom in _TECHNIQUES:
        return False
    return nom not in catalogue() or nom in _IDENTITE or nom in champs_lisibles(role)


def nom_du_champ(nom: str, forme: str | None = None) -> str:
    """Au milieu d'une phrase : « durée », mais « RSA »."""
    libelle = en_mots.champ(nom, forme)
    return libelle if libelle[1:2].isupper() else minuscule(libelle)
