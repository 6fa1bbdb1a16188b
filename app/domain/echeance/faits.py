"""Ce qui, dans un dossier, règle ou annonce une échéance d'une mesure."""

from app.domain import dates
from app.domain.personne import Fiche


def entretiens_de(dossier: Fiche, mesure: Fiche) -> list[Fiche]:
    return [entretien for entretien in dossier["entretiens"] if _de_la_mesure(entretien, mesure)]


def honores(dossier: Fiche, mesure: Fiche) -> list[str]:
    """Les jours des rendez-vous honorés."""
    return [
        dates.jour_paris(rendez_vous["debut"])
        for rendez_vous in dossier["rendez_vous"]
        if rendez_vous["statut"] == "honore" and _de_la_mesure(rendez_vous, mesure)
    ]


def proposes(dossier: Fiche, mesure: Fiche) -> list[Fiche]:
    """Les rendez-vous sans issue."""
    return [r for r in dossier["rendez_vous"] if r["statut"] == "propose" and _de_la_mesure(r, mesure)]


def _de_la_mesure(fiche: Fiche, mesure: Fiche) -> bool:
    return fiche.get("mesure_id") in (None, mesure["id"])
