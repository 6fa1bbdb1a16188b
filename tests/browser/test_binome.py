"""Un dossier ouvert en binôme : l'accord se demande en partageant, et le partenaire ne lit que sa part."""

from __future__ import annotations

from playwright.sync_api import expect

from .conftest import OuvrirNavigateur
from .navigateur import TAILLE_TELEPHONE
from .parcours import UN_DOSSIER, Parcours
from .semences import Semis
from .serveur import Serveur

NOM, SECRET = "Quéméneur-Témoin", "Ce que le référent garde pour le dossier."


def echanger(appareil: Parcours) -> None:
    appareil.envoyer_maintenant()
    appareil.attendre_envoi("vide")


def test_a_partner_reads_his_share_and_his_phone_forgets_it_when_the_agreement_goes(
    telephone_installe: Parcours, ouvrir_navigateur: OuvrirNavigateur, serveur: Serveur, semis: Semis
) -> None:
    telephone, dossier = telephone_installe, semis.personnes[NOM]
    telephone.navigateur.couper_le_reseau()
    telephone.noter_un_contact(dossier, SECRET)
    telephone.ouvrir(f"/dossiers/{dossier}/partager")
    telephone.choisir("utilisateur", semis.noor.id)
    telephone.choisir("motif", "binome")
    telephone.page.get_by_label("La personne accepte que l’on partage avec un binôme").check()
    telephone.enregistrer()
    telephone.page.wait_for_url(UN_DOSSIER)
    telephone.voit("en binôme")
    telephone.navigateur.rendre_le_reseau()
    echanger(telephone)
    accord = "SELECT valeur FROM personne_valeur WHERE personne_id = ? AND champ = 'accord_partage'"
    assert serveur.lire(accord, dossier) == [("true",)]

    partenaire = Parcours(ouvrir_navigateur(serveur.adresse, taille=TAILLE_TELEPHONE))
    partenaire.se_connecter(semis.noor.courriel, semis.noor.mot_de_passe)
    partenaire.installer(nom="Téléphone de Noor")
    partenaire.ouvrir(f"/dossiers/{dossier}")
    partenaire.attendre_rendu_par("appareil")
    for lu in (NOM, "Vous y lisez ce que vous notez et ce qui vous est partagé."):
        partenaire.voit(lu)
    for tu in (SECRET, "Modifier la situation", "Ouvrir une mesure", "Prononcer la sortie", "À faire"):
        partenaire.ne_voit_pas(tu)
    expect(partenaire.page.locator("a[href^='tel:']")).to_have_count(0)

    # Ce qu'il a noté sans réseau arrive, même si l'accord s'en est allé entre-temps.
    partenaire.navigateur.couper_le_reseau()
    partenaire.noter_un_contact(dossier, "Vu ensemble au marché.")
    telephone.ouvrir(f"/dossiers/{dossier}/partager")
    telephone.voit("La personne accepte le partage depuis le")
    telephone.ouvrir(f"/dossiers/{dossier}/modifier")
    telephone.deplier(telephone.page.locator("[name='accord_partage']").first)
    telephone.choisir("accord_partage", "non")
    telephone.enregistrer()
    telephone.page.wait_for_url(UN_DOSSIER)
    echanger(telephone)
    partenaire.navigateur.rendre_le_reseau()
    echanger(partenaire)
    partenaire.ouvrir(f"/dossiers/{dossier}")
    for lu in (NOM, "Vu ensemble au marché.", "L’accord de partage de la personne n’est pas noté"):
        partenaire.voit(lu)
    partenaire.ne_voit_pas(semis.convention)
    assert serveur.lire("SELECT count(*) FROM entretien WHERE synthese = 'Vu ensemble au marché.'") == [(1,)]
