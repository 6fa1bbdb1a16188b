"""Ce que la convention demande, et pour combien c'est fait : délais, diagnostic, contrat, rendez-vous, heures."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from app.domain.indicateurs.definition import Indicateur

_ORIENTEES = "la date d’orientation est dans la période"

INDICATEURS: Final = (
    Indicateur(
        "premier_contact_tenu",
        "Premier contact dans le délai",
        "mesures",
        "mesures dont le premier contact a été pris au plus tard le dernier jour du délai de la convention",
        "mesures orientées, sauf celles dont le délai court encore",
        _ORIENTEES,
    ),
    Indicateur(
        "premier_contact_median",
        "Délai médian du premier contact",
        "jours",
        "mesures dont le premier contact est noté",
        "",
        f"{_ORIENTEES}, jours de l’orientation au premier contact",
    ),
    Indicateur(
        "accueil_tenu",
        "Entrée dans le délai d’accueil",
        "mesures",
        "mesures entrées au plus tard le dernier jour du délai d’accueil de la convention",
        "mesures orientées, sauf celles dont le délai court encore",
        _ORIENTEES,
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
        "mesures sorties qui ont eu au moins le nombre de rendez-vous honorés que demande la convention",
        "sorties",
        "la sortie est dans la période, rendez-vous de toute la mesure",
    ),
    Indicateur(
        "semaines_au_complet",
        "Semaines au volume demandé",
        "événements",
        "semaines notées qui atteignent le volume d’activité de la convention",
        "semaines notées",
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
