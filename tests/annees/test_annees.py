"""Une année par version de convention, jour par jour : le téléphone, le bureau et l'histoire disent la même chose."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from app.base import db
from app.domain import convention as domaine
from sync import conventions
from tests.annees.annee import Annee
from tests.annees.recit import HISTOIRES, Histoire, dites, lire_histoire
from tests.bases import copier_sqlite, ecrire
from tests.simulation.noeud import Noeud
from tests.views.conftest import app, empreinte, gabarits_traduits, hachage_rapide, une_equipe

__all__ = ("app", "empreinte", "gabarits_traduits", "hachage_rapide")

Annees = Callable[[Histoire, list[domaine.Convention] | None], Annee]


@pytest.fixture(scope="session")
def noeud() -> Iterator[Noeud]:
    noeud = Noeud()
    yield noeud
    noeud.fermer()


@pytest.fixture
def adresse(base_vierge: Path, tmp_path: Path) -> str:
    return copier_sqlite(base_vierge, tmp_path)


@pytest.fixture
def annees(app: Flask, empreinte: str, noeud: Noeud) -> Annees:
    """Une structure neuve, la veille du premier jour, avec les conventions livrées ou d'autres."""

    def commencer(histoire: Histoire, voulues: list[domaine.Convention] | None = None) -> Annee:
        veille = dt.datetime.combine(histoire.jours[0].le, dt.time(8), dt.UTC) - dt.timedelta(days=1)
        with time_machine.travel(veille, tick=False), app.app_context(), ecrire(db.engine) as session:
            equipe = une_equipe(session, empreinte, "Les Bornes")
            conventions.enregistrer(session, equipe.structure_id, voulues, veille)
        return Annee(app, equipe, noeud)

    return commencer


def vivre(annee: Annee, histoire: Histoire) -> None:
    for jour in histoire.jours:
        with annee.le(jour):
            annee.jouer(jour)
            if not annee.dossier:
                continue
            dues = annee.telephone()
            ou = f"{histoire.nom}, le {jour.le}"
            if jour.doit is not None:
                assert dites(dues, jour.doit) == list(jour.doit), ou
            if jour.reseau:
                assert annee.bureau() == dues, f"{ou} : le bureau ne dit pas ce que dit le téléphone"


@pytest.mark.parametrize("chemin", sorted(HISTOIRES.glob("*.toml")), ids=lambda chemin: chemin.stem)
def test_une_annee(chemin: Path, annees: Annees) -> None:
    histoire = lire_histoire(chemin)
    vivre(annees(histoire, None), histoire)


def test_changer_un_nombre_dans_la_convention_se_voit(tmp_path: Path, annees: Annees) -> None:
    """La Moselle à huit mois au lieu de neuf : l'histoire écrite pour neuf ne tient plus, sans une ligne de code."""
    livree = Path(domaine.__file__).parents[2] / "conventions" / "mos_ag_2017.toml"
    copie = tmp_path / livree.name
    neuf_mois = livree.read_text(encoding="utf-8")
    copie.write_text(re.sub(r"(\[duree_max_mois\]\nvaleur = )9", r"\g<1>8", neuf_mois), encoding="utf-8")
    assert copie.read_text(encoding="utf-8") != neuf_mois
    histoire = lire_histoire(HISTOIRES / "mos_ag_2017.toml")
    with pytest.raises(AssertionError, match="mos_ag_2017, le 2018-02-05"):
        vivre(annees(histoire, domaine.charger(tmp_path)), histoire)
