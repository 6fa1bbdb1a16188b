"""Ce qui prend effet prend effet au jour du serveur : la montre d'un téléphone ne décide de rien."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from sync.acteur import Acteur
from sync.fiches import lire_dossiers
from tests.bases import lire
from tests.sync.fabrique import Monde, creer_personne, operation, plus_tard, un_id


def _personne(monde: Monde, acteur: Acteur, personne: str) -> dict:
    with lire(monde.moteur) as session:
        return lire_dossiers(session, monde.structure, [personne], acteur.utilisateur_id)[personne]


@pytest.mark.parametrize("annee", [1971, 1999, 2031])
def test_a_mad_clock_does_not_decide_which_value_is_in_force(monde: Monde, annee: int) -> None:
    acteur, creation = monde.acteur(), creer_personne(logement="foyer", date_effet="2026-01-10")
    folle = replace(
        operation("modifier_personne", creation.entite, creation.entite, logement="squat"),
        heure=dt.datetime(annee, 3, 1, tzinfo=dt.UTC),
    )
    assert monde.statuts(acteur, creation, folle) == ["applied", "applied"]
    historique = _personne(monde, acteur, creation.entite)["personne"]["historique"]["logement"]
    assert historique == [["2026-01-10", "foyer"], ["2026-11-26", "squat"]]


def test_the_day_is_that_of_paris(monde: Monde) -> None:
    soir = plus_tard(monde.acteur(), hours=8, minutes=30)  # 23 h 30 à Londres, déjà demain à Paris
    creation = creer_personne(logement="foyer")
    monde.pousser(soir, creation)
    historique = _personne(monde, soir, creation.entite)["personne"]["historique"]["logement"]
    assert historique == [["2026-11-27", "foyer"]]


@pytest.mark.parametrize(("jour", "statut"), [("2027-11-27", "applied"), ("2027-11-28", "refused")])
def test_an_effect_more_than_a_year_away_is_a_mistake(monde: Monde, jour: str, statut: str) -> None:
    acteur, creation = monde.acteur(), creer_personne(logement="foyer")
    (_, resultat) = monde.pousser(
        acteur,
        creation,
        operation("modifier_personne", creation.entite, creation.entite, logement="squat", date_effet=jour),
    )
    assert resultat.statut == statut
    if statut == "refused":
        assert resultat.erreurs == {"date_effet": ["Cette date est dans plus d'un an : vérifiez l'année."]}


@pytest.mark.parametrize("champ", ["orientee_le", "entree_le", "premier_contact_le", "date_effet"])
def test_a_measure_is_not_dated_in_another_decade(monde: Monde, champ: str) -> None:
    acteur, creation, mesure = monde.acteur(), creer_personne(), un_id()
    ouverture = operation("ouvrir_mesure", mesure, creation.entite, convention="ASP-NC", **{champ: "2062-01-01"})
    (_, refus) = monde.pousser(acteur, creation, ouverture)
    assert list(refus.erreurs) == [champ]


def test_a_measure_noted_on_friday_and_sent_on_monday_is_of_friday(monde: Monde) -> None:
    acteur, creation, mesure = plus_tard(monde.acteur(), hours=72), creer_personne(date_effet="2026-11-26"), un_id()
    ouverture = operation(
        "ouvrir_mesure",
        mesure,
        creation.entite,
        convention="ASP-NC",
        modalite="socioprofessionnelle",
        date_effet="2026-11-26",
    )
    assert monde.statuts(acteur, creation, ouverture) == ["applied", "applied"]
    (fiche,) = _personne(monde, acteur, creation.entite)["mesures"]
    assert [jour for jour, _ in fiche["historique"]["referent"]] == ["2026-11-26"]
    assert [jour for jour, _ in fiche["historique"]["modalite"]] == ["2026-11-26"]
