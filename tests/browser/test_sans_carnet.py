"""Les mêmes adresses, servies par Flask : sans worker, sans JavaScript, ou quand le worker est contourné."""

from __future__ import annotations

from .conftest import OuvrirNavigateur
from .parcours import Parcours
from .semences import Semis
from .serveur import Serveur


def test_without_javascript_a_contact_is_noted_through_the_server(
    serveur_debout: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur
) -> None:
    synthese = "Noté depuis un vieux poste, sans JavaScript."
    poste = Parcours(ouvrir_navigateur(serveur_debout.adresse, script=False))
    poste.page.goto("/connexion")
    poste.page.fill("[name=courriel]", semis.camille.courriel)
    poste.page.fill("[name=mot_de_passe]", semis.camille.mot_de_passe)
    poste.page.get_by_role("button", name="Se connecter").click()
    poste.noter_un_contact(semis.rendez_vous_honore.personne_id, synthese)
    poste.page.reload()
    poste.voit(synthese)

    assert serveur_debout.compter("entretien", "synthese = ?", synthese) == 1


def test_bypassing_the_worker_of_a_locked_phone_shows_nobody(telephone_installe: Parcours, semis: Semis) -> None:
    telephone = telephone_installe
    zelie = semis.personnes["Quéméneur-Témoin"]
    telephone.ouvrir(f"/dossiers/{zelie}")
    telephone.verrouiller()
    telephone.ouvrir(f"/dossiers/{zelie}")
    telephone.attendre_le_verrou()

    telephone.navigateur.cdp().send("Page.reload", {"ignoreCache": True})

    telephone.attendre_rendu_par("serveur")
    vu = telephone.page.content() + telephone.page.title()
    assert [temoin for temoin in semis.temoins if temoin in vu] == []
