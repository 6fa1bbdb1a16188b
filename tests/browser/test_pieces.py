"""Les pièces d'un dossier, dans un vrai navigateur : notées sans réseau, envoyées une fois, relues, corrigées."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from .conftest import OuvrirNavigateur
from .navigateur import TAILLE_TELEPHONE
from .parcours import UN_DOSSIER, Parcours
from .semences import Semis
from .serveur import Serveur

UNE_PIECE = re.compile(r"/pieces/[0-9a-f]{8}-[0-9a-f-]+$")
REMARQUE = "Jusqu’à quand court ce contrat ?"


def commencer(appareil: Parcours, dossier: str, forme: str) -> None:
    """Du dossier, par « Ajouter », comme le ferait un doigt."""
    appareil.ouvrir(f"/dossiers/{dossier}")
    appareil.page.locator("#titre-pieces ~ p a").click()
    pli = appareil.page.locator("summary").filter(has_text="Tout ce qui peut s’ajouter")
    expect(appareil.page.locator("#groupe-1")).to_have_count(1)
    if pli.count():
        pli.click()
    appareil.page.get_by_role("link", name=forme, exact=True).first.click()
    expect(appareil.page.locator("form[data-piece]")).to_be_visible()


def noter_une_etape(appareil: Parcours, dossier: str, employeur: str, **champs: str) -> None:
    commencer(appareil, dossier, "Étape de parcours")
    appareil.choisir("nature", "cdd")
    appareil.remplir("employeur", employeur)
    for champ, valeur in champs.items():
        appareil.remplir(champ, valeur)
    appareil.enregistrer()
    appareil.page.wait_for_url(UN_DOSSIER)
    appareil.voit(employeur)


def ouvrir_la_piece(appareil: Parcours, dossier: str, titre: str) -> None:
    appareil.ouvrir(f"/dossiers/{dossier}")
    appareil.page.get_by_role("link", name=titre).click()
    appareil.page.wait_for_url(UNE_PIECE)


def modifier(appareil: Parcours, dossier: str, titre: str, champ: str, valeur: str) -> None:
    ouvrir_la_piece(appareil, dossier, titre)
    appareil.page.get_by_role("link", name="Modifier", exact=True).click()
    appareil.remplir(champ, valeur)
    appareil.enregistrer()
    appareil.page.wait_for_url(UNE_PIECE)


def echanger(appareil: Parcours) -> None:
    appareil.navigateur.rendre_le_reseau()
    appareil.envoyer_maintenant()
    appareil.attendre_envoi("vide")


def test_a_piece_noted_off_line_survives_a_kill_leaves_once_and_comes_back_corrected(
    telephone_installe: Parcours, bureau: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, dossier = telephone_installe, semis.personnes["Quéméneur-Témoin"]
    serveur.tuer()
    noter_une_etape(telephone, dossier, "Atelier des Sources", debut="2026-11-03")
    telephone.navigateur.tuer()
    telephone.navigateur.relancer()
    telephone.ouvrir("/")
    telephone.deverrouiller()
    telephone.ouvrir(f"/dossiers/{dossier}")
    telephone.voit("CDD, Atelier des Sources")
    telephone.voit("à envoyer")

    serveur.demarrer()
    telephone.tout_envoyer(semis.camille)
    ((valeurs,),) = serveur.lire("SELECT valeurs FROM piece WHERE forme = 'etape' AND personne_id = ?", dossier)
    assert json.loads(valeurs) == {"nature": "cdd", "debut": "2026-11-03", "employeur": "Atelier des Sources"}
    assert serveur.compter("operation", "genre = ?", "noter_etape") == 1

    bureau.ouvrir("/supervision/fiches")
    bureau.voit("Étape de parcours")
    bureau.voit("CDD, Atelier des Sources")
    bureau.retourner_la_fiche("Atelier des Sources", REMARQUE)
    bureau.page.wait_for_load_state()

    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")
    ouvrir_la_piece(telephone, dossier, "CDD, Atelier des Sources")
    telephone.voit(REMARQUE)
    modifier(telephone, dossier, "CDD, Atelier des Sources", "fin", "2027-04-30")
    telephone.voit("30/04/2027")
    telephone.ne_voit_pas(REMARQUE)
    telephone.page.locator("summary").filter(has_text="Ce qui était écrit avant").click()
    telephone.voit("Jusqu’au\u202f: rien")
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")
    assert serveur.lire("SELECT c.etat FROM controle c JOIN piece p ON p.id = c.fiche_id WHERE p.forme = 'etape'") == [
        ("recue",)
    ]
    bureau.ouvrir("/supervision/fiches")
    bureau.voit("Atelier des Sources")


def test_two_phones_meet_in_a_piece_one_field_merges_the_other_is_settled(
    telephone_installe: Parcours, ouvrir_navigateur: OuvrirNavigateur, serveur: Serveur, semis: Semis
) -> None:
    telephone, dossier = telephone_installe, semis.rendez_vous_manque.personne_id
    tablette = Parcours(ouvrir_navigateur(serveur.adresse, taille=TAILLE_TELEPHONE))
    tablette.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    tablette.installer(nom="Tablette de Camille")
    noter_une_etape(telephone, dossier, "Ferme du Val", debut="2026-11-03")
    for appareil in (telephone, tablette):
        echanger(appareil)
    for appareil in (telephone, tablette):
        appareil.navigateur.couper_le_reseau()
    modifier(telephone, dossier, "CDD, Ferme du Val", "fin", "2026-12-31")
    modifier(tablette, dossier, "CDD, Ferme du Val", "fin", "2027-02-28")
    modifier(tablette, dossier, "CDD, Ferme du Val", "fin_essai", "2026-12-03")
    for appareil in (telephone, tablette, telephone):
        echanger(appareil)

    telephone.ouvrir(f"/dossiers/{dossier}")
    desaccord = telephone.page.locator(".desaccord")
    expect(desaccord).to_contain_text("Jusqu’au, l’étape de parcours")
    expect(desaccord.locator(".cote--vigueur")).to_contain_text("31/12/2026")
    expect(desaccord.locator(".cote--propose")).to_contain_text("28/02/2027")
    telephone.page.locator(".desaccord button[value=propose]").click()
    telephone.page.wait_for_url(UN_DOSSIER)
    expect(telephone.page.locator(".desaccord")).to_have_count(0)
    ouvrir_la_piece(telephone, dossier, "CDD, Ferme du Val")
    telephone.voit("28/02/2027")
    telephone.voit("03/12/2026")
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")
    ((valeurs,),) = serveur.lire("SELECT valeurs FROM piece WHERE personne_id = ?", dossier)
    assert (json.loads(valeurs)["fin"], json.loads(valeurs)["fin_essai"]) == ("2027-02-28", "2026-12-03")


def test_a_refused_piece_keeps_what_was_typed_and_leaves_once_corrected(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    """La montre du téléphone avance : pour le serveur, ce diagnostic n'a pas encore eu lieu."""
    telephone, dossier = telephone_installe, semis.rendez_vous_honore.personne_id
    serveur.tuer()
    commencer(telephone, dossier, "Diagnostic")
    telephone.choisir("moment", "entree")
    page = telephone.page
    telephone.deplier(page.locator("[name='freins-mobilite-niveau']").first)
    telephone.choisir("freins-mobilite-niveau", "2")
    telephone.remplir("projet", "Les espaces verts")
    telephone.enregistrer()
    page.wait_for_url(UN_DOSSIER)
    serveur.demarrer(decalage_jours=-4)
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("refus")
    telephone.ouvrir("/envoi")
    telephone.voit("Cette date est dans l’avenir.")
    telephone.contenu().get_by_role("link", name="Corriger", exact=True).click()
    expect(page.locator("[name=projet]")).to_have_value("Les espaces verts")
    expect(page.locator("[name='freins-mobilite-niveau'][value='2']")).to_be_checked()
    telephone.remplir("jour", "2026-11-02")
    telephone.enregistrer()
    page.wait_for_url(UN_DOSSIER)
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")
    ((valeurs,),) = serveur.lire("SELECT valeurs FROM piece WHERE forme = 'diagnostic'")
    assert json.loads(valeurs)["freins"] == [{"cle": "mobilite", "niveau": 2}]
    assert serveur.lire("SELECT COUNT(*) FROM operation WHERE remplace IS NOT NULL AND statut = 'applied'") == [(1,)]
    serveur.tuer()


