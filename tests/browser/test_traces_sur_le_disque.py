"""Après usage, ce que le téléphone garde sur son disque ne dit rien de personne, et n'ouvre rien."""

from __future__ import annotations

import base64
import unicodedata

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

from .disque import chercher
from .parcours import CODE, PHRASE, Parcours
from .semences import Semis
from .serveur import Serveur

BROUILLON = "Brouillon-Jamais-Enregistré sur la rue Inventée"
SYNTHESE = "Synthèse-Témoin saisie sans réseau"
NOUVELLE = "Tréguier-Absente"
TELEPHONE = "0639981818"


def cle_de_donnees(telephone: Parcours) -> dict[str, bytes]:
    """La clé de données et celle qui l'enveloppe, refaites hors du navigateur à partir de ce qu'il garde."""
    lu = telephone.page.evaluate(
        """async () => {
          const base = await new Promise((ok, ko) => {
            const demande = indexedDB.open("jalon");
            demande.onsuccess = () => ok(demande.result);
            demande.onerror = () => ko(demande.error);
          });
          const demande = base.transaction("meta").objectStore("meta").get("coffre");
          const coffre = await new Promise((ok) => { demande.onsuccess = () => ok(demande.result); });
          base.close();
          const { sel, iv, cle, iterations } = coffre.enveloppes.phrase;
          const b64 = (octets) => btoa(String.fromCharCode(...new Uint8Array(octets)));
          return { sel: b64(sel), iv: b64(iv), cle: b64(cle), tours: iterations };
        }"""
    )
    sel, iv, cle = (base64.b64decode(lu[nom]) for nom in ("sel", "iv", "cle"))
    phrase = " ".join(unicodedata.normalize("NFKC", PHRASE).split()).encode()
    enveloppante = PBKDF2HMAC(algorithm=SHA256(), length=32, salt=sel, iterations=lu["tours"]).derive(phrase)
    donnees = AESGCM(enveloppante).decrypt(iv, cle, b"jalon/coffre/phrase")
    return {"clé de données": donnees, "clé dérivée de la phrase": enveloppante}


def test_after_use_the_disk_holds_neither_names_nor_notes_nor_the_key(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis
) -> None:
    telephone = telephone_installe
    zelie = semis.personnes["Quéméneur-Témoin"]
    for chemin in ("/", "/dossiers", f"/dossiers/{zelie}", "/envoi"):
        telephone.ouvrir(chemin)
    telephone.chercher("Quéméneur")
    telephone.voit("Quéméneur-Témoin")
    serveur.tuer()
    telephone.noter_un_contact(zelie, SYNTHESE)
    telephone.creer_une_personne("Lou", NOUVELLE, convention=semis.convention, telephones=TELEPHONE)
    telephone.commencer_un_contact(zelie)
    telephone.remplir("synthese", BROUILLON)
    telephone.page.go_back()
    serveur.demarrer()
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")
    telephone.page.reload()
    cles = cle_de_donnees(telephone)

    temoins = [*semis.temoins, BROUILLON, SYNTHESE, NOUVELLE, TELEPHONE, PHRASE]
    for adresse, texte in telephone.caches().items():
        assert not [temoin for temoin in [*temoins, "Quéméneur", *semis.personnes.values()] if temoin in texte], adresse

    profil = telephone.navigateur.profil
    telephone.navigateur.tuer()
    assert [str(trace) for trace in chercher(profil, temoins, cles)] == []
    # Rouvert puis fermé proprement : le navigateur range ses journaux, restaure ses onglets, écrit son historique.
    telephone.navigateur.relancer()
    telephone.ouvrir(f"/dossiers/{zelie}")
    telephone.deverrouiller()
    telephone.voit("Quéméneur-Témoin")
    telephone.navigateur.fermer()
    assert [str(trace) for trace in chercher(profil, temoins, cles)] == []
    # Le code court est trop court pour être cherché partout ; il ne doit pas être rangé près du coffre.
    assert [trace for trace in chercher(profil, [CODE]) if "IndexedDB" in trace.fichier] == []
