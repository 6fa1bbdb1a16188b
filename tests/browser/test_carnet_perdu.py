"""Carnet effacé par le navigateur, phrase oubliée, téléphone qui change de main : rien ne se perd en silence."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .attente import attendre
from .parcours import CODE, PHRASE, Parcours
from .semences import Compte, Semis
from .serveur import Serveur

NEUVE = "sept lanternes sous le préau de pierre"


def evincer(telephone: Parcours, quoi: str) -> None:
    """Ce que fait le navigateur quand la place manque : tout ce que le site gardait s'en va, sauf ses cookies."""
    cdp = telephone.navigateur.cdp()
    cdp.send("Storage.clearDataForOrigin", {"origin": telephone.navigateur.adresse, "storageTypes": quoi})
    cdp.detach()


def noter_sans_serveur(telephone: Parcours, serveur: Serveur, personne: str, synthese: str) -> None:
    serveur.tuer()
    telephone.noter_un_contact(personne, synthese)
    telephone.attendre_envoi("attente", "hors_ligne")


def appareils(serveur: Serveur, compte: Compte) -> list[tuple[str, str | None]]:
    return serveur.lire("SELECT nom, revoque_le FROM appareil WHERE utilisateur_id = ?", compte.id)


def arrive(telephone: Parcours, serveur: Serveur, synthese: str) -> list[tuple[str]]:
    """Les auteurs de cette fiche au serveur, attendus."""
    return attendre(
        lambda: serveur.lire("SELECT auteur_id FROM entretien WHERE synthese = ?", synthese),
        "la fiche au serveur",
        patienter=telephone.navigateur.patienter,
    )


@pytest.mark.parametrize("quoi", ["indexeddb", "indexeddb,service_workers,cache_storage"])
def test_a_notebook_erased_by_the_browser_is_recognised_and_prepared_again(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis, quoi: str
) -> None:
    telephone, avant = telephone_installe, len(appareils(serveur, semis.camille))
    noter_sans_serveur(telephone, serveur, semis.rendez_vous_honore.personne_id, "Noté, puis effacé par le navigateur.")
    evincer(telephone, quoi)
    serveur.demarrer()
    telephone.page.goto("/")

    telephone.voit("Le navigateur a effacé ce carnet")
    telephone.voit("ce qui n’était pas encore parti de ce téléphone est perdu")
    expect(telephone.page.locator("[data-perdu]")).to_contain_text("1 fiche n’était pas encore partie")
    expect(telephone.page.locator("[name=nom]")).to_have_value("Téléphone de Camille")
    expect(telephone.contenu()).not_to_contain_text("Ouvrir le carnet")

    telephone.installer()
    telephone.ouvrir("/dossiers")
    telephone.voit("Quéméneur-Témoin")
    assert len(appareils(serveur, semis.camille)) == avant, "le même appareil, pas un de plus"


def test_erased_with_the_session_over_the_notebook_is_asked_for_after_the_password(
    telephone_installe: Parcours, semis: Semis
) -> None:
    telephone = telephone_installe
    evincer(telephone, "indexeddb,service_workers,cache_storage")
    telephone.navigateur.contexte.clear_cookies(name="__Host-jalon")
    telephone.navigateur.contexte.clear_cookies(name="__Host-reste")
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)

    telephone.voit("Le navigateur a effacé ce carnet")
    telephone.voit("Personne ne sait combien de fiches attendaient")
    telephone.voit("Dernier échange de ce téléphone")
    telephone.page.get_by_role("button", name="Continuer sans carnet").click()
    # La page quittée vient aussi du serveur : c'est l'adresse qui dit que l'appareil est oublié.
    telephone.page.wait_for_url(telephone.navigateur.adresse + "/")
    telephone.ouvrir("/dossiers")
    telephone.voit("Quéméneur-Témoin")


