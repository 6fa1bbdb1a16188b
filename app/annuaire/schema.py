"""Les champs du schéma data·inclusion v1 que l'annuaire garde, et leurs listes.

Ni coordonnées géographiques, ni nom d'un professionnel (`contact_nom_prenom`) : l'annuaire se cherche par commune, et
ne parle de personne.
"""

import tomllib
from pathlib import Path
from typing import Final

LISTES: Final[dict[str, dict[str, str]]] = tomllib.loads(
    Path(__file__).with_name("data_inclusion.toml").read_text(encoding="utf-8")
)
FAMILLES: Final = LISTES["familles"]

# Par champ de texte, sa longueur : au-delà, la valeur est refusée.
_LIEU: Final = {"commune": 80, "adresse": 200, "complement_adresse": 200}
_DEUX: Final = _LIEU | {"description": 10_000, "telephone": 30, "horaires_accueil": 500}
_PRECISIONS: Final = ("frais_precisions", "publics_precisions", "conditions_acces", "mobilisation_precisions")
TEXTES: Final = {
    "structures": _DEUX,
    "services": _DEUX | dict.fromkeys(_PRECISIONS, 2_000),
}
LIENS: Final = {"structures": ("lien_source", "site_web"), "services": ("lien_source", "lien_mobilisation")}
MOTIFS: Final = {"code_postal": r"\d{5}", "code_insee": r"\d[\dAB]\d{3}"}
CODES: Final = {"structures": (), "services": ("type", "frais")}
CHOIX: Final = {
    "structures": ("reseaux_porteurs",),
    "services": ("thematiques", "publics", "modes_accueil", "modes_mobilisation", "mobilisable_par"),
}
ADRESSE: Final = ("adresse", "complement_adresse", "code_postal", "commune", "code_insee")


def libelle(liste: str, code: str) -> str:
    """Une thématique saisie ici n'est qu'une famille : elle se dit par le nom de la famille."""
    return LISTES[liste].get(code) or FAMILLES.get(code, code)


def libelles(liste: str, codes: list[str] | None) -> str:
    return ", ".join(libelle(liste, code) for code in codes or [])


def famille(thematique: str) -> str:
    """« mobilite--comprendre-et-utiliser-les-transports » est de la famille « mobilite »."""
    return thematique.split("--", 1)[0]
