"""La forme d'une règle : ce que sa valeur peut être, comment elle se garde, comment elle se dit.

Une forme sait quatre choses : `fautes` (ce qui ne va pas, et ce qu'il faut écrire), `garder` (la valeur telle que la
base et le téléphone la reçoivent), `dire` (une phrase ou plusieurs, pour l'écran), `exemple` (du TOML à recopier).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from string import Formatter
from typing import Any, Protocol

from app.domain.typographie import INSECABLE, INSECABLE_FINE, typographie

MOIS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)


class Forme(Protocol):
    @property
    def exemple(self) -> str: ...

    def fautes(self, valeur: Any) -> Iterator[str]: ...

    def garder(self, valeur: Any) -> Any: ...

    def dire(self, valeur: Any) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class Texte:
    exemple: str = '"Nancy Couronne"'

    def fautes(self, valeur: Any) -> Iterator[str]:
        if not isinstance(valeur, str) or not valeur.strip():
            yield "il faut un texte entre guillemets"

    def garder(self, valeur: Any) -> str:
        return typographie(str(valeur))

    def dire(self, valeur: Any) -> tuple[str, ...]:
        return (str(valeur),)


@dataclass(frozen=True, slots=True)
class Entier:
    """Un compte de quelque chose : « 15 jours », « 1 jour »."""

    singulier: str = ""
    pluriel: str = ""
    mini: int = 1
    maxi: int = 10_000
    exemple: str = "15"

    def fautes(self, valeur: Any) -> Iterator[str]:
        if type(valeur) is not int or not self.mini <= valeur <= self.maxi:
            yield f"il faut un nombre entier, de {self.mini} à {self.maxi}, sans guillemets"

    def garder(self, valeur: Any) -> int:
        return int(valeur)

    def dire(self, valeur: Any) -> tuple[str, ...]:
        nom = self.singulier if valeur < 2 else (self.pluriel or self.singulier)
        return (f"{valeur}{INSECABLE_FINE if nom == '%' else INSECABLE}{nom}".strip(),)


@dataclass(frozen=True, slots=True)
class Decimal:
    """Un nombre à virgule, écrit comme un texte : il n'y a pas de flottant."""

    nom: str = ""
    exemple: str = '"1.9"'

    def fautes(self, valeur: Any) -> Iterator[str]:
        if not isinstance(valeur, str) or not re.fullmatch(r"\d{1,4}(\.\d{1,2})?", valeur):
            yield 'il faut un nombre entre guillemets, avec un point : "1.9"'

    def garder(self, valeur: Any) -> str:
        return str(valeur)

    def dire(self, valeur: Any) -> tuple[str, ...]:
        return (f"{str(valeur).replace('.', ',')}{INSECABLE}{self.nom}".strip(),)


@dataclass(frozen=True, slots=True)
class Booleen:
    """Ce que la convention demande. L'absence de la règle dit le reste : on n'écrit pas « false » à sa place."""

    oui: str = "Oui"
    non: str = "Non"
    exemple: str = "true"

    def fautes(self, valeur: Any) -> Iterator[str]:
        if not isinstance(valeur, bool):
            yield "il faut true ou false, sans guillemets"

    def garder(self, valeur: Any) -> bool:
        return bool(valeur)

    def dire(self, valeur: Any) -> tuple[str, ...]:
        return (self.oui if valeur else self.non,)


@dataclass(frozen=True, slots=True)
class Jour:
    exemple: str = "2026-01-01"

    def fautes(self, valeur: Any) -> Iterator[str]:
        if type(valeur) is not date:
            yield "il faut une date sans guillemets : 2026-01-01"

    def garder(self, valeur: Any) -> str:
        return str(valeur.isoformat()) if isinstance(valeur, date) else str(valeur)

    def dire(self, valeur: Any) -> tuple[str, ...]:
        return (en_date(valeur),)


@dataclass(frozen=True, slots=True)
class JourDeLAnnee:
    """Un jour qui revient chaque année : « 03-31 », le 31 mars."""

    exemple: str = '"03-31"'

    def fautes(self, valeur: Any) -> Iterator[str]:
        if not isinstance(valeur, str) or not re.fullmatch(r"\d\d-\d\d", valeur) or not _existe(valeur):
            yield 'il faut le mois puis le jour, entre guillemets : "03-31" pour le 31 mars'

    def garder(self, valeur: Any) -> str:
        return str(valeur)

    def dire(self, valeur: Any) -> tuple[str, ...]:
        mois, jour = map(int, str(valeur).split("-"))
        return (f"Le {_quantieme(jour)} {MOIS[mois - 1]} de l’année suivante",)


