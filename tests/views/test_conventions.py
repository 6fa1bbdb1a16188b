"""L'écran Conventions : lire, comparer, ajuster ; et ce qu'il refuse."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from sqlalchemy import select

from app.base import db, ecrire
from app.domain.convention import livrees
from app.models import Convention, EvenementConvention, Mesure, PersonneValeur
from app.supervision.conventions import _comptes
from sync.conventions import conventions_de, enregistrer
from tests.jours import dans_jours
from tests.views.faits import dans, un_cas

DSP = "/conventions/DSP-TDL/2022"
NON_DIT = "Les sources ne le disent pas"


@pytest.fixture
def structure(app, equipes):
    with app.app_context(), ecrire(db.engine) as session:
        enregistrer(session, equipes[0].structure_id, livrees("ASP-NC", "DSP-TDL", "PDC-ASP", "SPR"))
    return equipes[0].structure_id


@pytest.fixture
def chef(structure, connecte):
    return connecte("chef_de_service")


def valeur(app, structure, regle: str, jour: str):
    with app.app_context():
        tranches = [c for c in conventions_de(db.session(), structure) if c["code"] == "DSP-TDL" and c["debut"] <= jour]
        return tranches[-1].get(regle)


def demain(jours: int = 1) -> str:
    return dans_jours(jours)


def test_the_list_shows_each_convention_once_with_its_state(chef) -> None:
    page = chef.get("/conventions").text
    assert page.count('href="/conventions/ASP-NC/2022"') == 1
    assert "finie, règle encore les mesures ouvertes" in page  # le DSP, dont la fin est passée
    assert "56\u00a0places convenues" in page
    assert "aucun nombre de places donné" in page  # SPR


def test_a_version_says_each_rule_its_source_what_is_to_confirm_and_what_the_sources_leave_out(chef) -> None:
    page = chef.get(DSP).text
    assert "Rapport d’activité 2022, § 3.1 L’accompagnement individuel" in page
    assert "non officiel" in page  # le délai FSE, à confirmer
    assert f"{NON_DIT}\u202f:" in page
    assert "Aucune version ne l’a suivie" in page
    coquille = chef.get("/conventions/SPR/2022").text
    assert "Le rapport ne développe pas le sigle." in coquille
    assert NON_DIT in coquille
    assert chef.get("/conventions/SPR/1999").status_code == 404


def test_two_versions_stand_side_by_side_what_changes_first(chef) -> None:
    page = chef.get("/conventions/comparer?gauche=DSP-TDL:2017&droite=DSP-TDL:2022").text
    change, pareil = page.split("Ce qui reste pareil", 1)
    assert 'data-regle="places"' in change
    assert 'data-regle="cadence"' in pareil
    assert chef.get("/conventions/comparer").status_code == 200
    assert chef.get("/conventions/comparer?gauche=rien:1&droite=").status_code == 200


def test_a_compared_version_goes_by_the_name_the_structure_gives_it(app, structure, chef) -> None:
    with app.app_context(), ecrire(db.engine) as session:
        version = session.scalars(
            select(Convention).where(Convention.structure_id == structure, Convention.version == "2022")
        ).first()
        usage = {"regle": "libelle_court", "effet": "2022-01-01", "valeur": "Relais de Toul", "raison": "L’usage"}
        version.donnees = version.donnees | {"ajustements": [usage]}
        cle = f"{version.code}:2022"
    page = chef.get(f"/conventions/comparer?gauche={cle}&droite=DSP-TDL:2017").text
    assert f'<option value="{cle}" selected>Relais de Toul, 2022' in page
    assert '<th scope="col">Relais de Toul, 2022</th>' in page


def test_an_adjustment_is_dated_journaled_and_reaches_the_phones(app, structure, chef) -> None:
    assert f"{DSP}/ajuster/places" in chef.get(DSP).text
    champs = {"valeur": "62", "effet": demain(), "raison": "Avenant n° 2"}
    assert chef.post(f"{DSP}/ajuster/places", champs).status_code == 303
    assert valeur(app, structure, "places", demain(0)) == [["2022-01-01", 56]]
    assert valeur(app, structure, "places", demain()) == [["2022-01-01", 56], [demain(), 62]]
    page = chef.get(DSP).text
    assert "62\u00a0places" in page
    assert "Avenant n° 2" in page
    assert "par Camille Fictive-chef" in page
    with app.app_context():
        (fait,) = db.session.scalars(select(EvenementConvention).where(EvenementConvention.genre == "ajustee"))
        assert (fait.regle, fait.avant, fait.apres) == ("places", [["2022-01-01", 56]], 62)


def test_a_rule_the_sources_leave_out_is_filled_then_given_back(app, structure, chef) -> None:
    adresse = f"{DSP}/ajuster/renouvellements"
    champs = {"valeur-mois": "6", "valeur-nombre": "1", "effet": demain(0), "raison": "Réunion du 3 mars"}
    assert chef.post(adresse, champs).status_code == 303
    assert valeur(app, structure, "renouvellements", demain(0)) == {"mois": 6, "nombre": 1}
    assert "Revenir à ce que dit la convention" in chef.get(adresse).text
    rendue = {"geste": "rendre", "effet": demain(0), "raison": "Erreur"}
    assert chef.post(adresse, rendue).status_code == 303
    assert valeur(app, structure, "renouvellements", demain(0)) is None


@pytest.mark.parametrize(
    ("change", "champ", "message"),
    [
        ({"valeur": ""}, "valeur", "est à renseigner."),
        ({"valeur": "soixante"}, "valeur", "Il faut un nombre entier, de 1 à 10000."),
        ({"effet": ""}, "effet", "Donnez le jour où cela commence."),
        ({"effet": "2021-12-31"}, "effet", "Cette version n’avait pas commencé."),
        ({"effet": "2099-01-01"}, "effet", "vérifiez l’année."),
        ({"raison": " "}, "raison", "Dites d’où vient ce changement"),
        ({"raison": "x" * 161}, "raison", "160 signes au plus."),
    ],
)
def test_a_wrong_adjustment_is_said_beside_its_field_and_keeps_the_typing(chef, change, champ, message) -> None:
    saisie = {"valeur": "62", "effet": demain(), "raison": "Avenant"} | change
    reponse = chef.post(f"{DSP}/ajuster/places", saisie)
    assert reponse.status_code == 422
    assert f'id="erreur-{champ}"' in reponse.text
    assert message in reponse.text
    if champ != "raison":
        assert 'value="Avenant"' in reponse.text


def test_every_rule_left_to_the_structure_has_a_form_that_takes_back_what_it_shows(app, structure, chef) -> None:
    with app.app_context():
        versions = list(db.session.scalars(select(Convention.donnees).where(Convention.structure_id == structure)))
    for version in versions:
        for regle in version["perimetre_structure"]:
            reponse = chef.get(f"/conventions/{version['code']}/{version['version']}/ajuster/{regle}")
            passee = version["version"] == "2017"
            assert reponse.status_code == (404 if passee else 200), (version["code"], regle)


def test_only_the_chef_adjusts_and_only_what_is_left_to_the_structure(structure, chef, connecte) -> None:
    assert chef.get(f"{DSP}/ajuster/cadence").status_code == 404
    assert chef.post("/conventions/DSP-TDL/2017/ajuster/places", {"valeur": "3"}).status_code == 404
    secretariat = connecte("secretariat")
    assert secretariat.get(DSP).status_code == 200
    assert "/ajuster/" not in secretariat.get(DSP).text
    assert secretariat.post(f"{DSP}/ajuster/places", {"valeur": "3"}).status_code == 404
    assert connecte("conseiller").get("/conventions").status_code == 403


def test_another_structure_sees_none_of_it(structure, connecte) -> None:
    ailleurs = connecte("chef_de_service", 1)
    assert "Aucune convention" in ailleurs.get("/conventions").text
    assert ailleurs.get(DSP).status_code == 404


def test_a_capacity_may_be_exceeded_and_says_so(app, equipes, connecte) -> None:
    cas = un_cas(app, equipes[0])
    cas.faire("modifier_mesure", cas.mesure, {"premier_contact_le": dans(-58)[:10], "entree_le": dans(-55)[:10]})
    with app.app_context(), ecrire(db.engine) as session:
        ligne = session.scalars(select(Convention).where(Convention.code == "DSP-TDL")).one()
        suivie = session.scalars(select(Mesure)).one()
        champs = {c.name: getattr(suivie, c.name) for c in Mesure.__table__.columns}
        session.add(Mesure(**champs | {"id": "00000000-0000-7000-8000-000000000001"}))
        ligne.donnees = ligne.donnees | {"places": [["2022-01-01", 1]], "quota_brsa": {"nombre": 3}}
    page = connecte("chef_de_service").get("/conventions").text
    assert "2\u00a0mesures en cours, 1\u00a0place convenue" in page
    assert "1 de plus que convenu" in page
    assert "3 de moins qu’attendu" in page


def test_a_suspended_right_still_counts_as_the_rsa(app, equipes) -> None:
    cas = un_cas(app, equipes[0])
    cas.faire("modifier_mesure", cas.mesure, {"premier_contact_le": dans(-58)[:10], "entree_le": dans(-55)[:10]})
    jour = dans(0)[:10]
    with app.app_context():
        suivie = db.session.scalars(select(Mesure)).one()
    for droit, brsa in (("beneficiaire", 1), ("suspendu", 1), ("clos", 0)):
        with app.app_context(), ecrire(db.engine) as session:
            cle = {"structure_id": suivie.structure_id, "personne_id": suivie.personne_id, "champ": "rsa"}
            session.merge(PersonneValeur(**cle, jour=dt.date.fromisoformat(jour), valeur=droit))
        with app.app_context():
            compte = _comptes(db.session(), suivie.structure_id, jour)[suivie.convention]
            assert compte == (1, brsa), droit


BILAN = "/conventions/PDC-ASP/2025/bilans/2025"


def test_the_report_to_the_funder_is_asked_then_handed_in_then_taken_back(structure, connecte) -> None:
    with time_machine.travel(dt.datetime(2026, 4, 2, 9, tzinfo=dt.UTC), tick=False):
        chef = connecte("chef_de_service")
        due = "Bilan 2025 à remettre au financeur, 2 jours de retard"
        assert due in chef.get("/").text
        assert f'href="{BILAN}"' in chef.get("/conventions/PDC-ASP/2025").text
        assert "31 mars 2026" in chef.get(BILAN).text

        for remis_le, message in (
            ("", "Donnez le jour"),
            ("2026-04-03", "pas encore venu"),
            ("2024-12-31", "n’avait pas"),
        ):
            refus = chef.post(BILAN, {"remis_le": remis_le})
            assert refus.status_code == 422
            assert message in refus.text
            assert 'id="erreur-remis_le"' in refus.text
            assert not remis_le or f'value="{remis_le}"' in refus.text

        for _ in range(2):
            assert chef.post(BILAN, {"remis_le": "2026-03-30"}).status_code == 303
        assert due not in chef.get("/").text
        page = chef.get("/conventions/PDC-ASP/2025").text
        assert f'<a href="{BILAN}">Bilan 2025 remis au financeur le 30 mars 2026</a>' in page
        assert page.count("Bilan 2025 remis au financeur") == 2, "dit une fois, et une fois au journal"

        chef.post(BILAN, {"geste": "reprendre"})
        assert due in chef.get("/").text


def test_only_who_adjusts_a_convention_says_its_report_is_in(structure, chef, connecte) -> None:
    assert chef.get("/conventions/PDC-ASP/2025/bilans/2031").status_code == 404
    assert chef.get("/conventions/SPR/2022/bilans/2022").status_code == 404
    assert connecte("secretariat").post(BILAN, {"remis_le": "2026-03-30"}).status_code == 404
    assert connecte("chef_de_service", 1).post(BILAN, {"remis_le": "2026-03-30"}).status_code == 404
