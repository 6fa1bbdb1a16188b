"""Une action collective : ses séances, qui y est inscrit, qui est venu.

Miroir : static/js/domain/action.js, mêmes cas dans tests/corpus/action.json.
"""

from collections.abc import Collection, Sequence
from typing import Any

from app.domain import dates
from app.domain.cahier import feuilles_de, jour, valeur
from app.domain.francais import SEMAINE
from app.domain.personne import Fiche
from app.domain.recherche import cle

PRESENT, ANNULEE, TENUE = "present", "annulee", "tenue"


def actions_de(cahiers: list[Fiche]) -> list[Fiche]:
    return [cahier for cahier in cahiers if cahier["cahier"]["genre"] == "action"]


def inscriptions(cahier: Fiche) -> list[Fiche]:
    """Toutes, désinscrites comprises, par nom."""
    return sorted(feuilles_de(cahier, "inscription"), key=lambda i: (cle(valeur(i, "qui") or ""), i["id"]))


def seances(cahier: Fiche) -> list[Fiche]:
    """Toutes, annulées comprises, dans l'ordre du calendrier."""
    trouvees = feuilles_de(cahier, "seance")
    return sorted(trouvees, key=lambda s: (jour(s) or "", valeur(s, "debut") or "", s["id"]))


def presences(cahier: Fiche, seance: Fiche) -> dict[str, Fiche]:
    """`{inscription: sa présence à cette séance}`."""
    return {
        valeur(presence, "inscription_id"): presence
        for presence in feuilles_de(cahier, "presence")
        if valeur(presence, "seance_id") == seance["id"]
    }


def est_inscrite(inscription: Fiche, le: str) -> bool:
    """Ce jour-là : inscrite au plus tard ce jour, et encore."""
    fini_le = valeur(inscription, "fini_le")
    return (valeur(inscription, "le") or "") <= le and (fini_le is None or le < fini_le)


def homonymes(cahier: Fiche, lus: dict[str, Any]) -> list[Fiche]:
    """Qui porte ce nom parmi les inscrits du jour `lus["le"]`."""
    nom, le = cle(lus["qui"] or ""), lus["le"] or ""
    return [i for i in inscriptions(cahier) if nom and cle(valeur(i, "qui") or "") == nom and est_inscrite(i, le)]


def hors_dates(cahier: Fiche, le: str | None) -> bool:
    dites = cahier["cahier"]["valeurs"]
    return le is not None and not (dites.get("du") or le) <= le <= (dites.get("au") or le)


def en_meme_temps(cahier: Fiche, lus: dict[str, Any], sauf: Fiche | None) -> list[Fiche]:
    """Les séances, sauf celle-ci et les annulées, du même jour et de la même heure, si elle est dite."""
    return [
        seance
        for seance in seances(cahier)
        if lus["debut"]
        and seance["id"] != (sauf or {}).get("id")
        and not est_annulee(seance)
        and (jour(seance), valeur(seance, "debut")) == (lus["le"], lus["debut"])
    ]


def attendus(cahier: Fiche, seance: Fiche) -> list[Fiche]:
    """Qui est sur la feuille de présence : les inscrits de ce jour, et qui y a déjà une présence."""
    deja, le = presences(cahier, seance), jour(seance) or ""
    return [i for i in inscriptions(cahier) if i["id"] in deja or est_inscrite(i, le)]


def est_annulee(seance: Fiche) -> bool:
    return bool(valeur(seance, "etat") == ANNULEE)


def est_tenue(seance: Fiche, siennes: list[Fiche]) -> bool:
    """Dite tenue, ou quelqu'un y était ; annulée, jamais."""
    if est_annulee(seance):
        return False
    return bool(valeur(seance, "etat") == TENUE) or any(est_present(presence) for presence in siennes)


def tenues(cahier: Fiche, parmi: Sequence[Fiche]) -> list[Fiche]:
    """De ces séances, celles qui ont eu lieu ; ce qui est noté d'une inscription retirée n'en fait pas une."""
    connus = {inscription["id"] for inscription in inscriptions(cahier)}
    return [s for s in parmi if est_tenue(s, [p for qui, p in presences(cahier, s).items() if qui in connus])]


def suivi(cahier: Fiche, dossiers: Collection[str]) -> dict[str, Any] | None:
    """Ce qu'une personne y a fait : `{le, fini_le, venues, tenues, derniere, feuilles}` ; None si elle n'en est pas.

    `dossiers` : le sien, et ceux qui y sont réunis. `le` : None si elle n'y est venue que sans être inscrite ;
    `tenues` : les séances tenues où elle était attendue ; `derniere` : le jour de sa dernière venue ; `feuilles` :
    ses inscriptions et ses présences.
    """
    siennes = [i for i in inscriptions(cahier) if valeur(i, "dossier_id") in dossiers]
    if not siennes:
        return None
    attendue, venue, notees = [], [], []
    for seance in tenues(cahier, seances(cahier)):
        toutes, le = presences(cahier, seance), jour(seance) or ""
        dites = [toutes[i["id"]] for i in siennes if i["id"] in toutes]
        notees += dites
        if dites or any(est_inscrite(i, le) for i in siennes):
            attendue.append(le)
        if any(map(est_present, dites)):
            venue.append(le)
    inscrites = [i for i in siennes if not valeur(i, "sur_place")]
    finies = [valeur(i, "fini_le") for i in siennes]
    return {
        "le": min((valeur(i, "le") for i in inscrites), default=None),
        "fini_le": max(finies) if all(finies) else None,
        "venues": len(venue),
        "tenues": len(attendue),
        "derniere": venue[-1] if venue else None,
        "feuilles": [*siennes, *notees],
    }


def est_present(presence: Fiche) -> bool:
    return bool(valeur(presence, "etat") == PRESENT)


def comptes(cahier: Fiche, seance: Fiche) -> dict[str, int]:
    """D'une séance : `{attendus, notes, presents}`."""
    siennes = presences(cahier, seance)
    connus = {inscription["id"] for inscription in inscriptions(cahier)}
    notees = [presence for qui, presence in siennes.items() if qui in connus]
    return {
        "attendus": len(attendus(cahier, seance)),
        "notes": len(notees),
        "presents": sum(map(est_present, notees)),
    }


def prochaine(cahier: Fiche, aujourd_hui: str) -> Fiche | None:
    """La première d'aujourd'hui ou d'après, annulées exceptées."""
    a_venir = [s for s in seances(cahier) if (jour(s) or "") >= aujourd_hui and not est_annulee(s)]
    return a_venir[0] if a_venir else None


def calendrier(valeurs: dict[str, Any]) -> list[str]:
    """Les jours d'une action d'après son calendrier : du premier au dernier, ces jours de la semaine."""
    du, au, jours = valeurs.get("du"), valeurs.get("au"), valeurs.get("jours") or []
    if not du or not au or not jours:
        return []
    tous = [dates.ajouter_jours(du, rang) for rang in range(dates.jours_entre(du, au) + 1)]
    return [le for le in tous if SEMAINE[dates.jour_de_semaine(le)] in jours]
