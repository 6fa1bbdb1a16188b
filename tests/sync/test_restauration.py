"""La base revient d'une sauvegarde : les appareils s'en aperçoivent et rendent ce qu'elle a perdu.

L'appareil d'ici fait ce que `docs/synchronisation.md` demande : il garde le pli de chaque opération acquittée jusqu'à
ce qu'une sauvegarde vérifiée soit plus récente.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import Engine, select

from app.commandes.restaurer import remettre
from app.commandes.sauvegarde import photographier
from app.models import Entretien, Personne
from app.models import Operation as Journal
from app.sauvegarde.epoque import MARGE, confirmer
from sync import scelle
from sync.acteur import Acteur
from sync.bilans import bilan
from sync.depot import Depot, Enveloppe, deposer
from sync.operation import Operation
from tests.bases import ecrire, lire
from tests.sync.fabrique import MAINTENANT, Monde, creer_personne, noter, operation, un_id
from tests.sync.test_echange import SECRET, demande, enroler, repondre


@dataclass
class Appareil:
    """Un téléphone du protocole 2, sans chiffrement : sa file, sa copie, les plis qu'il garde."""

    monde: Monde
    acteur: Acteur
    id: str
    curseur: str | None = None
    fiches: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    file: list[Operation] = field(default_factory=list)
    gardees: list[tuple[str, Enveloppe]] = field(default_factory=list)
    a_rendre: set[str] = field(default_factory=set)
    cle: dict[str, Any] | None = None
    restaurations: int = 0
    compteurs: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def noter(self, *operations: Operation) -> None:
        self.file += [msgspec.structs.replace(op, compteur=next(self.compteurs)) for op in operations]

    def echanger(self, **champs: Any) -> dict[str, Any]:
        """Un échange complet, jusqu'à la dernière page."""
        while True:
            lot = list(self.file)
            recue = repondre(
                self.monde,
                self.acteur,
                demande(self.id, *lot, protocole=2, curseur=self.curseur, **champs),
            )
            self._acquitter(lot, recue)
            if recue.get("repartir"):
                self.fiches.clear()
            if recue.get("restauree"):
                self.restaurations += 1
                self.a_rendre = {pli.id for _, pli in self.gardees}
            self.rendre()
            for personne_id in [*recue["retraits"], *recue.get("a_reprendre", ())]:
                self._oublier(personne_id)
            for fiche in recue["fiches"]:
                self.fiches[fiche["type"], fiche["id"]] = fiche
            self.curseur = recue["curseur"]
            if recue["sauvegarde"]:
                self.gardees = [pli for pli in self.gardees if pli[0] > recue["sauvegarde"]["instant"]]
            if not recue["suite"] and not recue.get("restauree"):
                return recue
            champs = {}

    def rendre(self) -> None:
        """Offre de nouveau ce qui est gardé, dans l'ordre de l'appareil, jusqu'à ce que tout soit pris."""
        depot = Depot(self.id, [pli for _, pli in self.gardees if pli.id in self.a_rendre])
        if not depot.enveloppes:
            return
        recue = msgspec.json.decode(deposer(self.monde.moteur, self.acteur, depot, [SECRET]))
        statuts = {resultat["id"]: resultat["statut"] for resultat in recue["resultats"]}
        assert set(statuts.values()) <= {"applied", "merged", "conflict", "held"}
        self.a_rendre = {identifiant for identifiant, statut in statuts.items() if statut == "held"}

    def bilans(self) -> dict[str, str]:
        dossiers: dict[str, list[tuple[str, str, int]]] = {}
        for fiche in self.fiches.values():
            ligne = (fiche["type"], fiche["id"], fiche["version"])
            dossiers.setdefault(fiche.get("personne_id", fiche["id"]), []).append(ligne)
        return {personne_id: bilan(lignes) for personne_id, lignes in dossiers.items()}

    def lisible(self) -> list[dict[str, Any]]:
        """Sa copie, sans les versions : la base revenue en donne d'autres."""
        fiches = [{cle: fiche[cle] for cle in fiche if cle != "version"} for fiche in self.fiches.values()]
        return sorted(fiches, key=lambda fiche: (fiche["type"], fiche["id"]))

    def _acquitter(self, lot: list[Operation], recue: dict[str, Any]) -> None:
        if recue.get("reference"):
            self.cle = recue["reference"]["cle_scellement"]
        assert self.cle is not None
        for op, resultat in zip(lot, recue["resultats"], strict=True):
            assert resultat["statut"] in ("applied", "merged", "conflict", "duplicate"), resultat
            self.file.remove(op)
            clair = msgspec.json.encode(op)
            pli = Enveloppe(op.id, self.cle["id"], scelle.sceller(_publique(self.cle["publique"]), op.id, clair))
            self.gardees.append((recue["heure_serveur"], pli))

    def _oublier(self, personne_id: str) -> None:
        for cle, fiche in list(self.fiches.items()):
            if personne_id in (fiche["id"], fiche.get("personne_id")):
                del self.fiches[cle]


