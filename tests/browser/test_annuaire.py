"""L'annuaire, dans un vrai navigateur : reçu au bureau, cherché sans réseau, et une orientation suivie."""

from __future__ import annotations

import json

from playwright.sync_api import expect

from app.demonstration import annuaire

from .parcours import UN_DOSSIER, Parcours
from .semences import Semis
from .serveur import RACINE, Serveur
from .test_pieces import ouvrir_la_piece

FICHIER = RACINE / "app" / "demonstration" / "annuaire.json"
VELO = "Prêt de vélo et de scooter"


def recevoir(bureau: Parcours) -> None:
    bureau.ouvrir("/partenaires")
    bureau.page.set_input_files("[name=fichiers]", FICHIER)
    bureau.remplir("territoire", " ".join(annuaire.TERRITOIRE))
    bureau.page.get_by_role("button", name="Recevoir").click()
    bureau.voit("15 fiches nouvelles")


def annoter(bureau: Parcours, service: str, note: str) -> None:
    bureau.ouvrir("/partenaires")
    bureau.page.get_by_role("link", name=service).click()
    bureau.remplir("note", note)
    bureau.page.get_by_role("button", name="Enregistrer").click()
    bureau.voit(note)


def echanger(telephone: Parcours) -> None:
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")


def test_someone_is_oriented_off_line_and_the_answer_followed(
    telephone_installe: Parcours, bureau: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, dossier = telephone_installe, semis.personnes["Quéméneur-Témoin"]
    recevoir(bureau)
    annoter(bureau, VELO, "Réserver une semaine avant.")
    echanger(telephone)

    serveur.tuer()
    telephone.navigateur.tuer()
    telephone.navigateur.relancer()
    telephone.ouvrir("/")
    telephone.deverrouiller()
    telephone.page.get_by_role("button", name="Menu").click()
    telephone.page.get_by_role("link", name="Annuaire", exact=True).click()
    lignes = telephone.contenu().locator("#liste-annuaire .ligne")
    expect(lignes).to_have_count(9)
    telephone.page.locator("#champ-q").fill("velo")
    expect(lignes).to_have_count(1)
    telephone.page.locator("#champ-q").fill("")
    telephone.page.locator("#champ-commune").select_option(label="Fable-la-Ville")
    telephone.page.get_by_text("Mobilité", exact=True).click()
    expect(lignes).to_have_count(1)
    telephone.page.get_by_role("link", name=VELO).click()
    telephone.voit("Réserver une semaine avant.")
    telephone.voit("Garage solidaire des Péripéties")
    expect(telephone.page.locator("a[href='tel:0199000032']")).to_be_visible()

    # Ce qu'on en apprend se note sur place, et le bureau le lira.
    telephone.page.get_by_role("link", name="Ajouter une note").click()
    telephone.voit("Jamais rien d’une personne accompagnée.")
    telephone.remplir("note", "Demander M. Pédalier, le jeudi.")
    telephone.enregistrer()
    telephone.voit("Demander M. Pédalier, le jeudi.")
    telephone.voit("à envoyer")

    telephone.page.get_by_role("link", name="Orienter quelqu’un").click()
    telephone.page.get_by_role("link", name="Quéméneur-Témoin").first.click()
    expect(telephone.page.locator("[name=service]")).to_have_value(VELO)
    expect(telephone.page.locator("[name=partenaire]")).to_have_value("Garage solidaire des Péripéties")
    telephone.remplir("motif", "Aller en immersion")
    telephone.choisir("moyen", "telephone")
    telephone.enregistrer()
    telephone.page.wait_for_url(UN_DOSSIER)
    telephone.voit(f"{VELO}, Réponse attendue")
    telephone.voit("à envoyer")

    ouvrir_la_piece(telephone, dossier, VELO)
    telephone.page.get_by_role("link", name="Modifier", exact=True).click()
    telephone.choisir("reponse", "acceptee")
    telephone.remplir("reponse_le", telephone.page.locator("[name=le]").input_value())
    telephone.enregistrer()

    serveur.demarrer()
    telephone.envoyer_maintenant()
    if telephone.attendre_envoi("vide", "reconnexion").etat == "reconnexion":
        telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
        echanger(telephone)
    ((valeurs,),) = serveur.lire("SELECT valeurs FROM piece WHERE forme = 'orientation_service'")
    assert json.loads(valeurs)["reponse"] == "acceptee"
    bureau.ouvrir("/supervision/fiches")
    bureau.voit(f"{VELO}, Acceptée")
    ((note,),) = serveur.lire("SELECT valeurs FROM feuille WHERE forme = 'annotation'")
    bureau.ouvrir(f"/annuaire/services/{json.loads(note)['service_id']}")
    bureau.voit("Demander M. Pédalier, le jeudi.")


def test_the_directory_is_downloaded_once_and_again_when_it_changes(
    telephone_installe: Parcours, bureau: Parcours, serveur: Serveur
) -> None:
    telephone = telephone_installe
    if not serveur.compter("service_partenaire"):
        recevoir(bureau)
    demandes: list[str] = []
    telephone.navigateur.contexte.on("request", lambda demande: demandes.append(demande.url))

    def recues() -> int:
        echanger(telephone)
        return sum(url.endswith("/sync/annuaire") for url in demandes)

    premieres = recues()
    assert recues() == premieres
    annoter(bureau, "Café des habitants", "Fermé en août.")
    assert recues() == premieres + 1
    telephone.ouvrir("/annuaire")
    expect(telephone.contenu().locator(".ligne", has_text="Café des habitants")).to_contain_text("note")
