"""Le témoin : il lit la base sans passer par l'application, et dit si la promesse a été tenue."""

from __future__ import annotations

from collections.abc import Iterable

from .appareil import Appareil
from .serveur import ServeurFautif

TABLES = {"creer_personne": "personne", "noter_entretien": "entretien"}


def verifier(serveur: ServeurFautif, appareils: Iterable[Appareil], *, restauree: bool = False) -> None:
    """Ce qui a été acquitté est là, une fois, dans l'ordre de son appareil ; la base est saine.

    Rendues à une base restaurée, elles ne gardent plus leur ordre : docs/synchronisation.md, § 9, le dit.
    """
    assert serveur.integre()
    for appareil in appareils:
        lignes = serveur.lire(
            "SELECT id, genre, entite, compteur, statut FROM operation WHERE appareil_id = ? ORDER BY sequence",
            appareil.client.id,
        )
        assert [ligne[4] for ligne in lignes if ligne[4] != "applied"] == [], "une opération saine a été refusée"
        compteurs = [ligne[3] for ligne in lignes]
        assert restauree or compteurs == sorted(set(compteurs)), "l'ordre de l'appareil n'est pas gardé"
        manquantes = appareil.acquittees.keys() - {ligne[0] for ligne in lignes}
        assert not manquantes, f"{len(manquantes)} opérations acquittées et perdues"
        faits = {(TABLES[genre], entite) for _, genre, entite, _, _ in lignes}
        for table in TABLES.values():
            presents = {ligne[0] for ligne in serveur.lire(f"SELECT id FROM {table}")}  # noqa: S608 -- nos tables
            assert {entite for nom, entite in faits if nom == table} <= presents, "au journal sans être appliquée"


def tout_est_arrive(serveur: ServeurFautif, appareils: Iterable[Appareil], *, restauree: bool = False) -> None:
    """Et à la fin, plus rien n'attend nulle part : chaque fait noté est une ligne."""
    appareils = list(appareils)
    verifier(serveur, appareils, restauree=restauree)
    for appareil in appareils:
        assert not appareil.client.boite
        assert not appareil.client.refusees
        assert appareil.acquittees.keys() == appareil.notees.keys()
        assert serveur.compter("operation", "appareil_id = ?", appareil.client.id) == len(appareil.notees)
        for genre, table in TABLES.items():
            voulus = {op["entite"] for op in appareil.notees.values() if op["genre"] == genre}
            marques = ",".join("?" * len(voulus)) or "NULL"
            assert serveur.compter(table, f"id IN ({marques})", *voulus) == len(voulus)
