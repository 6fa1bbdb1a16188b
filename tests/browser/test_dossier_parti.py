"""Un dossier passe à un collègue pendant qu'il est ouvert : il quitte l'écran, et la page le dit."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import expect

from app.moteur import ecrire, ouvrir_moteur
from sync.acces import donner, retirer

from .attente import attendre
from .parcours import Parcours
from .semences import NOTE_TEMOIN, Semis
from .serveur import Serveur


def passer_le_dossier(telephone: Parcours, serveur: Serveur, semis: Semis, personne: str) -> None:
    """De la file de Camille à celle de Noor, comme le fera le chef de service. Redemandé, il n'est plus là : 404."""
    telephone.navigateur.tolerer(rf"status of 404 \(\) \S+/dossiers/{personne}")
    structure = serveur.lire("SELECT structure_id FROM utilisateur WHERE id = ?", semis.camille.id)[0][0]
    moteur = ouvrir_moteur(f"sqlite:///{serveur.base}")
    with ecrire(moteur) as session:
        retirer(session, structure, semis.camille.id, [personne], dt.datetime.now(dt.UTC))
        donner(session, structure, [(semis.noor.id, personne)])
    moteur.dispose()


def echanger(telephone: Parcours) -> None:
    telephone.page.evaluate("() => dispatchEvent(new Event('online'))")


def test_a_file_given_to_a_colleague_leaves_the_open_screen_and_every_list(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, zelie = telephone_installe, semis.personnes["Quéméneur-Témoin"]
    liste = Parcours(telephone.navigateur, telephone.navigateur.nouvel_onglet())
    liste.chercher("quemeneur")
    liste.voit("Quéméneur-Témoin")
    telephone.ouvrir(f"/dossiers/{zelie}")
    telephone.voit("Quéméneur-Témoin")

    passer_le_dossier(telephone, serveur, semis, zelie)
    echanger(telephone)

    telephone.voit("Ce dossier a changé de référent")
    telephone.ne_voit_pas("Quéméneur-Témoin")
    liste.ne_voit_pas("Quéméneur-Témoin")
    telephone.page.go_back()
    telephone.ne_voit_pas("Quéméneur-Témoin")

    # Sa note personnelle, elle, attend son choix : il se fait sans réseau, et part ensuite.
    telephone.navigateur.couper_le_reseau()
    telephone.ouvrir("/")
    telephone.page.get_by_role("link", name="1 note personnelle à transmettre ou à effacer").click()
    telephone.voit(NOTE_TEMOIN)
    telephone.page.locator("label", has_text="Transmettre").click()
    telephone.enregistrer()
    telephone.page.wait_for_url("**/")
    telephone.ne_voit_pas("note personnelle à transmettre")
    telephone.navigateur.rendre_le_reseau()
    echanger(telephone)
    transmise = "SELECT count(*) FROM note_personnelle WHERE personne_id = ? AND transmise_le IS NOT NULL"
    attendre(lambda: serveur.lire(transmise, zelie)[0][0] == 1, "la note transmise au serveur")


def test_a_contact_being_written_keeps_its_file_until_it_is_sent(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, bruno = telephone_installe, semis.rendez_vous_manque.personne_id
    telephone.commencer_un_contact(bruno)
    telephone.choisir("moyen", "telephone")
    telephone.remplir("synthese", "Commencé avant le changement de référent.")
    expect(telephone.page.locator("[data-brouillon-etat]")).to_contain_text("Brouillon gardé")

    passer_le_dossier(telephone, serveur, semis, bruno)
    echanger(telephone)
    telephone.attendre_envoi("vide")
    expect(telephone.page.locator("[name=synthese]")).to_have_value("Commencé avant le changement de référent.")
    telephone.enregistrer()

    telephone.voit("Ce dossier a changé de référent")
    arrive = "SELECT count(*) FROM entretien WHERE personne_id = ? AND synthese LIKE 'Commencé%'"
    attendre(lambda: serveur.lire(arrive, bruno)[0][0] == 1, "l'entretien au serveur")
