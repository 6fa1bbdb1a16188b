"""Les gestes de la professionnelle, dans n'importe quel moteur. Les champs se retrouvent par leur nom."""

from __future__ import annotations

from tests.browser.parcours import CODE, ORIGINE_APPAREIL, PHRASE

from .moteur import Moteur

PRINCIPAL = "button.bouton--principal"
# Le formulaire à remplir vient du service worker quelques instants après l'adresse.
RENDU_PAR = "return document.querySelector('[data-origine]')?.dataset.origine === arguments[0];"
A_L_ADRESSE = "return new RegExp(arguments[0]).test(location.pathname);"
# Pas innerText : WebKit y tait ce qu'il mettra en page quand on y fera défiler.
MONTRE = r"""
const textes = document.createTreeWalker(document.querySelector("#contenu") ?? document.body, NodeFilter.SHOW_TEXT);
let lu = "";
while (textes.nextNode()) if (textes.currentNode.parentElement.checkVisibility()) lu += textes.currentNode.data;
return lu.replace(/[ \n\t]+/g, " ").includes(arguments[0]);
"""
ETAT_ENVOI = "return document.querySelector('[data-etat-envoi]')?.dataset.etat ?? '';"


class ParcoursMoteur:
    def __init__(self, moteur: Moteur, adresse: str) -> None:
        self.moteur = moteur
        self.adresse = adresse

    # --- entrer -----------------------------------------------------------------------------------------------

    def se_connecter(self, courriel: str, mot_de_passe: str) -> None:
        self.ouvrir("/connexion")
        self.moteur.ecrire("[name=courriel]", courriel)
        self.moteur.ecrire("[name=mot_de_passe]", mot_de_passe)
        self.moteur.toucher(f"form[action='/connexion'] {PRINCIPAL}")
        self.moteur.attendre_que("return location.pathname !== '/connexion';", "la connexion")

    def installer(self) -> None:
        """Prépare l'appareil et attend la fin du premier échange."""
        self.ouvrir("/installer")
        champs = {"nom": "Téléphone de Camille", "phrase": PHRASE, "phrase_bis": PHRASE, "code": CODE}
        for champ, valeur in champs.items():
            self.moteur.ecrire(f"[name={champ}]", valeur)
        self.moteur.toucher(f"form[data-installation] {PRINCIPAL}")
        self.moteur.attendre_que(A_L_ADRESSE, "la fin de l'installation", "^/$", delai=60)
        self.attendre_le_carnet()

    def verrouiller(self) -> None:
        self.moteur.toucher("button[popovertarget=menu]")
        self.moteur.toucher("[data-verrouiller]")
        self.moteur.attendre_visible("form[data-verrou]")

    def deverrouiller(self) -> None:
        self.moteur.ecrire("form[data-verrou] [name=secret]", PHRASE)
        self.moteur.toucher(f"form[data-verrou] {PRINCIPAL}")
        self.moteur.attendre_que("return !document.querySelector('form[data-verrou]');", "le carnet ouvert")

    # --- lire -------------------------------------------------------------------------------------------------

    def ouvrir(self, chemin: str) -> None:
        self.moteur.aller(self.adresse + chemin)

    def attendre_le_carnet(self) -> None:
        """Une page faite par le service worker, et par lui seul."""
        self.moteur.attendre_que(RENDU_PAR, "une page faite par le téléphone", ORIGINE_APPAREIL)

    def voit(self, texte: str) -> None:
        self.moteur.attendre_que(MONTRE, f"« {texte} » à l'écran", texte)

    # --- noter, envoyer ---------------------------------------------------------------------------------------

    def commencer_un_contact(self, dossier: str) -> None:
        self.ouvrir(f"/entretiens/nouveau?dossier={dossier}")
        self.moteur.toucher("label:has([name='moyen'][value='telephone'])")

    def noter_un_contact(self, dossier: str, synthese: str) -> None:
        self.commencer_un_contact(dossier)
        self.moteur.ecrire("[name=synthese]", synthese)
        self.moteur.toucher(f"{PRINCIPAL}[form=formulaire]")
        self.moteur.attendre_que(A_L_ADRESSE, "le dossier après l'enregistrement", "^/dossiers/[0-9a-f-]{36}$")
        self.voit(synthese)

    def attendre_envoi(self, *etats: str) -> str:
        attendu = f"return {list(etats)!r}.includes(document.querySelector('[data-etat-envoi]')?.dataset.etat);"
        self.moteur.attendre_que(attendu, f"l'envoi à l'état {' ou '.join(etats)}, lu « {self.etat_envoi()} »")
        return self.etat_envoi()

    def etat_envoi(self) -> str:
        return str(self.moteur.evaluer(ETAT_ENVOI))

    def envoyer_maintenant(self) -> None:
        self.ouvrir("/envoi")
        self.moteur.toucher(f"form[data-envoyer] {PRINCIPAL}")
