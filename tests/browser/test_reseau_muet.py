"""Un réseau qui ne refuse pas mais ne répond pas : rien de ce qui se passe sur le téléphone ne doit l'attendre."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from .parcours import Parcours
from .semences import Semis
from .serveur import Serveur

SYNTHESE = "Tapé pendant que le réseau se taisait."


@pytest.fixture
def serveur_muet(serveur_debout: Serveur, telephone_installe: Parcours) -> Iterator[Serveur]:
    serveur_debout.figer()
    yield serveur_debout
    serveur_debout.reprendre()


def test_a_draft_is_kept_while_the_network_stays_silent(
    telephone_installe: Parcours, serveur_muet: Serveur, semis: Semis
) -> None:
    telephone = telephone_installe
    for _ in range(2):  # au second écran, le navigateur attend déjà une réponse du serveur
        telephone.commencer_un_contact(semis.rendez_vous_honore.personne_id)
    telephone.remplir("synthese", SYNTHESE)
    expect(telephone.page.locator("[data-brouillon-etat]")).to_be_visible(timeout=5_000)
    telephone.commencer_un_contact(semis.rendez_vous_honore.personne_id)
    expect(telephone.page.locator("[name=synthese]")).to_have_value(SYNTHESE, timeout=5_000)


def test_a_desk_page_asked_for_without_network_is_answered_by_the_notebook(telephone_installe: Parcours) -> None:
    telephone_installe.navigateur.couper_le_reseau()
    reponse = telephone_installe.page.goto("/rapports")
    assert reponse is not None
    assert reponse.status == 503
    telephone_installe.voit("Cette page demande le réseau")
    telephone_installe.page.get_by_role("link", name="Revenir à ma journée").click()
    expect(telephone_installe.page.locator("#contenu h1")).not_to_contain_text("réseau")
    assert telephone_installe.rendu_par() == "appareil"
