"""Noter sans réseau, tout couper, et que rien ne manque au bout : dans Firefox et dans le moteur de Safari."""

from __future__ import annotations

from tests.browser.semences import Semis

from .moteur import Moteur
from .parcours import ParcoursMoteur
from .serveur_https import ServeurHttps

SYNTHESE = "Appel de suivi noté sans réseau, loin de Chromium."


def test_what_is_noted_without_network_survives_the_browser_and_reaches_the_server_once(
    moteur: Moteur, serveur: ServeurHttps, semis: Semis
) -> None:
    awa = semis.rendez_vous_honore
    telephone = ParcoursMoteur(moteur, serveur.adresse)
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    telephone.installer()
    telephone.voit(awa.nom)

    # Le serveur meurt ; le carnet continue.
    serveur.tuer()
    telephone.ouvrir("/dossiers")
    telephone.attendre_le_carnet()
    telephone.noter_un_contact(awa.personne_id, SYNTHESE)
    telephone.attendre_envoi("attente", "hors_ligne")
    moteur.recharger()
    telephone.voit(SYNTHESE)

    # Le navigateur meurt à son tour. Rien ne s'ouvre sans la phrase.
    moteur.tuer()
    moteur.lancer()
    telephone.ouvrir(f"/dossiers/{awa.personne_id}")
    moteur.attendre_visible("form[data-verrou]")
    assert awa.nom not in moteur.evaluer("return document.documentElement.textContent;")
    telephone.deverrouiller()
    telephone.voit(SYNTHESE)

    # Le réseau revient. Le navigateur mort a pu emporter son cookie de session : on se reconnecte.
    serveur.demarrer()
    telephone.envoyer_maintenant()
    if telephone.attendre_envoi("vide", "reconnexion") == "reconnexion":
        telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
        telephone.envoyer_maintenant()
        telephone.attendre_envoi("vide")

    assert serveur.compter("entretien", "synthese = ?", SYNTHESE) == 1
    assert serveur.compter("operation", "genre = 'noter_entretien' AND personne_id = ?", awa.personne_id) == 1
    assert serveur.compter("operation", "statut = 'refused'") == 0
