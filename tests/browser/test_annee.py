"""L'année d'un dossier dans un vrai Chromium, son calendrier tourné jour par jour, comme les années sous Node."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from app.moteur import ouvrir_moteur
from sync import conventions
from tests.annees.recit import HISTOIRES, Histoire, dites, lire_histoire
from tests.bases import copier_sqlite, ecrire
from tests.views.conftest import MOT_DE_PASSE, une_equipe

from .annee import HEURE, AnneeAuNavigateur
from .calendrier import ServeurDate, regler_le_navigateur
from .conftest import TAILLE_BUREAU, OuvrirNavigateur
from .parcours import Parcours

# La plus riche des conventions ; `make browsers` les joue toutes.
JOUEES = sorted(HISTOIRES.glob("*.toml")) if os.environ.get("JALON_ANNEES") else [HISTOIRES / "pdc_asp_2025.toml"]

Commencer = Callable[[Histoire], AnneeAuNavigateur]


@pytest.fixture
def commencer(
    actifs_construits: None, base_vierge: Path, tmp_path: Path, ouvrir_navigateur: OuvrirNavigateur
) -> Iterator[Commencer]:
    lances: list[ServeurDate] = []

    def depuis(histoire: Histoire) -> AnneeAuNavigateur:
        """Une structure neuve, la veille du premier jour, avec les conventions livrées, et un téléphone préparé."""
        veille = dt.datetime.combine(histoire.jours[0].le, HEURE) - dt.timedelta(days=1)
        serveur = ServeurDate(tmp_path, veille)
        lances.append(serveur)
        moteur = ouvrir_moteur(copier_sqlite(base_vierge, tmp_path))
        with ecrire(moteur) as session:
            equipe = une_equipe(session, PasswordHasher(1, 8, 1).hash(MOT_DE_PASSE), "Les Bornes")
            conventions.enregistrer(session, equipe.structure_id, None, veille)
        moteur.dispose()
        serveur.demarrer()
        telephone = Parcours(ouvrir_navigateur(serveur.adresse))
        courriel = equipe.courriel("conseiller")
        telephone.se_connecter(courriel, MOT_DE_PASSE)
        regler_le_navigateur(telephone.navigateur, veille)
        telephone.installer()
        bureau = Parcours(ouvrir_navigateur(serveur.adresse, taille=TAILLE_BUREAU))
        return AnneeAuNavigateur(serveur, telephone, bureau, courriel, MOT_DE_PASSE)

    yield depuis
    for serveur in lances:
        serveur.arreter()


@pytest.mark.parametrize("chemin", JOUEES, ids=lambda chemin: chemin.stem)
def test_a_year_of_a_record_is_lived_day_by_day_in_a_real_browser(chemin: Path, commencer: Commencer) -> None:
    histoire = lire_histoire(chemin)
    annee = commencer(histoire)
    for jour in histoire.jours:
        annee.vivre(jour)
        if not annee.dossier:
            continue
        dues = annee.telephone()
        if jour.doit is not None:
            assert dites(dues, jour.doit) == list(jour.doit), f"{histoire.nom}, le {jour.le}"
    assert annee.bureau() == dues
