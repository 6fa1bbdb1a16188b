"""Ce qui, dans un texte à remettre, ressemble au nom de quelqu'un que l'on connaît.

Beaucoup de noms sont aussi des mots (« Petit », « Marchand ») : un nom seul n'alerte que précédé d'une civilité, ou
écrit avec une majuscule au milieu d'une phrase, sans être celui d'une rue ni d'un lieu connu. Un prénom seul n'alerte
jamais ; un prénom et un nom qui se suivent, ou un nom de plusieurs mots, toujours.
"""

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.recherche import cle

NOM_MIN: Final = 4
# Entre deux mots d'une même phrase ; tout autre signe en ouvre une.
_EN_COURS: Final = ("", ",", ";", "-", "’", "'", "(", ")")
_MOT: Final = re.compile(r"[^\W\d_]+")
_LIEN: Final = re.compile(r"[ \t\u00a0\u202f’'-]{1,2}")
_CIVILITES: Final = frozenset({"m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle"})
_VOIES: Final = frozenset(
    [
        "rue",
        "avenue",
        "boulevard",
        "place",
        "square",
        "quai",
        "allee",
        "chemin",
        "impasse",
        "cours",
        "foyer",
        "centre",
        "residence",
        "lycee",
        "college",
        "ecole",
        "hopital",
        "clinique",
        "espace",
        "maison",
        "saint",
        "sainte",
        "cms",
        "ccas",
        "association",
        "cabinet",
        "entreprise",
    ]
)


@dataclass(frozen=True)
class Noms:
    """Ce qui nomme une personne ; `surnoms` : les noms qu'elle se donne."""

    nom: str
    prenom: str
    nom_usage: str = ""
    surnoms: Sequence[str] = ()


@dataclass(frozen=True)
class _Mot:
    cle: str
    debut: int
    fin: int
    majuscule: bool
    # Ce qui le précède finit une phrase, ou il n'y a rien avant.
    ouvre: bool


def passages(texte: str, personnes: Iterable[Noms], lieux: Iterable[str] = ()) -> list[str]:
    """Les passages, tels qu'écrits et chacun une fois, dans l'ordre du texte."""
    mots = _mots(texte)
    entiers, seuls = _index(personnes, {mot for lieu in lieux for mot in cle(lieu).split()})
    trouves: dict[str, None] = {}
    rang = 0
    while rang < len(mots):
        longueur = _entier(texte, mots, rang, entiers) or (1 if _seul(mots, rang, seuls) else 0)
        if longueur:
            trouves[texte[mots[rang].debut : mots[rang + longueur - 1].fin]] = None
        rang += longueur or 1
    return list(trouves)


def _mots(texte: str) -> list[_Mot]:
    mots, fin = [], 0
    for trouve in _MOT.finditer(texte):
        entre = texte[fin : trouve.start()].strip(" \t\u00a0\u202f")
        ouvre = not fin or entre not in _EN_COURS
        mots.append(_Mot(cle(trouve.group()), *trouve.span(), trouve.group()[0].isupper(), ouvre))
        fin = trouve.end()
    return mots


def _index(personnes: Iterable[Noms], des_lieux: set[str]) -> tuple[dict[str, list[tuple[str, ...]]], set[str]]:
    """Les suites de mots qui nomment à elles seules, par leur premier mot ; les noms d'un mot."""
    entiers: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    seuls: set[str] = set()
    for personne in personnes:
        for suite in _suites(personne):
            if len(suite) > 1:
                entiers[suite[0]].append(suite)
            elif suite and len(suite[0]) >= NOM_MIN and suite[0] not in des_lieux:
                seuls.add(suite[0])
    return entiers, seuls


def _suites(personne: Noms) -> Iterator[tuple[str, ...]]:
    prenom = tuple(cle(personne.prenom).split())
    for nom in (tuple(cle(personne.nom).split()), tuple(cle(personne.nom_usage).split())):
        if nom and prenom:
            yield (*prenom, *nom)
            yield (*nom, *prenom)
        yield nom
    for surnom in personne.surnoms:
        yield tuple(cle(surnom).split())


def _entier(texte: str, mots: Sequence[_Mot], rang: int, entiers: dict[str, list[tuple[str, ...]]]) -> int:
    """Combien de mots nomment quelqu'un d'ici, les plus longs d'abord ; zéro sinon."""
    for suite in sorted(entiers.get(mots[rang].cle, ()), key=len, reverse=True):
        vus = mots[rang : rang + len(suite)]
        lies = all(_LIEN.fullmatch(texte[a.fin : b.debut]) for a, b in itertools.pairwise(vus))
        if lies and any(mot.majuscule for mot in vus) and tuple(mot.cle for mot in vus) == suite:
            return len(suite)
    return 0


def _seul(mots: Sequence[_Mot], rang: int, seuls: set[str]) -> bool:
    mot, avant = mots[rang], mots[rang - 1].cle if rang else ""
    if mot.cle not in seuls or not mot.majuscule:
        return False
    return avant in _CIVILITES or not (mot.ouvre or avant in _VOIES)
