"""Deux onglets du même carnet : un seul envoie, et chaque fait part une fois."""

from __future__ import annotations

import json

from .mandataire import Faute, Mandataire
from .parcours import Parcours
from .semences import Semis
from .serveur import Serveur


def test_two_tabs_sending_at_once_send_each_fact_once(
    telephone_relaye: Parcours, mandataire: Mandataire, serveur: Serveur, semis: Semis
) -> None:
    premier = telephone_relaye
    second = Parcours(premier.navigateur, premier.navigateur.nouvel_onglet())
    awa = semis.rendez_vous_honore.personne_id

    serveur.tuer()
    syntheses = ["Noté dans le premier onglet.", "Noté dans le second onglet."]
    premier.noter_un_contact(awa, syntheses[0])
    second.noter_un_contact(awa, syntheses[1])
    premier.ouvrir(f"/dossiers/{awa}")
    for synthese in syntheses:
        premier.voit(synthese)
    serveur.demarrer()
    reponses: list[bytes] = []

    def garder(corps: bytes) -> bytes:
        reponses.append(corps)
        return corps

    mandataire.retoucher("/sync", garder)
    # Assez long pour que la seconde demande parte pendant la première.
    mandataire.provoquer(Faute.RETARDER, "/sync", fois=20, secondes=1)
    for onglet in (premier, second):
        onglet.ouvrir("/envoi")
    for onglet in (premier, second):
        # Sans attendre l'un avant l'autre : les deux demandes partent ensemble.
        onglet.page.evaluate("() => { document.querySelector('form[data-envoyer] button').click(); }")
    for onglet in (premier, second):
        onglet.attendre_envoi("vide")

    for synthese in syntheses:
        assert serveur.compter("entretien", "synthese = ?", synthese) == 1
    assert serveur.compter("operation", "genre = 'noter_entretien' AND personne_id = ?", awa) == 2
    statuts = [resultat["statut"] for corps in reponses for resultat in json.loads(corps)["resultats"]]
    assert statuts == ["applied", "applied"], "un fait parti deux fois se verrait ici en doublon"
