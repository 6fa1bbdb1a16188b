"""Lire une grille de son fichier TOML, et dire en français ce qui n'y va pas."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.domain import nomenclatures
from app.domain.grilles.grille import NON_RENSEIGNE, TOTAL, Case, Grille, Groupe, LigneDeGrille
from app.domain.typographie import typographie

DOSSIER: Final = Path(__file__).parent
_CLES: Final = {
    "grille": {"code", "titre", "source", "decimales", "colonnes", "parts", "groupes", "a_confirmer"},
    "groupe": {"code", "sous_total", "dynamique", "hors_base", "lignes"},
    "ligne": {"code", "libelle", "motifs", "reste", "details"},
    "détail": {"code", "libelle", "motifs", "reste"},
}
_COLONNES: Final = ("total", "brsa", "annee_precedente")
_PARTS: Final = ("lignes", "sous_totaux", "aucune")
# Ces codes sont ceux de lignes que toute grille a déjà.
_RESERVES: Final = (NON_RENSEIGNE, TOTAL)


class GrilleIllisible(ValueError):
    """Le fichier d'une grille n'a pas la forme attendue ; `fautes` dit quoi écrire."""

    def __init__(self, nom: str, fautes: list[str]) -> None:
        super().__init__(f"{nom} : {' ; '.join(fautes)}")
        self.fautes = fautes


@cache
def charger(dossier: Path = DOSSIER) -> Mapping[str, Grille]:
    """Toutes les grilles du dossier, par code. Lève `GrilleIllisible`."""
    lues = [lire(fichier.read_text(encoding="utf-8"), fichier.name) for fichier in sorted(dossier.glob("*.toml"))]
    return {grille.code: grille for grille in lues}


def lire(texte: str, nom: str = "grille") -> Grille:
    """Une grille lue du texte de son fichier. Lève `GrilleIllisible`, toutes ses fautes ensemble."""
    try:
        brut = tomllib.loads(texte)
    except tomllib.TOMLDecodeError as erreur:
        raise GrilleIllisible(nom, ["ce n'est pas du TOML : vérifiez guillemets et crochets"]) from erreur
    if fautes := [*_fautes_de_forme(brut)]:
        raise GrilleIllisible(nom, fautes)
    if fautes := [*_fautes_de_sens(brut)]:
        raise GrilleIllisible(nom, fautes)
    return Grille(
        code=brut["code"],
        titre=typographie(brut["titre"]),
        source=typographie(brut["source"]),
        decimales=brut["decimales"],
        groupes=tuple(_groupe(groupe) for groupe in brut["groupes"]),
        colonnes=tuple(brut.get("colonnes", ("total",))),
        parts=brut.get("parts", "lignes"),
        a_confirmer={motif: typographie(doute) for motif, doute in brut.get("a_confirmer", {}).items()},
    )


def _groupe(brut: Mapping[str, Any]) -> Groupe:
    return Groupe(
        brut["code"],
        tuple(_ligne(ligne) for ligne in brut["lignes"]),
        typographie(brut.get("sous_total", "")),
        bool(brut.get("dynamique", False)),
        bool(brut.get("hors_base", False)),
    )


def _ligne(brut: Mapping[str, Any]) -> LigneDeGrille:
    cases = tuple(_case(case) for case in brut.get("details", (brut,)))
    return LigneDeGrille(brut["code"], typographie(brut["libelle"]), cases, "details" in brut)


def _case(brut: Mapping[str, Any]) -> Case:
    motifs = tuple(brut.get("motifs", ()))
    return Case(brut["code"], typographie(brut["libelle"]), motifs, bool(brut.get("reste", False)))


def _fautes_de_forme(brut: Mapping[str, Any]) -> Iterator[str]:
    for cle in ("code", "titre", "source"):
        if not isinstance(brut.get(cle), str) or not brut[cle].strip():
            yield f'écrivez en tête : {cle} = "…"'
    if type(brut.get("decimales")) is not int or not 0 <= brut["decimales"] <= 2:
        yield "decimales dit combien de chiffres après la virgule : 0, 1 ou 2"
    if brut.get("parts", "lignes") not in _PARTS:
        yield f"parts vaut l'un de : {', '.join(_PARTS)}"
    if not set(brut.get("colonnes", ["total"])) <= set(_COLONNES) or "total" not in brut.get("colonnes", ["total"]):
        yield f"colonnes est une liste parmi {', '.join(_COLONNES)}, avec au moins total"
    yield from _inconnues("grille", brut)
    if not brut.get("groupes"):
        yield "il faut au moins un [[groupes]]"
    for groupe in brut.get("groupes", ()):
        yield from _inconnues("groupe", groupe)
        if not groupe.get("lignes"):
            yield f"le groupe « {groupe.get('code', '?')} » n'a pas de [[groupes.lignes]]"
        for ligne in groupe.get("lignes", ()):
            yield from _inconnues("ligne", ligne)
            yield from _fautes_de_case(ligne)
            if "details" in ligne and ("motifs" in ligne or "reste" in ligne):
                yield f"« {ligne.get('code', '?')} » a des détails : c'est eux qui portent les motifs"
            for detail in ligne.get("details", ()):
                yield from _inconnues("détail", detail)
                yield from _fautes_de_case(detail)


def _fautes_de_case(brut: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(brut.get("code"), str) or not isinstance(brut.get("libelle"), str):
        yield 'une ligne a un code et un libellé : code = "cdi", libelle = "CDI"'
    elif not (brut.get("motifs") or brut.get("details") or brut.get("reste")):
        yield f"« {brut['code']} » n'a ni motifs, ni détails, ni reste = true : rien ne s'y compterait"


def _fautes_de_sens(brut: Mapping[str, Any]) -> Iterator[str]:
    lignes = [ligne for groupe in brut["groupes"] for ligne in groupe["lignes"]]
    cases = [case for ligne in lignes for case in ligne.get("details", (ligne,))]
    codes = [element["code"] for element in (*brut["groupes"], *lignes, *(c for c in cases if c not in lignes))]
    for code in codes:
        if not re.fullmatch(r"[a-z][a-z0-9_]*", code):
            yield f"« {code} » : un code s'écrit en minuscules, sans accent ni espace"
        if code in _RESERVES:
            yield f"« {code} » est une ligne que toute grille a déjà : prenez un autre code"
    yield from (f"le code « {code} » sert deux fois" for code in _doubles(codes))
    restes = [case["code"] for case in cases if case.get("reste")]
    if len(restes) != 1:
        yield "une ligne et une seule prend le reste : reste = true"
    motifs = [motif for case in cases for motif in case.get("motifs", ())]
    yield from (f"le motif « {motif} » est dans deux lignes : gardez-en une" for motif in _doubles(motifs))
    for motif in dict.fromkeys((*motifs, *brut.get("a_confirmer", {}))):
        if not nomenclatures.est_code("motif_sortie", motif):
            proche = get_close_matches(motif, nomenclatures.codes("motif_sortie"), 1)
            piste = f" ; vouliez-vous dire « {proche[0]} » ?" if proche else ""
            yield f"« {motif} » n'est pas un motif de sortie{piste}"


def _inconnues(quoi: str, brut: Mapping[str, Any]) -> Iterator[str]:
    for cle in sorted(set(brut) - _CLES[quoi]):
        yield f"« {cle} » n'a pas sa place dans une {quoi} ; écrivez l'un de : {', '.join(sorted(_CLES[quoi]))}"


def _doubles(codes: Sequence[str]) -> list[str]:
    return [code for code, nombre in Counter(codes).items() if nombre > 1]