def _publique(jwk: dict[str, str]) -> ec.EllipticCurvePublicKey:
    from tests.sync.test_scelle import _entier

    return ec.EllipticCurvePublicNumbers(_entier(jwk["x"]), _entier(jwk["y"]), ec.SECP256R1()).public_key()


@pytest.fixture
def appareils(monde: Monde) -> list[Appareil]:
    """Une conseillère et sa maraudeuse, chacune son téléphone."""
    acteurs = [monde.acteur(role) for role in ("conseiller", "maraude")]
    return [Appareil(monde, acteur, enroler(monde, acteur)) for acteur in acteurs]


@pytest.fixture
def sauvegarder(moteur: Engine, tmp_path: Path) -> Callable[[str], Path]:
    def prendre(nom: str) -> Path:
        adresse = moteur.url.render_as_string(hide_password=False)
        photographier(adresse, tmp_path / nom, MAINTENANT - MARGE)
        return tmp_path / nom

    return prendre


@pytest.fixture
def restaurer(moteur: Engine, tmp_path: Path) -> Callable[[Path], None]:
    def remettre_en_place(fichier: Path) -> None:
        moteur.dispose()
        remettre(moteur.url.render_as_string(hide_password=False), tmp_path / "instance", fichier, forcer=False)

    return remettre_en_place


def _journee(appareil: Appareil) -> str:
    """Une personne, une mesure, un rendez-vous constaté, un entretien, et une correction."""
    creation, mesure, rdv, entretien = creer_personne(rsa="beneficiaire"), un_id(), un_id(), un_id()
    awa = creation.entite
    appareil.noter(
        creation,
        operation("ouvrir_mesure", mesure, awa, convention="ASP-NC", orientee_le="2026-11-18"),
        operation("proposer_rendez_vous", rdv, awa, mesure_id=mesure, debut="2026-11-26T09:00:00Z"),
        operation("constater_rendez_vous", rdv, awa, statut="honore"),
        noter(awa, entretien, mesure_id=mesure, rendez_vous_id=rdv),
        operation("modifier_entretien", entretien, awa, duree=50),
    )
    return awa


@pytest.mark.parametrize("premier", ["référente", "emprunteuse"])
def test_devices_give_back_what_a_restored_base_lost_and_end_in_the_same_state(
    premier: str,
    monde: Monde,
    appareils: list[Appareil],
    sauvegarder: Callable[[str], Path],
    restaurer: Callable[[Path], None],
) -> None:
    une, autre = appareils
    awa = _journee(une)
    for appareil in appareils:
        appareil.echanger()
    fichier = sauvegarder("minuit")

    # Le lendemain : tout ce qui suit sera perdu par la base.
    partage = un_id()
    une.noter(operation("partager_dossier", partage, awa, utilisateur=autre.acteur.utilisateur_id))
    une.echanger()
    autre.echanger()
    autre.noter(noter(awa), operation("modifier_personne", awa, awa, prenom="Aïssa"))
    autre.echanger()
    _journee(une)
    une.echanger()
    for appareil in appareils:
        appareil.echanger()
    avant = [appareil.lisible() for appareil in appareils]
    with lire(monde.moteur) as session:
        operations_d_avant = set(session.scalars(select(Journal.id)))

    restaurer(fichier)
    # Des écritures nouvelles dépassent les anciens numéros avant que personne n'ait rien remarqué.
    tiers = monde.acteur()
    monde.pousser(tiers, *(creer_personne() for _ in range(40)))

    # Qui l'a emprunté revient avant qui l'avait prêté : ce qu'elle y a noté attend.
    ordre = appareils if premier == "référente" else appareils[::-1]
    for _ in range(3):
        for appareil in ordre:
            appareil.echanger()
    assert not any(appareil.a_rendre for appareil in appareils)
    assert [appareil.restaurations for appareil in appareils] == [1, 1]
    with lire(monde.moteur) as session:
        assert operations_d_avant <= set(session.scalars(select(Journal.id)))
    assert [_sans_heures(appareil.lisible()) for appareil in appareils] == [_sans_heures(etat) for etat in avant]
    # Chaque fait une fois.
    with lire(monde.moteur) as session:
        assert session.query(Entretien).count() == 3
        assert session.query(Personne).count() == 2 + 40


def test_a_device_that_noticed_nothing_yet_still_pushes_and_nothing_is_doubled(
    monde: Monde,
    appareils: list[Appareil],
    sauvegarder: Callable[[str], Path],
    restaurer: Callable[[Path], None],
) -> None:
    """Sa file et ce qu'elle garde arrivent dans le même échange, la création après ce qui la suit."""
    une, _ = appareils
    une.echanger()
    fichier = sauvegarder("minuit")
    awa = _journee(une)
    une.echanger()
    restaurer(fichier)
    une.noter(noter(awa))
    lot = list(une.file)
    recue = repondre(monde, une.acteur, demande(une.id, *lot, protocole=2, curseur=une.curseur))
    assert [resultat["statut"] for resultat in recue["resultats"]] == ["held"]
    assert (recue["repartir"], recue["restauree"]) == (True, True)
    une.a_rendre = {pli.id for _, pli in une.gardees}
    une.rendre()
    une.curseur = None
    une.echanger()
    assert une.file == []
    with lire(monde.moteur) as session:
        assert session.query(Entretien).count() == 2
    une.a_rendre = {pli.id for _, pli in une.gardees}
    une.rendre()
    with lire(monde.moteur) as session:
        assert session.query(Entretien).count() == 2


