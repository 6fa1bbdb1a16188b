"""Deux valeurs pour un même champ, notées sans se connaître : aucune n'est perdue, une seule est en vigueur."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.models import Desaccord, NotePersonnelle, Operation, Personne
from sync.desaccords import NOTE
from tests.bases import lire
from tests.sync.carnets import Carnet, Equipe, au_bureau, un_carnet, une_equipe
from tests.sync.fabrique import MAINTENANT, Monde, noter, operation, plus_tard, un_id
from tests.sync.test_cout import instructions

JOUR = "2026-11-26"


@pytest.fixture
def equipe(monde: Monde) -> Equipe:
    return une_equipe(monde)


def en_conflit(equipe: Equipe, premiere: Any = "Awa", seconde: Any = "Eva", champ: str = "prenom") -> dict[str, Any]:
    """Le téléphone envoie, puis le collègue qui ne le savait pas ; rend le désaccord, tel que le collègue le reçoit."""
    assert equipe.modifier(equipe.telephone, **{champ: premiere}).statut == "applied"
    assert equipe.modifier(equipe.collegue, **{champ: seconde}).statut == "conflict"
    equipe.tirer()
    return equipe.collegue.desaccords()[-1]


def regler(equipe: Equipe, carnet: Carnet, desaccord: dict[str, Any], choix: str, **champs: Any) -> Any:
    return carnet.faire("regler_desaccord", desaccord["id"], equipe.personne, choix=choix, **champs)


# La fusion par champ.


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


# Le désaccord.


def test_the_first_value_received_stays_and_both_are_shown_with_who_when_and_from_where(equipe: Equipe) -> None:
    desaccord = en_conflit(equipe, "Aïssa", "Eva")
    for carnet in equipe.carnets:
        assert carnet.personne(equipe.personne)["prenom"] == "Aïssa"
        assert carnet.desaccords() == [desaccord]
    telephone, collegue = equipe.telephone.acteur, equipe.collegue.acteur
    assert desaccord == {
        "type": "desaccord",
        "id": desaccord["id"],
        "personne_id": equipe.personne,
        "version": desaccord["version"],
        "fiche_type": "personne",
        "fiche_id": equipe.personne,
        "champ": "prenom",
        "date_effet": None,
        "en_vigueur": {
            "valeur": "Aïssa",
            "par": telephone.utilisateur_id,
            "par_nom": "Conseiller Exemple",
            "le": "2026-11-26T15:00:00Z",
            "heure": "2026-11-26T14:30:00Z",
            "depuis": "Téléphone d'Awa",
        },
        "propose": {
            "valeur": "Eva",
            "par": collegue.utilisateur_id,
            "par_nom": "Maraude Exemple",
            "le": "2026-11-26T15:00:00Z",
            "heure": "2026-11-26T14:30:00Z",
            "depuis": "Téléphone de Bruno",
        },
        "etat": "ouvert",
        "choix": None,
        "regle_par_nom": None,
        "regle_le": None,
    }
    assert desaccord["version"] == equipe.collegue.version(equipe.personne), "qui a l'un a l'autre"


def test_the_fields_that_nobody_contests_are_written_all_the_same(equipe: Equipe) -> None:
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    resultat = equipe.modifier(equipe.collegue, prenom="Eva", nom_usage="Fictive", adresse="2 rue B")
    assert resultat.statut == "conflict"
    equipe.tirer()
    personne = equipe.telephone.personne(equipe.personne)
    assert (personne["prenom"], personne["nom_usage"]) == ("Aïssa", "Fictive")
    assert personne["historique"]["adresse"] == [[JOUR, "2 rue B"]]
    with lire(equipe.monde.moteur) as session:
        ligne = session.scalars(select(Operation).where(Operation.statut == "conflict")).one()
    assert ligne.champs == {"prenom": "Eva", "nom_usage": "Fictive", "adresse": "2 rue B"}, "le journal garde tout"
    assert ligne.contestes == ["prenom"]


def test_late_work_never_overwrites_what_was_confirmed_since(equipe: Equipe) -> None:
    """Le collègue rentre de congé : ce que d'autres ont établi depuis reste en vigueur."""
    equipe.collegue.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Eva")
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    equipe.telephone.tirer()
    equipe.modifier(equipe.telephone, prenom="Aïcha")
    assert equipe.collegue.envoyer()[0].statut == "conflict"
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert (desaccord["en_vigueur"]["valeur"], desaccord["propose"]["valeur"]) == ("Aïcha", "Eva")


