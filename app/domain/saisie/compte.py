"""Lire le formulaire d'un compte neuf. Le bureau seul le montre : il n'a pas de miroir au téléphone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from app.domain.saisie.lecture import est_courriel

NOM_MAXIMUM = 120


@dataclass
class CompteSaisi:
    """Ce qui a été tapé, et par champ ce qui ne va pas."""

    prenom: str
    nom: str
    courriel: str
    role: str
    erreurs: dict[str, str] = field(default_factory=dict)


def lire_compte(saisie: Mapping[str, str], roles: Collection[str]) -> CompteSaisi:
    prenom, nom, courriel, role = (saisie.get(champ, "").strip() for champ in ("prenom", "nom", "courriel", "role"))
    lu = CompteSaisi(prenom, nom, courriel.lower(), role)
    for champ, valeur, absent in (("prenom", prenom, "Écrivez son prénom."), ("nom", nom, "Écrivez son nom.")):
        if not valeur:
            lu.erreurs[champ] = absent
        elif len(valeur) > NOM_MAXIMUM or not valeur.isprintable():
            lu.erreurs[champ] = f"{NOM_MAXIMUM} signes au plus, sur une seule ligne."
    if not courriel:
        lu.erreurs["courriel"] = "Écrivez son courriel\u202f: il lui servira à se connecter."
    elif not est_courriel(lu.courriel) or len(lu.courriel) > 254:
        lu.erreurs["courriel"] = "Ce courriel n’est pas complet\u202f: écrivez-le comme prenom@association.fr."
    if role not in roles:
        lu.erreurs["role"] = "Choisissez ce que cette personne fera."
    return lu
