"""L'aller-retour complet : ce qu'un téléphone envoie en octets, ce qu'il reçoit."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import Any

import brotli  # type: ignore[import-untyped]  # ce paquet ne publie pas ses types
import msgspec
import pytest
from msgspec.structs import replace

from app.models import Appareil, Personne
from sync.acteur import Acteur
from sync.appliquer import REGLES
from sync.codec import compresser, decompresser
from sync.echange import OPERATIONS_MAX, Demande, echanger, lire_demande
from sync.erreur import Erreur
from sync.operation import PROTOCOLE, OperationIllisible, lire_operation
from tests.bases import ecrire, lire
from tests.sync.fabrique import MAINTENANT, Monde, creer_personne, noter, un_id

SECRET = "un secret d'essai assez long pour servir"


def enroler(monde: Monde, acteur: Acteur, **valeurs: Any) -> str:
    identifiant = un_id()
    with ecrire(monde.moteur) as session:
        session.add(
            Appareil(
                structure_id=acteur.structure_id,
                id=identifiant,
                utilisateur_id=acteur.utilisateur_id,
                nom="Téléphone d'essai",
                enrole_le=MAINTENANT,
                **valeurs,
            )
        )
    return identifiant


def demande(appareil: str, *operations: Any, **champs: Any) -> Demande:
    corps = {
        "protocole": 1,
        "appareil": appareil,
        "curseur": None,
        "heure_appareil": "2026-11-26T15:00:07Z",
        "reference": None,
        "operations": operations,
    } | champs
    return lire_demande(msgspec.json.encode(corps))


def repondre(monde: Monde, acteur: Acteur, recue: Demande) -> dict[str, Any]:
    reponse: dict[str, Any] = msgspec.json.decode(echanger(monde.moteur, acteur, recue, SECRET))
    return reponse


def test_one_round_trip_pushes_and_brings_back_ones_own_records(monde: Monde) -> None:
    acteur = monde.acteur()
    appareil, creation = enroler(monde, acteur), creer_personne()
    reponse = repondre(monde, acteur, demande(appareil, creation, noter(creation.entite)))
    assert [resultat["statut"] for resultat in reponse["resultats"]] == ["applied", "applied"]
    assert {fiche["type"] for fiche in reponse["fiches"]} == {"personne", "entretien", "controle"}
    assert reponse["suite"] is False
    assert reponse["heure_serveur"] == "2026-11-26T15:00:00Z"
    with lire(monde.moteur) as session:
        connu = session.get_one(Appareil, (monde.structure, appareil))
    assert (connu.dernier_echange_le, connu.ecart_horloge) == (MAINTENANT, 7)


def test_a_lost_answer_is_asked_again_and_nothing_is_doubled(monde: Monde) -> None:
    acteur = monde.acteur()
    appareil, creation = enroler(monde, acteur), creer_personne()
    repondre(monde, acteur, demande(appareil, creation))
    reponse = repondre(monde, acteur, demande(appareil, creation))
    assert reponse["resultats"][0]["statut"] == "duplicate"
    assert reponse["resultats"][0]["premier"] == "applied"
    assert monde.compter(Personne) == 1


def test_the_reference_comes_once_and_again_when_it_changes(monde: Monde) -> None:
    acteur = monde.acteur()
    appareil = enroler(monde, acteur)
    premiere = repondre(monde, acteur, demande(appareil))["reference"]
    assert premiere["structure"]["bail_jours"] == 7
    assert premiere["utilisateur"]["id"] == acteur.utilisateur_id
    assert premiere["cle_scellement"]["publique"]["crv"] == "P-256"
    assert "reference" not in repondre(monde, acteur, demande(appareil, reference=premiere["empreinte"]))
    monde.acteur()
    assert "reference" in repondre(monde, acteur, demande(appareil, reference=premiere["empreinte"]))


def test_one_unreadable_operation_does_not_stop_the_others(monde: Monde) -> None:
    acteur = monde.acteur()
    appareil, creation, malade = enroler(monde, acteur), creer_personne(), un_id()
    reponse = repondre(monde, acteur, demande(appareil, {"id": malade, "genre": "creer_personne"}, creation))
    par_id = {resultat["id"]: resultat for resultat in reponse["resultats"]}
    assert par_id[creation.id]["statut"] == "applied"
    assert par_id[malade]["statut"] == "refused"
    assert par_id[malade]["erreurs"]


def test_a_device_of_someone_else_or_revoked_is_turned_away(monde: Monde) -> None:
    acteur, autre = monde.acteur(), monde.acteur()
    creation = creer_personne()
    for appareil, code, http in (
        (un_id(), "appareil_inconnu", 409),
        (enroler(monde, autre), "appareil_d_un_autre", 409),
        (enroler(monde, autre, revoque_le=MAINTENANT), "appareil_d_un_autre", 409),
        (enroler(monde, acteur, revoque_le=MAINTENANT), "appareil_revoque", 410),
    ):
        with pytest.raises(Erreur) as refus:
            repondre(monde, acteur, demande(appareil, creation))
        assert (refus.value.code, refus.value.http) == (code, http)
    assert monde.compter(Personne) == 0


def test_a_mad_clock_does_not_stop_the_work(monde: Monde) -> None:
    acteur = monde.acteur()
    appareil, creation = enroler(monde, acteur), creer_personne()
    tot = replace(creation, heure=dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    reponse = repondre(monde, acteur, demande(appareil, tot, heure_appareil="1970-01-01T00:00:00Z"))
    assert reponse["resultats"][0]["statut"] == "applied"


ID = "01930000-0000-7000-8000-000000000001"
HEURE = "2026-11-26T15:00:07Z"
CHAMP_HEURE = f'"heure_appareil":"{HEURE}"'


@pytest.mark.parametrize(
    "corps",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"protocole":1}',
        b'{"protocole":"1"}',
        b"\xff\xfe",
        b'{"protocole":1,"appareil":"x",' + CHAMP_HEURE.encode() + b"}",
        f'{{"protocole":1,"appareil":"{ID}","heure_appareil":"hier"}}'.encode(),
        f'{{"protocole":1,"appareil":"{ID}","heure_appareil":"0001-01-01T00:00:00+14:00"}}'.encode(),
        f'{{"protocole":1,"appareil":"{ID}","heure_appareil":"9999-12-31T23:30:00Z"}}'.encode(),
        f'{{"protocole":1,"appareil":"{ID}",{CHAMP_HEURE},"operations":{{}}}}'.encode(),
        f'{{"protocole":1,"appareil":"{ID}",{CHAMP_HEURE},"curseur":{{}}}}'.encode(),
        b"[" * 100_000,
        f'{{"protocole":1,"appareil":"{ID}",{CHAMP_HEURE},"operations":{"[" * 100_000}}}'.encode(),
    ],
)
def test_a_hostile_body_is_a_clean_refusal(corps: bytes) -> None:
    with pytest.raises(Erreur) as refus:
        lire_demande(corps)
    assert refus.value.http == 400


@pytest.mark.parametrize("heure", ["0001-01-01T00:00:00Z", "9999-12-31T23:30:00Z"])
def test_an_hour_out_of_time_is_refused_instead_of_stopping_every_exchange(heure: str) -> None:
    brute = {"id": ID, "genre": "noter_maraude", "entite": ID, "personne": ID, "champs": {}, "heure": heure}
    with pytest.raises(OperationIllisible) as refus:
        lire_operation(msgspec.json.encode(brute))
    assert list(refus.value.erreurs) == ["heure"]
    lire_operation(msgspec.json.encode({**brute, "heure": "1970-01-01T00:00:00Z"}))


def test_too_many_operations_are_to_be_cut_in_two() -> None:
    corps = f'{{"protocole":1,"appareil":"{ID}",{CHAMP_HEURE},"operations":[{"1," * OPERATIONS_MAX}1]}}'
    with pytest.raises(Erreur) as refus:
        lire_demande(corps.encode())
    assert (refus.value.http, refus.value.code) == (413, "trop_volumineux")


def test_results_come_in_the_order_of_the_operations(monde: Monde) -> None:
    acteur = monde.acteur()
    appareil, malade, creation = enroler(monde, acteur), un_id(), creer_personne()
    lot = [{"id": malade, "genre": "creer_personne"}, creation, {"id": malade}, noter(creation.entite)]
    resultats = repondre(monde, acteur, demande(appareil, *lot))["resultats"]
    assert [resultat["id"] for resultat in resultats] == [malade, creation.id, malade, lot[3].id]
    assert [resultat["statut"] for resultat in resultats] == ["refused", "applied", "refused", "applied"]


def test_another_protocol_is_asked_to_update() -> None:
    with pytest.raises(Erreur) as refus:
        lire_demande(f'{{"protocole":{PROTOCOLE + 1}}}'.encode())
    assert (refus.value.http, refus.value.code) == (426, "protocole")


PROFOND: Any = []
for _ in range(200):
    PROFOND = [PROFOND]

ABSURDES = {
    "rien": None,
    "vrai": True,
    "zero": 0,
    "moins_un": -1,
    "immense": 2**70,
    "fraction": 1.5,
    "vide": "",
    "long": "x" * 100_000,
    "nul": "\x00",
    "liste_vide": [],
    "longue_liste": [None] * 5000,
    "objet": {},
    "objets": {"a": {}},
    "profond": PROFOND,
    "hors_plan": "𝕏" * 130,
    "balises": "<script>alert(1)</script>",
    "citation": "'; DROP TABLE personne; --",
}


@pytest.mark.parametrize("nom", ABSURDES)
def test_any_value_in_any_field_gets_an_answer_and_breaks_nothing(monde: Monde, nom: str) -> None:
    """Chaque champ de chaque genre reçoit une valeur absurde : une réponse, et la base tient."""
    acteur = monde.acteur("chef_de_service")
    appareil, creation = enroler(monde, acteur), creer_personne()
    modele = msgspec.to_builtins(noter(creation.entite))
    operations = [msgspec.to_builtins(creation)] + [
        modele | {"id": un_id(), "entite": un_id(), "genre": genre, "champs": {champ: ABSURDES[nom]}}
        for genre, regle in REGLES.items()
        for champ in regle.formes()
    ]
    # Un entier de plus de 64 bits ne s'écrit que par la bibliothèque standard.
    corps = json.dumps({"protocole": 1, "appareil": appareil, "heure_appareil": HEURE, "operations": operations})
    reponse = repondre(monde, acteur, lire_demande(corps.encode()))
    assert len(reponse["resultats"]) == len(operations)
    assert "n'a pas pu enregistrer" not in str(reponse["resultats"])
    assert {resultat["statut"] for resultat in reponse["resultats"]} <= {"applied", "refused", "held"}


@pytest.mark.parametrize(
    "champ", ["id", "genre", "entite", "personne", "base", "champs", "compteur", "heure", "remplace"]
)
@pytest.mark.parametrize("nom", ABSURDES)
def test_any_value_in_the_envelope_is_refused_alone_or_as_a_whole(monde: Monde, champ: str, nom: str) -> None:
    acteur = monde.acteur()
    appareil = enroler(monde, acteur)
    operation = msgspec.to_builtins(creer_personne()) | {champ: ABSURDES[nom]}
    corps = json.dumps({"protocole": 1, "appareil": appareil, "heure_appareil": HEURE, "operations": [operation]})
    if champ == "id":
        with pytest.raises(Erreur) as refus:
            repondre(monde, acteur, lire_demande(corps.encode()))
        assert refus.value.http == 400
        return
    (resultat,) = repondre(monde, acteur, lire_demande(corps.encode()))["resultats"]
    assert resultat["statut"] in ("applied", "refused")


DEMI = "demi \ud83d"


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [
        ("synthese", DEMI),
        ("note_personnelle", "\udca1"),
        ("lieu", "\ud83d\ud83d\ude00"),
        ("demarches", [{"famille": "logement", "nature": DEMI}]),
    ],
)
def test_a_broken_character_is_refused_with_its_field_and_stops_nothing(
    monde: Monde, champ: str, valeur: object
) -> None:
    acteur = monde.acteur()
    appareil, creation = enroler(monde, acteur), creer_personne(nom="Émoji 😀 \\\\ud83d \\")
    malade = msgspec.to_builtins(noter(creation.entite)) | {"id": un_id()}
    malade["champs"][champ] = valeur
    corps = json.dumps(
        {
            "protocole": 1,
            "appareil": appareil,
            "heure_appareil": HEURE,
            "operations": [msgspec.to_builtins(creation), malade, msgspec.to_builtins(noter(creation.entite))],
        }
    )
    for attendus in (["applied", "refused", "applied"], ["duplicate"] * 3):
        reponse = repondre(monde, acteur, lire_demande(corps.encode()))
        assert [resultat["statut"] for resultat in reponse["resultats"]] == attendus
        assert reponse["resultats"][1]["erreurs"] == {
            champ: ["Un signe invisible s'est glissé dans ce texte : effacez-le."]
        }
    (fiche,) = (fiche for fiche in reponse["fiches"] if fiche["type"] == "personne")
    assert fiche["nom"] == "Émoji 😀 \\\\ud83d \\"


def test_a_broken_character_anywhere_else_is_refused_alone(monde: Monde) -> None:
    acteur = monde.acteur()
    appareil, modele = enroler(monde, acteur), msgspec.to_builtins(creer_personne())
    operations = [
        modele | {"id": un_id(), "champs": modele["champs"] | {DEMI: 1}},
        modele | {"id": un_id(), "genre": DEMI},
        modele | {"id": un_id(), "entite": DEMI},
    ]
    corps = json.dumps({"protocole": 1, "appareil": appareil, "heure_appareil": HEURE, "operations": operations})
    resultats = repondre(monde, acteur, lire_demande(corps.encode()))["resultats"]
    assert [list(resultat["erreurs"]) for resultat in resultats] == [["champs"], ["genre"], ["entite"]]


def test_bodies_are_decompressed_within_bounds() -> None:
    clair = b"a" * 10_000
    assert decompresser(clair, None) == clair
    assert decompresser(gzip.compress(clair), "gzip") == clair
    assert decompresser(brotli.compress(clair), "br") == clair
    for corps, encodage, http in (
        (gzip.compress(b"0" * 50_000), "gzip", 413),
        (brotli.compress(b"0" * 50_000), "br", 413),
        (b"pas du gzip", "gzip", 400),
        (b"\xff\xff\xff pas du brotli", "br", 400),
        (gzip.compress(clair)[:-10], "gzip", 400),
        (gzip.compress(clair) + b"suite", "gzip", 400),
        (brotli.compress(clair)[:-3], "br", 400),
        (clair, "deflate", 415),
        (b"0" * (4 * 1024 * 1024 + 1), None, 413),
    ):
        with pytest.raises(Erreur) as refus:
            decompresser(corps, encodage, limite=20_000)
        assert refus.value.http == http


@pytest.mark.parametrize(
    ("acceptes", "attendu"),
    [
        ("gzip, deflate, br", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("*", "br"),
        ("br;q=n'importe quoi", None),
        (None, None),
    ],
)
def test_the_answer_is_compressed_as_the_client_accepts(acceptes: str | None, attendu: str | None) -> None:
    corps = b"accompagnement " * 200
    compresse, encodage = compresser(corps, acceptes)
    assert encodage == attendu
    assert decompresser(compresse, encodage) == corps
