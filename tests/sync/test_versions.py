"""Deux versions du protocole côte à côte : celle d'hier reçoit ce qu'elle a toujours reçu, et rien de plus."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sync import curseur as curseurs
from sync.operation import PROTOCOLE, PROTOCOLES, Resultat, lire_operation
from sync.versions import ETAPES, FICHES_DEPUIS, connait, dire, porter
from tests.sync.carnets import Carnet, Equipe, une_equipe
from tests.sync.fabrique import Monde, operation, un_id
from tests.sync.test_echange import demande, repondre
from tests.sync.test_figees import FIGEES, _lire


@pytest.fixture
def equipe(monde: Monde) -> Equipe:
    return une_equipe(monde)


def echanger(carnet: Carnet, *operations: Any, protocole: int, curseur: str | None = None) -> dict[str, Any]:
    recue = demande(carnet.acteur.appareil_id or "", *operations, protocole=protocole, curseur=curseur)
    return repondre(carnet.monde, carnet.acteur, recue)


def test_the_server_speaks_each_version_it_is_spoken_to(equipe: Equipe) -> None:
    for protocole in PROTOCOLES:
        assert echanger(equipe.telephone, protocole=protocole)["protocole"] == protocole


def test_the_first_version_sees_neither_disagreements_nor_archives_nor_their_statuses(equipe: Equipe) -> None:
    base = equipe.telephone.version(equipe.personne)
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    conteste, fusionne = (
        operation("modifier_personne", equipe.personne, equipe.personne, base=base, compteur=rang, **champs)
        for rang, champs in enumerate(({"prenom": "Eva"}, {"nom_usage": "Fictive"}), start=5)
    )
    hier = echanger(equipe.collegue, conteste, fusionne, protocole=1)
    assert [resultat["statut"] for resultat in hier["resultats"]] == ["applied", "applied"]
    encore = echanger(equipe.collegue, conteste, fusionne, protocole=1)
    assert [(r["statut"], r["premier"]) for r in encore["resultats"]] == [("duplicate", "applied")] * 2
    assert "desaccord" not in {fiche["type"] for fiche in hier["fiches"]}
    assert all("archive_le" not in fiche for fiche in hier["fiches"])
    aujourd_hui = echanger(equipe.collegue, conteste, protocole=2)
    assert [(r["statut"], r["premier"]) for r in aujourd_hui["resultats"]] == [("duplicate", "conflict")]
    assert "desaccord" in {fiche["type"] for fiche in aujourd_hui["fiches"]}
    assert all("archive_le" in fiche for fiche in aujourd_hui["fiches"] if fiche["type"] == "personne")


def test_the_progress_of_the_first_version_counts_only_what_it_receives(equipe: Equipe) -> None:
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    equipe.modifier(equipe.collegue, prenom="Eva")
    autres = [un_id() for _ in range(20)]
    for autre in autres:
        equipe.collegue.noter("creer_personne", autre, autre, nom="Exemple")
    equipe.collegue.envoyer()
    for protocole in PROTOCOLES:
        premiere = equipe.monde.page(replace(equipe.collegue.acteur, protocole=protocole), None, limite_octets=1)
        recues, page = len(premiere.fiches), premiere
        while page.suite:
            page = equipe.monde.page(replace(equipe.collegue.acteur, protocole=protocole), page.curseur)
            recues += len(page.fiches)
        assert premiere.restant == recues - len(premiere.fiches), protocole


def test_a_device_that_is_updated_receives_what_the_former_version_kept_silent(equipe: Equipe) -> None:
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    equipe.modifier(equipe.collegue, prenom="Eva")
    hier = echanger(equipe.collegue, protocole=1)
    assert echanger(equipe.collegue, protocole=1, curseur=hier["curseur"])["fiches"] == []
    mise_a_jour = echanger(equipe.collegue, protocole=2, curseur=hier["curseur"])
    assert mise_a_jour["repartir"] is True
    assert "desaccord" in {fiche["type"] for fiche in mise_a_jour["fiches"]}
    suivant = echanger(equipe.collegue, protocole=2, curseur=mise_a_jour["curseur"])
    assert (suivant["fiches"], "repartir" in suivant) == ([], False)


def test_a_cursor_of_the_first_version_is_still_read_as_such() -> None:
    for figee in _lire("curseurs"):
        lu = curseurs.lire(figee["texte"])
        assert lu is not None
        assert lu.protocole == 1


def test_every_served_version_has_its_step_to_the_next() -> None:
    assert PROTOCOLES[-1] == PROTOCOLE
    assert list(ETAPES) == list(PROTOCOLES[:-1])
    assert all(version in PROTOCOLES for version in FICHES_DEPUIS.values())


def test_every_frozen_operation_of_the_first_version_passes_the_steps_unchanged() -> None:
    """La version 2 n'a pas récrit les opérations de la première : une étape qui en change le sens se voit ici."""
    passees = 0
    for fichier in sorted(FIGEES.glob("*.json")):
        figee = _lire(fichier.stem)
        for lot in figee["lots"] if isinstance(figee, dict) and "lots" in figee else ():
            for brute in lot["operations"]:
                lue = lire_operation(brute)
                portee = porter(lue, 1)
                assert (portee, portee.empreinte) == (lue, lue.empreinte)
                passees += 1
    assert passees > 20


def test_the_steps_are_taken_in_order_from_the_version_spoken(monkeypatch: pytest.MonkeyPatch) -> None:
    faites: list[int] = []

    def etape(version: int) -> Any:
        def porter_une(portee: Any) -> Any:
            faites.append(version)
            return portee

        return porter_une

    monkeypatch.setattr("sync.versions.PROTOCOLE", 3)
    monkeypatch.setattr("sync.versions.ETAPES", {version: etape(version) for version in (1, 2)})
    lue = operation("rouvrir_dossier", un_id(), un_id())
    for protocole, attendues in ((1, [1, 2]), (2, [2]), (3, [])):
        faites.clear()
        porter(lue, protocole)
        assert faites == attendues


def test_a_status_is_said_in_the_words_of_the_version() -> None:
    resultats = [
        Resultat(id=un_id(), statut="conflict", version=3),
        Resultat(id=un_id(), statut="duplicate", premier="merged"),
        Resultat(id=un_id(), statut="refused", erreurs={"nom": ["Non."]}),
        Resultat(id=un_id(), statut="held"),
    ]
    hier = [(r.statut, r.premier) for r in dire(resultats, 1)]
    rien = resultats[0].premier
    assert hier == [("applied", rien), ("duplicate", "applied"), ("refused", rien), ("held", rien)]
    assert dire(resultats, 2) == resultats
    assert [connait(version, "desaccord") for version in (1, 2)] == [False, True]
    assert connait(1, "entretien")
