"""Ouvrir une mesure engage : il faut avoir le dossier, et l'avoir encore."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from app.models import Controle, Mesure
from sync.acces import retirer
from sync.fiches import lire_dossiers
from tests.bases import ecrire, lire
from tests.sync.fabrique import Monde, Telephone, creer_personne, noter, operation, plus_tard, un_id


def _ouvrir(personne: str, mesure: str | None = None):
    return operation("ouvrir_mesure", mesure or un_id(), personne, convention="ASP-NC", orientee_le="2026-11-20")


def test_a_former_referent_still_sends_what_was_noted_but_opens_nothing(monde: Monde) -> None:
    ancienne, creation, mesure, rdv = monde.acteur(), creer_personne(), un_id(), un_id()
    monde.pousser(
        ancienne,
        creation,
        _ouvrir(creation.entite, mesure),
        operation("proposer_rendez_vous", rdv, creation.entite, mesure_id=mesure, debut="2026-11-26T09:00:00Z"),
    )
    with ecrire(monde.moteur) as session:
        retirer(session, monde.structure, ancienne.utilisateur_id, [creation.entite], ancienne.maintenant)
    resultats = monde.pousser(
        plus_tard(ancienne, days=3),
        noter(creation.entite),
        operation("constater_rendez_vous", rdv, creation.entite, statut="honore"),
        _ouvrir(creation.entite),
    )
    assert [resultat.statut for resultat in resultats] == ["applied", "applied", "refused"]
    assert resultats[2].erreurs == {"personne": ["Ce dossier n’est plus dans votre file active."]}
    assert monde.compter(Mesure) == 1


def test_a_counsellor_opens_no_measure_on_a_file_that_is_not_hers(monde: Monde) -> None:
    titulaire, autre, creation = monde.acteur(), monde.acteur(), creer_personne()
    monde.pousser(titulaire, creation)
    assert monde.statuts(autre, _ouvrir(creation.entite)) == ["refused"]


def test_who_becomes_referent_receives_the_whole_file(monde: Monde) -> None:
    conseillere, creation = monde.acteur(), creer_personne()
    chef = Telephone(monde, monde.acteur("chef_de_service"))
    chef.tirer()
    monde.pousser(conseillere, creation, noter(creation.entite))
    assert monde.statuts(chef.acteur, _ouvrir(creation.entite)) == ["applied"]
    chef.tirer()
    assert len(chef.de_type("entretien")) == 1
    with ecrire(monde.moteur) as session:
        retirer(session, monde.structure, chef.acteur.utilisateur_id, [creation.entite], chef.acteur.maintenant)
    chef.tirer()
    assert chef.fiches == {}
    monde.pousser(chef.acteur, _ouvrir(creation.entite))
    chef.tirer()
    assert len(chef.de_type("mesure")) == 2


def test_the_secretariat_opens_for_others_and_is_not_the_referent(monde: Monde) -> None:
    secretaire, conseillere = Telephone(monde, monde.acteur("secretariat")), monde.acteur()
    creation, mesure = creer_personne(), un_id()
    monde.pousser(conseillere, creation)
    assert monde.statuts(secretaire.acteur, _ouvrir(creation.entite, mesure)) == ["applied"]
    with lire(monde.moteur) as session:
        dossier = lire_dossiers(session, monde.structure, [creation.entite], conseillere.utilisateur_id)
    assert dossier[creation.entite]["mesures"][0]["historique"] == {"referent": [], "modalite": []}
    secretaire.tirer()
    assert secretaire.fiches == {}


def test_taking_back_an_exit_takes_its_reason_back_too(monde: Monde) -> None:
    acteur, creation, mesure = monde.acteur(), creer_personne(), un_id()
    monde.pousser(acteur, creation, _ouvrir(creation.entite, mesure))

    def prononcer(**champs: object) -> tuple[str, dict[str, list[str]]]:
        (resultat,) = monde.pousser(acteur, operation("prononcer_sortie", mesure, creation.entite, **champs))
        return resultat.statut, resultat.erreurs

    assert prononcer(sortie_le="2026-11-22", sortie_motif="autre")[0] == "applied"
    assert prononcer(sortie_le=None) == ("refused", {"sortie_motif": ["Sans sortie, il n’y a pas de motif."]})
    assert prononcer(sortie_le=None, sortie_motif=None)[0] == "applied"


def test_who_sees_the_whole_structure_may_name_the_referent_who_receives_the_file(monde: Monde) -> None:
    conseillere, telephone = monde.acteur(), Telephone(monde, monde.acteur())
    for role in ("secretariat", "chef_de_service"):
        creation, mesure = creer_personne(), un_id()
        auteur = replace(monde.acteur(role), origine="import")
        nommee = {"convention": "ASP-NC", "orientee_le": "2026-11-20", "referent": telephone.acteur.utilisateur_id}
        assert monde.statuts(auteur, creation, operation("ouvrir_mesure", mesure, creation.entite, **nommee)) == [
            "applied",
            "applied",
        ]
        telephone.tirer()
        (lue,) = [fiche for fiche in telephone.de_type("mesure") if fiche["id"] == mesure]
        assert lue["historique"]["referent"] == [["2026-11-20", telephone.acteur.utilisateur_id]]
        assert lue["entree_le"] is None
        sien = Telephone(monde, auteur)
        sien.tirer()
        assert sien.fiches == {}, "ce qu'il reçoit pour d'autres n'entre pas dans sa file"
        (refus,) = monde.pousser(conseillere, operation("ouvrir_mesure", un_id(), creation.entite, **nommee))
        assert refus.statut == "refused"
    assert monde.compter(Controle) == 0, "une liste reçue n'est pas une fiche à relire"


def test_only_a_colleague_who_follows_files_can_be_named_referent(monde: Monde) -> None:
    chef, secretaire, creation = monde.acteur("chef_de_service"), monde.acteur("secretariat"), creer_personne()
    (_, refus) = monde.pousser(
        chef,
        creation,
        operation("ouvrir_mesure", un_id(), creation.entite, convention="ASP-NC", referent=secretaire.utilisateur_id),
    )
    assert list(refus.erreurs) == ["referent"]
    seule = monde.acteur()
    voulue = {"convention": "ASP-NC", "referent": monde.acteur().utilisateur_id}
    autre = creer_personne()
    (_, refus) = monde.pousser(seule, autre, operation("ouvrir_mesure", un_id(), autre.entite, **voulue))
    assert refus.erreurs == {"referent": ["Seuls le chef de service et le secrétariat désignent le référent."]}


def test_confiding_in_the_same_batch_does_not_lose_what_the_batch_changed(monde: Monde) -> None:
    chef, creation, mesure = monde.acteur("chef_de_service"), creer_personne(), un_id()
    monde.pousser(chef, creation, _ouvrir(creation.entite, mesure))
    monde.pousser(
        chef,
        operation("modifier_mesure", mesure, creation.entite, premier_contact_le="2026-11-24"),
        operation("confier_mesure", mesure, creation.entite, referent=monde.acteur().utilisateur_id),
    )
    with lire(monde.moteur) as session:
        assert session.scalars(select(Mesure.premier_contact_le)).one() is not None
