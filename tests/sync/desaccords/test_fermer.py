"""Ce qui ferme un désaccord sans qu'on le règle."""

from __future__ import annotations

from dataclasses import replace

from tests.sync.carnets import Equipe
from tests.sync.desaccords.gestes import en_conflit
from tests.sync.fabrique import operation


def test_an_informed_edit_closes_the_disagreement(equipe: Equipe) -> None:
    en_conflit(equipe, "Aïssa", "Eva")
    assert equipe.modifier(equipe.telephone, prenom="Aïcha").statut == "applied"
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert (desaccord["etat"], desaccord["choix"]) == ("regle", "en_vigueur")
    assert desaccord["en_vigueur"]["valeur"] == "Aïcha"
    assert desaccord["propose"]["valeur"] == "Eva"
    assert desaccord["regle_par_nom"] == "Conseiller Exemple"


def test_an_informed_edit_to_the_proposed_value_chooses_it(equipe: Equipe) -> None:
    en_conflit(equipe, "Aïssa", "Eva")
    equipe.modifier(equipe.telephone, prenom="Eva")
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert (desaccord["choix"], desaccord["en_vigueur"]["valeur"]) == ("propose", "Aïssa")


def test_an_edit_that_ignores_the_disagreement_leaves_it_open_on_the_new_value(equipe: Equipe) -> None:
    equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Aïssa")
    equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Aïcha")
    equipe.telephone.envoyer(1)
    equipe.modifier(equipe.collegue, prenom="Eva")
    assert equipe.telephone.envoyer()[0].statut == "applied", "rien d'autre n'est en vigueur que les siennes"
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert desaccord["etat"] == "ouvert"
    assert (desaccord["en_vigueur"]["valeur"], desaccord["propose"]["valeur"]) == ("Aïcha", "Eva")


def test_a_phone_of_the_first_version_never_closes_what_it_cannot_show(equipe: Equipe) -> None:
    en_conflit(equipe, "Aïssa", "Eva")
    ancien = replace(equipe.telephone.acteur, protocole=1)
    change = operation(
        "modifier_personne",
        equipe.personne,
        equipe.personne,
        base=equipe.telephone.version(equipe.personne),
        prenom="Aïcha",
        compteur=9,
    )
    assert equipe.monde.statuts(ancien, change) == ["applied"]
    equipe.tirer()
    (desaccord,) = equipe.collegue.desaccords()
    assert (desaccord["etat"], desaccord["en_vigueur"]["valeur"]) == ("ouvert", "Aïcha")


def test_a_later_effective_date_written_knowingly_closes_the_disagreement(equipe: Equipe) -> None:
    equipe.modifier(equipe.telephone, adresse="1 rue A", date_effet="2026-11-20")
    equipe.modifier(equipe.collegue, adresse="2 rue B", date_effet="2026-11-20")
    equipe.tirer()
    equipe.modifier(equipe.telephone, adresse="3 rue C", date_effet="2026-11-26")
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert (desaccord["etat"], desaccord["choix"], desaccord["en_vigueur"]["valeur"]) == (
        "regle",
        "en_vigueur",
        "1 rue A",
    )
