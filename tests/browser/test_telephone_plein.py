"""Un téléphone plein : l'enregistrement le dit à côté du formulaire, et rien de ce qui est tapé ne se perd."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .attente import attendre
from .parcours import UN_DOSSIER, Parcours
from .semences import Semis
from .serveur import Serveur

SYNTHESE = "Trois phrases tapées au pied de l'immeuble, que personne ne veut retaper."


REMPLIR = """async () => {
  const base = await new Promise((ok, non) => {
    const demande = indexedDB.open("remplissage", 1);
    demande.onupgradeneeded = () => demande.result.createObjectStore("s", { autoIncrement: true });
    demande.onsuccess = () => ok(demande.result);
    demande.onerror = () => non(demande.error);
  });
  const ecrire = (taille) => new Promise((ok) => {
    const ecriture = base.transaction("s", "readwrite");
    ecriture.objectStore("s").add(new Uint8Array(taille));
    ecriture.oncomplete = () => ok(true);
    ecriture.onabort = () => ok(false);
  });
  for (const taille of [65536, 4096, 256, 16, 1]) while (await ecrire(taille));
  base.close();
}"""


@pytest.fixture
def telephone_etroit(telephone_installe: Parcours) -> Parcours:
    """Le même téléphone rouvert avec peu de place : le navigateur garde un moment en tête celle qu'il avait."""
    telephone, navigateur = telephone_installe, telephone_installe.navigateur
    navigateur.fermer()
    navigateur.relancer()
    cdp, origine = navigateur.cdp(), {"origin": navigateur.adresse}
    occupe = cdp.send("Storage.getUsageAndQuota", origine)["usage"]
    cdp.send("Storage.overrideQuotaForOrigin", {**origine, "quotaSize": occupe + 500_000})
    telephone.page.goto("/")
    telephone.deverrouiller()
    return telephone


def remplir_le_telephone(telephone: Parcours) -> None:
    telephone.page.evaluate(REMPLIR)


def liberer_de_la_place(telephone: Parcours) -> None:
    telephone.navigateur.cdp().send("Storage.overrideQuotaForOrigin", {"origin": telephone.navigateur.adresse})
    telephone.page.evaluate("() => indexedDB.deleteDatabase('remplissage')")


def test_a_full_phone_says_so_beside_the_form_and_keeps_what_was_typed(
    telephone_etroit: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone = telephone_etroit
    telephone.navigateur.tolerer("status of 507")
    page = telephone.page
    telephone.commencer_un_contact(semis.rendez_vous_honore.personne_id)
    telephone.choisir("moyen", "telephone")
    telephone.remplir("synthese", SYNTHESE)
    remplir_le_telephone(telephone)
    telephone.enregistrer()

    expect(page.locator("[data-resume-erreurs]")).to_contain_text("Le téléphone n’a plus de place")
    expect(page.locator("[data-resume-erreurs]")).to_be_focused()
    expect(page.locator("[name=synthese]")).to_have_value(SYNTHESE)
    expect(page.locator("[name=moyen][value=telephone]")).to_be_checked()
    assert serveur.compter("entretien", "synthese = ?", SYNTHESE) == 0

    liberer_de_la_place(telephone)
    telephone.enregistrer()
    page.wait_for_url(UN_DOSSIER)
    telephone.attendre_envoi("vide")
    assert serveur.compter("entretien", "synthese = ?", SYNTHESE) == 1


def test_an_outcome_told_in_one_tap_on_a_full_phone_is_not_believed_noted(
    telephone_etroit: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, rendez_vous = telephone_etroit, semis.rendez_vous_manque
    remplir_le_telephone(telephone)
    telephone.constater(rendez_vous.id, "absence_excusee")
    expect(telephone.page.locator("[data-message]")).to_contain_text("plus de place")
    assert serveur.lire("SELECT statut FROM rendez_vous WHERE id = ?", rendez_vous.id) == [("propose",)]

    liberer_de_la_place(telephone)
    telephone.constater(rendez_vous.id, "absence_excusee")
    attendre(
        lambda: serveur.lire("SELECT statut FROM rendez_vous WHERE id = ?", rendez_vous.id) == [("absence_excusee",)],
        "l'issue au serveur",
        patienter=telephone.navigateur.patienter,
    )


def test_a_full_phone_still_opens_and_shows_its_dossiers(telephone_etroit: Parcours, semis: Semis) -> None:
    telephone, personne = telephone_etroit, semis.rendez_vous_honore.personne_id
    telephone.navigateur.tolerer("status of 422")
    remplir_le_telephone(telephone)
    telephone.verrouiller()
    telephone.essayer_la_phrase("une phrase que personne n'a choisie")
    expect(telephone.page.locator("form[data-verrou]")).to_contain_text("Ce n’est pas la bonne phrase")
    telephone.deverrouiller()

    telephone.page.goto(f"/dossiers/{personne}")
    expect(telephone.page.get_by_role("link", name="Noter un contact")).to_be_visible()
    liberer_de_la_place(telephone)
