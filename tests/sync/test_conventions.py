"""Une convention change par ses données : au bureau, sur le téléphone, à sa date, et jamais en récrivant le passé."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.convention import lire as lire_toml
from app.domain.echeance import echeances
from app.models import Convention, EvenementConvention
from sync.acteur import Acteur
from sync.conventions import AjustementRefuse, Bilan, ajuster, enregistrer
from sync.fiches import lire_dossiers
from sync.reference import reference
from tests.bases import ecrire, lire
from tests.sync.fabrique import MAINTENANT, Monde, creer_personne, operation, un_id
from tools.node import commande

RACINE = Path(__file__).parents[2]
ESSAI = RACINE / "tests" / "sync" / "echeances_du_telephone.mjs"
JOUR = MAINTENANT.date()

pytestmark = pytest.mark.usefixtures("actifs_construits")

TOML = """code = "ESSAI"
version = "{version}"
libelle = {{ valeur = "Convention d'essai", source = "Article 1" }}
debut = {{ valeur = {debut}, source = "Article 1" }}
premier_contact_jours = {{ valeur = {jours}, source = "Article 3" }}
cadence = {{ valeur = {{ nombre = 1, par = "{par}" }}, source = "Article 4" }}
places = {{ valeur = [[2020-01-01, 50]], source = "Article 5" }}
perimetre_structure = {{ valeur = ["places", "premier_contact_jours", "veille_mois"], source = "Article 6" }}
"""


def toml(version: str = "1", debut: str = "2020-01-01", jours: int = 15, par: str = "mois") -> str:
    return TOML.format(version=version, debut=debut, jours=jours, par=par)


def charger(monde: Monde, *textes: str) -> Bilan:
    with ecrire(monde.moteur) as session:
        return enregistrer(session, monde.structure, [lire_toml(texte) for texte in textes], MAINTENANT)


def ajustement(monde: Monde, chef: Acteur, regle: str, effet: dt.date, valeur: Any, raison: str = "Avenant") -> None:
    with ecrire(monde.moteur) as session:
        ajuster(session, monde.structure, ("ESSAI", "1"), regle, effet, valeur, raison, chef.utilisateur_id, MAINTENANT)


def recues(monde: Monde, acteur: Acteur) -> list[dict[str, Any]]:
    """Les conventions telles que l'échange les donne au téléphone."""
    with lire(monde.moteur) as session:
        conventions = reference(session, acteur)["conventions"]
    return [convention for convention in conventions if convention.get("code") == "ESSAI"]


def suivre(monde: Monde, acteur: Acteur, **mesure: str) -> dict[str, Any]:
    """Une personne et sa mesure ; rend son dossier."""
    creation = creer_personne()
    ouverture = operation("ouvrir_mesure", un_id(), creation.entite, convention="ESSAI", **mesure)
    assert monde.statuts(acteur, creation, ouverture) == ["applied", "applied"]
    with lire(monde.moteur) as session:
        return lire_dossiers(session, monde.structure, [creation.entite], acteur.utilisateur_id, acteur.role)[
            creation.entite
        ]


def dues(dossier: dict[str, Any], conventions: list[dict[str, Any]]) -> dict[str, str]:
    """Les échéances et leur jour, les mêmes au bureau et sur le téléphone."""
    demande = {"dossier": dossier, "conventions": conventions, "maintenant": MAINTENANT.strftime("%Y-%m-%dT%H:%M:%SZ")}
    au_bureau = {e["genre"]: e["due_le"] for e in echeances(dossier, conventions, demande["maintenant"])}
    rendu = subprocess.run(
        [*commande("node"), str(ESSAI)], input=json.dumps(demande), capture_output=True, text=True, check=True
    ).stdout
    assert {e["genre"]: e["due_le"] for e in json.loads(rendu)} == au_bureau
    return au_bureau


def il_y_a(jours: int) -> str:
    return (JOUR - dt.timedelta(days=jours)).isoformat()


def dans(jours: int) -> dt.date:
    return JOUR + dt.timedelta(days=jours)


