"""Le parcours pour lequel le produit existe : noter sans réseau, tout couper, et que rien ne manque au bout."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from .conftest import OuvrirNavigateur
from .parcours import Parcours
from .semences import Semis
from .serveur import RACINE, Serveur

SYNTHESE = "Appel de suivi : dossier de logement à compléter, la mairie rappelle jeudi."
REMARQUE = "Précisez le motif de l'appel, merci."


def tableau(serveur: Serveur, semis: Semis) -> dict[str, int]:
    """Le tableau des rendez-vous tel que la ligne de commande l'imprime : ligne → effectif."""
    annee = semis.rendez_vous_honore.jour[:4]
    fait = subprocess.run(
        [Path(sys.executable).with_name("jalon"), "rapport", semis.convention, annee, "--format", "json"],
        cwd=RACINE,
        env=serveur.environnement,
        check=True,
        capture_output=True,
    )
    rendez_vous = next(t for t in json.loads(fait.stdout)["tableaux"] if t["code"] == "rendez_vous")
    return {ligne["code"]: ligne["nombre"] for ligne in rendez_vous["lignes"] if ligne["nombre"] is not None}


def test_what_is_noted_without_network_reaches_the_chef_once_and_comes_back_with_a_remark(
    telephone_installe: Parcours, serveur: Serveur, semis: Semis, ouvrir_navigateur: OuvrirNavigateur
) -> None:
    telephone = telephone_installe
    awa, bruno = semis.rendez_vous_honore, semis.rendez_vous_manque
    avant = tableau(serveur, semis)

    # Le serveur meurt ; le carnet continue.
    serveur.tuer()
    telephone.ouvrir("/")
    telephone.constater(awa.id, "honore")
    telephone.attendre_envoi("attente", "hors_ligne")
    telephone.ouvrir("/")
    telephone.constater(bruno.id, "absence_non_excusee")
    telephone.noter_un_contact(awa.personne_id, SYNTHESE)
    nouvelle = telephone.creer_une_personne("Ndeye", "Sarr-Fictive", convention=semis.convention)

    def tout_est_la() -> None:
        telephone.ouvrir(f"/dossiers/{awa.personne_id}")
        telephone.voit(SYNTHESE)
        telephone.ouvrir(f"/dossiers/{bruno.personne_id}")
        telephone.voit("absence")
        telephone.ouvrir(f"/dossiers/{nouvelle}")
        telephone.voit("Sarr-Fictive")

    telephone.page.reload()
    telephone.voit("Sarr-Fictive")
    tout_est_la()

    # Le téléphone meurt à son tour, et se rallume toujours sans réseau.
    telephone.navigateur.tuer()
    telephone.navigateur.relancer()
    telephone.ouvrir("/")
    telephone.ne_voit_pas(awa.nom)
    telephone.deverrouiller()
    tout_est_la()

    # Le réseau revient.
    serveur.demarrer()
    telephone.tout_envoyer(semis.camille)

    # Chaque fait est une fois sur le serveur.
    assert serveur.compter("entretien", "synthese = ?", SYNTHESE) == 1
    assert serveur.compter("personne", "id = ? AND nom = 'Sarr-Fictive'", nouvelle) == 1
    assert serveur.compter("personne", "nom = 'Sarr-Fictive'") == 1
    assert serveur.lire("SELECT statut FROM rendez_vous WHERE id = ?", awa.id) == [("honore",)]
    assert serveur.lire("SELECT statut FROM rendez_vous WHERE id = ?", bruno.id) == [("absence_non_excusee",)]
    assert serveur.compter("operation", "statut = 'refused'") == 0
    assert serveur.compter("operation", "genre = 'noter_entretien' AND personne_id = ?", awa.personne_id) == 1

    # Le chef la voit et la retourne.
    bureau = Parcours(ouvrir_navigateur(serveur.adresse, taille=(1280, 800)))
    bureau.se_connecter(semis.chef.courriel, semis.chef.mot_de_passe)
    bureau.ouvrir("/supervision/fiches")
    bureau.voit(awa.nom)
    bureau.retourner_la_fiche(SYNTHESE, REMARQUE)

    # La remarque arrive au téléphone.
    telephone.envoyer_maintenant()
    telephone.attendre_envoi("vide")
    telephone.ouvrir(f"/dossiers/{awa.personne_id}")
    telephone.voit(REMARQUE)

    # Le tableau a bougé d'exactement ces rendez-vous.
    apres = tableau(serveur, semis)
    mouvements = {cle: apres[cle] - avant[cle] for cle in apres if apres[cle] != avant[cle]}
    assert mouvements == {"proposes": 2, "realise": 1, "absences": 1, "absence_non_excusee": 1, "a_preciser": -2}
