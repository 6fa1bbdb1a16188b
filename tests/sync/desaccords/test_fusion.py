"""Deux champs différents se fondent ; le même, au même jour, fait un désaccord."""

from __future__ import annotations

from app.models import Desaccord
from tests.sync.carnets import Equipe
from tests.sync.desaccords.gestes import JOUR


def test_two_devices_that_change_different_fields_merge(equipe: Equipe) -> None:
    assert equipe.modifier(equipe.telephone, prenom="Aïssa").statut == "applied"
    assert equipe.modifier(equipe.collegue, nom_usage="Fictive").statut == "merged"
    equipe.tirer()
    personne = equipe.telephone.personne(equipe.personne)
    assert (personne["prenom"], personne["nom_usage"]) == ("Aïssa", "Fictive")
    assert equipe.telephone.desaccords() == []


def test_two_people_who_say_the_same_thing_agree(equipe: Equipe) -> None:
    assert equipe.modifier(equipe.telephone, prenom="Aïssa").statut == "applied"
    assert equipe.modifier(equipe.collegue, prenom="Aïssa").statut == "merged"
    assert equipe.monde.compter(Desaccord) == 0


def test_two_effective_dates_of_one_field_are_both_kept_in_its_history(equipe: Equipe) -> None:
    assert equipe.modifier(equipe.telephone, adresse="1 rue A", date_effet="2026-11-20").statut == "applied"
    assert equipe.modifier(equipe.collegue, adresse="2 rue B", date_effet="2026-11-25").statut == "merged"
    equipe.tirer()
    historique = equipe.telephone.personne(equipe.personne)["historique"]["adresse"]
    assert historique == [["2026-11-20", "1 rue A"], ["2026-11-25", "2 rue B"]]


def test_the_same_field_at_the_same_date_is_a_disagreement(equipe: Equipe) -> None:
    equipe.modifier(equipe.telephone, adresse="1 rue A", date_effet="2026-11-20")
    assert equipe.modifier(equipe.collegue, adresse="2 rue B", date_effet="2026-11-20").statut == "conflict"
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert (desaccord["champ"], desaccord["date_effet"]) == ("adresse", "2026-11-20")
    assert equipe.telephone.personne(equipe.personne)["historique"]["adresse"] == [["2026-11-20", "1 rue A"]]


def test_an_edit_without_an_effective_date_takes_effect_the_day_the_server_receives_it(equipe: Equipe) -> None:
    equipe.modifier(equipe.telephone, adresse="1 rue A")
    assert equipe.modifier(equipe.collegue, adresse="2 rue B", date_effet=JOUR).statut == "conflict"
