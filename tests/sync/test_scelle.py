"""Ce qui quitte un téléphone verrouillé : ouvert par le serveur seul, appliqué une fois."""

from __future__ import annotations

import base64
import dataclasses
import json
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from msgspec.structs import replace

from app.models import CleScellement, Entretien, Personne
from app.moteur import ecrire, lire
from sync import scelle
from sync.appareil import deposant, empreinte_du_secret
from sync.depot import Depot, Enveloppe, deposer, lire_depot
from sync.erreur import Erreur
from sync.operation import Operation, lire_operation
from tests.sync.fabrique import MAINTENANT, Monde, creer_personne, noter, plus_tard, un_id
from tests.sync.test_echange import SECRET, enroler

CORPUS = json.loads((Path(__file__).parents[1] / "corpus" / "scellement.json").read_text())


def _entier(texte: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(texte + "=" * (-len(texte) % 4)), "big")


@pytest.fixture
def cle_du_corpus() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(_entier(CORPUS["cle"]["privee"]["d"]), ec.SECP256R1())


@pytest.mark.parametrize("pli", CORPUS["plis"], ids=[pli["nom"] for pli in CORPUS["plis"]])
def test_an_envelope_made_by_the_phone_is_opened(cle_du_corpus: ec.EllipticCurvePrivateKey, pli: dict) -> None:
    clair = scelle.ouvrir(cle_du_corpus, pli["operation"]["id"], pli["donnees"])
    assert json.loads(clair) == pli["operation"]
    assert lire_operation(clair).id == pli["operation"]["id"]


def test_an_envelope_touched_or_moved_to_another_operation_does_not_open(
    cle_du_corpus: ec.EllipticCurvePrivateKey,
) -> None:
    pli = CORPUS["plis"][0]
    identifiant, donnees = pli["operation"]["id"], pli["donnees"]
    for autre_id, autres_donnees in (
        (un_id(), donnees),
        (identifiant, donnees[:-4] + "AAAA"),
        (identifiant, donnees[:20]),
        (identifiant, "é"),
        (identifiant, ""),
        (identifiant, "A" * len(donnees)),
    ):
        with pytest.raises(scelle.EnveloppeIllisible):
            scelle.ouvrir(cle_du_corpus, autre_id, autres_donnees)


def _enveloppe(monde: Monde, cle_id: str, operation: Operation) -> Enveloppe:
    with lire(monde.moteur) as session:
        cle = scelle.lire_cles(session, monde.structure, [cle_id], [SECRET])[cle_id]
    donnees = scelle.sceller(cle.public_key(), operation.id, msgspec.json.encode(operation))
    return Enveloppe(operation.id, cle_id, donnees)


def _cle(monde: Monde) -> str:
    with ecrire(monde.moteur) as session:
        identifiant: str = scelle.assurer_cle(session, monde.structure, SECRET, MAINTENANT)["id"]
    return identifiant


def _statuts(monde: Monde, *args: object) -> list[str]:
    reponse = msgspec.json.decode(deposer(monde.moteur, *args, [SECRET]))  # type: ignore[arg-type]  # passe-plat
    assert all(set(resultat) == {"id", "statut"} for resultat in reponse["resultats"])
    return [resultat["statut"] for resultat in reponse["resultats"]]


def test_a_deposit_is_applied_once_and_answers_only_statuses(monde: Monde) -> None:
    acteur, cle = monde.acteur(), _cle(monde)
    creation = creer_personne()
    depot = Depot(un_id(), [_enveloppe(monde, cle, op) for op in (creation, noter(creation.entite))])
    assert _statuts(monde, acteur, depot) == ["applied", "applied"]
    assert _statuts(monde, acteur, depot) == ["applied", "applied"]
    assert (monde.compter(Personne), monde.compter(Entretien)) == (1, 1)