def test_a_repeated_operation_opens_no_second_disagreement(equipe: Equipe) -> None:
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    proposee = equipe.collegue.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Eva")
    premier = equipe.collegue.envoyer()[0]
    rejouee = equipe.monde.pousser(equipe.collegue.acteur, proposee)[0]
    assert (rejouee.statut, rejouee.premier, rejouee.version) == ("duplicate", "conflict", premier.version)
    assert equipe.monde.compter(Desaccord) == 1


def test_a_new_proposal_of_the_same_device_replaces_its_former_one(equipe: Equipe) -> None:
    equipe.collegue.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Eva")
    equipe.collegue.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Éva")
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    assert [resultat.statut for resultat in equipe.collegue.envoyer()] == ["conflict", "conflict"]
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert desaccord["propose"]["valeur"] == "Éva"
    with lire(equipe.monde.moteur) as session:
        champs = session.scalars(select(Operation.champs).where(Operation.statut == "conflict"))
        assert [valeurs["prenom"] for valeurs in champs] == ["Eva", "Éva"], "l'ancienne reste au journal"


def test_three_devices_give_two_disagreements_and_no_value_hides_another(equipe: Equipe) -> None:
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    equipe.modifier(equipe.collegue, prenom="Eva")
    equipe.modifier(equipe.tablette, prenom="Ava")
    equipe.tirer()
    proposees = {desaccord["propose"]["valeur"] for desaccord in equipe.telephone.desaccords()}
    assert proposees == {"Eva", "Ava"}


def test_one_person_on_two_devices_disagrees_with_herself(equipe: Equipe) -> None:
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    assert equipe.modifier(equipe.tablette, prenom="Eva").statut == "conflict"


def test_two_people_at_the_desk_or_the_desk_and_a_phone_disagree_in_the_same_way(equipe: Equipe) -> None:
    base = equipe.telephone.version(equipe.personne)
    chef, telephone = au_bureau(equipe.chef), au_bureau(equipe.telephone.acteur)
    changes = [
        operation("modifier_personne", equipe.personne, equipe.personne, base=base, compteur=0, prenom=prenom)
        for prenom in ("Aïssa", "Eva", "Ava")
    ]
    assert equipe.monde.statuts(chef, changes[0]) == ["applied"]
    assert equipe.monde.statuts(telephone, changes[1]) == ["conflict"]
    assert equipe.modifier(equipe.collegue, prenom="Ava").statut == "conflict"
    equipe.tirer()
    assert {desaccord["en_vigueur"]["depuis"] for desaccord in equipe.telephone.desaccords()} == {"Bureau"}


def test_the_same_person_twice_at_the_desk_is_one_chain(equipe: Equipe) -> None:
    base, chef = equipe.telephone.version(equipe.personne), au_bureau(equipe.chef)
    for prenom in ("Aïssa", "Eva"):
        change = operation("modifier_personne", equipe.personne, equipe.personne, base=base, compteur=0, prenom=prenom)
        assert equipe.monde.statuts(chef, change) == ["applied"]


# La chaîne d'un appareil, comme les essais d'ODK Central sur les entités hors ligne.


def test_a_device_is_never_in_conflict_with_its_own_chain(equipe: Equipe) -> None:
    for prenom in ("Aïssa", "Eva", "Ava"):
        equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, prenom=prenom)
    assert [equipe.telephone.envoyer(1)[0].statut for _ in range(3)] == ["applied"] * 3
    equipe.tirer()
    assert equipe.telephone.personne(equipe.personne)["prenom"] == "Ava"


def test_the_server_advances_between_two_operations_of_one_branch_on_another_field(equipe: Equipe) -> None:
    equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Aïssa")
    equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, nom="Exemple-Fictive")
    assert equipe.telephone.envoyer(1)[0].statut == "applied"
    equipe.collegue.tirer()
    assert equipe.modifier(equipe.collegue, prenom="Eva").statut == "applied", "il avait vu Aïssa"
    assert equipe.telephone.envoyer()[0].statut == "merged"
    equipe.tirer()
    personne = equipe.telephone.personne(equipe.personne)
    assert (personne["nom"], personne["prenom"]) == ("Exemple-Fictive", "Eva")


