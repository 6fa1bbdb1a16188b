"""Archiver un dossier ne ferme la porte à rien : ce qui arrive après est reçu, et l'on demande s'il faut rouvrir."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Desaccord, Personne
from sync.operation import Resultat
from tests.bases import lire
from tests.sync.carnets import Carnet, Equipe, au_bureau, un_carnet, une_equipe
from tests.sync.fabrique import Monde, operation, un_id

JOUR = "2026-11-26"


@pytest.fixture
def equipe(monde: Monde) -> Equipe:
    equipe = une_equipe(monde)
    equipe.telephone.faire("ouvrir_mesure", un_id(), equipe.personne, convention="ASP-NC")
    equipe.tirer()
    return equipe


def connue(carnet: Carnet, personne: str) -> int:
    """La plus grande version du dossier que l'appareil tient : la base d'une archive."""
    return int(
        max(fiche["version"] for fiche in carnet.fiches.values() if personne in (fiche["id"], fiche.get("personne_id")))
    )


def archiver(equipe: Equipe, carnet: Carnet, **champs: Any) -> Resultat:
    base = champs.pop("base", connue(carnet, equipe.personne))
    return carnet.faire("archiver_dossier", equipe.personne, equipe.personne, base=base, **champs)


def noter(equipe: Equipe, carnet: Carnet, **champs: Any) -> Resultat:
    return carnet.faire("noter_entretien", un_id(), equipe.personne, date=JOUR, moyen="telephone", **champs)


def le_desaccord(equipe: Equipe) -> dict[str, Any]:
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    return desaccord


def test_an_archived_file_says_its_day_and_reopens(equipe: Equipe) -> None:
    assert archiver(equipe, equipe.telephone, le="2026-11-20").statut == "applied"
    equipe.tirer()
    assert equipe.collegue.personne(equipe.personne)["archive_le"] == "2026-11-20"
    assert equipe.telephone.faire("rouvrir_dossier", equipe.personne, equipe.personne).statut == "applied"
    equipe.tirer()
    assert equipe.collegue.personne(equipe.personne)["archive_le"] is None
    assert equipe.monde.compter(Desaccord) == 0


def test_without_a_day_the_file_is_archived_the_day_of_the_server(equipe: Equipe) -> None:
    archiver(equipe, equipe.telephone)
    equipe.tirer()
    assert equipe.telephone.personne(equipe.personne)["archive_le"] == JOUR


def test_a_file_is_not_archived_in_advance(equipe: Equipe) -> None:
    refus = archiver(equipe, equipe.telephone, le="2026-11-27")
    assert (refus.statut, set(refus.erreurs)) == ("refused", {"le"})


def test_only_the_referent_and_the_chef_archive(equipe: Equipe, monde: Monde) -> None:
    remplacante = un_carnet(monde, monde.acteur(), "Téléphone de Chloé")
    pret = {"utilisateur": remplacante.acteur.utilisateur_id, "jusqu_au": "2026-12-06", "motif": "remplacement"}
    assert equipe.telephone.faire("partager_dossier", un_id(), equipe.personne, **pret).statut == "applied"
    remplacante.tirer()
    refus = archiver(equipe, remplacante)
    assert (refus.statut, set(refus.erreurs)) == ("refused", {"personne"}), "le dossier lui est prêté"
    for acteur in (monde.acteur(), monde.acteur("secretariat")):
        essai = operation("archiver_dossier", equipe.personne, equipe.personne)
        assert monde.statuts(acteur, essai) == ["refused"], acteur.role
    essai = operation("archiver_dossier", equipe.personne, equipe.personne)
    assert monde.statuts(au_bureau(equipe.chef), essai) == ["applied"]


def test_an_edit_that_ignored_the_archive_is_written_and_asks_to_reopen(equipe: Equipe) -> None:
    archiver(equipe, equipe.telephone, le="2026-11-20")
    assert equipe.modifier(equipe.collegue, nom_usage="Fictive").statut == "conflict"
    desaccord = le_desaccord(equipe)
    assert equipe.telephone.personne(equipe.personne)["nom_usage"] == "Fictive"
    assert (desaccord["fiche_type"], desaccord["fiche_id"], desaccord["champ"]) == (
        "personne",
        equipe.personne,
        "archive_le",
    )
    assert (desaccord["en_vigueur"]["valeur"], desaccord["propose"]["valeur"]) == ("2026-11-20", None)
    assert [desaccord[cote]["depuis"] for cote in ("en_vigueur", "propose")] == [
        "Téléphone d'Awa",
        "Téléphone de Bruno",
    ]


def test_a_contact_noted_in_a_file_archived_meanwhile_is_kept_and_asks_to_reopen(equipe: Equipe) -> None:
    archiver(equipe, equipe.telephone)
    assert noter(equipe, equipe.collegue).statut == "conflict"
    assert noter(equipe, equipe.collegue).statut == "conflict"
    desaccord = le_desaccord(equipe)
    assert len(equipe.telephone.de_type("entretien")) == 2, "une seule question, et rien de perdu"
    reglement = equipe.telephone.faire("regler_desaccord", desaccord["id"], equipe.personne, choix="propose")
    assert reglement.statut == "applied"
    equipe.tirer()
    assert equipe.collegue.personne(equipe.personne)["archive_le"] is None


def test_keeping_the_archive_keeps_the_work_too(equipe: Equipe) -> None:
    archiver(equipe, equipe.telephone)
    noter(equipe, equipe.collegue)
    desaccord = le_desaccord(equipe)
    equipe.telephone.faire("regler_desaccord", desaccord["id"], equipe.personne, choix="en_vigueur")
    equipe.tirer()
    assert equipe.telephone.personne(equipe.personne)["archive_le"] == JOUR
    assert len(equipe.telephone.de_type("entretien")) == 1
    assert le_desaccord(equipe)["choix"] == "en_vigueur"


def test_who_archived_or_knew_of_it_is_not_asked(equipe: Equipe) -> None:
    archiver(equipe, equipe.telephone)
    assert noter(equipe, equipe.telephone).statut == "applied", "le même appareil est une suite"
    equipe.tirer()
    assert equipe.modifier(equipe.collegue, nom_usage="Fictive").statut == "applied"
    informe = connue(equipe.collegue, equipe.personne)
    assert noter(equipe, equipe.collegue, base=informe).statut == "applied", "une création peut dire ce qu'elle savait"
    au_poste = operation("noter_entretien", un_id(), equipe.personne, date=JOUR, moyen="telephone", compteur=0)
    assert equipe.monde.statuts(au_bureau(equipe.collegue.acteur), au_poste) == ["applied"], (
        "le bureau montre l'archive"
    )
    assert equipe.monde.compter(Desaccord) == 0


def test_reading_by_the_chef_does_not_ask_to_reopen(equipe: Equipe) -> None:
    archiver(equipe, equipe.telephone)
    chef = replace(equipe.chef, appareil_id=None)
    equipe.tirer()
    version = equipe.telephone.version(equipe.personne)
    valider = operation("valider_fiche", equipe.personne, equipe.personne, base=version, fiche_type="personne")
    assert equipe.monde.statuts(chef, valider) == ["applied"]
    assert equipe.monde.compter(Desaccord) == 0


def test_an_archive_that_ignored_work_holds_and_asks_to_reopen(equipe: Equipe) -> None:
    assert noter(equipe, equipe.collegue).statut == "applied"
    assert archiver(equipe, equipe.telephone).statut == "merged"
    desaccord = le_desaccord(equipe)
    assert equipe.telephone.personne(equipe.personne)["archive_le"] == JOUR
    assert (desaccord["en_vigueur"]["depuis"], desaccord["propose"]["depuis"]) == (
        "Téléphone d'Awa",
        "Téléphone de Bruno",
    )


def test_an_archive_that_knew_the_whole_file_asks_nothing(equipe: Equipe) -> None:
    noter(equipe, equipe.collegue)
    equipe.tirer()
    assert archiver(equipe, equipe.telephone).statut == "applied"
    assert equipe.monde.compter(Desaccord) == 0


def test_two_archives_on_two_days_are_a_disagreement(equipe: Equipe) -> None:
    archiver(equipe, equipe.telephone, le="2026-11-20")
    assert archiver(equipe, equipe.tablette, le="2026-11-24").statut == "conflict"
    desaccord = le_desaccord(equipe)
    assert [desaccord[cote]["valeur"] for cote in ("en_vigueur", "propose")] == ["2026-11-20", "2026-11-24"]


def test_reopening_answers_the_question(equipe: Equipe) -> None:
    archiver(equipe, equipe.telephone)
    noter(equipe, equipe.collegue)
    equipe.tirer()
    equipe.telephone.faire("rouvrir_dossier", equipe.personne, equipe.personne)
    assert (le_desaccord(equipe)["etat"], le_desaccord(equipe)["choix"]) == ("regle", "propose")
    with lire(equipe.monde.moteur) as session:
        personne = session.scalars(select(Personne)).one()
    assert (personne.archive_le, personne.archive_sequence, personne.desaccords) == (None, None, 0)


def test_in_one_batch_the_archive_is_known_to_what_follows(equipe: Equipe) -> None:
    equipe.telephone.noter(
        "archiver_dossier", equipe.personne, equipe.personne, base=connue(equipe.telephone, equipe.personne)
    )
    equipe.telephone.noter("noter_entretien", un_id(), equipe.personne, date=JOUR, moyen="telephone")
    assert [resultat.statut for resultat in equipe.telephone.envoyer()] == ["applied", "applied"]
