"""Ce qui compte comme un mouvement d'un dossier, et ce qui n'en est pas un."""

from typing import Any

import pytest

from app.domain.mouvement import dernier_mouvement

JOUR = "2026-11-23"
VIDE: dict[str, list[dict[str, Any]]] = {"entretiens": [], "rendez_vous": [], "pieces": [], "mesures": []}


def rendez_vous(debut: str, statut: str) -> dict[str, list[dict[str, Any]]]:
    return {"rendez_vous": [{"debut": debut, "statut": statut}]}


def etape(**autres: Any) -> dict[str, list[dict[str, Any]]]:
    return {"pieces": [{"forme": "etape", "valeurs": {"debut": "2026-10-05"}, "retiree_le": None} | autres]}


@pytest.mark.parametrize(
    ("dossier", "attendu"),
    [
        ({}, None),
        ({"entretiens": [{"date": "2026-09-01"}, {"date": "2026-08-01"}]}, "2026-09-01"),
        (rendez_vous("2026-10-02T08:00:00Z", "honore"), "2026-10-02"),
        # Une heure de Paris, pas celle de Greenwich.
        (rendez_vous("2026-10-02T22:30:00Z", "honore"), "2026-10-03"),
        (rendez_vous("2026-10-02T08:00:00Z", "propose"), None),
        (rendez_vous("2026-10-02T08:00:00Z", "absence_non_excusee"), None),
        (etape(), "2026-10-05"),
        (etape(retiree_le="2026-10-06T08:00:00Z"), None),
        (etape(valeurs={}), None),
        ({"mesures": [{"orientee_le": "2026-09-04", "entree_le": "2026-09-15"}]}, "2026-09-15"),
        # Un contrat qui commence le mois prochain n'a encore rien fait bouger.
        (etape(valeurs={"debut": "2026-12-01"}), None),
        ({"entretiens": [{"date": JOUR}], **rendez_vous("2026-10-02T08:00:00Z", "honore")}, JOUR),
    ],
)
def test_the_last_day_something_happened(dossier: dict[str, Any], attendu: str | None) -> None:
    assert dernier_mouvement(VIDE | dossier, JOUR) == attendu