def test_the_server_advances_between_two_operations_of_one_branch_on_the_same_field(equipe: Equipe) -> None:
    equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Aïssa")
    equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Aïcha")
    equipe.telephone.envoyer(1)
    equipe.collegue.tirer()
    equipe.modifier(equipe.collegue, prenom="Eva")
    assert equipe.telephone.envoyer()[0].statut == "conflict"
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert (desaccord["en_vigueur"]["valeur"], desaccord["propose"]["valeur"]) == ("Eva", "Aïcha")


def test_the_server_advances_after_a_creation_whose_device_never_pulled(monde: Monde) -> None:
    """Sans base, un appareil ne connaît que ce qu'il a créé : le reste s'est fait sans lui."""
    equipe = une_equipe(monde)
    carnet, nouvelle = equipe.telephone, un_id()
    carnet.noter("creer_personne", nouvelle, nouvelle, nom="Diallo-Fictive", prenom="Awa")
    carnet.noter("modifier_personne", nouvelle, nouvelle, prenom="Aïssa")
    assert carnet.envoyer(1)[0].statut == "applied"
    correction = operation("modifier_personne", nouvelle, nouvelle, prenom="Eva", base=None, compteur=0)
    assert monde.statuts(au_bureau(equipe.chef), correction) == ["applied"], "le bureau voit l'état du serveur"
    assert carnet.file[0].base is None
    assert carnet.envoyer()[0].statut == "conflict"


def test_an_old_client_without_a_base_is_applied_as_before(equipe: Equipe) -> None:
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    assert equipe.modifier(equipe.collegue, prenom="Eva", base=None).statut == "applied"
    equipe.tirer()
    assert equipe.telephone.personne(equipe.personne)["prenom"] == "Eva"


def test_the_desk_without_a_base_knows_everything_even_of_what_it_created(monde: Monde) -> None:
    equipe = une_equipe(monde)
    chef, nouvelle = au_bureau(equipe.chef), un_id()
    monde.pousser(chef, operation("creer_personne", nouvelle, nouvelle, nom="Exemple", prenom="Awa", compteur=0))
    ailleurs = operation("modifier_personne", nouvelle, nouvelle, prenom="Aïssa", nom="Autre", base=None, compteur=0)
    assert monde.statuts(au_bureau(monde.acteur("chef_de_service")), ailleurs) == ["applied"]
    perimee, informee = (
        operation("modifier_personne", nouvelle, nouvelle, base=base, compteur=0, **champs)
        for base, champs in ((1, {"nom": "Encore"}), (None, {"prenom": "Eva"}))
    )
    assert monde.statuts(chef, perimee, informee) == ["conflict", "applied"]


def test_an_operation_delayed_behind_a_later_one_of_its_device_does_not_overwrite_it(equipe: Equipe) -> None:
    premiere = equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Aïssa")
    seconde = equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Aïcha")
    assert equipe.monde.statuts(equipe.telephone.acteur, seconde) == ["applied"]
    assert equipe.monde.statuts(equipe.telephone.acteur, premiere) == ["merged"]
    equipe.tirer()
    assert equipe.telephone.personne(equipe.personne)["prenom"] == "Aïcha"
    assert equipe.telephone.desaccords() == []


def test_a_batch_noted_before_and_after_receiving_keeps_each_base(equipe: Equipe) -> None:
    """Le même envoi porte ce qui ignorait le collègue, puis ce qui le savait : l'un ne cache pas l'autre."""
    equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Eva")
    equipe.modifier(equipe.collegue, prenom="Aïssa")
    equipe.telephone.tirer()
    equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, nom_usage="Fictive")
    equipe.collegue.tirer()
    equipe.modifier(equipe.collegue, adresse="2 rue B")
    assert [resultat.statut for resultat in equipe.telephone.envoyer()] == ["conflict", "merged"]
    equipe.tirer()
    assert equipe.telephone.personne(equipe.personne)["prenom"] == "Aïssa"
    (desaccord,) = equipe.telephone.desaccords()
    assert desaccord["propose"]["valeur"] == "Eva"


def test_the_order_of_the_device_holds_within_one_batch_too(equipe: Equipe) -> None:
    equipe.modifier(equipe.tablette, prenom="Aïssa")
    premiere = equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, nom_usage="avant")
    seconde = equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, nom_usage="après")
    assert equipe.monde.statuts(equipe.telephone.acteur, seconde, premiere) == ["merged", "merged"]
    equipe.tirer()
    assert equipe.telephone.personne(equipe.personne)["nom_usage"] == "après"


# Ce qui ferme un désaccord sans qu'on le règle.


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


# Régler.


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


# Qui règle, qui voit.


