"""La chaîne d'un appareil, comme les essais d'ODK Central sur les entités hors ligne."""

from __future__ import annotations

from tests.sync.carnets import Equipe, au_bureau, une_equipe
from tests.sync.fabrique import Monde, operation, un_id


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
