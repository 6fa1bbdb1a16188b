"""Lire une convention d'un fichier TOML, et dire en français ce qui n'y va pas, ligne et règle à l'appui."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from app.domain.convention.regles import OBLIGATOIRES, PAR_NOM, PERIMETRE, Regle
from app.domain.typographie import typographie

DOSSIER = Path(__file__).resolve().parents[2] / "conventions"

_ENTETES = {"code": r"[A-Z0-9][A-Z0-9-]{1,19}", "version": r"[A-Za-z0-9][A-Za-z0-9.-]{0,19}"}
_CLES = frozenset({"valeur", "source", "a_confirmer"})
_CONNUES = {**PAR_NOM, PERIMETRE.nom: PERIMETRE}


@dataclass(frozen=True, slots=True)
class Faute:
    """Ce qui ne va pas : la ligne du fichier, la règle, et quoi écrire."""

    ligne: int | None
    regle: str
    message: str

    def __str__(self) -> str:
        ou = f"ligne {self.ligne}, " if self.ligne else ""
        return f"{ou}[{self.regle}] {self.message}" if self.regle else f"{ou}{self.message}"


class ConventionIllisible(ValueError):
    """Le fichier d'une convention n'a pas la forme attendue ; `fautes` dit où et quoi écrire."""

    def __init__(self, nom: str, fautes: list[Faute]) -> None:
        super().__init__(f"{nom} : {' ; '.join(map(str, fautes))}")
        self.nom = nom
        self.fautes = fautes


@dataclass(frozen=True, slots=True)
class Convention:
    """Une version d'une convention.

    `valeurs` : une entrée par règle que la source donne, dans la forme gardée (dates en texte) ; une règle absente
    n'est pas dite par la source. `sources` : d'où vient chacune ; `a_confirmer` : ce qui reste à vérifier.
    """

    code: str
    version: str
    valeurs: Mapping[str, Any]
    sources: Mapping[str, str] = field(default_factory=dict)
    a_confirmer: Mapping[str, str] = field(default_factory=dict)

    @property
    def libelle(self) -> str:
        return str(self.valeurs["libelle"])

    @property
    def debut(self) -> date:
        return date.fromisoformat(self.valeurs["debut"])

    @property
    def fin(self) -> date | None:
        return date.fromisoformat(self.valeurs["fin"]) if "fin" in self.valeurs else None

    def valeur(self, regle: str) -> Any:
        return self.valeurs.get(regle)

    def sans_fin(self) -> Convention:
        """La même, reconduite."""
        gardees = [{nom: dit for nom, dit in dits.items() if nom != "fin"} for dits in (self.valeurs, self.sources)]
        return replace(self, valeurs=gardees[0], sources=gardees[1])

    def finie_le(self, jour: date, source: str) -> Convention:
        """La même, arrêtée ce jour-là."""
        fin = jour.isoformat()
        return replace(self, valeurs={**self.valeurs, "fin": fin}, sources={**self.sources, "fin": source})

    def en_json(self) -> dict[str, Any]:
        """Ce qui est gardé en base : les règles, leurs sources, ce qui est à confirmer."""
        return {
            "code": self.code,
            "version": self.version,
            **self.valeurs,
            "sources": dict(self.sources),
            "a_confirmer": dict(self.a_confirmer),
        }

    def pour_appareil(self) -> dict[str, Any]:
        """Ce qui voyage vers un téléphone : les règles qu'il applique ou affiche, et leurs citations."""
        return pour_appareil(self.en_json())


def pour_appareil(donnees: Mapping[str, Any]) -> dict[str, Any]:
    """La forme gardée en base, allégée de ce qu'un téléphone n'affiche pas.

    `citations` : la source de chaque règle qui fait une échéance ou montre un champ ; `a_confirmer` : leurs noms.
    """
    voyagent = [nom for nom, regle in PAR_NOM.items() if regle.telephone and donnees.get(nom) is not None]
    sources, doutes = donnees.get("sources") or {}, donnees.get("a_confirmer") or {}
    citees = [nom for nom in voyagent if PAR_NOM[nom].groupe != "identite" and nom in sources]
    return {
        **{nom: donnees[nom] for nom in ("code", "version") if nom in donnees},
        **{nom: donnees[nom] for nom in voyagent},
        "citations": {nom: sources[nom] for nom in citees},
        **({"a_confirmer": douteuses} if (douteuses := [nom for nom in citees if nom in doutes]) else {}),
    }


def valeur_datee(dates: list[list[Any]] | None, jour: str) -> Any:
    """La dernière valeur qui a pris effet : les places d'une convention un jour donné."""
    en_vigueur = [valeur for effet, valeur in dates or [] if effet <= jour]
    return en_vigueur[-1] if en_vigueur else None


def charger(dossier: Path = DOSSIER) -> list[Convention]:
    """Toutes les conventions du dossier, par code puis date. Lève `ConventionIllisible`."""
    lues = [lire(fichier.read_text(encoding="utf-8"), fichier.name) for fichier in sorted(dossier.glob("*.toml"))]
    return sorted(lues, key=lambda convention: (convention.code, convention.debut, convention.version))


def livrees(*codes: str) -> list[Convention]:
    """Les conventions livrées de ces codes, toutes leurs versions ; toutes, sans code."""
    return [convention for convention in charger() if not codes or convention.code in codes]