def test_a_forgotten_passphrase_costs_neither_a_contact_nor_a_call_for_help(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, synthese = telephone_installe, "Noté avant d'oublier sa phrase."
    page = telephone.page
    noter_sans_serveur(telephone, serveur, semis.rendez_vous_honore.personne_id, synthese)
    telephone.verrouiller()
    serveur.demarrer()
    page.get_by_role("link", name="J’ai oublié ma phrase").click()
    telephone.voit("Personne ne peut la retrouver")
    # Un téléphone laissé des heures : le mot de passe est à redonner.
    telephone.navigateur.contexte.clear_cookies(name="__Host-jalon")
    page.get_by_role("link", name="Choisir une nouvelle phrase").click()
    page.wait_for_url("**/connexion**")
    page.fill("[name=courriel]", semis.camille.courriel)
    page.fill("[name=mot_de_passe]", semis.camille.mot_de_passe)
    page.get_by_role("button", name="Se connecter").click()

    telephone.voit("Choisir une nouvelle phrase")
    telephone.voit("Rien n’attend plus sur ce téléphone")
    assert arrive(telephone, serveur, synthese) == [(semis.camille.id,)]
    telephone.installer(phrase=NEUVE)
    telephone.ouvrir(f"/dossiers/{semis.rendez_vous_honore.personne_id}")
    telephone.voit(synthese)
    telephone.attendre_envoi("vide")

    telephone.verrouiller()
    telephone.essayer_la_phrase(PHRASE)
    expect(page.locator("form[data-verrou]")).to_contain_text("pas la bonne")
    telephone.deverrouiller(NEUVE)


# Toutes les lignes chiffrées, dont il ne reste que trois octets : plus rien ne se lit, les plis exceptés.
ABIMER = """async () => {
  const base = await new Promise((ok, ko) => {
    const demande = indexedDB.open("jalon");
    demande.onsuccess = () => ok(demande.result);
    demande.onerror = () => ko(demande.error);
  });
  const noms = ["dossiers", "operations", "reference", "brouillons"];
  const transaction = base.transaction(noms, "readwrite");
  for (const nom of noms) {
    const curseur = transaction.objectStore(nom).openCursor();
    curseur.onsuccess = () => {
      if (!curseur.result) return;
      curseur.result.update({ ...curseur.result.value, donnees: new Uint8Array([1, 2, 3]) });
      curseur.result.continue();
    };
  }
  await new Promise((ok) => { transaction.oncomplete = ok; });
  base.close();
}"""


def test_a_notebook_that_no_longer_reads_says_what_to_do_and_loses_nothing(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, synthese = telephone_installe, "Noté avant que le carnet ne s’abîme."
    page = telephone.page
    for plainte in ("CarnetIllisible", "status of 500"):
        telephone.navigateur.tolerer(plainte)
    noter_sans_serveur(telephone, serveur, semis.rendez_vous_honore.personne_id, synthese)
    telephone.verrouiller()
    page.evaluate(ABIMER)
    page.reload()
    telephone.deverrouiller()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce carnet ne se lit plus")
    telephone.voit("1 fiche attend ici")
    serveur.demarrer()
    page.get_by_role("link", name="Préparer de nouveau ce téléphone").click()
    telephone.voit("Rien n’attend plus sur ce téléphone")
    assert arrive(telephone, serveur, synthese) == [(semis.camille.id,)]
    telephone.installer(phrase=NEUVE)
    telephone.ouvrir(f"/dossiers/{semis.rendez_vous_honore.personne_id}")
    telephone.voit(synthese)
    telephone.attendre_envoi("vide")


def test_a_colleague_who_logs_in_sees_nobody_and_takes_the_phone_over(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, synthese = telephone_installe, "Noté par Camille avant de prêter son téléphone."
    noter_sans_serveur(telephone, serveur, semis.rendez_vous_honore.personne_id, synthese)
    telephone.verrouiller()
    serveur.demarrer()
    telephone.navigateur.contexte.clear_cookies(name="__Host-jalon")
    telephone.se_connecter(semis.noor.courriel, semis.noor.mot_de_passe)

    telephone.voit("Ce téléphone garde un autre carnet")
    telephone.voit("celui d’une autre personne")
    telephone.ne_voit_pas("Camille")
    telephone.voit("Rien n’attend plus sur ce téléphone")
    assert arrive(telephone, serveur, synthese) == [(semis.camille.id,)], "au nom de qui l'a noté"

    telephone.remplir_installation("Téléphone de Noor", NEUVE, CODE)
    telephone.attendre_installation()
    telephone.ouvrir("/dossiers")
    telephone.ne_voit_pas("Quéméneur-Témoin")
    assert [nom for nom, _ in appareils(serveur, semis.noor)] == ["Téléphone de Noor"]
    telephone.attendre_envoi("vide")


def test_the_owner_erases_the_notebook_and_the_browser_forgets_everything(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, synthese = telephone_installe, "Noté juste avant de rendre le téléphone."
    page = telephone.page
    noter_sans_serveur(telephone, serveur, semis.rendez_vous_honore.personne_id, synthese)
    telephone.ouvrir("/reglages/effacer")
    page.get_by_role("button", name="Envoyer, puis effacer").click()
    expect(page.locator("[data-resume-erreurs]")).to_contain_text("1 fiche n’est pas partie")

    telephone.ouvrir("/reglages")
    page.get_by_role("link", name="Effacer ce carnet").click()
    envoyer = page.get_by_role("button", name="Envoyer, puis effacer")
    envoyer.wait_for()
    # Le réseau revient sur l'écran déjà lu : revenu plus tôt, il n'aurait plus rien à envoyer.
    serveur.demarrer()
    envoyer.click()
    telephone.voit("Ce téléphone ne garde plus rien")
    telephone.voit("Vous êtes déconnecté")
    assert arrive(telephone, serveur, synthese) == [(semis.camille.id,)]
    assert ("Téléphone de Camille", None) not in appareils(serveur, semis.camille)[-1:]
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0
    page.get_by_role("link", name="Préparer ce téléphone").click()
    page.wait_for_url("**/connexion**")


def test_the_passphrase_is_changed_while_the_notebook_is_open(telephone_installe: Parcours) -> None:
    telephone = telephone_installe
    page = telephone.page
    telephone.ouvrir("/reglages")
    page.fill("[name=actuelle]", "ce n'est pas la bonne phrase du tout")
    page.fill("[name=phrase]", NEUVE)
    page.fill("[name=phrase_bis]", NEUVE)
    expect(page.locator("[data-force-texte]")).to_contain_text("olide")
    page.get_by_role("button", name="Changer la phrase").click()
    expect(page.locator("#erreur-actuelle")).to_be_visible()
    page.fill("[name=actuelle]", PHRASE)
    page.fill("[name=phrase]", NEUVE)
    page.fill("[name=phrase_bis]", NEUVE)
    page.get_by_role("button", name="Changer la phrase").click()
    expect(page.locator("[data-message]")).to_contain_text("Phrase de passe changée")

    telephone.verrouiller()
    telephone.essayer_la_phrase(PHRASE)
    expect(page.locator("form[data-verrou]")).to_contain_text("pas la bonne")
    telephone.deverrouiller(NEUVE)
    telephone.ouvrir("/dossiers")
    telephone.voit("Quéméneur-Témoin")
