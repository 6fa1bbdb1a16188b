"""Une fiche refusée reste visible, dit pourquoi, et repart corrigée."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.jours import dans_jours

from .parcours import Parcours
from .semences import Semis
from .serveur import Serveur

SYNTHESE = "Entretien noté avec un téléphone en avance de quatre jours."
RAISON = "Cet entretien n'a pas encore eu lieu."
AVANCE = 4


def test_a_refused_fiche_says_why_and_leaves_once_corrected(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    """L'horloge du téléphone avance sur celle du serveur : ce qu'il date d'aujourd'hui n'a pas encore eu lieu."""
    telephone = telephone_installe
    awa = semis.rendez_vous_honore.personne_id
    serveur.tuer()
    telephone.noter_un_contact(awa, SYNTHESE)
    autre = "Noté juste après, et sans défaut : ne doit pas attendre la correction de l'autre."
    avant_hier = dans_jours(-AVANCE - 1)
    telephone.noter_un_contact(awa, autre, date=avant_hier)
    serveur.demarrer(decalage_jours=-AVANCE)

    telephone.envoyer_maintenant()
    telephone.attendre_envoi("refus")
    telephone.ouvrir("/envoi")
    telephone.voit(RAISON)
    assert serveur.compter("entretien", "synthese = ?", SYNTHESE) == 0
    assert serveur.compter("entretien", "synthese = ?", autre) == 1
    telephone.ouvrir(f"/dossiers/{awa}")
    telephone.voit(SYNTHESE)

    telephone.ouvrir("/envoi")
    telephone.contenu().get_by_role("link", name="Corriger", exact=True).click()
    expect(telephone.page.locator("[name=synthese]")).to_have_value(SYNTHESE)
    telephone.remplir("date", avant_hier)
    telephone.enregistrer()
    telephone.voit(SYNTHESE)
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")

    assert serveur.lire("SELECT date FROM entretien WHERE synthese = ?", SYNTHESE) == [(avant_hier,)]
    refusees = serveur.lire("SELECT id FROM operation WHERE statut = 'refused'")
    corrections = serveur.lire("SELECT remplace FROM operation WHERE remplace IS NOT NULL AND statut = 'applied'")
    assert corrections == refusees
    serveur.tuer()
