"""Ce que la convention demande, et pour combien c'est fait : délais, diagnostic, contrat, rendez-vous, heures.

Ce qui tient et ce qui manque se jugent comme le font les échéances (`app/domain/echeance`).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from app.domain.dates import jours_entre
from app.domain.echeance.cadence import periode_apres
from app.domain.indicateurs.definition import Indicateur

_ORIENTEES = "la date d’orientation est dans la période"

INDICATEURS: Final = (
    Indicateur(
        "premier_contact_tenu",
        "Premier contact dans le délai",
        "mesures",
        "mesures dont le premier contact a été pris au plus tard le dernier jour du délai de la convention\u202f: le "
        "plus ancien du jour noté, de l’entrée, d’un entretien ou d’un rendez-vous honoré depuis l’orientation",
        "mesures orientées, sauf celles dont le délai court encore",
        _ORIENTEES,
    ),
    Indicateur(
        "premier_contact_median",
        "Délai médian du premier contact",
        "jours",
        "mesures qui ont eu leur premier contact, compté de la même façon",
        "",
        f"{_ORIENTEES}, jours de l’orientation au premier contact",
    ),
    Indicateur(
        "accueil_tenu",
        "Entrée dans le délai d’accueil",
        "mesures",
        "mesures entrées au plus tard le dernier jour du délai d’accueil de la convention\u202f; compté depuis "
        "l’entrée, mesures dont la rencontre physique et le diagnostic demandés à l’accueil sont faits d’ici là",
        "mesures orientées, ou entrées, sauf celles dont le délai court encore",
        "la date d’orientation est dans la période, ou l’entrée si la convention compte depuis elle",
    ),
    Indicateur(
        "diagnostic_fait",
        "Diagnostic fait",
        "mesures",
        "mesures accompagnées qui ont au moins un diagnostic",
        "personnes accompagnées",
        "diagnostics faits au plus tard le dernier jour de la période",
    ),
    Indicateur(
        "contrat_signe",
        "Contrat signé",
        "mesures",
        "mesures accompagnées dont un contrat est signé par la personne",
        "personnes accompagnées\u202f; les seuls bénéficiaires du RSA si la convention ne le demande qu’à eux",
        "contrats datés au plus tard le dernier jour de la période",
    ),
    Indicateur(
        "bilan_final_fait",
        "Bilan final fait",
        "mesures",
        "mesures sorties qui ont un bilan final",
        "sorties",
        "la sortie est dans la période, le bilan au plus tard le dernier jour",
    ),
    Indicateur(
        "rendez_vous_tenus",
        "Rendez-vous physiques au complet",
        "mesures",
        "mesures sorties qui ont eu au moins le nombre de rencontres physiques que demande la convention, une par "
        "jour\u202f: entretiens face à face ou en visite, et rendez-vous honorés sauf à distance",
        "sorties",
        "la sortie est dans la période, rencontres de toute la mesure",
    ),
    Indicateur(
        "cadence_respectee",
        "Cadence respectée",
        "mesures",
        "mesures qui ont eu au moins les entretiens que demande le rythme de la convention\u202f: un par jour, SMS et "
        "courriels non compris, et les rendez-vous honorés",
        "mesures accompagnées pour qui une période au moins de ce rythme est passée, suspensions retirées",
        "de l’entrée à la sortie, dans la période et jusqu’à ce jour",
    ),
    Indicateur(
        "semaines_au_complet",
        "Semaines au volume demandé",
        "événements",
        "semaines notées qui atteignent le volume d’activité de la convention, ou celui que dit un aménagement ou un "
        "contrat\u202f; les fiches d’une même semaine s’ajoutent",
        "semaines notées, sauf celles entamées à l’entrée, suspendues ou dispensées",
        "le lundi de la semaine est dans la période",
    ),
    Indicateur(
        "occupation",
        "Occupation des places",
        "pourcentage",
        "mesures encore suivies à la fin de la période",
        "places de la convention ce jour-là",
        "le dernier jour de la période",
    ),
    Indicateur(
        "temps_par_fonction",
        "Équipe",
        "équivalents temps plein",
        "temps de travail de chacun sur la convention, tel que le personnel le dit, par fonction\u202f; qui est parti "
        "avant ce jour n’y est pas",
        "",
        "le temps qui vaut le dernier jour de la période",
    ),
    Indicateur(
        "file_par_etp",
        "File active pour un temps plein",
        "mesures",
        "mesures encore suivies à la fin de la période",
        "temps de travail, sur la convention, de ceux qui accompagnent\u202f: ni chef de service, ni secrétariat, ni "
        "administration, d’après leur compte\u202f; en équivalents temps plein, tel que le personnel le dit",
        "le dernier jour de la période",
    ),
)


def dans_le_delai(depuis: date, fait_le: date | None, jours: int, aujourd_hui: date) -> bool | None:
    """Fait à temps ; `None` si le délai court encore et que rien n'est fait. En retard dès le lendemain."""
    if fait_le is not None:
        return (fait_le - depuis).days <= jours
    return None if (aujourd_hui - depuis).days <= jours else False


def mediane(valeurs: Iterable[int]) -> Fraction | None:
    """La valeur du milieu ; entre les deux du milieu, leur moyenne."""
    rangees: Sequence[int] = sorted(valeurs)
    if not rangees:
        return None
    milieu = len(rangees) // 2
    return Fraction(rangees[milieu]) if len(rangees) % 2 else Fraction(rangees[milieu - 1] + rangees[milieu], 2)


def periodes_dues(debut: date, fin: date, cadence: Mapping[str, Any], suspensions: Iterable[tuple[date, date]]) -> int:
    """Combien d'entretiens le rythme demande de `debut` à `fin`, compris : un par période entière.

    Il s'arrête pendant une suspension et repart de la reprise.
    """
    total, depart = 0, debut
    for du, au in sorted(suspensions):
        if du <= fin and au >= depart:
            total += _entieres(depart, du, cadence)
            if au >= fin:
                return total
            depart = au + timedelta(1)
    return total + _entieres(depart, fin + timedelta(1), cadence)


def _entieres(depart: date, apres: date, cadence: Mapping[str, Any]) -> int:
    """Les périodes entières d'ici à la veille d'`apres`."""
    if depart >= apres:
        return 0
    if cadence["par"] == "mois" and cadence["nombre"] == 1:
        mois = (apres.year - depart.year) * 12 + apres.month - depart.month
        return mois - (apres.day < depart.day)
    repere = "2000-01-01"
    return (apres - depart).days // jours_entre(repere, periode_apres(repere, dict(cadence)))


def minutes_demandees(voulues: int, lundi: date, reductions: Iterable[tuple[date, date, int | None]]) -> int:
    """Les minutes de la semaine : celles de la convention, ou moins si un aménagement ou un contrat le dit."""
    dimanche = lundi + timedelta(6)
    dites = [minutes for du, au, minutes in reductions if du <= dimanche and au >= lundi and minutes is not None]
    return min([voulues, *dites])