def test_a_number_changed_in_a_file_changes_what_the_phone_and_the_desk_ask(monde: Monde) -> None:
    """Le critère du produit : un nombre du fichier, rechargé, et rien d'autre."""
    charger(monde, toml(jours=15, par="mois"))
    acteur = monde.acteur()
    attendu = suivre(monde, acteur, orientee_le=il_y_a(3))
    suivi = suivre(monde, acteur, orientee_le=il_y_a(10), premier_contact_le=il_y_a(9), entree_le=il_y_a(8))
    avant = recues(monde, acteur)
    assert dues(attendu, avant)["premier_contact"] == dans(12).isoformat()
    par_mois = dues(suivi, avant)["cadence"]

    assert charger(monde, toml(jours=8, par="semaine")).changees == [("ESSAI", "1")]
    apres = recues(monde, acteur)
    assert dues(attendu, apres)["premier_contact"] == dans(5).isoformat()
    assert dues(suivi, apres)["cadence"] < par_mois
    with lire(monde.moteur) as session:
        corrigees = session.scalars(select(EvenementConvention).where(EvenementConvention.genre == "corrigee")).all()
    assert {(e.regle, e.auteur_id) for e in corrigees} == {("premier_contact_jours", None), ("cadence", None)}
    assert next(e for e in corrigees if e.regle == "premier_contact_jours").avant == 15


def test_a_phone_that_has_the_convention_receives_it_again_when_it_changes(monde: Monde) -> None:
    charger(monde, toml())
    acteur = monde.acteur("chef_de_service")
    with lire(monde.moteur) as session:
        avant = reference(session, acteur)["empreinte"]
    ajustement(monde, acteur, "premier_contact_jours", dans(2), 7)
    with lire(monde.moteur) as session:
        assert reference(session, acteur)["empreinte"] != avant


def test_an_adjustment_takes_effect_at_its_date_and_not_before(monde: Monde) -> None:
    charger(monde, toml(jours=15))
    chef = monde.acteur("chef_de_service")
    ancien, neuf = suivre(monde, chef, orientee_le=il_y_a(5)), suivre(monde, chef, orientee_le=il_y_a(1))
    ajustement(monde, chef, "premier_contact_jours", dt.date.fromisoformat(il_y_a(3)), 6)
    conventions = recues(monde, chef)
    assert [c["debut"] for c in conventions] == ["2020-01-01", il_y_a(3)]
    assert dues(ancien, conventions)["premier_contact"] == dans(10).isoformat()
    assert dues(neuf, conventions)["premier_contact"] == dans(5).isoformat()
    assert conventions[1]["citations"]["premier_contact_jours"].endswith("\u202f: Avenant")
    ajustement(monde, chef, "premier_contact_jours", dt.date.fromisoformat(il_y_a(2)), None, "Retour au texte")
    assert dues(neuf, recues(monde, chef))["premier_contact"] == dans(14).isoformat()


def test_an_adjustment_survives_a_correction_and_stops_at_the_next_version(monde: Monde) -> None:
    charger(monde, toml(jours=15))
    chef = monde.acteur("chef_de_service")
    ajustement(monde, chef, "veille_mois", dt.date(2021, 1, 1), 3)
    ajustement(monde, chef, "veille_mois", dt.date(2023, 1, 1), 4)
    charger(monde, toml(jours=12), toml("2", "2022-01-01", 9))
    assert [(c["debut"], c["premier_contact_jours"], c.get("veille_mois")) for c in recues(monde, chef)] == [
        ("2020-01-01", 12, None),
        ("2021-01-01", 12, 3),
        ("2022-01-01", 9, None),
    ]


def test_only_what_the_convention_leaves_to_the_structure_is_adjusted(monde: Monde) -> None:
    charger(monde, toml())
    chef = monde.acteur("chef_de_service")
    with pytest.raises(AjustementRefuse):
        ajustement(monde, chef, "cadence", JOUR, {"nombre": 1, "par": "mois"})
    with ecrire(monde.moteur) as session, pytest.raises(AjustementRefuse):
        ajuster(session, monde.structures[1], ("ESSAI", "1"), "places", JOUR, 3, "x", chef.utilisateur_id, MAINTENANT)


def test_a_past_version_under_which_someone_was_followed_is_not_rewritten(monde: Monde) -> None:
    charger(monde, toml(jours=15), toml("2", "2026-01-01", 10))
    assert charger(monde, toml(jours=14)).changees == [("ESSAI", "1")]  # elle n'a encore servi à personne
    suivre(monde, monde.acteur(), orientee_le="2025-06-01")
    assert charger(monde, toml(jours=20)) == Bilan(refusees={("ESSAI", "1"): ["premier_contact_jours"]})
    sourcee = toml(jours=14).replace("Article 3", "Article 3, alinéa 2")
    assert charger(monde, sourcee).changees == [("ESSAI", "1")]  # une citation n'a rien réglé
    assert charger(monde, toml("2", "2026-01-01", 11)).changees == [("ESSAI", "2")]  # celle en vigueur se corrige
    with lire(monde.moteur) as session:
        gardee = session.scalars(select(Convention).where(Convention.code == "ESSAI", Convention.version == "1")).one()
    assert gardee.donnees["premier_contact_jours"] == 14
