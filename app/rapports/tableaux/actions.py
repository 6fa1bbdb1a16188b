"""Les actions collectives : chacune sa ligne, ses séances tenues, ses inscrits, ses présents."""

from __future__ import annotations

from datetime import date
from typing import Final

from app.domain.cahier import jour
from app.domain.francais import date_chiffree
from app.domain.indicateurs import actions as definition
from app.domain.personne import Fiche
from app.rapports import actions as lecture
from app.rapports.actions import DesInscriptions, DesSeances
from app.rapports.demande import Demande
from app.rapports.faits import Faits
from app.rapports.regles import Regles
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau

_COLONNES: Final = (
    Colonne("seances", "Séances tenues", "seances_tenues"),
    Colonne("inscrits", "Inscrits", "inscrits"),
    Colonne("presents", "Présents", "presents_action"),
)
_NOTE: Final = (
    "Toutes les personnes de l’action y sont comptées, celles d’un autre service ou d’un partenaire comprises."
)


def actions(faits: Faits, demande: Demande, _: Regles) -> Tableau | None:
    """Rien quand aucune action ne vise la convention."""
    lues = lecture.lire(faits.session, demande)
    if not lues:
        return None
    ranges = sorted(lues, key=lambda cahier: (_dates(cahier, demande), cahier["cahier"]["nom"], cahier["cahier"]["id"]))
    return Tableau(
        "actions",
        "Actions collectives",
        "séances, personnes",
        tuple(_ligne(cahier, demande) for cahier in ranges),
        _COLONNES,
        notes=(_NOTE, *(note for cahier in ranges if (note := _note(cahier)))),
    )


def _ligne(cahier: Fiche, demande: Demande) -> Ligne:
    nom, ou = cahier["cahier"]["nom"], (cahier, demande.periode, demande.aujourd_hui)
    cellules = (
        Cellule.compte(DesSeances(nom, definition.tenues(*ou))),
        Cellule.compte(DesInscriptions(definition.inscrits(*ou))),
        Cellule.compte(DesInscriptions(definition.presents(*ou))),
    )
    return Ligne(cahier["cahier"]["id"], _libelle(cahier, demande), cellules)


def _libelle(cahier: Fiche, demande: Demande) -> str:
    """« Mercredis de la Pep’, avec Tremplin Sport, le 24/08/2022 »."""
    partenaire = cahier["cahier"]["valeurs"].get("partenaire")
    premier, dernier = _dates(cahier, demande)
    quand = f"le {date_chiffree(premier)}" if premier == dernier else _du_au(premier, dernier)
    return ", ".join(mot for mot in (cahier["cahier"]["nom"], f"avec {partenaire}" if partenaire else "", quand) if mot)


def _du_au(premier: str, dernier: str) -> str:
    return f"du {date_chiffree(premier)} au {date_chiffree(dernier)}"


def _dates(cahier: Fiche, demande: Demande) -> tuple[str, str]:
    """De la première à la dernière séance de la période ; à défaut, celles de son calendrier."""
    toutes = definition.seances(cahier, demande.periode, date.max)
    jours = [lu for seance in toutes if (lu := jour(seance))]
    valeurs = cahier["cahier"]["valeurs"]
    du, au = valeurs.get("du") or valeurs.get("au"), valeurs.get("au") or valeurs.get("du")
    return (min(jours), max(jours)) if jours else (du or "", au or "")


def _note(cahier: Fiche) -> str | None:
    commentaire = cahier["cahier"]["valeurs"].get("commentaire")
    return f"{cahier['cahier']['nom']}\u202f: {' '.join(commentaire.split())}" if commentaire else None
