"""Le flux ne manque rien, ne montre que ce qui est à soi, et reprend où il s'était arrêté."""

from __future__ import annotations

import msgspec

from app.models import Mesure, PersonneIdentifiant, Structure
from sync import curseur
from sync.acces import donner, retirer
from tests.bases import ecrire
from tests.sync.fabrique import Monde, Telephone, creer_personne, noter, operation, un_id


def _peupler(monde: Monde, nombre: int, entretiens: int = 3) -> tuple[Telephone, list[str]]:
    acteur = monde.acteur()
    personnes = [un_id() for _ in range(nombre)]
    monde.pousser(acteur, *(creer_personne(personne) for personne in personnes))
    monde.pousser(acteur, *(noter(personne, synthese="x" * 400) for personne in personnes for _ in range(entretiens)))
    return Telephone(monde, acteur), personnes


def test_the_first_exchange_comes_in_bounded_pages_and_ends_complete(monde: Monde) -> None:
    telephone, personnes = _peupler(monde, 40)
    premiere = monde.page(telephone.acteur, None, limite_octets=20_000)
    assert premiere.suite
    assert sum(len(fiche) for fiche in premiere.fiches) <= 20_000
    total = 40 * (1 + 3) + 40 * (1 + 3)  # chaque fiche et son contrôle
    assert premiere.restant == total - len(premiere.fiches)
    assert telephone.tirer(limite_octets=20_000) > 3
    assert len(telephone.fiches) == total
    assert {fiche["id"] for fiche in telephone.de_type("personne")} == set(personnes)


def test_nothing_comes_twice_once_received(monde: Monde) -> None:
    telephone, _ = _peupler(monde, 3)
    telephone.tirer()
    assert monde.page(telephone.acteur, telephone.curseur).fiches == []


def test_only_what_changed_comes_down(monde: Monde) -> None:
    telephone, (premiere, *_) = _peupler(monde, 3)
    telephone.tirer()
    entretien = un_id()
    monde.pousser(telephone.acteur, noter(premiere, entretien))
    recues = [msgspec.json.decode(fiche) for fiche in monde.page(telephone.acteur, telephone.curseur).fiches]
    assert {(fiche["type"], fiche.get("fiche_id", fiche["id"])) for fiche in recues} == {
        ("entretien", entretien),
        ("controle", entretien),
    }


def test_a_change_made_between_two_pages_is_not_missed(monde: Monde) -> None:
    telephone, personnes = _peupler(monde, 40)
    premiere = monde.page(telephone.acteur, None, limite_octets=20_000)
    for brute in premiere.fiches:
        fiche = msgspec.json.decode(brute)
        telephone.fiches[fiche["type"], fiche["id"]] = fiche
    telephone.curseur = premiere.curseur
    for personne in (min(personnes), max(personnes)):
        monde.pousser(telephone.acteur, operation("modifier_personne", personne, personne, prenom="Changée"))
    telephone.tirer(limite_octets=20_000)
    telephone.tirer(limite_octets=20_000)
    prenoms = {fiche["id"]: fiche["prenom"] for fiche in telephone.de_type("personne")}
    assert prenoms[min(personnes)] == prenoms[max(personnes)] == "Changée"


def test_a_dossier_gained_arrives_whole_from_its_beginning(monde: Monde) -> None:
    ancien, (personne, *_) = _peupler(monde, 2)
    nouvelle = Telephone(monde, monde.acteur())
    nouvelle.tirer()
    assert nouvelle.fiches == {}
    with ecrire(monde.moteur) as session:
        donner(session, monde.structure, [(nouvelle.acteur.utilisateur_id, personne)])
    nouvelle.tirer()
    assert len(nouvelle.de_type("entretien")) == 3
    assert [fiche["id"] for fiche in nouvelle.de_type("personne")] == [personne]
    ancien.tirer()
    assert len(ancien.de_type("personne")) == 2


def test_a_dossier_lost_is_purged_and_gained_again_comes_back(monde: Monde) -> None:
    telephone, (personne, autre) = _peupler(monde, 2)
    telephone.tirer()
    acteur = telephone.acteur
    with ecrire(monde.moteur) as session:
        retirer(session, monde.structure, acteur.utilisateur_id, [personne], acteur.maintenant)
    telephone.tirer()
    assert [fiche["id"] for fiche in telephone.de_type("personne")] == [autre]
    with ecrire(monde.moteur) as session:
        donner(session, monde.structure, [(acteur.utilisateur_id, personne)])
    telephone.tirer()
    assert len(telephone.de_type("entretien")) == 6


def test_a_dossier_bigger_than_a_page_still_goes_through(monde: Monde) -> None:
    telephone, _ = _peupler(monde, 2, entretiens=20)
    assert telephone.tirer(limite_octets=100) == 2
    assert len(telephone.de_type("entretien")) == 40


