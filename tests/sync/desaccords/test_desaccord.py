"""Deux valeurs pour un même champ, notées sans se connaître : aucune n'est perdue, une seule est en vigueur."""

from __future__ import annotations

from sqlalchemy import select

from app.models import Desaccord, Operation
from tests.bases import lire
from tests.sync.carnets import Equipe, au_bureau
from tests.sync.desaccords.gestes import JOUR, en_conflit
from tests.sync.fabrique import operation


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
