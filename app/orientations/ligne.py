"""Comprendre une ligne : ses cellules, ce que chaque colonne veut dire, ce qui a été récrit sur place, les défauts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.importation.valeurs import ValeurRefusee, courriel
from app.orientations import valeurs
from app.orientations.champs import CHAMPS

# Une ligne en est une par son nom ; le reste, s'il manque, se demandera à la personne.
SANS_NOM: Final = "nom absent"
_DIT_PAR_LE_NOM: Final = ("nom", "prenom")


@dataclass(frozen=True)
class Erreur:
    """Une cellule que l'on n'a pas su lire. `colonne` : son titre dans le fichier."""

    champ: str
    colonne: str
    lu: str
    message: str

    @property
    def phrase(self) -> str:
        return f"{self.message[:1].upper()}{self.message[1:]}."


@dataclass(frozen=True)
class Regles:
    """De quoi comprendre les lignes d'un import.

    `champs` : le champ de chaque colonne ; `conventions` et `referents` : ce qui les désigne, et leur identifiant.
    """

    titres: Sequence[str]
    champs: Sequence[str | None]
    conventions: Mapping[str, str]
    referents: Mapping[str, str]
    aujourd_hui: dt.date
    convention: str | None = None
    orientee_le: dt.date | None = None
    prescripteur: str | None = None

    def titre(self, champ: str) -> str:
        """Le titre de la colonne qui dit ce champ, ou son nom à nous."""
        rangs = [rang for rang, dit in enumerate(self.champs) if dit == champ]
        titres = [self.titres[rang] for rang in rangs if rang < len(self.titres) and self.titres[rang]]
        return " + ".join(titres) or CHAMPS[champ].libelle


@dataclass
class Comprise:
    """Ce qu'une ligne dit. `textes` : ce qui a été lu, par champ ; `valeurs` : ce que l'on en a compris."""

    textes: dict[str, str]
    valeurs: dict[str, Any] = field(default_factory=dict)
    erreurs: list[Erreur] = field(default_factory=list)

    @property
    def nom(self) -> str:
        dits = [self.valeurs.get("prenom"), self.valeurs.get("nom")]
        ecrits = [self.textes.get(champ, "") for champ in ("prenom", "nom", "nom_prenom")]
        return " ".join(filter(None, dits)) or " ".join(filter(None, ecrits)) or "Sans nom"


def comprendre(cellules: Sequence[str], corrections: Mapping[str, str], regles: Regles) -> Comprise:
    comprise = Comprise(
        _textes(cellules, regles) | {champ: dit for champ, dit in corrections.items() if champ in CHAMPS}
    )
    lus = {champ: _lire(comprise, champ, lecteur, regles) for champ, lecteur in _lecteurs(regles).items()}
    _nommer(comprise, lus, regles)
    if lus["nom_usage"] and lus["nom_usage"] != comprise.valeurs.get("nom"):
        comprise.valeurs["nom_usage"] = lus["nom_usage"]
    for champ in ("courriel", "telephones", "sexe", "rsa"):
        if lus[champ] not in (None, "", []):
            comprise.valeurs[champ] = lus[champ]
    if lus["date_naissance"]:
        comprise.valeurs["date_naissance"], comprise.valeurs["naissance_precision"] = lus["date_naissance"]
    _situer(comprise, lus)
    _orienter(comprise, lus, regles)
    return comprise


def _textes(cellules: Sequence[str], regles: Regles) -> dict[str, str]:
    """Ce que disent les colonnes, par champ ; plusieurs colonnes d'un même champ se suivent."""
    textes: dict[str, str] = {}
    for champ, cellule in zip(regles.champs, cellules, strict=False):
        if champ in CHAMPS and cellule:
            lien = " / " if champ == "telephones" else ", "
            textes[champ] = f"{textes[champ]}{lien}{cellule}" if champ in textes else cellule
    return textes


def _lecteurs(regles: Regles) -> dict[str, Callable[[str], Any]]:
    jour = regles.aujourd_hui
    return {
        "nom": valeurs.nom,
        "prenom": valeurs.nom,
        "nom_prenom": valeurs.nom_et_prenom,
        "nom_usage": valeurs.nom,
        "date_naissance": lambda texte: valeurs.naissance(texte, jour),
        "sexe": valeurs.sexe,
        "telephones": valeurs.telephones,
        "courriel": courriel,
        "adresse": valeurs.court(200),
        "code_postal": valeurs.code_postal,
        "commune": valeurs.commune,
        "rsa": valeurs.rsa,
        "orientee_le": lambda texte: valeurs.orientation(texte, jour),
        "prescripteur": valeurs.court(200),
        "convention": valeurs.parmi(regles.conventions, "aucune convention de la structure ne porte ce nom"),
        "lieu": valeurs.court(200),
    }


def _lire(comprise: Comprise, champ: str, lecteur: Callable[[str], Any], regles: Regles) -> Any:
    texte = comprise.textes.get(champ, "").strip()
    if not texte:
        return None
    try:
        return lecteur(texte)
    except ValeurRefusee as refus:
        comprise.erreurs.append(Erreur(champ, regles.titre(champ), texte, str(refus)))
        return None


def _nommer(comprise: Comprise, lus: Mapping[str, Any], regles: Regles) -> None:
    ensemble = lus["nom_prenom"] or (None, None)
    for champ, du_couple in zip(_DIT_PAR_LE_NOM, ensemble, strict=True):
        if dit := lus[champ] or du_couple:
            comprise.valeurs[champ] = dit
    fautifs = {erreur.champ for erreur in comprise.erreurs}
    if "nom" not in comprise.valeurs and not fautifs & {"nom", "nom_prenom"}:
        champ = "nom_prenom" if "nom_prenom" in regles.champs and "nom" not in regles.champs else "nom"
        comprise.erreurs.append(Erreur(champ, regles.titre(champ), "", SANS_NOM))


def _situer(comprise: Comprise, lus: Mapping[str, Any]) -> None:
    code, commune = lus["commune"] or (None, None)
    code = lus["code_postal"] or code
    if commune:
        comprise.valeurs["commune"] = {"code": None, "nom": commune}
    rue = lus["adresse"]
    if rue:
        fin = " ".join(filter(None, (code, commune)))
        # Une adresse complète dit déjà où elle est.
        comprise.valeurs["adresse"] = rue if not fin or (code and code in rue) else f"{rue}, {fin}"
    if lieu := lus["lieu"] or commune:
        comprise.valeurs["lieu"] = lieu


def _orienter(comprise: Comprise, lus: Mapping[str, Any], regles: Regles) -> None:
    fautifs = {erreur.champ for erreur in comprise.erreurs}
    for champ, defaut in (
        ("convention", regles.convention),
        ("orientee_le", regles.orientee_le),
        ("prescripteur", regles.prescripteur),
    ):
        dit = lus[champ] if lus[champ] is not None else (None if champ in fautifs else defaut)
        if dit is not None:
            comprise.valeurs[champ] = dit
        elif champ != "prescripteur" and champ not in fautifs:
            message = "convention absente" if champ == "convention" else "date d’orientation absente"
            comprise.erreurs.append(Erreur(champ, regles.titre(champ), "", message))
    if ecrit := comprise.textes.get("referent", "").strip():
        comprise.valeurs["referent_ecrit"] = ecrit
        if trouve := valeurs.designe(regles.referents, ecrit):
            comprise.valeurs["referent"] = trouve
