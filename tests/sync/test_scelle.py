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
from sqlalchemy import select

from app.models import Appareil, CleScellement, Controle, Entretien, Personne
from app.models import Operation as Journal
from sync import scelle
from sync.appareil import deposant, empreinte_du_secret
from sync.depot import Depot, Enveloppe, deposer, lire_depot
from sync.erreur import Erreur
from sync.operation import Operation, lire_operation
from tests.bases import ecrire, lire
from tests.sync.fabrique import MAINTENANT, Monde, creer_personne, noter, operation, plus_tard, un_id
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
    depot = Depot(enroler(monde, acteur), [_enveloppe(monde, cle, op) for op in (creation, noter(creation.entite))])
    assert _statuts(monde, acteur, depot) == ["applied", "applied"]
    assert _statuts(monde, acteur, depot) == ["applied", "applied"]
    assert (monde.compter(Personne), monde.compter(Entretien)) == (1, 1)


def test_a_damaged_envelope_does_not_stop_the_others(monde: Monde) -> None:
    acteur, cle, creation = monde.acteur(), _cle(monde), creer_personne()
    bonne = _enveloppe(monde, cle, creation)
    autre = _enveloppe(monde, cle, creer_personne())
    depot = Depot(
        enroler(monde, acteur),
        [
            Enveloppe(un_id(), cle, "A" * 400_001),
            Enveloppe(un_id(), cle, "abîmée"),
            Enveloppe(un_id(), "autre clé", bonne.donnees),
            replace(autre, id=un_id()),
            bonne,
        ],
    )
    assert _statuts(monde, acteur, depot) == ["refused", "refused", "refused", "refused", "applied"]


def test_a_deposit_names_the_device_that_makes_it(monde: Monde) -> None:
    acteur = monde.acteur()
    appareil = enroler(monde, acteur)
    with pytest.raises(Erreur) as refus:
        _statuts(monde, dataclasses.replace(acteur, appareil_id=appareil), Depot(enroler(monde, acteur), []))
    assert (refus.value.http, refus.value.code) == (409, "appareil_d_un_autre")


def test_a_session_deposits_for_ones_own_devices_alone(monde: Monde) -> None:
    acteur = monde.acteur()
    for appareil, code in ((enroler(monde, monde.acteur()), "appareil_d_un_autre"), (un_id(), "appareil_inconnu")):
        with pytest.raises(Erreur) as refus:
            _statuts(monde, acteur, Depot(appareil, []))
        assert refus.value.code == code
    assert _statuts(monde, acteur, Depot(enroler(monde, acteur), [])) == []


def test_a_key_of_another_structure_opens_nothing(monde: Monde) -> None:
    cle, creation = _cle(monde), creer_personne()
    etranger = monde.acteur("conseiller", monde.structures[1])
    assert _statuts(monde, etranger, Depot(enroler(monde, etranger), [_enveloppe(monde, cle, creation)])) == ["refused"]


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
    with lire(monde.moteur) as session:
        assert session.get_one(Journal, (monde.structure, creation.id)).tardive


def test_what_a_revoked_device_cannot_have_applied_is_kept_for_the_chef(monde: Monde) -> None:
    """Il ne corrigera ni ne renverra plus rien : rien de ce qu'il dépose ne doit disparaître."""
    acteur, cle = monde.acteur(), _cle(monde)
    appareil = enroler(monde, acteur, depot_empreinte=empreinte_du_secret("s"))
    creation, orpheline = creer_personne(), noter(un_id(), synthese="Vue au marché.")
    longue = noter(creation.entite, synthese="x" * 20_001, note_personnelle="canari")
    demi = noter(creation.entite, synthese="fin \x00")
    assert [*monde.statuts(acteur, creation, longue)] == ["applied", "refused"]
    plis = [_enveloppe(monde, cle, op) for op in (creation, longue, orpheline, demi)]
    illisible = Enveloppe(un_id(), cle, "abîmée")
    autre_contenu = _enveloppe(monde, cle, creer_personne(op_id=creation.id))
    _revoquer(monde, appareil)
    with lire(monde.moteur) as session:
        depose_par = deposant(session, f"Appareil {appareil}.s", MAINTENANT)
    for _ in range(2):
        statuts = _statuts(monde, depose_par, Depot(appareil, [*plis, illisible]))
        assert statuts == ["applied", "depose", "depose", "depose", "refused"]
    assert _statuts(monde, depose_par, Depot(appareil, [autre_contenu])) == ["refused"]
    with lire(monde.moteur) as session:
        gardees = {op.id: session.get_one(Journal, (monde.structure, op.id)) for op in (longue, orpheline, demi)}
    assert all(ligne.tardive and ligne.statut == "refused" and ligne.erreurs for ligne in gardees.values())
    assert gardees[longue.id].champs["synthese"] == "x" * 20_001
    assert gardees[orpheline.id].champs["synthese"] == "Vue au marché."
    assert gardees[demi.id].champs["synthese"] == "fin \ufffd"
    assert "canari" not in str(gardees[longue.id].champs)


