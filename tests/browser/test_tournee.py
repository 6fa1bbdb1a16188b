"""Tournée sans réseau : un lieu, qui y arrive, une journée close, une autre déplacée, un créneau choisi."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from .parcours import Parcours
from .semences import LIEU, LIEU_ID, Semis
from .serveur import Serveur

CLOSE = "La journée est close\u202f: chaque rendez-vous a son issue"


def test_the_day_of_a_place_is_read_and_closed_off_line_and_arrives_once(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, page, manque = telephone_installe, telephone_installe.page, semis.rendez_vous_manque
    serveur.tuer()
    telephone.ouvrir("/")
    page.get_by_role("link", name="La tournée, lieu par lieu").click()
    page.wait_for_url("**/tournee")

    telephone.ouvrir(f"/tournee?jour={manque.jour}")
    lieu = page.locator("section").filter(has=page.get_by_role("heading", name=LIEU))
    expect(lieu).to_contain_text("3, rue du Modèle, Vézelise")
    expect(lieu).to_contain_text("9\u00a0h – 17\u00a0h")
    expect(lieu.locator("a[href='tel:0199000014']")).to_be_visible()
    expect(lieu).to_contain_text(manque.nom)
    expect(lieu.locator("a[href='tel:0639980228']")).to_be_visible()

    page.get_by_role("link", name="Clore la journée").click()
    page.wait_for_url("**/tournee/cloture?jour=*")
    telephone.ne_voit_pas(CLOSE)
    formulaires = page.locator("form.constats")
    rendez_vous = [
        str(action).split("/")[2]
        for action in formulaires.evaluate_all("tous => tous.map(f => f.getAttribute('action'))")
    ]
    for identifiant in rendez_vous:
        telephone.constater(identifiant, "absence_excusee")
        expect(page.locator(f"form[action='/rendez-vous/{identifiant}/constat'].constats")).to_have_count(0)
    telephone.voit(CLOSE)
    telephone.voit("pas encore envoyé")

    telephone.ouvrir(f"/entretiens/nouveau?lieu={LIEU_ID}")
    page.get_by_role("link", name=re.compile("Quéméneur")).first.click()
    page.wait_for_url("**/entretiens/nouveau?dossier=*")
    expect(page.locator(f"[name=lieu][value='{LIEU}']")).to_be_checked()

    # La salle a manqué un autre jour : tous ses rendez-vous partent d'un geste, et chacun a son message prêt.
    deplace = semis.rendez_vous_honore
    telephone.ouvrir(f"/tournee/salle?jour={deplace.jour}&lieu={LIEU_ID}")
    page.locator("[name=date]").fill("2099-01-15")
    page.get_by_role("button", name="Déplacer 1 rendez-vous").click()
    page.wait_for_url("**/tournee/prevenir?r=*")
    telephone.voit("jeudi 15 janvier 2099")
    message = str(page.locator("a[href^='sms:']").get_attribute("href"))
    assert "2099" in message
    assert "Maison" not in message

    # Ses créneaux libres remplissent le formulaire ; une autre heure n'est plus ce créneau.
    telephone.ouvrir(f"/rendez-vous/nouveau?dossier={manque.personne_id}")
    creneau = page.locator("[name=creneau]").first
    page.locator("label:has([name=creneau])").first.click()
    for champ in ("date", "heure"):
        expect(page.locator(f"[name={champ}]")).to_have_value(str(creneau.get_attribute(f"data-{champ}")))
    expect(page.locator(f"[name=lieu][value='{LIEU}']")).to_be_checked()
    expect(creneau).to_be_checked()
    page.locator("[name=heure]").fill("16:05")
    page.locator("[name=heure]").blur()
    expect(creneau).not_to_be_checked()

    serveur.demarrer()
    telephone.tout_envoyer(semis.camille)
    telephone.ouvrir(f"/tournee/cloture?jour={manque.jour}")
    telephone.voit(CLOSE)
    telephone.ne_voit_pas("pas encore envoyé")
    ((debut,),) = serveur.lire("SELECT debut FROM rendez_vous WHERE id = ?", deplace.id)
    assert debut.startswith("2099-01-15")
    assert serveur.compter("operation", "genre = ?", "deplacer_rendez_vous") == 1
    assert serveur.compter("operation", "genre = ?", "constater_rendez_vous") == len(rendez_vous)