def test_a_contract_is_signed_with_a_finger_and_the_draft_keeps_the_signature(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone, dossier = telephone_installe, semis.personnes["Quéméneur-Témoin"]
    commencer(telephone, dossier, "Contrat")
    page, trace = telephone.page, telephone.page.locator("[data-signature] path").first
    cadre = page.locator("[data-signature] svg").first
    cadre.scroll_into_view_if_needed()
    boite = cadre.bounding_box()
    assert boite is not None
    page.mouse.move(boite["x"] + 20, boite["y"] + 20)
    page.mouse.down()
    for pas in range(8):
        page.mouse.move(boite["x"] + 20 + 10 * pas, boite["y"] + (20 if pas % 2 else 60))
    page.mouse.up()
    expect(trace).to_have_attribute("d", re.compile(r"^M\d+ \d+( \d+ \d+)+$"))
    tracee = trace.get_attribute("d")
    expect(page.locator("[data-brouillon-etat]")).to_contain_text("Brouillon gardé")
    telephone.ouvrir(f"/dossiers/{dossier}")
    commencer(telephone, dossier, "Contrat")
    expect(trace).to_have_attribute("d", tracee or "")
    telephone.choisir("sorte", "premier")
    telephone.remplir("fin", "2027-05-20")
    telephone.enregistrer()
    page.wait_for_url(UN_DOSSIER)
    ouvrir_la_piece(telephone, dossier, "Contrat d’insertion, Premier contrat")
    expect(page.locator(".signature-trace path")).to_have_attribute("d", tracee or "")
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")
    ((valeurs,),) = serveur.lire("SELECT valeurs FROM piece WHERE forme = 'contrat'")
    signee = json.loads(valeurs)
    assert (signee["signature_personne"], "signe_personne_le" in signee) == (tracee, True)
