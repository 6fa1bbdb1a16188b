"""Le serveur occupé dit quand revenir : le téléphone revient à cette heure, de lui-même, et l'écran Envoi la dit."""

from __future__ import annotations

from playwright.sync_api import expect

from .attente import attendre
from .mandataire import Faute, Mandataire
from .parcours import Parcours
from .semences import Semis
from .serveur import Serveur

# Assez pour lire l'écran et arrêter le worker, bien moins que la minuterie d'une minute.
ATTENTE = 6


def occuper(mandataire: Mandataire, telephone: Parcours, semis: Semis, secondes: int) -> None:
    mandataire.provoquer(Faute.OCCUPE, "/sync", secondes=secondes)
    telephone.noter_un_contact(semis.rendez_vous_honore.personne_id, f"Noté, serveur occupé {secondes} s.")
    attendre(
        lambda: [passage for passage in mandataire.vers("/sync") if passage.statut == 503],
        "la réponse « occupé »",
        patienter=telephone.navigateur.patienter,
    )


def test_the_next_try_comes_at_the_asked_time_even_if_the_worker_was_stopped(
    telephone_relaye: Parcours, mandataire: Mandataire, serveur: Serveur, semis: Semis
) -> None:
    telephone = telephone_relaye
    occuper(mandataire, telephone, semis, ATTENTE)
    telephone.onglet("Envoi")
    expect(telephone.page.locator("[data-envoi-phrase]")).to_contain_text("prochain essai vers")
    telephone.navigateur.arreter_le_worker()

    telephone.attendre_envoi("vide")
    assert serveur.compter("entretien", "synthese = ?", f"Noté, serveur occupé {ATTENTE} s.") == 1
    statuts = [passage.statut for passage in mandataire.vers("/sync")]
    assert statuts[statuts.index(503) :] == [503, 200], "ni avant l'heure, ni plus d'une fois"


def test_sending_now_does_not_wait_for_the_hour(
    telephone_relaye: Parcours, mandataire: Mandataire, semis: Semis
) -> None:
    telephone = telephone_relaye
    occuper(mandataire, telephone, semis, 600)
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")