def lire(texte: str, nom: str = "convention") -> Convention:
    """Une convention lue du texte de son fichier. Lève `ConventionIllisible`, toutes ses fautes ensemble."""
    try:
        brut = tomllib.loads(texte)
    except tomllib.TOMLDecodeError as erreur:
        raise ConventionIllisible(nom, [_illisible(str(erreur), texte)]) from erreur
    fautes = sorted(_fautes(brut, texte), key=lambda faute: faute.ligne or 0)
    if fautes:
        raise ConventionIllisible(nom, fautes)
    regles = {regle: contenu for regle, contenu in brut.items() if regle in _CONNUES}
    ordonnees = {nom: regles[nom] for nom in _CONNUES if nom in regles}
    return Convention(
        code=brut["code"],
        version=brut["version"],
        valeurs={nom: _CONNUES[nom].forme.garder(contenu["valeur"]) for nom, contenu in ordonnees.items()},
        sources={nom: typographie(contenu["source"]) for nom, contenu in ordonnees.items()},
        a_confirmer={
            nom: typographie(contenu["a_confirmer"]) for nom, contenu in ordonnees.items() if "a_confirmer" in contenu
        },
    )


def _fautes(brut: Mapping[str, Any], texte: str) -> Iterator[Faute]:
    for cle, motif in _ENTETES.items():
        if not isinstance(brut.get(cle), str) or not re.fullmatch(motif, brut[cle]):
            exemple = {"code": '"ASP-NC", en capitales', "version": '"2026"'}[cle]
            yield Faute(_ligne(texte, cle), "", f"écrivez en tête : {cle} = {exemple}")
    for nom in OBLIGATOIRES:
        if nom not in brut:
            yield Faute(None, nom, f"manque. Écrivez : {PAR_NOM[nom].en_toml()}")
    for nom, contenu in brut.items():
        if nom in _ENTETES:
            continue
        ligne = _ligne(texte, nom)
        regle = _CONNUES.get(nom)
        if regle is None:
            proche = get_close_matches(nom, _CONNUES, 1)
            piste = f"vouliez-vous dire « {proche[0]} » ?" if proche else "la liste est dans docs/conventions.md."
            yield Faute(ligne, nom, f"n'est pas une règle connue ; {piste}")
        else:
            for message in _fautes_de_regle(regle, contenu):
                yield Faute(ligne, nom, message)
    yield from _fautes_de_dates(brut, texte)


def _fautes_de_regle(regle: Regle, contenu: Any) -> Iterator[str]:
    if not isinstance(contenu, dict) or "valeur" not in contenu:
        yield f"s'écrit avec une valeur et sa source : {regle.en_toml()}"
        return
    if inconnues := sorted(contenu.keys() - _CLES):
        yield f"« {inconnues[0]} » n'y a pas sa place ; une règle porte valeur, source et, au besoin, a_confirmer."
    source = contenu.get("source")
    if not isinstance(source, str) or not source.strip():
        yield 'dit d\'où elle vient : ajoutez source = "Convention 2026, article 3"'
    doute = contenu.get("a_confirmer")
    if doute is not None and (not isinstance(doute, str) or not doute.strip()):
        yield 'a_confirmer dit en une phrase ce qui reste à vérifier : a_confirmer = "La date n\'est pas donnée."'
    for faute in regle.forme.fautes(contenu["valeur"]):
        yield f"{faute}. Écrivez : {regle.en_toml()}"


def _fautes_de_dates(brut: Mapping[str, Any], texte: str) -> Iterator[Faute]:
    debut, fin = (_valeur_brute(brut, nom) for nom in ("debut", "fin"))
    if type(debut) is date and type(fin) is date and fin < debut:
        yield Faute(_ligne(texte, "fin"), "fin", f"le {fin} est avant le début, le {debut} : vérifiez l'année.")


def _valeur_brute(brut: Mapping[str, Any], nom: str) -> Any:
    contenu = brut.get(nom)
    return contenu.get("valeur") if isinstance(contenu, dict) else None


def _ligne(texte: str, nom: str) -> int | None:
    """La ligne où la règle commence, écrite en table ou en ligne."""
    ecrite = re.compile(rf"\s*(\[\s*[\"']?{re.escape(nom)}[\"']?\s*\]|[\"']?{re.escape(nom)}[\"']?\s*[=.])")
    return next((rang for rang, ligne in enumerate(texte.splitlines(), 1) if ecrite.match(ligne)), None)


def _illisible(message: str, texte: str) -> Faute:
    """L'erreur de syntaxe, dite sans l'anglais de la bibliothèque."""
    place = re.search(r"at line (\d+), column (\d+)", message)
    ligne, colonne = map(int, place.groups()) if place else (texte.count("\n") + 1, 0)
    if "overwrite" in message or "twice" in message:
        return Faute(ligne, "", "cette règle est écrite deux fois : gardez-en une.")
    if place is None:
        return Faute(ligne, "", "le fichier s'arrête au milieu : il manque un guillemet, un crochet ou une accolade.")
    return Faute(
        ligne,
        "",
        f"ce n'est pas du TOML à la colonne {colonne} : un texte va entre guillemets, une date sans guillemets "
        "(2026-01-01), une liste entre crochets, une table entre accolades.",
    )
