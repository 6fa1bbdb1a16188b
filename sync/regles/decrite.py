"""Lire et vérifier ce qu'une description (TOML) demande : les champs d'une pièce, d'une feuille, d'un cahier."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from app.domain import piece as domaine
from app.domain.nomenclatures import codes
from app.domain.position import est_position
from sync import champs as lire
from sync.champs import Forme, Invalide, en_json
from sync.regles.regle import refuser

Champ = Mapping[str, Any]

LIGNES_MAX, COLLEGUES_MAX = 20, 30
CONVENTION, CONVENTIONS_MAX = 40, 20
TEXTE, LONG = 200, 10_000
MINUTES_MAX = 168 * 60
# Le tracé d'une signature dans un cadre de 300 sur 120 : des levés de plume, et les points de chacun.
SIGNATURE_MAX = 6_000
_SIGNATURE = re.compile(r"(?:M[0-9]{1,3} [0-9]{1,3}(?: [0-9]{1,3} [0-9]{1,3})*)+")
TOLERANCE = dt.timedelta(days=1)


def formes(champs: Iterable[Champ]) -> dict[str, Forme]:
    """Comment se lit chaque champ d'une opération."""
    return {champ["nom"]: _forme(champ) for champ in champs}


def formes_retrait() -> Mapping[str, Forme]:
    return {"motif": lire.texte(LONG, lignes=True)}


def obligatoires(champs: Iterable[Champ]) -> dict[str, str]:
    """Ceux qu'une création doit remplir quoi qu'elle dise d'autre, et la phrase qui le demande."""
    return {
        champ["nom"]: champ["obligatoire"]
        for champ in champs
        if champ.get("obligatoire") and not champ.get("si") and not champ.get("regle")
    }


def remplies(valeurs: Mapping[str, Any]) -> dict[str, Any]:
    """Les valeurs telles qu'elles se gardent : ce qui est vide n'y est pas."""
    return {nom: en_json(valeur) for nom, valeur in valeurs.items() if not domaine.est_vide(valeur)}


def jour(decrite: Champ, valeurs: Mapping[str, Any]) -> dt.date | None:
    lu = valeurs.get(decrite.get("jour", ""))
    return dt.date.fromisoformat(lu) if lu else None


def verifier(
    champs: Iterable[Champ],
    aujourd_hui: dt.date,
    valeurs: Mapping[str, Any],
    changes: set[str] | None = None,
    citer: Callable[[Champ, str], object] | None = None,
) -> None:
    """Ce qui manque, ce qui vient trop tôt ou trop tard. `changes` : les seuls champs à vérifier ; `citer` : lève si la
    fiche qu'un champ désigne n'est pas de celles qu'il peut désigner.
    """
    demain = (aujourd_hui + TOLERANCE).isoformat()
    for champ in champs:
        nom, lue = champ["nom"], valeurs.get(champ["nom"])
        if changes is not None and nom not in changes and champ.get("apres") not in changes:
            continue
        if lue is None:
            if champ.get("obligatoire") and "regle" not in champ and domaine.est_appele(champ, valeurs):
                raise refuser(nom, champ["obligatoire"])
        elif champ.get("passe") and lue > demain:
            raise refuser(nom, "Cette date est dans l’avenir.")
        elif champ.get("apres") and (valeurs.get(champ["apres"]) or lue) > lue:
            raise refuser(nom, "Cette date vient avant le début.")
        elif champ["genre"] in ("fiche", "dossier") and citer is not None:
            citer(champ, lue)


def _jour_en_texte(valeur: Any, semaine: bool = False) -> str:
    lu: str = lire.jour(valeur).isoformat()
    return domaine.lundi_de(lu) if semaine else lu


def _signature(valeur: Any) -> str:
    if isinstance(valeur, str) and len(valeur) <= SIGNATURE_MAX and _SIGNATURE.fullmatch(valeur):
        return valeur
    raise Invalide("Cette signature n’est pas lisible\u202f: refaites-la, ou signez sur papier.")


def _position(valeur: Any) -> str:
    if isinstance(valeur, str) and est_position(valeur):
        return valeur
    raise Invalide("Cette position n’a pas la forme attendue.")


def _elements(champs: Sequence[Champ], liste: str | None) -> Forme:
    """Une ligne, ou une case de grille (`liste` : ses clés) : ses champs remplis, ou rien s'il n'y en a aucun."""
    lues = formes(champs)
    if liste is not None:
        lues["cle"] = lire.parmi(codes(liste))

    def lue(valeur: Any) -> dict[str, Any] | None:
        if not isinstance(valeur, dict) or not valeur.keys() <= lues.keys():
            raise Invalide("Une ligne n’a pas la forme attendue.")
        remplie = remplies({nom: None if v is None else lues[nom](v) for nom, v in valeur.items()})
        if liste is not None and "cle" not in remplie:
            raise Invalide("Une ligne n’a pas la forme attendue.")
        return remplie if remplie.keys() - {"cle"} else None

    return lue


def _grille(champ: Champ) -> Forme:
    lignes = lire.liste_de(_elements(champ["champs"], champ["liste"]), len(codes(champ["liste"])))

    def lue(valeur: Any) -> list[Any]:
        """Dans l'ordre de la liste, quel qu'ait été celui de l'envoi."""
        par_cle = {ligne["cle"]: ligne for ligne in lignes(valeur)}
        return [par_cle[cle] for cle in codes(champ["liste"]) if cle in par_cle]

    return lue


def _forme(champ: Champ) -> Forme:
    genre = champ["genre"]
    if genre == "code":
        return lire.code(champ["liste"])
    if genre == "codes":
        return lire.liste_de(lire.code(champ["liste"]), 30)
    if genre == "lignes":
        return lire.liste_de(_elements(champ["champs"], None), LIGNES_MAX)
    if genre == "grille":
        return _grille(champ)
    degres = len(champ.get("degres") or ())
    simples: dict[str, Forme] = {
        "texte": lire.texte(TEXTE),
        "long": lire.texte(LONG, lignes=True),
        "booleen": lire.booleen,
        "entier": lire.entier(1 if degres else 0, degres or champ.get("maximum", 99)),
        "jour": partial(_jour_en_texte, semaine=bool(champ.get("semaine"))),
        "heure": lire.heure,
        "mois": lire.mois,
        "heures": lire.entier(0, MINUTES_MAX),
        "signature": _signature,
        "position": _position,
        "fiche": lire.identifiant,
        "dossier": lire.identifiant,
        "conventions": lire.liste_de(lire.texte(CONVENTION), CONVENTIONS_MAX),
        "collegues": lire.liste_de(lire.identifiant, COLLEGUES_MAX),
    }
    return simples[genre]