def test_whoever_holds_the_file_settles_and_the_chef_too_but_not_the_others(equipe: Equipe, monde: Monde) -> None:
    desaccord = en_conflit(equipe)
    reglement = {"choix": "propose", "base": desaccord["version"]}
    for acteur in (monde.acteur(), monde.acteur("secretariat"), monde.acteur("partenaire")):
        essai = operation("regler_desaccord", desaccord["id"], equipe.personne, **reglement)
        assert monde.statuts(acteur, essai) == ["refused"], acteur.role
    essai = operation("regler_desaccord", desaccord["id"], equipe.personne, **reglement)
    assert monde.statuts(au_bureau(equipe.chef), essai) == ["applied"]


def test_a_former_holder_or_a_revoked_device_does_not_settle(equipe: Equipe) -> None:
    from sync.acces import retirer
    from tests.bases import ecrire

    desaccord = en_conflit(equipe)
    reglement = {"choix": "propose", "base": desaccord["version"]}
    revoque = replace(equipe.telephone.acteur, revoque=True, origine="scelle")
    essai = operation("regler_desaccord", desaccord["id"], equipe.personne, **reglement)
    assert equipe.monde.statuts(revoque, essai) == ["refused"]
    bruno = equipe.collegue.acteur
    with ecrire(equipe.monde.moteur) as session:
        retirer(session, bruno.structure_id, bruno.utilisateur_id, [equipe.personne], MAINTENANT)
    essai = operation("regler_desaccord", desaccord["id"], equipe.personne, **reglement)
    assert equipe.monde.statuts(plus_tard(bruno, days=1), essai) == ["refused"]


def test_a_disagreement_of_another_file_or_structure_cannot_be_settled(equipe: Equipe, monde: Monde) -> None:
    desaccord = en_conflit(equipe)
    autre = une_equipe(monde)
    essai = autre.telephone.faire("regler_desaccord", desaccord["id"], autre.personne, choix="propose")
    assert (essai.statut, set(essai.erreurs)) == ("refused", {"entite"})
    etranger = monde.acteur("chef_de_service", structure_id=monde.structures[1])
    essai_etranger = operation("regler_desaccord", desaccord["id"], equipe.personne, choix="propose")
    assert monde.statuts(etranger, essai_etranger) == ["held"], "pour une autre structure, rien n'existe"


def test_a_field_that_the_role_does_not_read_shows_no_disagreement_and_cannot_be_settled_by_it(equipe: Equipe) -> None:
    """La maraude ne lit pas la situation judiciaire : ni la valeur, ni le désaccord."""
    from app.domain.champs_personne import catalogue, champs_lisibles

    champ = next(
        champ
        for nom, champ in catalogue().items()
        if champ.genre == "booleen" and nom not in champs_lisibles("maraude") and nom in champs_lisibles("conseiller")
    )
    equipe.modifier(equipe.telephone, **{champ.nom: True})
    assert equipe.modifier(equipe.tablette, **{champ.nom: False}).statut == "conflict"
    equipe.tirer()
    assert equipe.collegue.desaccords() == []
    (desaccord,) = equipe.telephone.desaccords()
    refus = regler(equipe, equipe.collegue, desaccord, "propose", base=desaccord["version"])
    assert (refus.statut, set(refus.erreurs)) == ("refused", {"entite"})


# Les autres fiches.


def ouvrir_mesure(equipe: Equipe, **champs: Any) -> str:
    mesure = un_id()
    valeurs = {"convention": "ASP-NC"} | champs
    assert equipe.telephone.faire("ouvrir_mesure", mesure, equipe.personne, **valeurs).statut == "applied"
    equipe.tirer()
    return mesure


def un_rendez_vous(equipe: Equipe) -> str:
    mesure, rendez_vous = ouvrir_mesure(equipe), un_id()
    equipe.telephone.faire(
        "proposer_rendez_vous", rendez_vous, equipe.personne, mesure_id=mesure, debut="2026-11-26T09:00:00Z"
    )
    equipe.tirer()
    return rendez_vous


