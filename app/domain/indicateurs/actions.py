"""Les actions collectives : séances tenues, inscrits, présents. Une venue n'est pas un entretien de la mesure."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.domain import action
from app.domain.cahier import jour, valeur
from app.domain.indicateurs.definition import Indicateur
from app.domain.indicateurs.periode import Periode
from app.domain.personne import Fiche

_DATE: Final = "le jour de la séance est dans la période, et n’est pas à venir"

INDICATEURS: Final = (
    Indicateur(
        "seances_tenues",
        "Séances tenues",
        "événements",
        "séances des actions qui comptent pour une convention demandée, dites tenues ou où quelqu’un est noté "
        "présent\u202f; ni annulées, ni retirées",
        "",
        _DATE,
    ),
    Indicateur(
        "inscrits",
        "Inscrits",
        "personnes",
        "personnes inscrites à l’action, d’ici ou d’ailleurs, chacune une fois\u202f; qui est venu sans être inscrit "
        "n’en est pas",
        "",
        "inscription au plus tard le dernier jour, et pas finie avant le premier",
    ),
    Indicateur(
        "presents_action",
        "Présents",
        "personnes",
        "personnes présentes à une séance tenue au moins, chacune une fois, venues sans être inscrites comprises",
        "",
        _DATE,
    ),
)


def seances(cahier: Fiche, periode: Periode, aujourd_hui: date) -> list[Fiche]:
    """Celles de la période, tenues ou non, annulées exceptées ; aucune à venir."""
    dernier = min(periode.dernier_jour, aujourd_hui).isoformat()
    premier = periode.premier_jour.isoformat()
    return [s for s in action.seances(cahier) if premier <= (jour(s) or "") <= dernier and not action.est_annulee(s)]


def compte_pour(cahier: Fiche, conventions: tuple[str, ...], periode: Periode) -> bool:
    """L'action vise l'une de ces conventions, et une séance ou son calendrier touche la période."""
    valeurs = cahier["cahier"]["valeurs"]
    if not set(valeurs.get("conventions") or ()) & set(conventions):
        return False
    premier, dernier = periode.premier_jour.isoformat(), periode.dernier_jour.isoformat()
    if any(premier <= (jour(s) or "") <= dernier for s in action.seances(cahier)):
        return True
    du, au = valeurs.get("du") or valeurs.get("au"), valeurs.get("au") or valeurs.get("du")
    return bool(du and au and du <= dernier and au >= premier)


def tenues(cahier: Fiche, periode: Periode, aujourd_hui: date) -> list[Fiche]:
    return action.tenues(cahier, seances(cahier, periode, aujourd_hui))


def chacune(inscriptions: list[Fiche]) -> list[Fiche]:
    """Une inscription par personne : de deux dossiers réunis depuis, une seule."""
    par_personne: dict[str, Fiche] = {}
    for inscription in inscriptions:
        par_personne.setdefault(valeur(inscription, "dossier_id") or inscription["id"], inscription)
    return list(par_personne.values())


def inscrits(cahier: Fiche, periode: Periode, aujourd_hui: date) -> list[Fiche]:
    dernier = min(periode.dernier_jour, aujourd_hui).isoformat()
    premier = periode.premier_jour.isoformat()
    return chacune(
        [
            i
            for i in action.inscriptions(cahier)
            if not valeur(i, "sur_place")
            and (valeur(i, "le") or "") <= dernier
            and (valeur(i, "fini_le") or premier) >= premier
        ]
    )


def presents(cahier: Fiche, periode: Periode, aujourd_hui: date) -> list[Fiche]:
    """Les inscriptions, sur place comprises, de qui est venu une fois au moins."""
    venus = {
        qui
        for seance in tenues(cahier, periode, aujourd_hui)
        for qui, presence in action.presences(cahier, seance).items()
        if action.est_present(presence)
    }
    return chacune([i for i in action.inscriptions(cahier) if i["id"] in venus])
