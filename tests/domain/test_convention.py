"""Les conventions sont des données : datées, sourcées, et rien qui ne soit dans les sources."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from app.domain.convention import (
    GROUPES,
    PAR_NOM,
    PERIMETRE,
    TABLE,
    Convention,
    ConventionIllisible,
    Regle,
    charger,
    lire,
    pour_appareil,
    valeur_datee,
)

SOURCES = Path(__file__).parents[2] / "docs" / "sources.md"

MINIMALE = """code = "X-1"
version = "1"
libelle = { valeur = "Essai", source = "Rapport d'activité 2022, § 1" }
debut = { valeur = 2022-01-01, source = "Rapport d'activité 2022, § 1" }
"""

LIVREES = {(convention.code, convention.version): convention for convention in charger()}


def livree(code: str, version: str) -> Convention:
    return LIVREES[code, version]


def fautes(texte: str) -> list[str]:
    with pytest.raises(ConventionIllisible) as leve:
        lire(texte, "essai.toml")
    return [str(faute) for faute in leve.value.fautes]


def test_every_convention_of_the_sources_is_shipped() -> None:
    assert set(LIVREES) == {
        ("ASP-DOM", "2017"),
        ("ASP-LUN", "2017"),
        ("ASP-NC", "2017"),
        ("ASP-NC", "2022"),
        ("ASP-TDL", "2017"),
        ("CEA-FA5", "fiche-5"),
        ("DOM", "2022"),
        ("DSP-TDL", "2017"),
        ("DSP-TDL", "2022"),
        ("MOS-AG", "2017"),
        ("MPP-BAC", "2017"),
        ("MPP-LUN", "2017"),
        ("PDC-ASP", "2025"),
        ("SAL-CA", "2017"),
        ("SPR", "2022"),
    }


@pytest.mark.parametrize(
    ("code", "version", "regle", "valeur"),
    [
        ("ASP-NC", "2022", "premier_contact_jours", 15),
        ("ASP-NC", "2022", "cadence", {"nombre": 1, "par": "mois"}),
        ("ASP-NC", "2017", "cadence", None),
        ("ASP-LUN", "2017", "cadence", {"nombre": 1, "par": "quinzaine"}),
        ("ASP-TDL", "2017", "duree_mois", 6),
        ("DSP-TDL", "2017", "renouvellements", {"mois": 6, "nombre": 1}),
        ("DSP-TDL", "2017", "quota_brsa", {"part": 50}),
        ("DSP-TDL", "2022", "quota_brsa", {"nombre": 32}),
        ("DSP-TDL", "2022", "duree_mois", None),
        ("DSP-TDL", "2022", "file_active", {"emploi": "fin_essai", "formation_mois": 1}),
        ("DSP-TDL", "2022", "etp", "0.9"),
        ("MPP-LUN", "2017", "groupe", {"taille": 15, "jours_par_semaine": 2, "mois": 3}),
        ("SAL-CA", "2017", "places", None),
        ("PDC-ASP", "2025", "rendez_vous_physiques", {"total": 13, "accueil": 1, "mois": 12}),
        ("PDC-ASP", "2025", "activite_minutes", 900),
        ("PDC-ASP", "2025", "places", None),
        ("CEA-FA5", "fiche-5", "renouvellements", {"mois": 6, "nombre": 2, "motif": True}),
        ("CEA-FA5", "fiche-5", "cadence", {"nombre": 2, "par": "mois"}),
        ("MOS-AG", "2017", "duree_max_mois", 9),
        ("MOS-AG", "2017", "contrat", None),
        ("DOM", "2022", "pole", "Urgence et Territoire"),
        ("SPR", "2022", "unite", None),
    ],
)
def test_a_rule_says_what_its_source_says_and_nothing_when_it_says_nothing(
    code: str, version: str, regle: str, valeur: object
) -> None:
    assert livree(code, version).valeur(regle) == valeur


def test_places_are_dated() -> None:
    assert valeur_datee(livree("ASP-NC", "2022").valeur("places"), "2022-06-01") == 140
    assert valeur_datee([["2015-01-01", 50], ["2016-01-01", 70], ["2017-01-01", 90]], "2016-12-31") == 70
    assert valeur_datee([["2017-01-01", 90]], "2016-12-31") is None


def test_every_value_cites_a_document_listed_in_the_sources() -> None:
    tableau = SOURCES.read_text().split("## Sections citées")[0]
    titres = [ligne.split("|")[1].strip().replace("'", "’") for ligne in tableau.splitlines() if ligne.startswith("| ")]
    for convention in LIVREES.values():
        for regle, source in convention.sources.items():
            assert any(source.startswith(titre) for titre in titres[1:]), (convention.code, regle, source)


@pytest.mark.parametrize("regle", [*TABLE, PERIMETRE], ids=lambda regle: regle.nom)
def test_the_example_of_each_rule_is_accepted_and_can_be_said(regle: Regle) -> None:
    """Ce que la documentation et les messages proposent d'écrire est juste."""
    assert regle.groupe in GROUPES
    contenu = tomllib.loads(regle.en_toml())[regle.nom]
    assert list(regle.forme.fautes(contenu["valeur"])) == []
    assert all(regle.forme.dire(regle.forme.garder(contenu["valeur"])))


