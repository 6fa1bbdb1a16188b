"""Les modèles des papiers : un texte daté que la structure édite, avec des mots à remplir.

Le texte : des paragraphes séparés d'une ligne vide ; « ## » ouvre un titre, « - » un élément de liste. Un `{mot}` est
remplacé ; seul sur son paragraphe, un `{bloc}` (liste, tableau, signatures) prend sa place. Un paragraphe, ou un
élément, dont un mot manque ne s'imprime pas ; un titre que rien ne suit non plus : le modèle se relit sans « si ».

D'un modèle : `code`, `langue`, `titre`, `corps`, `depuis` (le jour où il vaut), `valide` (relu et approuvé).
Ceux que livre Jalon sont dans `modeles/` et ne sont jamais validés d'avance. Miroir : static/js/domain/modele.js.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from app.domain.formes import charger as formes
from app.domain.francais import majuscule

DOSSIER = Path(__file__).with_name("modeles")
Modele = dict[str, Any]

_MOT = re.compile(r"\{([a-z_]+)\}")
# Les langues qui s'écrivent de droite à gauche.
DE_DROITE_A_GAUCHE = ("ar", "fa", "he", "ps", "ur", "ckb", "dv", "yi", "sd", "ug")
# Ce que tout modèle peut dire, et ce qui n'a de sens que dans le sien.
MOTS = (
    "personne",
    "referent",
    "structure",
    "convention",
    "jour",
    "nouveau_rendez_vous",
    "sans_nouveau_rendez_vous",
    "avec_accord",
)
BLOCS = ("identite", "en_cours", "parcours", "objectifs", "freins", "chronologie", "signatures", "champs")
# Les seuls que l'on remet tels quels à la personne, et qu'elle peut lire dans sa langue.
TRADUITS = ("droits_devoirs",)


@cache
def livres() -> tuple[Modele, ...]:
    """Les modèles livrés, à valider."""
    lus = (tomllib.loads(fichier.read_text(encoding="utf-8")) for fichier in sorted(DOSSIER.glob("*.toml")))
    return tuple({**lu, "corps": lu["corps"].strip(), "valide": False} for lu in lus)


def codes() -> list[str]:
    return [modele["code"] for modele in livres()]


def en_vigueur(modeles: Iterable[Modele], code: str, langue: str, jour: str) -> Modele | None:
    """Celui d'un jour : le dernier commencé, à défaut le premier ; du même jour, le dernier de la liste."""
    versions = sorted(
        (m for m in modeles if (m["code"], m["langue"]) == (code, langue)), key=lambda m: str(m["depuis"])
    )
    commences = [version for version in versions if version["depuis"] <= jour]
    return commences[-1] if commences else next(iter(versions), None)


def langues(modeles: Iterable[Modele], code: str) -> list[str]:
    """Le français d'abord."""
    return sorted({m["langue"] for m in modeles if m["code"] == code}, key=lambda langue: (langue != "fr", langue))


def mots_connus(code: str) -> set[str]:
    """Les mots et les blocs qu'un modèle peut employer."""
    connus = {*MOTS, *BLOCS}
    for forme in formes().values():
        if forme.get("imprimable") == code:
            connus |= {champ["nom"] for champ in forme["champs"]}
    return connus | ({"rendez_vous"} if code == "relance" else set())


def mots_inconnus(code: str, *textes: str) -> list[str]:
    connus = mots_connus(code)
    trouves = [mot for texte in textes for mot in re.findall(r"\{([^{}]*)\}", texte)]
    return list(dict.fromkeys(mot for mot in trouves if mot not in connus))


def remplir(texte: str, mots: Mapping[str, str | None]) -> str | None:
    """Le texte, ses mots remplacés, une majuscule à celui qui l'ouvre ; None si l'un manque."""
    if any(mots.get(nom) is None for nom in _MOT.findall(texte)):
        return None
    rempli = _MOT.sub(lambda trouve: str(mots[trouve[1]]), texte)
    return majuscule(rempli) if texte.startswith("{") else rempli


def composer(corps: str, mots: Mapping[str, str | None], blocs: Mapping[str, Sequence[Modele]]) -> list[Modele]:
    """Les blocs du papier (`app/papiers/papier.py`)."""
    rendus: list[Modele] = []
    titre: Modele | None = None
    for morceau in re.split(r"\n{2,}", corps.replace("\r\n", "\n").strip()):
        seul = _MOT.fullmatch(morceau)
        if morceau.startswith("## "):
            dit = remplir(morceau[3:].strip(), mots)
            titre = {"genre": "titre", "texte": dit} if dit else None
            continue
        suite = list(blocs[seul[1]]) if seul and seul[1] in blocs else _texte(morceau, mots)
        if suite:
            # Signer n'est pas de la rubrique d'avant.
            rendus += [titre] if titre and suite[0]["genre"] != "signatures" else []
            titre = None
        rendus += suite
    return rendus


def _texte(morceau: str, mots: Mapping[str, str | None]) -> list[Modele]:
    lignes = morceau.split("\n")
    if all(ligne.startswith("- ") for ligne in lignes):
        elements = [dit for dit in (remplir(ligne[2:], mots) for ligne in lignes) if dit]
        return [{"genre": "liste", "elements": elements}] if elements else []
    dit = remplir(morceau, mots)
    return [{"genre": "paragraphe", "texte": dit}] if dit else []
