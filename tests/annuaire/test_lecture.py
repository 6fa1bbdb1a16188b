"""Lire le format data·inclusion v1 : ce qui est juste passe, ce qui ne l'est pas est dit."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from app.annuaire import schema, territoire
from app.annuaire.horaires import en_francais
from app.annuaire.lecture import lire
from app.importation.illisible import FichierIllisible

JOUR = dt.date(2026, 11, 26)
STRUCTURE = {"source": "inventee", "id": "inventee--1", "nom": "Les Mots Passants", "date_maj": "2026-05-04"}
SERVICE = {
    **STRUCTURE,
    "id": "inventee--s1",
    "structure_id": "inventee--1",
    "nom": "Cours de français",
    "description": "Deux soirs par semaine.",
}


def lu(*services: Any, **autres: Any):
    return lire(json.dumps({"structures": [STRUCTURE], "services": services, **autres}).encode(), JOUR)


def test_a_service_keeps_what_the_schema_names_and_nothing_else() -> None:
    recu = lu(
        SERVICE
        | {
            "telephone": "+33 1 99 00 00 31",
            "publics": ["femmes", "familles"],
            "thematiques": ["mobilite--acceder-a-un-vehicule"],
            "zone_eligibilite": ["54", "57463"],
            "contact_nom_prenom": "Quelqu’un Nommé",
            "longitude": 6.1,
            "score_qualite": 0.4,
        }
    )
    (service,) = recu.services
    assert recu.anomalies == []
    assert service.donnees == {
        "description": "Deux soirs par semaine.",
        "telephone": "0199000031",
        "publics": ["familles", "femmes"],
        "thematiques": ["mobilite--acceder-a-un-vehicule"],
        "zone_eligibilite": ["54", "57463"],
    }


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"source": "equipe"}, "la source «\u202fequipe\u202f» est celle de vos propres fiches"),
        ({"nom": None}, "«\u202fnom\u202f» manque"),
        ({"nom": "AB"}, "«\u202fnom\u202f» demande au moins 3 signes"),
        ({"nom": "A" * 151}, "«\u202fnom\u202f» dépasse 150 signes"),
        ({"structure_id": ""}, "«\u202fstructure_id\u202f» manque"),
        ({"description": 12}, "«\u202fdescription\u202f» manque"),
        ({"date_maj": "hier"}, "«\u202fdate_maj\u202f» manque, ou n’est pas une date"),
        ({"date_maj": "2026-11-27"}, "«\u202fdate_maj\u202f» n’est pas entre 2000 et aujourd’hui"),
    ],
)
def test_without_a_required_field_the_line_alone_is_left(champs: dict[str, Any], dit: str) -> None:
    recu = lu(SERVICE | champs, SERVICE | {"id": "inventee--s2"})
    assert [service.code for service in recu.services] == ["inventee--s2"]
    (anomalie,) = recu.anomalies
    assert (anomalie.ligne, anomalie.dit, anomalie.refusee) == (1, dit, True)


@pytest.mark.parametrize(
    ("champ", "valeur", "dit"),
    [
        ("telephone", "au guichet", "n’est pas un numéro"),
        ("commune", "A" * 81, "n’est pas un texte de 80 signes au plus"),
        ("courriel", "pas un courriel", "n’est pas un courriel"),
        ("lien_mobilisation", "javascript:alert(1)", "n’est pas une adresse du web"),
        ("code_insee", "5446", "n’a pas cinq signes"),
        ("type", "autre-chose", "n’est pas de la liste v1"),
        ("publics", ["inconnus"], "\u202f: inconnus n’est pas de la liste v1"),
        ("zone_eligibilite", ["la lune"], "ne contient aucun code connu"),
    ],
)
def test_a_wrong_optional_field_is_left_and_the_line_stays(champ: str, valeur: Any, dit: str) -> None:
    recu = lu(SERVICE | {champ: valeur})
    assert champ not in recu.services[0].donnees
    (anomalie,) = recu.anomalies
    assert not anomalie.refusee
    assert dit in anomalie.dit
    assert str(anomalie).startswith("services, ligne 1 («\u202fCours de français\u202f»)")


def test_the_same_identifier_twice_keeps_the_first() -> None:
    recu = lu(SERVICE, SERVICE | {"nom": "Encore"})
    assert [service.nom for service in recu.services] == ["Cours de français"]
    assert recu.anomalies[0].refusee


@pytest.mark.parametrize("forme", ["liste", "items"])
def test_a_list_says_by_itself_what_it_holds(forme: str) -> None:
    for element, trouve in ((STRUCTURE, "structures"), (SERVICE, "services")):
        contenu = [element] if forme == "liste" else {"items": [element]}
        assert len(getattr(lire(json.dumps(contenu).encode(), JOUR), trouve)) == 1


@pytest.mark.parametrize("contenu", [b"", b"{", b"\xff\xfe", b'"texte"', b'{"autre": []}', b"[" * 5000])
def test_what_is_not_a_directory_is_refused_whole(contenu: bytes) -> None:
    with pytest.raises(FichierIllisible):
        lire(contenu, JOUR)


def test_a_territory_is_made_of_departments_and_communes() -> None:
    codes = territoire.lire("54, 2a 57463")
    assert codes == ("54", "2A", "57463")
    assert territoire.y_est(codes, {"code_insee": "54395"})
    assert territoire.y_est(codes, {"code_insee": "57463"})
    assert not territoire.y_est(codes, {"code_insee": "57672"})
    assert territoire.y_est(codes, {"code_postal": "54000"})
    assert not territoire.y_est(codes, {"code_postal": "57000"})
    assert territoire.est_desservi(codes, ["57"])
    assert not territoire.est_desservi(codes, ["france", "75056"])
    assert territoire.lire("Nancy") is None
    # Plus que la base n'en garde : dit avant de recevoir quoi que ce soit.
    assert len(territoire.lire(" ".join(f"57{n:03}" for n in range(66))) or ()) == 66
    assert territoire.lire(" ".join(f"57{n:03}" for n in range(67))) is None
    assert territoire.y_est((), {})


@pytest.mark.parametrize(
    ("ecrits", "dits"),
    [
        ("Mo-Fr 08:30-12:30; PH off", "lun.-ven. 8\u00a0h\u00a030-12\u00a0h\u00a030\u202f; jours fériés fermé"),
        ("Tu,Th 14:00-17:00", "mar., jeu. 14\u00a0h-17\u00a0h"),
        ("24/7", "Jour et nuit, tous les jours"),
        ("Le mardi sur rendez-vous", "Le mardi sur rendez-vous"),
        ("", ""),
        # Ce qui n'en est pas se dit tout de suite, si long que ce soit.
        ("closed " * 60 + "(", "closed " * 60 + "("),
    ],
)
def test_opening_hours_are_said_in_french(ecrits: str, dits: str) -> None:
    assert en_francais(ecrits) == dits


def test_every_theme_belongs_to_a_known_family() -> None:
    assert {schema.famille(code) for code in schema.LISTES["thematiques"]} <= schema.FAMILLES.keys()
    assert len(schema.LISTES["thematiques"]) == 69
