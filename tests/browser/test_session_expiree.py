"""La session du serveur finit ; le carnet, non. On se reconnecte, puis ce qui attendait part."""

from __future__ import annotations

from playwright.sync_api import expect

from .parcours import ORIGINE_APPAREIL, Parcours
from .semences import Semis
from .serveur import Serveur

SYNTHESE = "Noté alors que la session avait expiré."


def test_with_an_expired_session_the_notebook_works_and_sends_after_a_new_login(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone = telephone_installe
    telephone.navigateur.contexte.clear_cookies()
    telephone.noter_un_contact(semis.rendez_vous_honore.personne_id, SYNTHESE)
    telephone.attendre_rendu_par(ORIGINE_APPAREIL)

    telephone.envoyer_maintenant()
    telephone.attendre_envoi("reconnexion")
    expect(telephone.page.locator("[data-reconnexion]")).to_be_visible()
    assert serveur.compter("entretien", "synthese = ?", SYNTHESE) == 0

    telephone.page.locator("[data-reconnexion]").get_by_role("link").click()
    telephone.page.wait_for_url("**/connexion*")
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    telephone.ouvrir("/envoi")
    telephone.attendre_envoi("vide")

    assert serveur.compter("entretien", "synthese = ?", SYNTHESE) == 1