def test_two_outcomes_of_one_appointment_count_once(equipe: Equipe) -> None:
    rendez_vous = un_rendez_vous(equipe)
    premier = equipe.telephone.faire("constater_rendez_vous", rendez_vous, equipe.personne, statut="honore")
    second = equipe.collegue.faire("constater_rendez_vous", rendez_vous, equipe.personne, statut="absence_excusee")
    assert (premier.statut, second.statut) == ("applied", "conflict")
    equipe.tirer()
    assert equipe.telephone.fiches["rendez_vous", rendez_vous]["statut"] == "honore"
    assert len(equipe.telephone.de_type("rendez_vous")) == 1
    (desaccord,) = equipe.telephone.desaccords()
    assert regler(equipe, equipe.telephone, desaccord, "propose").statut == "applied"
    equipe.tirer()
    assert equipe.telephone.fiches["rendez_vous", rendez_vous]["statut"] == "absence_excusee"


def test_undoing_an_outcome_that_someone_else_recorded_is_a_disagreement(equipe: Equipe) -> None:
    rendez_vous = un_rendez_vous(equipe)
    equipe.telephone.faire("constater_rendez_vous", rendez_vous, equipe.personne, statut="honore")
    defait = equipe.collegue.faire("constater_rendez_vous", rendez_vous, equipe.personne, statut="propose")
    assert defait.statut == "conflict"


def test_moving_an_appointment_twice_is_a_disagreement_on_each_field_moved(equipe: Equipe) -> None:
    rendez_vous = un_rendez_vous(equipe)
    for carnet, debut, lieu in (
        (equipe.telephone, "2026-12-01T09:00:00Z", "Mairie annexe"),
        (equipe.collegue, "2026-12-02T09:00:00Z", "Mairie annexe"),
    ):
        carnet.faire("deplacer_rendez_vous", rendez_vous, equipe.personne, debut=debut, lieu=lieu)
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert desaccord["champ"] == "debut"
    assert [desaccord[cote]["valeur"] for cote in ("en_vigueur", "propose")] == [
        "2026-12-01T09:00:00Z",
        "2026-12-02T09:00:00Z",
    ]
    regler(equipe, equipe.collegue, desaccord, "propose")
    equipe.tirer()
    assert equipe.telephone.fiches["rendez_vous", rendez_vous]["debut"] == "2026-12-02T09:00:00Z"


def test_an_author_corrects_her_note_from_two_devices(equipe: Equipe) -> None:
    entretien = noter(equipe.personne)
    equipe.monde.pousser(equipe.telephone.acteur, entretien)
    equipe.tirer()
    demarches = [{"famille": "logement", "nature": None}]
    equipe.telephone.faire("modifier_entretien", entretien.entite, equipe.personne, synthese="Un", demarches=demarches)
    change = equipe.tablette.faire(
        "modifier_entretien", entretien.entite, equipe.personne, synthese="Deux", demarches=[], duree=30
    )
    assert change.statut == "conflict"
    equipe.tirer()
    fiche = equipe.telephone.fiches["entretien", entretien.entite]
    assert (fiche["synthese"], fiche["duree"], fiche["demarches"]) == ("Un", 30, demarches)
    assert {desaccord["champ"] for desaccord in equipe.telephone.desaccords()} == {"synthese", "demarches"}
    for desaccord in equipe.telephone.desaccords():
        assert regler(equipe, equipe.telephone, desaccord, "propose").statut == "applied"
    equipe.tirer()
    fiche = equipe.tablette.fiches["entretien", entretien.entite]
    assert (fiche["synthese"], fiche["demarches"]) == ("Deux", [])


def test_the_private_note_disagrees_only_with_its_author_and_leaves_with_the_settlement(equipe: Equipe) -> None:
    entretien = noter(equipe.personne, note_personnelle="avant")
    equipe.monde.pousser(equipe.telephone.acteur, entretien)
    equipe.tirer()
    for carnet, texte in ((equipe.telephone, "du téléphone"), (equipe.tablette, "de la tablette")):
        carnet.faire("modifier_entretien", entretien.entite, equipe.personne, note_personnelle=texte)
    equipe.tirer()
    assert equipe.collegue.desaccords() == []
    (desaccord,) = equipe.telephone.desaccords()
    valeurs = [desaccord[cote]["valeur"] for cote in ("en_vigueur", "propose")]
    assert (desaccord["champ"], valeurs) == (NOTE, ["du téléphone", "de la tablette"])
    chef = operation("regler_desaccord", desaccord["id"], equipe.personne, choix="propose", base=desaccord["version"])
    assert equipe.monde.statuts(au_bureau(equipe.chef), chef) == ["refused"], "la note n'est qu'à son auteur"
    assert regler(equipe, equipe.tablette, desaccord, "propose").statut == "applied"
    with lire(equipe.monde.moteur) as session:
        assert session.scalars(select(NotePersonnelle.texte)).all() == ["de la tablette"]
        ligne = session.scalars(select(Desaccord)).one()
        assert (ligne.vigueur_valeur, ligne.propose_valeur) == (None, None)
        assert "tablette" not in str(session.scalars(select(Operation.champs)).all()), "jamais au journal"


