"""Les rapports gardés sous deux ordres de leurs conventions deviennent un seul, et rien ne s'en perd sans être dit."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Engine, MetaData, Table, insert, select

from app.cloison import EXPLOITATION
from app.migrations import migrer
from app.moteur import ecrire, lire, ouvrir_moteur

INSTANT = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
FAITS = {"flux/sorties/nombre": {"date": "Sortie", "reservee": True, "lignes": [[1, "2022-06", "sortie", 1]]}}


def test_a_report_kept_under_two_orders_becomes_one(adresse_nue: str) -> None:
    moteur = ouvrir_moteur(adresse_nue)
    migrer(moteur, "0025")
    ajouter(moteur, "structure", id="s", nom="Association Fictive", sequence=0, generation="g", cree_le=INSTANT)
    qui = {"courriel": "c@a.exemple", "prenom": "Camille", "nom": "Fictive", "role": "chef_de_service"}
    ajouter(moteur, "utilisateur", structure_id="s", id="u", actif=True, cree_le=INSTANT, **qui)
    for rang, (nom, rouvert) in enumerate((("B+A", False), ("A+B", True), ("A+B", False), ("A", False))):
        le = INSTANT + dt.timedelta(hours=rang)
        ici = {"structure_id": "s", "id": f"c{rang}", "conventions": nom, "periode": "2022"}
        ajouter(
            moteur,
            "rapport_clos",
            **ici,
            chiffres=[],
            textes=[],
            faits=FAITS,
            clos_le=le,
            clos_par="u",
            rouvert_le=le if rouvert else None,
        )
        ajouter(moteur, "texte_rapport", **ici, bloc="analyse", titre="Analyse", texte=nom, auteur_id="u", ecrit_le=le)
    migrer(moteur)
    clos = {ligne.id: ligne for ligne in lues(moteur, "rapport_clos")}
    assert {cle: (c.conventions, c.rouvert_le is None) for cle, c in clos.items()} == {
        "c0": ("A+B", True),
        "c1": ("A+B", False),
        "c2": ("A+B", False),
        "c3": ("A", True),
    }
    assert {str(c.listes) for c in clos.values()} == {"{'flux/sorties/nombre': True}"}
    assert [(t.conventions, t.texte) for t in lues(moteur, "texte_rapport")] == [
        ("A+B", "B+A"),
        ("A+B", "A+B"),
        ("A+B", "A+B"),
        ("A", "A"),
    ]
    (dite,) = lues(moteur, "evenement_rapport")
    assert (dite.genre, dite.conventions, dite.precision) == (
        "rouvert",
        "A+B",
        "Deux clôtures du même rapport : la première reste",
    )
    moteur.dispose()


def table(moteur: Engine, nom: str) -> Table:
    return Table(nom, MetaData(), autoload_with=moteur)


def ajouter(moteur: Engine, nom: str, /, **valeurs: Any) -> None:
    with ecrire(moteur, EXPLOITATION) as session:
        voulue = table(moteur, nom)
        session.execute(insert(voulue).values(**valeurs))


def lues(moteur: Engine, nom: str) -> list[Any]:
    with lire(moteur, EXPLOITATION) as session:
        voulue = table(moteur, nom)
        return list(session.execute(select(voulue).order_by(voulue.c.id)))
