"""La maraude : sorties, rencontres, personnes, ce qui a été demandé, donné, proposé. À part de toute convention.

Une rencontre est libre et sans condition : rien d'ici n'entre dans le tableau d'un financeur, ni ne lit un dossier.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.domain.cahier import valeur
from app.domain.indicateurs.definition import Indicateur
from app.domain.maraude import apres_minuit
from app.domain.personne import Fiche

_DATE: Final = "le jour du départ de la maraude est dans la période\u202f: passé minuit, c’est la même nuit"
_RENCONTRES: Final = "toutes les rencontres"
APPEL_115: Final = "appel_115"

INDICATEURS: Final = (
    Indicateur(
        "maraudes",
        "Maraudes",
        "événements",
        "maraudes notées dans les cahiers des secteurs demandés, sauf celles qui ont été retirées",
        "",
        _DATE,
    ),
    Indicateur(
        "rencontres",
        "Rencontres",
        "événements",
        "rencontres notées de ces maraudes, sauf celles qui ont été retirées",
        "",
        _DATE,
    ),
    Indicateur(
        "rencontres_connues",
        "dont d’une personne connue",
        "événements",
        "rencontres de quelqu’un que l’équipe reconnaît sous le nom qu’il donne",
        "",
        _DATE,
    ),
    Indicateur(
        "rencontres_comptees",
        "dont comptées seulement",
        "événements",
        "rencontres dont on n’a noté que le nombre de personnes",
        "",
        _DATE,
    ),
    Indicateur(
        "rencontres_alerte",
        "dont avec une alerte à l’équipe",
        "événements",
        "rencontres où l’équipe a noté une alerte pour elle-même\u202f; ce n’est pas un signalement",
        "",
        _DATE,
    ),
    Indicateur(
        "personnes_rencontrees",
        "Personnes rencontrées",
        "personnes",
        "personnes de chaque rencontre, par âge ou par sexe, le plus grand des deux comptes, et une au moins quand "
        "elle est connue\u202f; la même personne compte à chaque rencontre",
        "",
        _DATE,
    ),
    Indicateur(
        "connues_distinctes",
        "Personnes connues distinctes",
        "personnes",
        "personnes connues rencontrées au moins une fois, chacune comptée une fois dans son secteur",
        "",
        _DATE,
    ),
    Indicateur(
        "nouvelles",
        "dont nouvelles",
        "personnes",
        "personnes connues dont c’est, de toutes les maraudes du secteur, la première rencontre",
        "",
        "le jour de leur première rencontre est dans la période",
    ),
    Indicateur(
        "besoins_rue",
        "Demandé",
        "événements",
        "rencontres où cela a été demandé\u202f; une rencontre peut en compter plusieurs",
        _RENCONTRES,
        _DATE,
    ),
    Indicateur(
        "donne_rue",
        "Donné",
        "événements",
        "rencontres où cela a été donné\u202f; une rencontre peut en compter plusieurs",
        _RENCONTRES,
        _DATE,
    ),
    Indicateur(
        "propose_rue",
        "Proposé",
        "événements",
        "rencontres où cela a été proposé\u202f; ce qui est noté accepté ou refusé a été proposé",
        "",
        _DATE,
    ),
    Indicateur("accepte_rue", "Accepté", "événements", "rencontres où la personne l’a accepté", "", _DATE),
    Indicateur(
        "refuse_rue",
        "Refusé",
        "événements",
        "rencontres où la personne l’a refusé, et ne l’a pas accepté ensuite",
        "",
        _DATE,
    ),
    Indicateur(
        "sans_reponse_rue",
        "Sans réponse",
        "événements",
        "rencontres où cela a été proposé, ni accepté ni refusé",
        "",
        _DATE,
    ),
    Indicateur(
        "refus_115",
        "Refus de l’appel au 115",
        "pourcentage",
        "rencontres où la personne a refusé l’appel au 115",
        "les rencontres où l’appel au 115 a été proposé",
        _DATE,
    ),
)


@dataclass(frozen=True)
class Sortie:
    """Une maraude ; `jour` : celui du départ."""

    id: str
    secteur: str
    jour: date
    heure: str | None


@dataclass(frozen=True)
class Rencontre:
    """Une rencontre, au jour de sa maraude ; `depart` : l'heure où elle est partie."""

    id: str
    secteur: str
    jour: date
    depart: str | None
    fiche: Fiche

    @property
    def heure(self) -> str | None:
        heure: str | None = valeur(self.fiche, "heure")
        return heure

    @property
    def connu(self) -> str | None:
        connu: str | None = valeur(self.fiche, "connu_id")
        return connu

    @property
    def rang(self) -> tuple[date, bool, str, str]:
        """L'ordre des nuits : minuit et demi vient après vingt-trois heures."""
        heure = self.heure or ""
        return self.jour, apres_minuit(heure, self.depart), heure, self.id

    def dit(self, champ: str, code: str) -> bool:
        return code in (valeur(self.fiche, champ) or ())


def premieres(rencontres: Iterable[Rencontre]) -> list[Rencontre]:
    """De chaque personne connue, la première de ces rencontres."""
    trouvees: dict[str, Rencontre] = {}
    for rencontre in sorted(rencontres, key=lambda r: r.rang):
        if rencontre.connu:
            trouvees.setdefault(rencontre.connu, rencontre)
    return list(trouvees.values())


def avec(rencontres: Iterable[Rencontre], champ: str, code: str) -> list[Rencontre]:
    return [rencontre for rencontre in rencontres if rencontre.dit(champ, code)]


def reponses(rencontres: Sequence[Rencontre], code: str) -> dict[str, list[Rencontre]]:
    """`{proposé, accepté, refusé, sans réponse}` : les trois derniers font le premier."""
    proposees = [r for r in rencontres if any(r.dit(champ, code) for champ in ("propose", "accepte", "refuse"))]
    acceptees = avec(proposees, "accepte", code)
    refusees = [r for r in avec(proposees, "refuse", code) if not r.dit("accepte", code)]
    repondues = {r.id for r in (*acceptees, *refusees)}
    sans = [r for r in proposees if r.id not in repondues]
    return {"propose": proposees, "accepte": acceptees, "refuse": refusees, "sans_reponse": sans}
