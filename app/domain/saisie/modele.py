"""Lire le formulaire d'un modèle : son titre, son texte, le jour où il entre en vigueur."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain import modele
from app.domain.dates import lire_jour

TITRE_MAX, CORPS_MAX = 200, 12_000
_LANGUE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True)
class ModeleSaisi:
    """Ce qui a été tapé, et les erreurs par champ."""

    code: str
    langue: str
    titre: str
    corps: str
    depuis: str
    erreurs: dict[str, str] = field(default_factory=dict)


def lire_modele(code: str, saisie: Mapping[str, str], aujourd_hui: str) -> ModeleSaisi:
    """Un mot inconnu se dit ; un jour passé se refuse : les papiers déjà remis gardent leurs mots."""
    langue = (saisie.get("langue") or "fr").strip().lower()
    titre = (saisie.get("titre") or "").strip()
    corps = "\n".join(ligne.rstrip() for ligne in (saisie.get("corps") or "").strip().splitlines())
    depuis = lire_jour(saisie.get("depuis"))
    erreurs = {}
    if not _LANGUE.fullmatch(langue) or (langue != "fr" and code not in modele.TRADUITS):
        erreurs["langue"] = "Écrivez le code de la langue en deux ou trois lettres\u202f: ar, en, ps…"
    if not titre:
        erreurs["titre"] = "Donnez un titre à ce papier."
    elif len(titre) > TITRE_MAX:
        erreurs["titre"] = f"Raccourcissez ce titre\u202f: {TITRE_MAX} signes au plus."
    if not corps:
        erreurs["corps"] = "Écrivez le texte du papier."
    elif len(corps) > CORPS_MAX:
        erreurs["corps"] = f"Raccourcissez ce texte\u202f: {CORPS_MAX} signes au plus."
    for nom, texte in (("titre", titre), ("corps", corps)):
        if inconnus := modele.mots_inconnus(code, texte):
            erreurs.setdefault(nom, "Jalon ne sait pas remplir " + ", ".join(f"{{{mot}}}" for mot in inconnus) + ".")
    if depuis is None:
        erreurs["depuis"] = "Indiquez le premier jour de ce modèle."
    elif depuis < aujourd_hui:
        erreurs["depuis"] = "Choisissez aujourd’hui ou plus tard\u202f: les papiers déjà remis gardent leurs mots."
    return ModeleSaisi(code, langue, titre, corps, depuis or saisie.get("depuis", ""), erreurs)
