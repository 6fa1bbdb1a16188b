"""Les comités d'avant deviennent des cahiers : rien ne s'en perd, et la décision rejoint le dossier."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import text

from app.migrations import migrer
from app.moteur import ouvrir_moteur
from app.reunions import comites
from sync.fiches import lire_dossiers
from tests.bases import ecrire, lire
from tests.sync.fabrique import un_id

LE = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
JOUR = dt.date(2026, 11, 19)
PERSONNE = (
    "INSERT INTO personne (structure_id, id, nom, prenom, pseudonymes, sequence, sequence_dossier, cree_le,"
    " fusionnee_dans) VALUES (:s, :id, :nom, 'Awa', '[]', 1, 1, :le, :dans)"
)


def test_what_was_noted_is_still_there_and_the_decision_joins_the_file(adresse_nue: str) -> None:
    moteur = ouvrir_moteur(adresse_nue)
    migrer(moteur, "0034")
    s, chef, comite, reste, absorbee, long = (un_id() for _ in range(6))
    titre = "Comité technique de l’atelier, " + "x" * 120
    with ecrire(moteur) as session:

        def faire(ordre: str, **valeurs: object) -> None:
            session.execute(text(ordre), {"s": s, "le": LE, "jour": JOUR, "par": chef, **valeurs})

        faire("INSERT INTO structure (id, nom, sequence, generation, cree_le) VALUES (:s, 'Fictive', 40, :s, :le)")
        faire(
            "INSERT INTO utilisateur (structure_id, id, nom, prenom, courriel, role, actif, cree_le)"
            " VALUES (:s, :par, 'Fictive', 'Dominique', 'd@exemple.test', 'chef_de_service', :oui, :le)",
            oui=True,
        )
        faire(PERSONNE, id=reste, nom="Diallo-Fictive", dans=None)
        faire(PERSONNE, id=absorbee, nom="Diallo-Doublon", dans=reste)
        for identifiant, nom in ((comite, "Comité de l’atelier"), (long, titre)):
            faire(
                "INSERT INTO comite (structure_id, id, jour, titre, avec, par_id, cree_le)"
                " VALUES (:s, :id, :jour, :nom, 'La SIAE', :par, :le)",
                id=identifiant,
                nom=nom,
            )
        prise = (
            "INSERT INTO situation_comite (structure_id, comite_id, personne_id, rang, decision, par_id, le)"
            " VALUES (:s, :comite, :qui, :rang, :decision, :qui_a_note, :quand)"
        )
        faire(prise, comite=comite, qui=absorbee, rang=1, decision="Revoir en mars.", qui_a_note=chef, quand=LE)
        faire(prise, comite=comite, qui=reste, rang=2, decision=None, qui_a_note=None, quand=None)
    migrer(moteur)
    with lire(moteur) as session:
        long_lu, lu = sorted(comites.lister(session, s), key=lambda un: len(un.situations))
        assert (lu.titre, lu.jour, lu.avec, lu.decidees) == ("Comité de l’atelier", JOUR, "La SIAE", 1)
        assert [(une["valeurs"]["nom"], une["valeurs"].get("decision")) for une in lu.situations] == [
            ("Awa Diallo-Doublon", "Revoir en mars."),
            ("Awa Diallo-Fictive", None),
        ]
        assert lu.situations[0]["note_le"] == "2026-11-20T09:30:00Z"
        assert (long_lu.titre, long_lu.cahier["cahier"]["valeurs"]["consignes"]) == (titre[:120], titre)
        assert lu.cahier["cahier"]["membres"] == []
        # Lue sous le dossier qui reste, à un numéro que les téléphones n'ont pas encore.
        (piece,) = lire_dossiers(session, s, [reste], chef, "chef_de_service")[reste]["pieces"]
        assert piece["valeurs"] == {
            "le": "2026-11-19",
            "comite": "Comité de l’atelier",
            "decision": "Revoir en mars.",
        }
        assert (
            piece["version"]
            == 41
            == session.scalar(text("SELECT sequence_dossier FROM personne WHERE nom LIKE '%Fictive'"))
        )
    moteur.dispose()
