"""Ouvrir une mesure engage : il faut avoir le dossier, et l'avoir encore."""

from __future__ import annotations

from app.models import Mesure
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
