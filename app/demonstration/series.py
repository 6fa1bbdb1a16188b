"""Les séries publiées : tant d'accompagnées et tant de sorties par année, rendues en passages aux dates vraisemblables.

Qui sort est qui est là depuis le plus longtemps ; qui reste à la fin de la dernière année sort l'année d'après.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from app.demonstration.agenda import jour_ouvre
from app.demonstration.cahier import Cahier
from app.importation.connu import FicheConnue

ORIENTATION: Final = timedelta(20)


@dataclass(frozen=True)
class Serie:
    """`annees` : accompagnées et sorties, d'année en année ; `presentes` : déjà là au début de la première.

    `duree` : en jours, ce qu'une mesure dure d'ordinaire ; `close_en_decembre` : ce qui court encore finit le 31.
    """

    convention: str
    presentes: int
    annees: dict[int, tuple[int, int]]
    duree: int
    close_en_decembre: bool = False


class Passage(NamedTuple):
    entree: date
    sortie: date


def passages(serie: Serie, alea: Random) -> list[Passage]:
    """Du plus ancien au plus récent dans chaque année de sortie."""
    premiere, derniere = min(serie.annees), max(serie.annees)
    ouvertes = sorted(_entree(premiere - 1, alea, 320) for _ in range(serie.presentes))
    faits = []
    for annee, (accompagnees, sorties) in serie.annees.items():
        # Quand tout le monde sort dans l'année, personne n'entre en fin d'année.
        jours = 265 if sorties == accompagnees else 320
        ouvertes += sorted(_entree(annee, alea, jours) for _ in range(accompagnees - len(ouvertes)))
        faits += [Passage(entree, _sortie(serie, entree, annee, alea)) for entree in ouvertes[:sorties]]
        ouvertes = ouvertes[sorties:]
    return faits + [Passage(entree, _sortie(serie, entree, derniere + 1, alea)) for entree in ouvertes]


def _entree(annee: int, alea: Random, jours: int) -> date:
    return jour_ouvre(date(annee, 1, 5) + timedelta(alea.randrange(jours)), apres=True)


def _sortie(serie: Serie, entree: date, annee: int, alea: Random) -> date:
    au_plus_tot = max(entree + timedelta(30), date(annee, 1, 10))
    au_plus_tard = date(annee, 12, 19)
    prevue = entree + timedelta(serie.duree + alea.randrange(-30, 31))
    if prevue > au_plus_tard and serie.close_en_decembre:
        return date(annee, 12, 31)
    return jour_ouvre(min(max(prevue, au_plus_tot + timedelta(alea.randrange(60))), au_plus_tard), apres=False)


def noter(
    cahier: Cahier, convention: str, referent_id: str, passage: Passage, sexe: str, motif: str, **valeurs: object
) -> FicheConnue:
    """Une personne et sa mesure ; des renseignements d'une personne, ceux qui sont donnés, et pas d'adresse."""
    orientee = jour_ouvre(passage.entree - ORIENTATION, apres=False)
    tues = dict.fromkeys(("telephones", "adresse", "commune", "information_donnee", "droits_devoirs"))
    personne = cahier.personne(sexe, orientee, **tues | valeurs)
    return cahier.mesure(
        personne,
        convention,
        referent_id,
        orientee_le=orientee,
        premier_contact_le=jour_ouvre(orientee + timedelta(8), apres=True),
        entree_le=passage.entree,
        sortie_le=passage.sortie,
        sortie_motif=motif,
    )


def melanges(comptes: dict[str, int], alea: Random) -> list[str]:
    """Chaque code autant de fois que dit, dans le désordre."""
    codes = [code for code, nombre in comptes.items() for _ in range(nombre)]
    alea.shuffle(codes)
    return codes


def marques(total: int, vraies: int, alea: Random) -> list[bool]:
    """`total` réponses, dont tant de « oui »."""
    tirees = set(alea.sample(range(total), vraies))
    return [rang in tirees for rang in range(total)]
