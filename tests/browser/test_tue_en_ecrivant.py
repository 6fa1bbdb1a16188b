"""Le navigateur est tué pendant que l’on écrit : boîte d’envoi intacte, brouillon en retard d’un champ au plus."""

from __future__ import annotations

from playwright.sync_api import expect

from .parcours import UN_DOSSIER, Parcours
from .semences import Semis
from .serveur import Serveur


def rouvrir(telephone: Parcours) -> None:
    telephone.navigateur.relancer()
    telephone.ouvrir("/")
    telephone.deverrouiller()


def test_killed_the_instant_it_says_saved_the_record_is_in_the_outbox_and_leaves_once(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, dossier = telephone_installe, semis.rendez_vous_honore.personne_id
    syntheses = [f"Noté juste avant que le téléphone ne meure ({fois})." for fois in range(3)]
    serveur.tuer()
    for synthese in syntheses:
        telephone.commencer_un_contact(dossier)
        telephone.choisir("moyen", "telephone")
        telephone.remplir("synthese", synthese)
        telephone.enregistrer()
        # La réponse 303 vaut enregistrement : dès elle, tout peut mourir.
        telephone.page.wait_for_url(UN_DOSSIER, wait_until="commit")
        telephone.navigateur.tuer()
        rouvrir(telephone)
    telephone.ouvrir(f"/dossiers/{dossier}")
    for synthese in syntheses:
        telephone.voit(synthese)

    serveur.demarrer()
    telephone.tout_envoyer(semis.camille)
    for synthese in syntheses:
        assert serveur.compter("entretien", "synthese = ?", synthese) == 1
        assert serveur.compter("operation", "entite = (SELECT id FROM entretien WHERE synthese = ?)", synthese) == 1


def test_killed_between_two_fields_the_draft_lacks_the_last_one_at_most(
    telephone_installe: Parcours, semis: Semis
) -> None:
    telephone, dossier = telephone_installe, semis.rendez_vous_honore.personne_id
    telephone.commencer_un_contact(dossier)
    telephone.choisir("moyen", "telephone")
    telephone.remplir("synthese", "Le début d'un compte rendu, tapé d'un trait.")
    expect(telephone.page.locator("[data-brouillon-etat]")).to_contain_text("Brouillon gardé")
    telephone.choisir("duree", "45")
    telephone.navigateur.tuer()

    rouvrir(telephone)
    telephone.commencer_un_contact(dossier)
    page = telephone.page
    expect(page.locator("[name=synthese]")).to_have_value("Le début d'un compte rendu, tapé d'un trait.")
    expect(page.locator("[name=moyen][value=telephone]")).to_be_checked()
