"""Le verrou : ce qu'il cache, ce qui l'ouvre, ce qui part quand même."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .attente import attendre
from .conftest import OuvrirNavigateur
from .mandataire import Mandataire
from .parcours import CODE, PHRASE, Parcours
from .semences import Semis
from .serveur import Serveur


def montrer_personne(telephone: Parcours, semis: Semis) -> None:
    """Ni le texte, ni les attributs, ni le titre, ni l'adresse ne nomment quelqu'un."""
    page = telephone.page
    vu = page.content() + page.title() + page.url
    assert [temoin for temoin in [*semis.temoins, *semis.personnes.values()] if temoin in vu] == []


def test_a_wrong_passphrase_opens_nothing_and_says_so(telephone_installe: Parcours, semis: Semis) -> None:
    telephone_installe.verrouiller()
    telephone_installe.essayer_la_phrase("ce n'est pas la bonne phrase du tout")
    expect(telephone_installe.page.locator("form[data-verrou]")).to_contain_text("phrase")
    montrer_personne(telephone_installe, semis)
    telephone_installe.deverrouiller(PHRASE)
    telephone_installe.ouvrir("/dossiers")
    telephone_installe.voit("Quéméneur-Témoin")


def test_a_locked_phone_shows_nobody_on_any_screen(telephone_installe: Parcours, semis: Semis) -> None:
    zelie = semis.personnes["Quéméneur-Témoin"]
    telephone_installe.ouvrir(f"/dossiers/{zelie}")
    telephone_installe.voit("Quéméneur-Témoin")
    assert "Quéméneur" not in telephone_installe.page.title()

    telephone_installe.verrouiller()
    montrer_personne_sauf_adresse(telephone_installe, semis)
    for chemin in ("/", "/dossiers", "/envoi", f"/entretiens/nouveau?dossier={zelie}", f"/dossiers/{zelie}"):
        telephone_installe.ouvrir(chemin)
        telephone_installe.attendre_le_verrou()
        montrer_personne_sauf_adresse(telephone_installe, semis)


def montrer_personne_sauf_adresse(telephone: Parcours, semis: Semis) -> None:
    """L'adresse d'un dossier est un identifiant opaque : elle peut rester, pour y revenir une fois ouvert."""
    vu = telephone.page.content() + telephone.page.title()
    assert [temoin for temoin in semis.temoins if temoin in vu] == []


def test_locking_one_tab_closes_them_all(telephone_installe: Parcours, semis: Semis) -> None:
    autre = Parcours(telephone_installe.navigateur, telephone_installe.navigateur.nouvel_onglet())
    autre.ouvrir("/dossiers")
    autre.voit("Quéméneur-Témoin")
    telephone_installe.verrouiller()
    autre.attendre_le_verrou()
    montrer_personne_sauf_adresse(autre, semis)


def test_what_was_noted_leaves_the_phone_while_it_is_locked(
    telephone_relaye: Parcours, mandataire: Mandataire, serveur: Serveur, semis: Semis
) -> None:
    synthese = "Noté sans réseau, parti verrouillé."
    serveur.tuer()
    telephone_relaye.noter_un_contact(semis.rendez_vous_honore.personne_id, synthese)
    telephone_relaye.attendre_envoi("attente", "hors_ligne")
    telephone_relaye.verrouiller()
    serveur.demarrer()
    telephone_relaye.page.evaluate("() => dispatchEvent(new Event('online'))")

    attendre(
        lambda: serveur.compter("entretien", "synthese = ?", synthese),
        "le contact scellé sur le serveur",
        patienter=telephone_relaye.navigateur.patienter,
    )
    # La base l'a avant que la réponse ne soit revenue : le passage se note un instant plus tard.
    attendre(
        lambda: [passage for passage in mandataire.vers("/sync/scelles") if passage.statut == 200],
        "la réponse au dépôt scellé",
        patienter=telephone_relaye.navigateur.patienter,
    )
    telephone_relaye.attendre_le_verrou()

    telephone_relaye.deverrouiller()
    telephone_relaye.envoyer_maintenant()
    telephone_relaye.attendre_envoi("vide")
    assert serveur.compter("entretien", "synthese = ?", synthese) == 1


def test_within_the_grace_period_the_short_code_reopens(telephone_installe: Parcours, semis: Semis) -> None:
    telephone_installe.ouvrir("/dossiers")
    telephone_installe.navigateur.masquer()
    expect(telephone_installe.page.locator("html")).to_have_attribute("data-couvert", "")
    telephone_installe.navigateur.remontrer()
    dialogue = telephone_installe.page.locator("dialog[data-deverrouillage]")
    expect(dialogue).to_be_visible()
    expect(dialogue).to_have_css("font-family", re.compile("Atkinson"))
    dialogue.locator("[name=secret]").fill("000000")
    dialogue.get_by_role("button", name="Rouvrir le carnet").click()
    expect(dialogue.locator("[data-deverrouiller-erreur]")).to_be_visible()
    dialogue.locator("[name=secret]").fill(CODE)
    dialogue.get_by_role("button", name="Rouvrir le carnet").click()
    expect(dialogue).to_be_hidden()
    telephone_installe.voit("Quéméneur-Témoin")


def test_the_phone_s_own_unlock_opens_the_vault(
    serveur_debout: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur
) -> None:
    telephone = Parcours(ouvrir_navigateur(serveur_debout.adresse))
    brancher_une_empreinte(telephone)
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    telephone.ouvrir("/installer")
    telephone.page.locator("[data-prf-proposer]").get_by_role("checkbox").check()
    telephone.installer()
    telephone.verrouiller()
    telephone.page.locator("[data-prf]").click()
    expect(telephone.page.locator("form[data-verrou]")).to_have_count(0)
    telephone.ouvrir("/dossiers")
    telephone.voit("Quéméneur-Témoin")


def brancher_une_empreinte(telephone: Parcours) -> None:
    """Un authentificateur virtuel, intégré, avec l'extension PRF : le capteur d'empreinte du téléphone."""
    cdp = telephone.navigateur.cdp()
    cdp.send("WebAuthn.enable")
    cdp.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "ctap2Version": "ctap2_1",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "hasPrf": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