def test_an_envelope_is_kept_until_a_confirmed_backup_holds_it(monde: Monde, appareils: list[Appareil]) -> None:
    une, _ = appareils
    _journee(une)
    une.echanger()
    assert len(une.gardees) == 6
    with ecrire(monde.moteur) as session:
        confirmer(session, MAINTENANT - MARGE)
    une.echanger()
    assert len(une.gardees) == 6
    with ecrire(monde.moteur) as session:
        confirmer(session, MAINTENANT)
    assert une.echanger()["sauvegarde"] == {"instant": "2026-11-26T15:00:00Z"}
    assert une.gardees == []


def test_another_account_or_role_starts_again_without_a_word_of_restoration(appareils: list[Appareil]) -> None:
    une, _ = appareils
    une.echanger()
    une.acteur = replace(une.acteur, role="maraude")
    recue = repondre(une.monde, une.acteur, demande(une.id, protocole=2, curseur=une.curseur))
    assert recue["repartir"]
    assert "restauree" not in recue


def test_a_dossier_that_differs_is_sent_whole_again_and_one_that_does_not_is_left_alone(
    appareils: list[Appareil], caplog: pytest.LogCaptureFixture
) -> None:
    une, _ = appareils
    awa, binta = _journee(une), _journee(une)
    une.echanger()
    entier = une.lisible()
    assert une.echanger(bilans=une.bilans())["a_reprendre"] == []
    abimee = next(cle for cle, fiche in une.fiches.items() if fiche.get("personne_id") == awa)
    del une.fiches[abimee]
    recue = une.echanger(bilans=une.bilans())
    assert recue["a_reprendre"] == [awa]
    assert {fiche.get("personne_id", fiche["id"]) for fiche in recue["fiches"]} == {awa}
    assert une.lisible() == entier
    assert any("1 dossiers à reprendre" in message for message in caplog.messages)
    assert binta in une.bilans()
    assert une.echanger(bilans=une.bilans())["a_reprendre"] == []


def test_a_whole_dossier_that_is_missing_is_noticed_and_comes_back(appareils: list[Appareil]) -> None:
    """L'appareil dit entre quels identifiants il n'en tient pas d'autre ; sans cela, il ne peut pas manquer."""
    une, _ = appareils
    awa, binta = sorted((_journee(une), _journee(une)))
    une.echanger()
    entier = une.lisible()
    une.fiches = {cle: f for cle, f in une.fiches.items() if f.get("personne_id", f["id"]) != binta}
    assert une.echanger(bilans=une.bilans())["a_reprendre"] == [], "un téléphone d'avant ne dit pas ses bornes"
    assert une.echanger(bilans=une.bilans(), bilans_entre=["", awa])["a_reprendre"] == [], "hors des bornes"
    assert une.echanger(bilans=une.bilans(), bilans_entre=[awa, None])["a_reprendre"] == [binta]
    assert une.lisible() == entier
    une.fiches.clear()
    assert une.echanger(bilans={}, bilans_entre=["", None])["a_reprendre"] == [awa, binta], "tout a disparu"
    assert une.lisible() == entier
    assert une.echanger(bilans=une.bilans(), bilans_entre=["", None])["a_reprendre"] == []


def test_a_stale_version_and_a_stranger_dossier_are_noticed(appareils: list[Appareil]) -> None:
    une, autre = appareils
    awa, ailleurs = _journee(une), _journee(autre)
    une.echanger()
    autre.echanger()
    une.fiches["personne", awa]["version"] -= 1
    une.fiches["personne", ailleurs] = autre.fiches["personne", ailleurs]
    recue = une.echanger(bilans=une.bilans())
    assert (recue["a_reprendre"], recue["retraits"]) == ([awa], [ailleurs])
    assert une.echanger(bilans=une.bilans())["a_reprendre"] == []


def test_a_dossier_that_changes_in_the_same_exchange_is_not_compared(appareils: list[Appareil]) -> None:
    une, _ = appareils
    awa = _journee(une)
    une.echanger()
    bilans = une.bilans()
    une.noter(noter(awa))
    assert une.echanger(bilans=bilans)["a_reprendre"] == []


def test_the_balance_of_a_dossier_is_computed_alike_everywhere() -> None:
    corpus = json.loads((Path(__file__).parents[1] / "corpus" / "bilans.json").read_text())
    for cas in corpus["cas"]:
        assert bilan((f["type"], f["id"], f["version"]) for f in cas["fiches"]) == cas["bilan"], cas["nom"]


def _sans_heures(fiches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{cle: valeur for cle, valeur in fiche.items() if cle != "le"} for fiche in fiches]
