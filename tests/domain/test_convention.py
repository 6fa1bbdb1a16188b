"""Les conventions sont des données : datées, sourcées, et rien qui ne soit dans les sources."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.domain.convention import ConventionIllisible, charger, lire

SOURCES = Path(__file__).parents[2] / "docs" / "sources.md"

MINIMALE = """
code = "X"
version = "1"
libelle = { valeur = "Essai", source = "Rapport d'activité 2022, § 1" }
debut = { valeur = 2022-01-01, source = "Rapport d'activité 2022, § 1" }
unite = { valeur = "flux_continu", source = "Rapport d'activité 2022, § 1" }
"""


def test_the_three_conventions_are_read() -> None:
    lues = {(convention.code, convention.version): convention for convention in charger()}
    assert set(lues) == {("ASP-DOM", "2017"), ("ASP-NC", "2022"), ("DSP-TDL", "2022")}
    asp, dsp, dom = lues["ASP-NC", "2022"], lues["DSP-TDL", "2022"], lues["ASP-DOM", "2017"]
    assert (asp.premier_contact_jours, asp.cadence, asp.places_au(date(2022, 6, 1))) == (
        15,
        {"nombre": 1, "par": "mois"},
        140,
    )
    assert (dsp.fin, dsp.veille_mois, dsp.etp) == (date(2022, 12, 31), 6, "0.9")
    assert (dom.premier_contact_jours, dom.contrat, dom.etp, dom.places_au(date(2017, 1, 1))) == (None, None, None, 90)


def test_every_value_cites_a_document_listed_in_the_sources() -> None:
    titres = [ligne.split("|")[1].strip() for ligne in SOURCES.read_text().splitlines() if ligne.startswith("| Rapp")]
    assert titres
    for convention in charger():
        for regle, source in convention.sources.items():
            assert any(source.startswith(titre) for titre in titres), (convention.code, regle)


def test_what_the_phone_receives_cites_the_rules_that_make_a_deadline() -> None:
    (asp,) = (convention for convention in charger() if convention.code == "ASP-NC")
    recue = asp.pour_appareil()
    assert recue["premier_contact_jours"] == 15
    assert recue["citations"]["premier_contact_jours"] == "Rapport d'activité 2022, § 1.2 Objectifs"
    assert "sources" not in recue


@pytest.mark.parametrize(
    ("ajout", "message"),
    [
        ("inconnue = { valeur = 1, source = 's' }", "inconnue"),
        ("etp = { valeur = '1.9' }", "etp"),
        ("cadence = { valeur = { nombre = 1, par = 'an' }, source = 's' }", "cadence"),
        ("premier_contact_jours = { valeur = 'quinze', source = 's' }", "premier_contact_jours"),
        ("places = { valeur = [[2022-06-01, 2], [2022-01-01, 1]], source = 's' }", "places"),
        ("x = [", "X"),
    ],
)
def test_a_wrong_file_says_where(ajout: str, message: str) -> None:
    assert lire(MINIMALE).code == "X"
    with pytest.raises(ConventionIllisible, match=message):
        lire(MINIMALE + ajout, "X")
