"""Le navigateur efface le carnet quand la place manque : il est reconnu, ce qui est perdu est dit, et il se refait."""

from __future__ import annotations

from tests.browser.semences import Semis

from .moteur import Moteur
from .parcours import ParcoursMoteur
from .serveur_https import ServeurHttps


def test_a_notebook_erased_by_the_browser_is_recognised_and_prepared_again(
    moteur: Moteur, serveur: ServeurHttps, semis: Semis
) -> None:
    telephone = ParcoursMoteur(moteur, serveur.adresse)
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    telephone.installer()
    serveur.tuer()
    telephone.noter_un_contact(semis.rendez_vous_honore.personne_id, "Noté, puis effacé par le navigateur.")
    telephone.attendre_envoi("attente", "hors_ligne")

    moteur.fermer()
    moteur.evincer()
    serveur.demarrer()
    moteur.lancer()
    telephone.ouvrir("/")
    telephone.voit("Le navigateur a effacé ce carnet")
    telephone.voit("1 fiche n’était pas encore partie")

    telephone.installer()
    telephone.voit(semis.rendez_vous_honore.nom)
    assert serveur.compter("appareil", "utilisateur_id = ?", semis.camille.id) == 1
