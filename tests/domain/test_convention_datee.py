"""Où en est une version, ce que ses places disent, et ce qu'un ajustement change à sa date."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.convention import PAR_NOM, en_vigueur, etat, limites, trancher
from app.domain.convention.ajustements import source
from app.domain.convention.formes import typographie
from app.domain.mesure import convention_au
from app.domain.saisie.ajustement import champs, lire_ajustement


def une(version: str = "1", debut: str = "2025-01-01", **regles: Any) -> dict[str, Any]:
    return {"code": "X", "version": version, "debut": debut, **regles}


def ajuste(regle: str, effet: str, valeur: Any, raison: str = "Avenant") -> dict[str, Any]:
    return {"regle": regle, "effet": effet, "valeur": valeur, "raison": raison}


@pytest.mark.parametrize(
    ("fin", "suivante", "jour", "attendu"),
    [
        (None, None, "2024-12-31", "a_venir"),
        (None, None, "2025-01-01", "en_vigueur"),
        ("2025-12-31", None, "2025-12-31", "en_vigueur"),
        ("2025-12-31", None, "2026-01-01", "prolongee"),
        ("2025-12-31", "2026-03-01", "2026-02-01", "prolongee"),
        ("2025-12-31", "2026-03-01", "2026-03-01", "passee"),
        (None, "2026-03-01", "2026-02-28", "en_vigueur"),
    ],
)
def test_a_version_is_in_force_until_another_takes_over(
    fin: str | None, suivante: str | None, jour: str, attendu: str
) -> None:
    versions = [une(fin=fin), *([une("2", suivante)] if suivante else [])]
    assert etat(versions[0], versions, jour) == attendu


def test_a_closed_convention_without_successor_keeps_ruling_the_open_measures() -> None:
    (close,) = (une(fin="2025-12-31", premier_contact_jours=15),)
    assert convention_au([close], "X", "2027-05-01") == close


def test_numbers_warn_and_never_forbid() -> None:
    convention = une(
        places=[["2025-01-01", 50], ["2026-01-01", 70]], places_par_etp=70, etp="0.9", quota_brsa={"part": 50}
    )
    lues = {limite.quoi: (limite.convenu, limite.depassee) for limite in limites(convention, "2026-06-01", 71, 35)}
    assert lues == {"places": (70, True), "places_par_etp": (63, True), "quota_brsa": (36, True)}
    lues = {limite.quoi: (limite.convenu, limite.depassee) for limite in limites(convention, "2025-06-01", 50, 25)}
    assert lues == {"places": (50, False), "places_par_etp": (63, False), "quota_brsa": (25, False)}
    assert limites(une(), "2025-06-01", 500, 0) == []


def test_the_last_adjustment_noted_wins_for_the_same_day() -> None:
    version = une(
        cadence=None, ajustements=[ajuste("veille_mois", "2026-01-01", 3), ajuste("veille_mois", "2026-01-01", 4)]
    )
    assert [tranche.get("veille_mois") for tranche in trancher([version])] == [None, 4]
    retenu = en_vigueur(version, "veille_mois", "2026-02-01")
    assert retenu is not None
    assert source(retenu) == "Décision de la structure au 1er janvier 2026\u202f: Avenant"


def test_what_is_given_back_is_the_convention_again() -> None:
    version = une(
        veille_mois=6, sources={"veille_mois": "Article 2"},
        ajustements=[ajuste("veille_mois", "2026-01-01", 3), ajuste("veille_mois", "2026-07-01", None)],
    )  # fmt: skip
    assert [(t["debut"], t["veille_mois"]) for t in trancher([version])] == [
        ("2025-01-01", 6),
        ("2026-01-01", 3),
        ("2026-07-01", 6),
    ]
    assert trancher([version])[2]["sources"]["veille_mois"] == "Article 2"


def test_a_version_that_no_one_adjusted_travels_as_it_is() -> None:
    assert trancher([une(places=[["2025-01-01", 5]])]) == [une(places=[["2025-01-01", 5]])]


@pytest.mark.parametrize(
    ("regle", "valeur"),
    [
        ("places", 62),
        ("etp", "1.9"),
        ("lieux", ["CCAS", "Mairie annexe"]),
        ("veille_apres", ["emploi", "formation"]),
        ("contrat", "cer"),
        ("progression", True),
        ("cadence", {"nombre": 2, "par": "mois"}),
        ("accueil", {"jours": 10, "depuis": "entree", "livrables": ["contrat"], "rendez_vous": 1}),
        ("quota_brsa", {"nombre": 32}),
        ("renouvellements", {"mois": 6, "nombre": 1, "motif": False}),
    ],
)
def test_what_the_form_shows_is_read_back_the_same(regle: str, valeur: Any) -> None:
    formulaire: dict[str, list[str]] = {"effet": ["2026-01-02"], "raison": ["Avenant"]}
    for champ in champs(PAR_NOM[regle], valeur):
        choisis = [choix["code"] for choix in champ["choix"] if choix["choisi"]]
        formulaire[champ["nom"]] = choisis if champ["choix"] else [champ["valeur"]]
    lu = lire_ajustement(PAR_NOM[regle], formulaire, "2025-01-01", "2026-01-01", False)
    assert (lu.valeur, lu.erreurs) == (valeur, {})


def test_what_is_typed_is_typeset() -> None:
    assert typographie("L'article 3 : « oui »") == "L’article 3\u202f: «\u202foui\u202f»"
