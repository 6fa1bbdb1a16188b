"""L'horloge du serveur saute en avant, puis en arrière (fiabilité, 7 et 8)."""

from __future__ import annotations

from collections.abc import Callable

from .appareil import Appareil
from .serveur import ServeurFautif
from .temoin import tout_est_arrive, verifier

SAUTS = (400, -400, 0)


def relancer(serveur: ServeurFautif, decalage_jours: int) -> None:
    serveur.tuer()
    serveur.demarrer(decalage_jours)


def test_a_server_whose_clock_jumps_keeps_order_and_doubles_nothing(
    serveur: ServeurFautif, enroler: Callable[..., Appareil]
) -> None:
    camille, noor = enroler("camille"), enroler("noor")
    for saut in SAUTS:
        relancer(serveur, saut)
        for appareil in (camille, noor):
            appareil.noter(4)
            appareil.insister()
        verifier(serveur, [camille, noor])
    tout_est_arrive(serveur, [camille, noor])
    # L'ordre est celui des versions, sur tous les appareils, quelle que soit l'heure que le serveur y a vue.
    lignes = serveur.lire("SELECT id, sequence, recue_le FROM operation WHERE appareil_id IS NOT NULL ORDER BY rowid")
    assert len({ligne[0] for ligne in lignes}) == len(lignes)
    versions = [ligne[1] for ligne in lignes]
    assert versions == sorted(set(versions))
    heures = [ligne[2] for ligne in lignes]
    assert heures != sorted(heures), "l'horloge n'a pas sauté : l'épreuve n'éprouve rien"
    # Un téléphone neuf reçoit tout, dans le même état.
    neuf = enroler("camille")
    siennes = {cle for cle in camille.client.fiches if cle[0] in ("personne", "entretien")}
    assert siennes <= neuf.client.fiches.keys()


def test_what_a_clock_gone_mad_wrote_does_not_last_a_year(
    serveur: ServeurFautif, enroler: Callable[..., Appareil]
) -> None:
    """Ouverte « dans un an », une session ne vaut pas un an de plus ; un frein posé ce jour-là ne ferme pas un an."""
    camille = enroler("camille")
    relancer(serveur, 400)
    assert camille.demander("GET", "/session/jeton").statut == 401, "une session de l'an dernier vaut encore"
    noor = enroler("noor")
    for _ in range(7):
        dernier = camille.essayer_de_se_connecter("ce n'est pas le bon mot de passe")
    assert dernier.statut == 429
    relancer(serveur, 0)
    assert noor.demander("GET", "/session/jeton").statut == 401, "une session vaut un an"
    assert noor.echanger() == "fait"
    assert camille.essayer_de_se_connecter().statut == 303, "la porte est fermée pour un an"
