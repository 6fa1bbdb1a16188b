"""Régler un désaccord, d'un geste, une fois."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sync.carnets import Equipe, un_carnet, une_equipe
from tests.sync.desaccords.gestes import en_conflit, ouvrir_mesure, regler
from tests.sync.fabrique import Monde, un_id


def test_choosing_the_proposed_value_writes_it(equipe: Equipe) -> None:
    desaccord = en_conflit(equipe, "Aïssa", "Eva")
    assert regler(equipe, equipe.telephone, desaccord, "propose").statut == "applied"
    equipe.tirer()
    for carnet in equipe.carnets:
        assert carnet.personne(equipe.personne)["prenom"] == "Eva"
        (regle,) = carnet.desaccords()
        assert (regle["etat"], regle["choix"], regle["regle_par_nom"]) == ("regle", "propose", "Conseiller Exemple")
        assert regle["regle_le"] == "2026-11-26T15:00:00Z"
        assert (regle["en_vigueur"]["valeur"], regle["propose"]["valeur"]) == ("Aïssa", "Eva")


def test_keeping_the_value_in_force_writes_nothing(equipe: Equipe) -> None:
    desaccord = en_conflit(equipe, "Aïssa", "Eva")
    avant = equipe.telephone.version(equipe.personne)
    assert regler(equipe, equipe.telephone, desaccord, "en_vigueur").statut == "applied"
    equipe.tirer()
    assert equipe.collegue.personne(equipe.personne)["prenom"] == "Aïssa"
    assert equipe.collegue.version(equipe.personne) == avant
    assert equipe.collegue.desaccords()[0]["choix"] == "en_vigueur"


def test_a_dated_value_is_chosen_at_its_own_date(equipe: Equipe) -> None:
    equipe.modifier(equipe.telephone, adresse="1 rue A", date_effet="2026-11-20")
    equipe.modifier(equipe.collegue, adresse="2 rue B", date_effet="2026-11-20")
    equipe.tirer()
    regler(equipe, equipe.telephone, equipe.telephone.desaccords()[0], "propose")
    equipe.tirer()
    assert equipe.telephone.personne(equipe.personne)["historique"]["adresse"] == [["2026-11-20", "2 rue B"]]


def test_settling_twice_the_same_way_is_one_fact_and_the_other_way_is_refused(equipe: Equipe) -> None:
    desaccord = en_conflit(equipe)
    assert regler(equipe, equipe.telephone, desaccord, "propose").statut == "applied"
    assert regler(equipe, equipe.collegue, desaccord, "propose").statut == "applied"
    refus = regler(equipe, equipe.collegue, desaccord, "en_vigueur")
    assert refus.statut == "refused"
    message = "Ce désaccord a déjà été réglé par Conseiller Exemple le jeudi 26 novembre 2026."
    assert refus.erreurs == {"choix": [message]}


def test_a_disagreement_that_changed_since_it_was_read_is_to_read_again(equipe: Equipe) -> None:
    desaccord = en_conflit(equipe, "Aïssa", "Eva")
    equipe.modifier(equipe.collegue, prenom="Éva", base=desaccord["version"] - 2)
    refus = regler(equipe, equipe.telephone, desaccord, "propose")
    assert (refus.statut, set(refus.erreurs)) == ("refused", {"base"})
    equipe.tirer()
    (a_jour,) = equipe.telephone.desaccords()
    assert a_jour["propose"]["valeur"] == "Éva"
    assert regler(equipe, equipe.telephone, a_jour, "propose").statut == "applied"


def test_settling_one_settles_those_that_oppose_the_same_values_and_moves_the_others(equipe: Equipe) -> None:
    quatrieme = un_carnet(equipe.monde, equipe.collegue.acteur, "Tablette de Bruno")
    quatrieme.tirer()
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    for carnet, prenom in ((equipe.collegue, "Eva"), (equipe.tablette, "Eva"), (quatrieme, "Ava")):
        equipe.modifier(carnet, prenom=prenom)
    equipe.tirer()
    choisi = next(d for d in equipe.telephone.desaccords() if d["propose"]["valeur"] == "Eva")
    regler(equipe, equipe.telephone, choisi, "propose")
    equipe.tirer()
    regles, ouverts = ([d for d in equipe.telephone.desaccords() if d["etat"] == etat] for etat in ("regle", "ouvert"))
    assert [desaccord["choix"] for desaccord in regles] == ["propose", "propose"]
    (reste,) = ouverts
    assert (reste["en_vigueur"]["valeur"], reste["propose"]["valeur"]) == ("Eva", "Ava")


def test_an_unaware_edit_after_a_settlement_disagrees_with_it(equipe: Equipe) -> None:
    desaccord = en_conflit(equipe, "Aïssa", "Eva")
    equipe.tablette.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Ava")
    regler(equipe, equipe.telephone, desaccord, "propose")
    assert equipe.tablette.envoyer()[0].statut == "conflict"
    equipe.tirer()
    ouvert = next(d for d in equipe.telephone.desaccords() if d["etat"] == "ouvert")
    assert (ouvert["en_vigueur"]["valeur"], ouvert["propose"]["valeur"]) == ("Eva", "Ava")


def test_the_chosen_value_passes_the_checks_of_a_typed_one(monde: Monde) -> None:
    equipe = une_equipe(monde)
    mesure = ouvrir_mesure(equipe, orientee_le="2026-11-10")
    for carnet, jour in ((equipe.telephone, "2026-11-20"), (equipe.collegue, "2026-11-12")):
        carnet.faire("modifier_mesure", mesure, equipe.personne, entree_le=jour)
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert (desaccord["fiche_type"], desaccord["fiche_id"], desaccord["champ"]) == ("mesure", mesure, "entree_le")
    assert regler(equipe, equipe.telephone, desaccord, "propose").statut == "applied"
    equipe.tirer()
    assert equipe.collegue.fiches["mesure", mesure]["entree_le"] == "2026-11-12"


def test_an_unknown_disagreement_is_waited_for(equipe: Equipe) -> None:
    inconnu = {"id": un_id()}
    attente = regler(equipe, equipe.telephone, inconnu, "propose")
    assert (attente.statut, set(attente.erreurs)) == ("held", {"entite"})


@pytest.mark.parametrize("choix", [{"choix": "autre"}, {"choix": None}, {}])
def test_a_settlement_without_a_known_choice_is_refused(equipe: Equipe, choix: dict[str, Any]) -> None:
    desaccord = en_conflit(equipe)
    refus = equipe.telephone.faire("regler_desaccord", desaccord["id"], equipe.personne, **choix)
    assert (refus.statut, set(refus.erreurs)) == ("refused", {"choix"})