def test_a_damaged_envelope_does_not_stop_the_others(monde: Monde) -> None:
    acteur, cle, creation = monde.acteur(), _cle(monde), creer_personne()
    bonne = _enveloppe(monde, cle, creation)
    autre = _enveloppe(monde, cle, creer_personne())
    depot = Depot(
        un_id(),
        [
            Enveloppe(un_id(), cle, "abîmée"),
            Enveloppe(un_id(), "autre clé", bonne.donnees),
            replace(autre, id=un_id()),
            bonne,
        ],
    )
    assert _statuts(monde, acteur, depot) == ["refused", "refused", "refused", "applied"]


def test_a_deposit_names_the_device_that_makes_it(monde: Monde) -> None:
    acteur = monde.acteur()
    appareil = enroler(monde, acteur)
    with pytest.raises(Erreur) as refus:
        _statuts(monde, dataclasses.replace(acteur, appareil_id=appareil), Depot(un_id(), []))
    assert refus.value.http == 409


def test_a_key_of_another_structure_opens_nothing(monde: Monde) -> None:
    cle, creation = _cle(monde), creer_personne()
    etranger = monde.acteur("conseiller", monde.structures[1])
    assert _statuts(monde, etranger, Depot(un_id(), [_enveloppe(monde, cle, creation)])) == ["refused"]


def test_the_private_key_is_not_readable_without_the_applications_secret(monde: Monde) -> None:
    cle = _cle(monde)
    with lire(monde.moteur) as session:
        gardee = session.get_one(CleScellement, (monde.structure, cle)).privee
        assert b"PRIVATE" not in gardee
        with pytest.raises(scelle.EnveloppeIllisible):
            scelle.lire_cles(session, monde.structure, [cle], ["un autre secret"])
        assert scelle.lire_cles(session, monde.structure, [cle], ["le nouveau", SECRET])


def test_the_deposit_secret_names_its_device_and_nothing_else(monde: Monde) -> None:
    acteur = monde.acteur()
    appareil = enroler(monde, acteur, depot_empreinte=empreinte_du_secret("secret-de-depot"))
    sans = enroler(monde, acteur)
    with lire(monde.moteur) as session:
        trouve = deposant(session, f"Appareil {appareil}.secret-de-depot", MAINTENANT)
        assert trouve is not None
        assert (trouve.utilisateur_id, trouve.origine, trouve.revoque) == (acteur.utilisateur_id, "scelle", False)
        for faux in (
            "",
            "Bearer x",
            f"Appareil {appareil}",
            f"Appareil {appareil}.",
            f"Appareil {appareil}.autre",
            f"Appareil {sans}.secret-de-depot",
            f"Appareil {sans}.",
            "Appareil " + "x" * 1000,
        ):
            assert deposant(session, faux, MAINTENANT) is None


def test_a_revoked_device_still_deposits_for_thirty_days_and_it_is_marked(monde: Monde) -> None:
    acteur, cle = monde.acteur(), _cle(monde)
    appareil = enroler(monde, acteur, depot_empreinte=empreinte_du_secret("s"), revoque_le=MAINTENANT)
    entete = f"Appareil {appareil}.s"
    with lire(monde.moteur) as session:
        trouve = deposant(session, entete, plus_tard(acteur, days=2).maintenant)
        assert trouve is not None
        assert trouve.revoque
        assert deposant(session, entete, plus_tard(acteur, days=31).maintenant) is None
    creation = creer_personne()
    assert _statuts(monde, trouve, Depot(appareil, [_enveloppe(monde, cle, creation)])) == ["applied"]
    from app.models import Operation as Journal

    with lire(monde.moteur) as session:
        assert session.get_one(Journal, (monde.structure, creation.id)).tardive


@pytest.mark.parametrize("corps", [b"", b"{}", b'{"appareil":1,"enveloppes":[]}', b"[" * 50_000, b'{"enveloppes":{}}'])
def test_a_hostile_deposit_is_a_clean_refusal(corps: bytes) -> None:
    with pytest.raises(Erreur) as refus:
        lire_depot(corps)
    assert refus.value.http == 400
