"""Le catalogue des champs et docs/donnees.md disent la même chose."""

import re
from pathlib import Path

from app.domain.champs_personne import catalogue
from app.domain.roles import LECTEURS

LIGNE = re.compile(
    r"^\| `([a-z_]+)` \| (.+?) \| (.+?) \| (oui|non) \| ([RCSPM ]+) \| (oui|non|masqué) \|$", re.MULTILINE
)
DOCUMENT = (Path(__file__).parents[2] / "docs" / "donnees.md").read_text(encoding="utf-8")


def test_every_field_is_documented_with_its_purpose_readers_and_travel() -> None:
    decrits = {
        nom: (libelle, date == "oui", {LECTEURS[lettre] for lettre in lecteurs.split()}, telephone.replace("é", "e"))
        for nom, libelle, _, date, lecteurs, telephone in LIGNE.findall(DOCUMENT)
    }
    connus = {nom: (c.libelle, c.date, set(c.lecteurs), c.telephone) for nom, c in catalogue().items()}
    assert decrits == connus