def test_what_only_adds_never_conflicts(equipe: Equipe) -> None:
    statuts = [
        carnet.faire("noter_entretien", un_id(), equipe.personne, date=JOUR, moyen="telephone").statut
        for carnet in equipe.carnets
    ]
    assert statuts == ["applied"] * 3


# Le coût, et ce qui se compte.


def test_a_batch_whose_bases_are_current_reads_nothing_more(equipe: Equipe, moteur: Engine) -> None:
    equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Aïssa")
    with instructions(moteur) as vues:
        equipe.telephone.envoyer()
    assert not [texte for texte in vues if "desaccord" in texte.split("WHERE")[0].split("FROM")[-1]]
    # Une lecture du journal pour les doublons, et aucune autre.
    assert len([texte for texte in vues if texte.startswith("SELECT operation")]) == 1


def test_stale_bases_cost_two_more_reads_whatever_the_number(monde: Monde, moteur: Engine) -> None:
    comptes = []
    for nombre in (1, 30):
        equipe = une_equipe(monde)
        personnes = [equipe.personne]
        for _ in range(nombre - 1):
            nouvelle = un_id()
            equipe.telephone.noter("creer_personne", nouvelle, nouvelle, nom="Exemple")
            personnes.append(nouvelle)
        equipe.telephone.echanger()
        equipe.tablette.tirer()
        for personne in personnes:
            equipe.telephone.noter("modifier_personne", personne, personne, prenom="Aïssa")
            equipe.tablette.noter("modifier_personne", personne, personne, prenom="Eva")
        with instructions(moteur) as a_jour:
            equipe.telephone.envoyer()
        with instructions(moteur) as perimees:
            assert {resultat.statut for resultat in equipe.tablette.envoyer()} == {"conflict"}
        lectures = [[t for t in vues if t.startswith("SELECT")] for vues in (a_jour, perimees)]
        comptes.append([len(lues) for lues in lectures])
    assert comptes[0] == comptes[1]
    assert comptes[0][1] - comptes[0][0] == 2, comptes


def test_the_file_counts_its_open_disagreements(equipe: Equipe) -> None:
    def compte() -> int:
        with lire(equipe.monde.moteur) as session:
            return session.scalars(select(Personne.desaccords)).one()

    desaccord = en_conflit(equipe)
    assert compte() == 1
    equipe.modifier(equipe.telephone, nom="Exemple-Fictive")
    equipe.modifier(equipe.collegue, nom="Autre-Fictive", base=desaccord["version"])
    assert compte() == 2
    equipe.tirer()
    for ouvert in equipe.telephone.desaccords():
        regler(equipe, equipe.telephone, ouvert, "en_vigueur")
    assert compte() == 0


def test_a_settled_disagreement_comes_before_the_chef_as_a_changed_record(equipe: Equipe) -> None:
    desaccord = en_conflit(equipe)
    controle = equipe.telephone.de_type("controle")[0]
    valider = operation(
        "valider_fiche", equipe.personne, equipe.personne, base=desaccord["version"], fiche_type="personne"
    )
    assert equipe.monde.statuts(equipe.chef, valider) == ["applied"]
    regler(equipe, equipe.telephone, desaccord, "propose")
    equipe.tirer()
    assert equipe.telephone.fiches["controle", controle["id"]]["etat"] == "recue"


def test_device_time_is_shown_and_never_decides(equipe: Equipe) -> None:
    """Une montre en avance d'un an ne rend pas une valeur plus récente."""
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    futur = {"heure": "2027-11-26T14:30:00Z"}
    proposee = equipe.collegue.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Eva")
    from sync.operation import lire_operation

    avancee = lire_operation({**_brute(proposee), **futur})
    assert equipe.monde.statuts(equipe.collegue.acteur, avancee) == ["conflict"]
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert desaccord["propose"]["heure"] == "2027-11-26T14:30:00Z"
    assert desaccord["propose"]["le"] == MAINTENANT.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert equipe.telephone.personne(equipe.personne)["prenom"] == "Aïssa"


def _brute(notee: Any) -> dict[str, Any]:
    import msgspec

    brute: dict[str, Any] = msgspec.to_builtins(notee)
    return brute
