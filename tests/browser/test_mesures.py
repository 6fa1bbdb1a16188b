"""Une seconde mesure pour quelqu'un de connu, et ses dates : sans réseau, comme le reste."""

from __future__ import annotations

from playwright.sync_api import expect

from .parcours import UN_DOSSIER, Parcours
from .semences import Semis
from .serveur import Serveur


def test_a_second_mesure_is_opened_and_dated_without_network(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, page = telephone_installe, telephone_installe.page
    awa = semis.rendez_vous_honore.personne_id
    avant = serveur.compter("mesure", "personne_id = ?", awa)
    serveur.tuer()
    telephone.ouvrir(f"/dossiers/{awa}")
    telephone.contenu().get_by_role("link", name="Ouvrir une mesure").click()
    page.wait_for_url("**/mesures/nouvelle")
    telephone.choisir("convention", "DSP-TDL")
    telephone.remplir("orientee_le", "2025-06-16")
    telephone.remplir("entree_le", "2025-06-02")
    telephone.enregistrer()
    expect(page.locator("#erreur-entree_le")).to_contain_text("L’entrée vient avant l’orientation.")
    telephone.remplir("entree_le", "")
    telephone.enregistrer()
    page.wait_for_url(UN_DOSSIER)
    telephone.voit("en cours d’intégration")

    page.locator("a[href$='/modifier'][href*='/mesures/']").last.click()
    page.wait_for_url("**/mesures/*/modifier")
    telephone.remplir("orientee_le", "2025-06-12")
    telephone.remplir("premier_contact_le", "2025-06-23")
    telephone.remplir("entree_le", "2025-06-30")
    telephone.enregistrer()
    page.wait_for_url(UN_DOSSIER)
    telephone.voit("Entrée dans la mesure")
    serveur.demarrer()
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")

    ouvertes = (
        "SELECT orientee_le, premier_contact_le, entree_le FROM mesure WHERE personne_id = ? AND convention = 'DSP-TDL'"
    )
    assert serveur.lire(ouvertes, awa) == [("2025-06-12", "2025-06-23", "2025-06-30")]
    assert serveur.compter("mesure", "personne_id = ?", awa) == avant + 1
