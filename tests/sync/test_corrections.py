"""Ce qui se corrige, ce qui ne change rien, et ce qui attend depuis trop longtemps."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from app.models import Entretien
from tests.sync.fabrique import Monde, creer_personne, noter, operation, plus_tard, un_id


def test_a_refusal_is_corrected_once_on_the_same_record(monde: Monde) -> None:
    acteur, creation = monde.acteur(), creer_personne()
    fausse = noter(creation.entite, date="2031-01-01")
    ailleurs = noter(creation.entite, remplace=fausse.id)
    juste, autre_fois = (noter(creation.entite, fausse.entite, remplace=fausse.id) for _ in range(2))
    resultats = monde.pousser(acteur, creation, fausse, ailleurs, juste, autre_fois)
    assert [resultat.statut for resultat in resultats] == ["applied", "refused", "refused", "applied", "refused"]
    assert resultats[2].erreurs == {"remplace": ["Une correction porte sur la même fiche."]}
    assert resultats[4].erreurs == {"remplace": ["Cette opération a déjà été corrigée."]}
    assert monde.statuts(acteur, noter(creation.entite, fausse.entite, remplace=fausse.id)) == ["refused"]
    assert monde.compter(Entretien) == 1


def test_only_ones_own_refusals_are_corrected(monde: Monde) -> None:
    acteur, chef, creation = monde.acteur(), monde.acteur("chef_de_service"), creer_personne()
    appliquee, fausse = noter(creation.entite), noter(creation.entite, date="2031-01-01")
    monde.pousser(acteur, creation, appliquee, fausse)
    (deja,) = monde.pousser(acteur, noter(creation.entite, appliquee.entite, remplace=appliquee.id))
    assert deja.erreurs == {"remplace": ["L'opération citée n'a pas été refusée : il n'y a rien à corriger."]}
    (autrui,) = monde.pousser(chef, noter(creation.entite, fausse.entite, remplace=fausse.id))
    assert autrui.erreurs == {"remplace": ["Seule la personne qui l'a faite corrige une opération."]}


def test_a_refusal_that_never_reached_the_journal_is_corrected_too(monde: Monde) -> None:
    """Refusée avant d'être lue, ou avant une restauration : son travail ne doit pas rester bloqué."""
    assert monde.statuts(monde.acteur(), creer_personne(remplace=un_id())) == ["applied"]


@pytest.mark.parametrize(
    ("genre", "champs"),
    [
        ("modifier_personne", {}),
        ("modifier_personne", {"date_effet": "2026-11-26"}),
        ("modifier_mesure", {}),
        ("deplacer_rendez_vous", {}),
        ("modifier_entretien", {"version": 3}),
    ],
)
def test_a_change_that_changes_nothing_takes_no_version(monde: Monde, genre: str, champs: dict) -> None:
    acteur, creation, mesure, rdv, entretien = monde.acteur(), creer_personne(), un_id(), un_id(), un_id()
    awa = creation.entite
    monde.pousser(
        acteur,
        creation,
        operation("ouvrir_mesure", mesure, awa, convention="ASP-NC"),
        operation("proposer_rendez_vous", rdv, awa, mesure_id=mesure, debut="2026-12-03T09:00:00Z"),
        noter(awa, entretien),
    )
    entites = {"modifier_personne": awa, "modifier_mesure": mesure, "deplacer_rendez_vous": rdv}
    (refus,) = monde.pousser(acteur, operation(genre, entites.get(genre, entretien), awa, **champs))
    assert (refus.statut, refus.erreurs) == ("refused", {"champs": ["Rien n'est changé."]})


@pytest.mark.parametrize("genre", ["valider_fiche", "retourner_fiche"])
def test_the_chef_says_which_version_was_read(monde: Monde, genre: str) -> None:
    acteur, creation = monde.acteur(), creer_personne()
    (creee,) = monde.pousser(acteur, creation)
    champs = {"fiche_type": "personne"} | ({"remarque": "À revoir."} if genre == "retourner_fiche" else {})
    sans, avec = (
        operation(genre, creation.entite, creation.entite, base=base, **champs) for base in (None, creee.version)
    )
    refus, accord = monde.pousser(monde.acteur("chef_de_service"), sans, avec)
    assert refus.erreurs == {"base": ["La version lue est attendue : relisez cette fiche."]}
    assert accord.statut == "applied"


def test_what_waits_for_a_record_that_never_comes_is_given_back_to_be_corrected(monde: Monde) -> None:
    """L'attente se mesure d'une montre à elle-même : qu'elle soit juste ou non ne change rien."""
    acteur = replace(monde.acteur(), ecart=dt.timedelta(0))
    perdue = noter(un_id())
    assert monde.statuts(plus_tard(acteur, days=29), perdue) == ["held"]
    (rendue,) = monde.pousser(plus_tard(acteur, days=31), perdue)
    assert rendue.statut == "refused"
    assert rendue.erreurs == {
        "personne": ["La fiche attendue n’est jamais arrivée\u202f: corrigez, ou montrez ceci à votre responsable."]
    }
    en_avance = replace(acteur, ecart=dt.timedelta(days=-3650), maintenant=acteur.maintenant + dt.timedelta(days=3651))
    assert monde.statuts(en_avance, noter(un_id())) == ["held"]


def test_messages_say_what_to_do_and_what_is_true(monde: Monde) -> None:
    acteur, une, autre, mesure = monde.acteur(), creer_personne(), creer_personne(), un_id()
    monde.pousser(acteur, une, autre, operation("ouvrir_mesure", mesure, autre.entite, convention="ASP-NC"))
    croisee, mal_dite, sans_zero = monde.pousser(
        acteur,
        noter(une.entite, mesure_id=mesure),
        noter(une.entite, heure="9 heures"),
        noter(une.entite, heure="9:30"),
    )
    assert croisee.erreurs == {"mesure_id": ["Cette fiche n’est pas de ce dossier."]}
    assert mal_dite.erreurs == {"heure": ["Une heure est attendue, par exemple 09:30."]}
    assert sans_zero.statut == "applied"
