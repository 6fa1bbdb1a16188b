"""Une nouvelle version du worker attend son heure, et ne coûte aucun mot de la saisie en cours."""

from __future__ import annotations

from playwright.sync_api import expect

from .attente import attendre
from .mandataire import Mandataire
from .parcours import ORIGINE_APPAREIL, Parcours
from .semences import Semis

BROUILLON = "Saisie commencée avant la mise à jour, pas encore enregistrée."


def publier_une_version(mandataire: Mandataire) -> None:
    mandataire.retoucher("/sw.js", lambda corps: corps + b"\n/* version suivante */\n")


def attendre_la_version_en_attente(telephone: Parcours) -> None:
    telephone.page.evaluate(
        "() => navigator.serviceWorker.ready.then((inscription) => inscription.update()).then(() => {})"
    )
    telephone.navigateur.attendre_que(
        "() => navigator.serviceWorker.ready.then((inscription) => inscription.waiting !== null)", "la nouvelle version"
    )


def test_an_update_waits_for_the_person_and_keeps_the_open_draft(
    telephone_relaye: Parcours, mandataire: Mandataire, semis: Semis
) -> None:
    telephone = telephone_relaye
    awa = semis.rendez_vous_honore.personne_id
    telephone.commencer_un_contact(awa)
    telephone.choisir("moyen", "telephone")
    telephone.remplir("synthese", BROUILLON)

    publier_une_version(mandataire)
    attendre_la_version_en_attente(telephone)
    avis = telephone.page.locator("[data-mise-a-jour]")
    expect(avis).to_be_visible()
    expect(telephone.page.locator("[name=synthese]")).to_have_value(BROUILLON)

    avis.get_by_role("button").click()

    telephone.navigateur.attendre_que(
        "() => navigator.serviceWorker.ready.then((inscription) => inscription.waiting === null)", "la version activée"
    )
    attendre(
        lambda: (
            telephone.page.locator("[name=synthese]").count()
            and telephone.page.locator("[name=synthese]").input_value() == BROUILLON
        ),
        "le brouillon rendu après la mise à jour",
        patienter=telephone.navigateur.patienter,
    )
    expect(telephone.page.locator("[name=moyen][value=telephone]")).to_be_checked()
    telephone.enregistrer()
    telephone.voit(BROUILLON)


def test_a_draft_survives_the_death_of_the_browser(telephone_installe: Parcours, semis: Semis) -> None:
    telephone = telephone_installe
    awa = semis.rendez_vous_honore.personne_id
    telephone.commencer_un_contact(awa)
    telephone.remplir("synthese", BROUILLON)
    expect(telephone.page.locator("[data-brouillon-etat]")).to_be_visible()

    telephone.navigateur.tuer()
    telephone.navigateur.relancer()
    telephone.ouvrir(f"/entretiens/nouveau?dossier={awa}")
    telephone.deverrouiller()
    expect(telephone.page.locator("[name=synthese]")).to_have_value(BROUILLON)


def test_a_saved_fiche_never_comes_back_as_a_draft(telephone_installe: Parcours, semis: Semis) -> None:
    telephone = telephone_installe
    awa = semis.rendez_vous_honore.personne_id
    telephone.commencer_un_contact(awa)
    telephone.choisir("moyen", "telephone")
    telephone.remplir("synthese", BROUILLON)
    premiers = identifiants(telephone)
    # Au clavier, le champ garde la main jusqu'à ce que l'écran suivant l'efface : cela se dit comme une frappe.
    telephone.page.evaluate("() => document.querySelector('button.bouton--principal[form=formulaire]').click()")
    telephone.voit(BROUILLON)
    telephone.navigateur.patienter(1)  # plus que la pause d'un brouillon : s'il devait renaître, ce serait fait

    telephone.commencer_un_contact(awa)
    telephone.page.wait_for_load_state("networkidle")
    expect(telephone.page.locator("[name=synthese]")).to_have_value("")
    assert not premiers & identifiants(telephone)


def identifiants(telephone: Parcours) -> set[str]:
    lus = telephone.page.locator("#formulaire input[type=hidden][name^=op_id]").evaluate_all(
        "(l) => l.map((e) => e.value)"
    )
    return {str(lu) for lu in lus}


def test_a_forced_reload_breaks_nothing(telephone_installe: Parcours, semis: Semis) -> None:
    """Maj + recharger contourne le worker : le serveur répond, et le carnet reprend la main au clic suivant."""
    telephone = telephone_installe
    awa = semis.rendez_vous_honore
    telephone.ouvrir(f"/dossiers/{awa.personne_id}")
    telephone.attendre_rendu_par(ORIGINE_APPAREIL)
    cdp = telephone.navigateur.cdp()
    cdp.send("Page.reload", {"ignoreCache": True})
    telephone.attendre_rendu_par("serveur")
    telephone.voit(awa.nom)
    assert telephone.page.evaluate("() => navigator.serviceWorker.controller === null")

    synthese = "Noté après un rechargement forcé."
    telephone.page.get_by_role("link", name="Noter un contact").click()
    telephone.choisir("moyen", "telephone")
    telephone.remplir("synthese", synthese)
    telephone.enregistrer()
    telephone.voit(synthese)


def test_a_worker_stopped_by_the_browser_gets_its_key_back_from_the_page(telephone_installe: Parcours) -> None:
    telephone = telephone_installe
    telephone.ouvrir("/dossiers")
    telephone.navigateur.arreter_le_worker()
    telephone.page.get_by_role("link", name="Quéméneur-Témoin").first.click()
    telephone.voit("Quéméneur-Témoin")
    assert telephone.page.locator("form[data-verrou]").count() == 0
    telephone.navigateur.arreter_le_worker()
    telephone.page.reload()
    telephone.voit("Quéméneur-Témoin")
