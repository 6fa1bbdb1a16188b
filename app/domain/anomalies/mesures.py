"""Les mesures : des dates qui se contredisent, une sortie sans motif, personne qui suit."""

from typing import Final

from app.domain.anomalies.regle import Regle
from app.domain.francais import quantieme
from app.domain.mesure import est_ouverte, referent_au
from app.domain.personne import Fiche

_DATES = (("orientee_le", "Orientation"), ("premier_contact_le", "Premier contact"), ("entree_le", "Entrée"))


def _sortie_avant_entree(mesure: Fiche, _: Fiche, jour: str) -> str | None:
    entree, sortie = mesure.get("entree_le"), mesure.get("sortie_le")
    if not (entree and sortie and sortie < entree):
        return None
    return f"Sortie le {quantieme(sortie, jour)}, avant l’entrée du {quantieme(entree, jour)}."


def _sortie_sans_motif(mesure: Fiche, _: Fiche, jour: str) -> str | None:
    sortie = mesure.get("sortie_le")
    if not sortie or mesure.get("sortie_motif"):
        return None
    return f"Sortie le {quantieme(sortie, jour)}, sans motif."


def _avant_orientation(mesure: Fiche, _: Fiche, jour: str) -> str | None:
    orientee = mesure.get("orientee_le")
    for champ, quoi in _DATES[1:]:
        date = mesure.get(champ)
        if orientee and date and date < orientee:
            return f"{quoi} le {quantieme(date, jour)}, avant l’orientation du {quantieme(orientee, jour)}."
    return None


def _date_a_venir(mesure: Fiche, _: Fiche, jour: str) -> str | None:
    for champ, quoi in _DATES:
        date = mesure.get(champ)
        if date and date > jour:
            return f"{quoi} le {quantieme(date, jour)}\u202f: ce jour n’est pas encore venu."
    return None


def _deux_mesures(mesure: Fiche, dossier: Fiche, jour: str) -> str | None:
    """Dite sur la plus récente seulement : c'est elle qui est de trop, ou l'autre qui n'a pas été fermée."""
    if not est_ouverte(mesure, jour):
        return None
    for autre in dossier["mesures"]:
        pareille = autre["convention"] == mesure["convention"] and est_ouverte(autre, jour)
        if pareille and autre["id"] != mesure["id"] and _rang(autre) < _rang(mesure):
            return "Une autre mesure de la même convention est déjà ouverte pour cette personne."
    return None


def _sans_referent(mesure: Fiche, _: Fiche, jour: str) -> str | None:
    if not est_ouverte(mesure, jour) or referent_au(mesure, jour):
        return None
    return "Mesure ouverte que personne ne suit."


def _rang(mesure: Fiche) -> tuple[str, str]:
    return mesure.get("orientee_le") or mesure.get("entree_le") or "9999", mesure["id"]


_DATER = "/dossiers/{dossier}/mesures/{fiche}/modifier"
_SORTIR = "/dossiers/{dossier}/mesures/{fiche}/sortie"

REGLES: Final = (
    Regle(
        "sortie_sans_motif", "Sortie sans motif", "mesure", "Dire le motif de la sortie", _SORTIR, _sortie_sans_motif
    ),
    Regle(
        "sortie_avant_entree",
        "Sortie avant l’entrée",
        "mesure",
        "Corriger la date de sortie ou celle de l’entrée",
        _SORTIR,
        _sortie_avant_entree,
    ),
    Regle(
        "avant_orientation",
        "Contact ou entrée avant l’orientation",
        "mesure",
        "Corriger les dates de la mesure",
        _DATER,
        _avant_orientation,
    ),
    Regle("date_a_venir", "Date à venir", "mesure", "Corriger les dates de la mesure", _DATER, _date_a_venir),
    Regle(
        "deux_mesures",
        "Deux mesures ouvertes dans une convention",
        "mesure",
        "Prononcer la sortie de celle qui est finie",
        "/dossiers/{dossier}",
        _deux_mesures,
    ),
    Regle("sans_referent", "Personne ne suit", "mesure", "La confier à quelqu’un", "/equipe?de=sans", _sans_referent),
)