@dataclass(frozen=True, slots=True)
class Code:
    """Un code parmi une liste fermée, avec ce qui s'en lit."""

    choix: Mapping[str, str]

    @property
    def exemple(self) -> str:
        return f'"{next(iter(self.choix))}"'

    def fautes(self, valeur: Any) -> Iterator[str]:
        if not isinstance(valeur, str) or valeur not in self.choix:
            yield f"« {valeur} » n'est pas connu ; écrivez l'un de : {', '.join(self.choix)}"

    def garder(self, valeur: Any) -> str:
        return str(valeur)

    def dire(self, valeur: Any) -> tuple[str, ...]:
        return (self.choix.get(valeur, str(valeur)),)


@dataclass(frozen=True, slots=True)
class Liste:
    de: Forme

    @property
    def exemple(self) -> str:
        return f"[{self.de.exemple}]"

    def fautes(self, valeur: Any) -> Iterator[str]:
        if not isinstance(valeur, list) or not valeur:
            yield f"il faut une liste entre crochets, non vide : {self.exemple}"
            return
        for rang, element in enumerate(valeur, 1):
            for faute in self.de.fautes(element):
                yield f"élément {rang} : {faute}"

    def garder(self, valeur: Any) -> list[Any]:
        return [self.de.garder(element) for element in valeur]

    def dire(self, valeur: Any) -> tuple[str, ...]:
        return tuple(" · ".join(self.de.dire(element)) for element in valeur)


@dataclass(frozen=True, slots=True)
class Champ:
    libelle: str
    forme: Forme
    facultatif: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Plusieurs valeurs nommées qui vont ensemble ; `phrase` dit d'un trait celles qu'elle nomme."""

    champs: Mapping[str, Champ]
    phrase: str = ""

    @property
    def exemple(self) -> str:
        return "{ " + ", ".join(f"{nom} = {champ.forme.exemple}" for nom, champ in self.champs.items()) + " }"

    def fautes(self, valeur: Any) -> Iterator[str]:
        if not isinstance(valeur, dict):
            yield f"il faut une table : {self.exemple}"
            return
        for nom in valeur.keys() - self.champs.keys():
            yield f"« {nom} » n'y a pas sa place ; écrivez {', '.join(self.champs)}"
        for nom, champ in self.champs.items():
            if nom in valeur:
                for faute in champ.forme.fautes(valeur[nom]):
                    yield f"{nom} : {faute}"
            elif not champ.facultatif:
                yield f"« {nom} » manque : {self.exemple}"
        if not valeur:
            yield f"la table est vide : {self.exemple}"

    def garder(self, valeur: Any) -> dict[str, Any]:
        return {nom: champ.forme.garder(valeur[nom]) for nom, champ in self.champs.items() if nom in valeur}

    def dire(self, valeur: Any) -> tuple[str, ...]:
        dits = {nom: " · ".join(champ.forme.dire(valeur[nom])) for nom, champ in self.champs.items() if nom in valeur}
        nommes = {nom for _, nom, _, _ in Formatter().parse(self.phrase) if nom}
        if not nommes or nommes - dits.keys():
            return tuple(f"{self.champs[nom].libelle}\u202f: {dit}" for nom, dit in dits.items())
        return (self.phrase.format(**dits),)


@dataclass(frozen=True, slots=True)
class Datee:
    """Une valeur qui change en cours de convention, de la plus ancienne à la plus récente."""

    de: Forme

    @property
    def exemple(self) -> str:
        return f"[[2026-01-01, {self.de.exemple}]]"

    def fautes(self, valeur: Any) -> Iterator[str]:
        if not isinstance(valeur, list) or not valeur or not all(_est_datee(element) for element in valeur):
            yield f"chaque valeur s'écrit avec sa date d'effet : {self.exemple}"
            return
        jours = [jour for jour, _ in valeur]
        if jours != sorted(set(jours)):
            yield "les dates vont de la plus ancienne à la plus récente, une fois chacune"
        for jour, nombre in valeur:
            for faute in self.de.fautes(nombre):
                yield f"au {jour} : {faute}"

    def garder(self, valeur: Any) -> list[list[Any]]:
        return [[Jour().garder(jour), self.de.garder(nombre)] for jour, nombre in valeur]

    def dire(self, valeur: Any) -> tuple[str, ...]:
        return tuple(f"{' · '.join(self.de.dire(nombre))}, à partir du {en_date(jour)}" for jour, nombre in valeur)


def en_date(jour: str | date) -> str:
    """« 1er juillet 2025 »."""
    lu = jour if isinstance(jour, date) else date.fromisoformat(jour)
    return f"{_quantieme(lu.day)} {MOIS[lu.month - 1]} {lu.year}"


def _quantieme(jour: int) -> str:
    return "1er" if jour == 1 else str(jour)


def _existe(valeur: str) -> bool:
    try:
        date.fromisoformat(f"2024-{valeur}")
    except ValueError:
        return False
    return True


def _est_datee(element: Any) -> bool:
    return isinstance(element, list) and len(element) == 2 and type(element[0]) is date