@pytest.mark.parametrize("regle", TABLE, ids=lambda regle: regle.nom)
def test_each_rule_refuses_what_is_not_of_its_shape(regle: Regle) -> None:
    assert list(regle.forme.fautes(object()))


def test_what_the_phone_receives_cites_the_rules_and_leaves_the_rest_at_the_desk() -> None:
    recue = livree("PDC-ASP", "2025").pour_appareil()
    assert recue["activite_minutes"] == 900
    assert recue["citations"]["activite_minutes"].startswith("Fiche 1.3 Pas-de-Calais 2025")
    assert recue["a_confirmer"] == ["accueil", "contrat"]
    assert not {"sources", "financement", "objectifs", "veille_mois"} & recue.keys()
    assert set(recue) - {"code", "version", "citations", "a_confirmer"} <= {r.nom for r in TABLE if r.telephone}


def test_a_row_stored_with_empty_rules_sends_none_of_them() -> None:
    assert pour_appareil({"code": "X", "version": "1", "libelle": "X", "cadence": None, "sources": {}}) == {
        "code": "X",
        "version": "1",
        "libelle": "X",
        "citations": {},
    }


@pytest.mark.parametrize(
    ("ajout", "attendu"),
    [
        (
            "cadance = { valeur = 1, source = 's' }",
            "ligne 5, [cadance] n'est pas une règle connue ; vouliez-vous dire « cadence » ?",
        ),
        (
            "etp = { valeur = '1.9' }",
            'ligne 5, [etp] dit d\'où elle vient : ajoutez source = "Convention 2026, article 3"',
        ),
        (
            "cadence = { valeur = { nombre = 1, par = 'an' }, source = 's' }",
            "ligne 5, [cadence] par : « an » n'est pas connu ; écrivez l'un de : mois, quinzaine, semaine. "
            f"Écrivez : {PAR_NOM['cadence'].en_toml()}",
        ),
        (
            "# un délai\n[premier_contact_jours]\nvaleur = 'quinze'\nsource = 's'",
            "ligne 6, [premier_contact_jours] il faut un nombre entier, de 1 à 366, sans guillemets. "
            f"Écrivez : {PAR_NOM['premier_contact_jours'].en_toml()}",
        ),
        (
            "places = { valeur = [[2022-06-01, 2], [2022-01-01, 1]], source = 's' }",
            "ligne 5, [places] les dates vont de la plus ancienne à la plus récente, une fois chacune. "
            f"Écrivez : {PAR_NOM['places'].en_toml()}",
        ),
        (
            "fin = { valeur = 2021-12-31, source = 's' }",
            "ligne 5, [fin] le 2021-12-31 est avant le début, le 2022-01-01 : vérifiez l'année.",
        ),
        (
            "veille_mois = { valeur = true, source = 's' }",
            "ligne 5, [veille_mois] il faut un nombre entier, de 1 à 60, sans guillemets. "
            f"Écrivez : {PAR_NOM['veille_mois'].en_toml()}",
        ),
        (
            "duree_mois = 6",
            f"ligne 5, [duree_mois] s'écrit avec une valeur et sa source : {PAR_NOM['duree_mois'].en_toml()}",
        ),
        (
            "etp = { valeur = '1.9', source = 's', a_confirmer = true }",
            "ligne 5, [etp] a_confirmer dit en une phrase ce qui reste à vérifier : "
            'a_confirmer = "La date n\'est pas donnée."',
        ),
        ("libelle = { valeur = 'Deux', source = 's' }", "ligne 5, cette règle est écrite deux fois : gardez-en une."),
    ],
)
def test_a_wrong_file_says_the_line_the_rule_and_what_to_write(ajout: str, attendu: str) -> None:
    assert lire(MINIMALE).code == "X-1"
    assert fautes(MINIMALE + ajout) == [attendu]


def test_a_file_that_is_not_toml_says_so_in_french() -> None:
    (message,) = fautes(MINIMALE + "x = [")
    assert "line" not in message
    assert "il manque" in message or "colonne" in message
    (message,) = fautes(MINIMALE + "places = quinze")
    assert message.startswith("ligne 5, ce n'est pas du TOML")


def test_what_is_missing_is_said_with_what_to_write() -> None:
    assert fautes('version = "1"') == [
        'écrivez en tête : code = "ASP-NC", en capitales',
        f"[libelle] manque. Écrivez : {PAR_NOM['libelle'].en_toml()}",
        f"[debut] manque. Écrivez : {PAR_NOM['debut'].en_toml()}",
    ]