def test_the_private_note_reaches_its_author_alone(monde: Monde) -> None:
    auteur, collegue, chef = (
        Telephone(monde, monde.acteur(role)) for role in ("conseiller", "conseiller", "chef_de_service")
    )
    creation = creer_personne()
    monde.pousser(auteur.acteur, creation, noter(creation.entite, note_personnelle="canari-note"))
    with ecrire(monde.moteur) as session:
        donner(
            session,
            monde.structure,
            [(lecteur.acteur.utilisateur_id, creation.entite) for lecteur in (collegue, chef)],
        )
    for lecteur in (auteur, collegue, chef):
        lecteur.tirer()
        assert len(lecteur.de_type("entretien")) == 1
    assert auteur.de_type("entretien")[0]["note_personnelle"] == "canari-note"
    for lecteur in (collegue, chef):
        assert "note_personnelle" not in lecteur.de_type("entretien")[0]
        assert "canari-note" not in str(lecteur.fiches)


def test_administrative_numbers_never_come_down(monde: Monde) -> None:
    telephone = Telephone(monde, monde.acteur())
    creation = creer_personne(numero_allocataire="1234567", identifiant_france_travail="FT-998877")
    monde.pousser(telephone.acteur, creation)
    assert monde.compter(PersonneIdentifiant) == 2
    telephone.tirer()
    assert "1234567" not in str(telephone.fiches)
    assert "FT-998877" not in str(telephone.fiches)


def test_two_structures_never_see_each_other(monde: Monde) -> None:
    ici, la_bas = (Telephone(monde, monde.acteur("conseiller", structure)) for structure in monde.structures)
    meme_id = un_id()
    monde.pousser(ici.acteur, creer_personne(meme_id, nom="Ici"))
    monde.pousser(la_bas.acteur, creer_personne(meme_id, nom="Là-bas"))
    ici.tirer()
    la_bas.tirer()
    assert [fiche["nom"] for fiche in ici.de_type("personne")] == ["Ici"]
    assert [fiche["nom"] for fiche in la_bas.de_type("personne")] == ["Là-bas"]


def test_a_restored_database_makes_the_phone_start_again(monde: Monde) -> None:
    telephone, _ = _peupler(monde, 2)
    telephone.tirer()
    with ecrire(monde.moteur) as session:
        session.get_one(Structure, monde.structure).generation = un_id()
    recue = monde.page(telephone.acteur, telephone.curseur)
    assert recue.repartir
    assert len(recue.fiches) == 16


def test_an_older_copy_of_the_database_is_noticed(monde: Monde) -> None:
    telephone, _ = _peupler(monde, 2)
    telephone.tirer()
    with ecrire(monde.moteur) as session:
        session.get_one(Structure, monde.structure).sequence = 1
    assert monde.page(telephone.acteur, telephone.curseur).repartir


def test_an_unreadable_cursor_starts_again_rather_than_failing(monde: Monde) -> None:
    telephone, _ = _peupler(monde, 1)
    for mauvais in (
        "",
        "x",
        "é" * 10,
        "e30",
        "A" * 600,
        curseur.ecrire(curseur.Curseur("g", un_id(), "conseiller", -5)),
    ):
        assert len(monde.page(telephone.acteur, mauvais).fiches) == 8


def test_others_work_does_not_wake_my_phone(monde: Monde) -> None:
    telephone, _ = _peupler(monde, 2)
    telephone.tirer()
    _peupler(monde, 5)
    assert monde.page(telephone.acteur, telephone.curseur).fiches == []


def test_a_reserved_exit_reason_goes_down_to_its_readers_alone(monde: Monde) -> None:
    """Masqué à l'écran seulement, il serait encore dans le téléphone."""
    creation, mesure, conseillere = creer_personne(), un_id(), monde.acteur()
    ouverture = operation("ouvrir_mesure", mesure, creation.entite, convention="ASP-NC", orientee_le="2026-11-02")
    assert monde.statuts(conseillere, creation, ouverture) == ["applied", "applied"]
    with ecrire(monde.moteur) as session:
        ligne = session.get_one(Mesure, (monde.structure, mesure))
        ligne.sortie_le, ligne.sortie_motif = ligne.orientee_le, "suspension_incarceration"
    for role, lu in (("conseiller", "suspension_incarceration"), ("maraude", "autre"), ("secretariat", "autre")):
        lecteur = monde.acteur(role)
        with ecrire(monde.moteur) as session:
            donner(session, monde.structure, [(lecteur.utilisateur_id, creation.entite)])
        telephone = Telephone(monde, lecteur)
        telephone.tirer()
        (fiche,) = telephone.de_type("mesure")
        assert fiche["sortie_motif"] == lu, role