def test_the_withdrawn_phone_of_a_chef_notes_but_no_longer_decides(monde: Monde) -> None:
    chef, cle = monde.acteur("chef_de_service"), _cle(monde)
    appareil, siens, autre = enroler(monde, chef, depot_empreinte=empreinte_du_secret("s")), creer_personne(), un_id()
    entretien = un_id()
    assert monde.statuts(chef, siens, noter(siens.entite, entretien)) == ["applied", "applied"]
    assert monde.statuts(monde.acteur(), creer_personne(autre)) == ["applied"]
    decisions = [
        operation("valider_fiche", entretien, siens.entite, base=99, fiche_type="entretien"),
        operation("retourner_fiche", entretien, siens.entite, base=99, fiche_type="entretien", remarque="À revoir."),
    ]
    plis = [_enveloppe(monde, cle, op) for op in (*decisions, noter(autre), noter(siens.entite))]
    _revoquer(monde, appareil)
    with lire(monde.moteur) as session:
        depose_par = deposant(session, f"Appareil {appareil}.s", MAINTENANT)
    assert _statuts(monde, depose_par, Depot(appareil, plis)) == ["depose", "depose", "depose", "applied"]
    with lire(monde.moteur) as session:
        etats = set(session.scalars(select(Controle.etat).where(Controle.fiche_id == entretien)))
    assert etats <= {"recue"}


def test_a_device_that_can_still_correct_is_told_so(monde: Monde) -> None:
    acteur, cle = monde.acteur(), _cle(monde)
    plis = [_enveloppe(monde, cle, op) for op in (noter(un_id()), creer_personne(nom="x" * 121))]
    assert _statuts(monde, acteur, Depot(enroler(monde, acteur), plis)) == ["held", "refused"]


def test_a_broken_character_under_seal_is_refused_alone(monde: Monde) -> None:
    acteur, cle, creation = monde.acteur(), _cle(monde), creer_personne()
    malade = msgspec.to_builtins(creer_personne()) | {"champs": {"nom": "demi \ud83d"}}
    with lire(monde.moteur) as session:
        publique = scelle.lire_cles(session, monde.structure, [cle], [SECRET])[cle].public_key()
    pli = Enveloppe(malade["id"], cle, scelle.sceller(publique, malade["id"], json.dumps(malade).encode()))
    depot = Depot(enroler(monde, acteur), [pli, _enveloppe(monde, cle, creation)])
    assert _statuts(monde, acteur, depot) == ["refused", "applied"]
    assert monde.compter(Journal) == 2


def test_too_many_envelopes_are_to_be_cut_in_two() -> None:
    pli = {"id": un_id(), "cle": "x", "donnees": ""}
    with pytest.raises(Erreur) as refus:
        lire_depot(json.dumps({"appareil": un_id(), "enveloppes": [pli] * 1001}).encode())
    assert refus.value.http == 413


def _revoquer(monde: Monde, appareil: str) -> None:
    with ecrire(monde.moteur) as session:
        session.get_one(Appareil, (monde.structure, appareil)).revoque_le = MAINTENANT


@pytest.mark.parametrize("corps", [b"", b"{}", b'{"appareil":1,"enveloppes":[]}', b"[" * 50_000, b'{"enveloppes":{}}'])
def test_a_hostile_deposit_is_a_clean_refusal(corps: bytes) -> None:
    with pytest.raises(Erreur) as refus:
        lire_depot(corps)
    assert refus.value.http == 400
