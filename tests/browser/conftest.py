"""Les essais dans un vrai navigateur : un serveur et une base par fichier d'essais, un profil par parcours."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as ErreurPlaywright
from playwright.sync_api import Playwright, expect, sync_playwright

from . import a_plusieurs, action_collective, ecrans, secteur, supervision
from .mandataire import Mandataire
from .navigateur import TAILLE_TELEPHONE, Navigateur
from .parcours import Parcours
from .semences import Semis
from .serveur import RACINE, Serveur

CAPTURES = RACINE / "captures" / "echecs"
TAILLE_BUREAU = (1280, 800)

OuvrirNavigateur = Callable[..., Navigateur]

# Autant que les gestes : sur une machine chargée, l'onglet de derrière se met à jour tard.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as moteur:
        yield moteur


@pytest.fixture(scope="session")
def semis(base_semee: tuple[Path, Semis]) -> Semis:
    return base_semee[1]


@pytest.fixture(scope="module")
def serveur(
    actifs_construits: None, base_semee: tuple[Path, Semis], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Serveur]:
    lance = Serveur(tmp_path_factory.mktemp("serveur"))
    shutil.copy(base_semee[0], lance.base)
    lance.demarrer()
    yield lance
    lance.arreter()


@pytest.fixture
def serveur_debout(serveur: Serveur) -> Serveur:
    """Le serveur du fichier, relancé si l'essai d'avant l'a laissé mort."""
    if not serveur.en_marche():
        serveur.demarrer()
    return serveur


@pytest.fixture
def tous(serveur_debout: Serveur, semis: Semis, tmp_path: Path) -> list[ecrans.Ecran]:
    """Chaque écran de l'application, et de quoi les montrer dans la base du serveur."""
    supervision.semer(serveur_debout, semis)
    connues = ecrans.valeurs(
        semis, serveur_debout, secteur.semer(serveur_debout, semis), action_collective.semer(serveur_debout, semis)
    )
    return ecrans.ecrans(ecrans.carte(tmp_path), connues) + a_plusieurs.semer(serveur_debout, semis)


@pytest.fixture
def mandataire(serveur_debout: Serveur) -> Iterator[Mandataire]:
    relais = Mandataire(serveur_debout.port)
    relais.demarrer()
    yield relais
    relais.arreter()


@pytest.fixture
def ouvrir_navigateur(
    playwright: Playwright, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[OuvrirNavigateur]:
    """Ouvre des navigateurs, et à la fin vérifie qu'aucun ne s'est plaint."""
    ouverts: list[Navigateur] = []

    def ouvrir(adresse: str, **reglages: Any) -> Navigateur:
        navigateur = Navigateur(playwright, tmp_path / f"profil-{len(ouverts)}", adresse, **reglages)
        navigateur.lancer()
        ouverts.append(navigateur)
        return navigateur

    yield ouvrir
    rate = getattr(request.node, "a_rate", False)
    for rang, navigateur in enumerate(ouverts):
        if rate:
            _garder_une_image(navigateur, f"{request.node.name}-{rang}")
        navigateur.fermer()
    if rate:
        for navigateur in ouverts:
            print("\n".join(navigateur.toutes_les_plaintes()))
        return
    for navigateur in ouverts:
        navigateur.verifier_sans_plainte()


@pytest.fixture
def telephone(serveur_debout: Serveur, ouvrir_navigateur: OuvrirNavigateur) -> Parcours:
    """Un téléphone neuf, face au serveur."""
    return Parcours(ouvrir_navigateur(serveur_debout.adresse, taille=TAILLE_TELEPHONE))


@pytest.fixture
def telephone_installe(telephone: Parcours, semis: Semis) -> Parcours:
    """Un téléphone où Camille a fait son premier échange."""
    telephone.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    telephone.installer()
    return telephone


@pytest.fixture
def telephone_relaye(mandataire: Mandataire, ouvrir_navigateur: OuvrirNavigateur, semis: Semis) -> Parcours:
    """Un téléphone installé, dont tout le réseau passe par le mandataire."""
    parcours = Parcours(ouvrir_navigateur(mandataire.adresse, taille=TAILLE_TELEPHONE))
    parcours.se_connecter(semis.camille.courriel, semis.camille.mot_de_passe)
    parcours.installer()
    return parcours


@pytest.fixture
def bureau(serveur_debout: Serveur, ouvrir_navigateur: OuvrirNavigateur, semis: Semis) -> Parcours:
    """Le poste du chef de service, connecté et sans coffre."""
    parcours = Parcours(ouvrir_navigateur(serveur_debout.adresse, taille=TAILLE_BUREAU))
    parcours.se_connecter(semis.chef.courriel, semis.chef.mot_de_passe)
    return parcours


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    rapport = yield
    if rapport.when == "call" and rapport.failed:
        item.a_rate = True  # type: ignore[attr-defined]  # lu par `ouvrir_navigateur` pour garder une image
    return rapport


def _garder_une_image(navigateur: Navigateur, nom: str) -> None:
    CAPTURES.mkdir(parents=True, exist_ok=True)
    try:
        navigateur.page.screenshot(path=CAPTURES / f"{nom}.png", full_page=True)
    except (ErreurPlaywright, AssertionError) as erreur:
        print(f"pas d'image de l'échec : {erreur}")
