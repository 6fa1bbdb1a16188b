"""Chaque opération est appliquée une fois, ou retenue, ou refusée avec ses raisons."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.models import Controle, Demarche, Entretien, NotePersonnelle, Personne, PersonneValeur
from app.models import Operation as Journal
from sync.fiches import lire_dossiers
from tests.bases import ecrire, lire
from tests.sync.fabrique import Monde, creer_personne, noter, operation, plus_tard, un_id


def test_a_whole_file_created_offline_is_applied_in_one_batch(monde: Monde) -> None:
    awa, mesure, rdv, entretien = un_id(), un_id(), un_id(), un_id()
    conseillere = monde.acteur()
    resultats = monde.pousser(
        conseillere,
        creer_personne(awa, sexe="femme", telephones=[{"numero": "06 00 00 00 01", "libelle": None}]),
        operation("ouvrir_mesure", mesure, awa, convention="ASP-NC", orientee_le="2026-11-20", modalite=None),
        operation("proposer_rendez_vous", rdv, awa, mesure_id=mesure, debut="2026-11-26T09:00:00Z", duree=45),
        operation("constater_rendez_vous", rdv, awa, statut="honore"),
        noter(
            awa,
            entretien,
            mesure_id=mesure,
            rendez_vous_id=rdv,
            demarches=[{"famille": "logement", "nature": None}],
            note_personnelle="À rappeler.",
        ),
    )
    assert [resultat.statut for resultat in resultats] == ["applied"] * 5
    versions = [resultat.version for resultat in resultats]
    assert versions == sorted(versions)
    with lire(monde.moteur) as session:
        dossier = lire_dossiers(session, monde.structure, [awa], conseillere.utilisateur_id)[awa]
    assert dossier["personne"]["nom"] == "Diallo-Fictive"
    assert dossier["personne"]["historique"]["sexe"] == [["2026-11-26", "femme"]]
    assert dossier["mesures"][0]["historique"]["referent"] == [["2026-11-20", conseillere.utilisateur_id]]
    assert dossier["rendez_vous"][0]["statut"] == "honore"
    assert dossier["entretiens"][0]["demarches"] == [{"famille": "logement", "nature": None}]
    assert dossier["entretiens"][0]["note_personnelle"] == "À rappeler."
    assert {controle["fiche_type"] for controle in dossier["controles"]} == {
        "personne",
        "mesure",
        "rendez_vous",
        "entretien",
    }


def test_the_same_operation_sent_again_gets_its_first_answer(monde: Monde) -> None:
    conseillere, creation = monde.acteur(), creer_personne()
    (premier,) = monde.pousser(conseillere, creation)
    (second,) = monde.pousser(conseillere, creation)
    assert (second.statut, second.premier, second.version) == ("duplicate", "applied", premier.version)
    assert monde.compter(Personne) == 1


def test_the_same_operation_twice_in_one_batch_is_one_fact(monde: Monde) -> None:
    conseillere, creation = monde.acteur(), creer_personne()
    assert monde.statuts(conseillere, creation, creation) == ["applied", "duplicate"]
    assert monde.compter(Journal) == 1


def test_the_same_id_with_other_content_is_its_own_error(monde: Monde) -> None:
    conseillere, creation = monde.acteur(), creer_personne()
    monde.pousser(conseillere, creation)
    (autre,) = monde.pousser(conseillere, creer_personne(creation.entite, op_id=creation.id, nom="Autre"))
    assert autre.statut == "refused"
    assert list(autre.erreurs) == ["id"]


def test_the_same_form_sent_by_two_roads_is_one_fact(monde: Monde) -> None:
    """L'heure, le compteur et la base diffèrent entre le téléphone et le formulaire : le contenu est le même."""
    conseillere, creation = monde.acteur(), creer_personne()
    monde.pousser(conseillere, creation)
    depuis_flask = creer_personne(creation.entite, op_id=creation.id, compteur=99, base=3, nom_usage=None)
    assert monde.statuts(conseillere, depuis_flask) == ["duplicate"]


def test_a_refused_operation_does_not_stop_the_others_and_is_answered_alike_again(monde: Monde) -> None:
    conseillere, fausse, juste = monde.acteur(), creer_personne(nom="x" * 200), creer_personne()
    refus, accord = monde.pousser(conseillere, fausse, juste)
    assert (refus.statut, accord.statut) == ("refused", "applied")
    assert refus.erreurs == {"nom": ["Au plus 120 signes ; il y en a 200."]}
    (rejoue,) = monde.pousser(conseillere, fausse)
    assert (rejoue.statut, rejoue.premier, rejoue.erreurs) == ("duplicate", "refused", refus.erreurs)


def test_a_corrected_operation_is_a_new_one_that_names_the_old(monde: Monde) -> None:
    conseillere, fausse = monde.acteur(), creer_personne(nom="x" * 200)
    monde.pousser(conseillere, fausse)
    correction = creer_personne(fausse.entite, remplace=fausse.id)
    assert monde.statuts(conseillere, correction) == ["applied"]


def test_an_operation_whose_person_has_not_arrived_is_held_then_applied(monde: Monde) -> None:
    conseillere, awa = monde.acteur(), un_id()
    entretien = noter(awa)
    assert monde.statuts(conseillere, entretien) == ["held"]
    assert monde.compter(Journal) == 0
    assert monde.statuts(conseillere, creer_personne(awa), entretien) == ["applied", "applied"]


@pytest.mark.parametrize(("genre", "champ"), [("mesure_id", "mesure_id"), ("rendez_vous_id", "rendez_vous_id")])
def test_an_entretien_waits_for_what_it_names(monde: Monde, genre: str, champ: str) -> None:
    conseillere, creation = monde.acteur(), creer_personne()
    (_, retenue) = monde.pousser(conseillere, creation, noter(creation.entite, **{genre: un_id()}))
    assert retenue.statut == "held"
    assert list(retenue.erreurs) == [champ]


def test_every_wrong_field_is_named_in_french(monde: Monde) -> None:
    conseillere, creation = monde.acteur(), creer_personne()
    (_, refus) = monde.pousser(
        conseillere,
        creation,
        noter(creation.entite, date="hier", moyen="pigeon", duree="long", demarches=[{"famille": "x"}], inconnu=1),
    )
    assert set(refus.erreurs) == {"date", "moyen", "duree", "demarches", "inconnu"}
    assert refus.erreurs["inconnu"] == ["Ce champ n’est pas recueilli."]


def test_what_the_server_settles_is_ignored_whatever_a_client_sends(monde: Monde) -> None:
    conseillere, autre = monde.acteur(), monde.acteur()
    creation = creer_personne()
    essai = noter(
        creation.entite, auteur_id=autre.utilisateur_id, structure_id=monde.structures[1], role="x", version=9
    )
    assert monde.statuts(conseillere, creation, essai) == ["applied", "applied"]
    with lire(monde.moteur) as session:
        entretien = session.get_one(Entretien, (monde.structure, essai.entite))
    assert entretien.auteur_id == conseillere.utilisateur_id


def test_a_colleagues_file_is_out_of_reach(monde: Monde) -> None:
    titulaire, autre, creation = monde.acteur(), monde.acteur(), creer_personne()
    monde.pousser(titulaire, creation)
    (refus,) = monde.pousser(autre, noter(creation.entite))
    assert refus.statut == "refused"
    assert monde.compter(Entretien) == 0


def test_another_structures_file_looks_like_one_that_does_not_exist(monde: Monde) -> None:
    titulaire, creation = monde.acteur(), creer_personne()
    monde.pousser(titulaire, creation)
    etranger = monde.acteur("chef_de_service", monde.structures[1])
    (vers_autrui,) = monde.pousser(etranger, noter(creation.entite))
    (vers_rien,) = monde.pousser(etranger, noter(un_id()))
    assert (vers_autrui.statut, vers_autrui.erreurs) == (vers_rien.statut, vers_rien.erreurs)


def test_an_appointment_of_another_person_cannot_be_touched_through_ones_own_file(monde: Monde) -> None:
    une, autre, conseillere = creer_personne(), creer_personne(), monde.acteur()
    voisine = monde.acteur()
    mesure, rdv = un_id(), un_id()
    monde.pousser(
        voisine,
        une,
        operation("ouvrir_mesure", mesure, une.entite, convention="ASP-NC"),
        operation("proposer_rendez_vous", rdv, une.entite, mesure_id=mesure, debut="2026-11-26T09:00:00Z"),
    )
    monde.pousser(conseillere, autre)
    (refus,) = monde.pousser(conseillere, operation("constater_rendez_vous", rdv, autre.entite, statut="honore"))
    assert refus.statut == "refused"


@pytest.mark.parametrize("role", ["administrateur", "partenaire"])
def test_roles_without_files_record_nothing(monde: Monde, role: str) -> None:
    assert monde.statuts(monde.acteur(role), creer_personne()) == ["refused"]
    assert monde.compter(Personne) == 0


def test_late_work_of_a_former_referent_is_received_and_marked(monde: Monde) -> None:
    from sync.acces import retirer

    ancienne, creation = monde.acteur(), creer_personne()
    monde.pousser(ancienne, creation)
    with ecrire(monde.moteur) as session:
        retirer(session, monde.structure, ancienne.utilisateur_id, [creation.entite], ancienne.maintenant)
    tardif = noter(creation.entite)
    assert monde.statuts(plus_tard(ancienne, days=3), tardif) == ["applied"]
    with lire(monde.moteur) as session:
        assert session.get_one(Journal, (monde.structure, tardif.id)).tardive
    assert monde.statuts(plus_tard(ancienne, days=31), noter(creation.entite)) == ["refused"]


def test_the_chef_returns_a_record_and_an_edit_brings_it_back(monde: Monde) -> None:
    conseillere, chef = monde.acteur(), monde.acteur("chef_de_service")
    creation, entretien = creer_personne(), un_id()
    monde.pousser(conseillere, creation, noter(creation.entite, entretien))
    (retour, validation) = (
        operation(genre, entretien, creation.entite, base=base, fiche_type="entretien", **remarque)
        for genre, base, remarque in (
            ("retourner_fiche", 2, {"remarque": "Préciser la suite."}),
            ("valider_fiche", 4, {}),
        )
    )
    assert monde.statuts(chef, retour) == ["applied"]
    assert _etat(monde, entretien) == ("retournee", "Préciser la suite.")
    monde.pousser(conseillere, operation("modifier_entretien", entretien, creation.entite, synthese="Suite précisée."))
    assert _etat(monde, entretien)[0] == "recue"
    assert monde.statuts(chef, validation) == ["applied"]
    assert _etat(monde, entretien) == ("validee", None)


def test_the_chef_does_not_validate_what_changed_since_it_was_read(monde: Monde) -> None:
    conseillere, chef = monde.acteur(), monde.acteur("chef_de_service")
    creation, entretien = creer_personne(), un_id()
    (_, lue) = monde.pousser(conseillere, creation, noter(creation.entite, entretien))
    monde.pousser(conseillere, operation("modifier_entretien", entretien, creation.entite, synthese="Autre."))
    validation = operation("valider_fiche", entretien, creation.entite, fiche_type="entretien", base=lue.version)
    assert monde.statuts(chef, validation) == ["refused"]


def test_a_counsellor_cannot_validate(monde: Monde) -> None:
    conseillere, creation = monde.acteur(), creer_personne()
    monde.pousser(conseillere, creation)
    validation = operation("valider_fiche", creation.entite, creation.entite, fiche_type="personne")
    assert monde.statuts(conseillere, validation) == ["refused"]


def test_a_dated_value_written_twice_for_a_day_keeps_the_last(monde: Monde) -> None:
    conseillere, creation = monde.acteur(), creer_personne(rsa="beneficiaire", date_effet="2026-01-01")
    monde.pousser(conseillere, creation)
    monde.pousser(
        conseillere,
        operation("modifier_personne", creation.entite, creation.entite, rsa="suspendu", date_effet="2026-03-01"),
        operation("modifier_personne", creation.entite, creation.entite, rsa="clos", date_effet="2026-03-01"),
    )
    with lire(monde.moteur) as session:
        dossier = lire_dossiers(session, monde.structure, [creation.entite], conseillere.utilisateur_id)
    historique = dossier[creation.entite]["personne"]["historique"]["rsa"]
    assert historique == [["2026-01-01", "beneficiaire"], ["2026-03-01", "clos"]]
    assert monde.compter(PersonneValeur) == 2


def test_the_note_is_kept_out_of_the_journal_and_can_be_erased(monde: Monde) -> None:
    conseillere, creation, entretien = monde.acteur(), creer_personne(), un_id()
    monde.pousser(conseillere, creation, noter(creation.entite, entretien, note_personnelle="canari"))
    with lire(monde.moteur) as session:
        assert "canari" not in str([ligne.champs for ligne in session.query(Journal)])
    assert monde.compter(NotePersonnelle) == 1
    monde.pousser(conseillere, operation("modifier_entretien", entretien, creation.entite, note_personnelle=None))
    assert monde.compter(NotePersonnelle) == 0


def test_one_control_per_record(monde: Monde) -> None:
    conseillere, creation = monde.acteur(), creer_personne()
    monde.pousser(conseillere, creation)
    monde.pousser(conseillere, operation("modifier_personne", creation.entite, creation.entite, prenom="Aïssa"))
    assert monde.compter(Controle) == 1


def _etat(monde: Monde, fiche_id: str) -> tuple[str, str | None]:
    with lire(monde.moteur) as session:
        controle = session.query(Controle).filter_by(fiche_id=fiche_id).one()
        return controle.etat, controle.remarque


def test_an_identifier_already_worn_by_another_kind_of_record_is_refused(monde: Monde) -> None:
    """Le contrôle d'une fiche porte son identifiant : deux fiches ne peuvent pas le partager."""
    acteur, creation = monde.acteur(), creer_personne()
    monde.pousser(acteur, creation)
    (resultat,) = monde.pousser(acteur, noter(creation.entite, creation.entite))
    assert (resultat.statut, list(resultat.erreurs)) == ("refused", ["entite"])
    assert monde.compter(Entretien) == 0


def test_what_was_done_in_a_meeting_follows_it_to_another_day(monde: Monde) -> None:
    conseillere, awa, mesure, entretien = monde.acteur(), un_id(), un_id(), un_id()

    def redites() -> list[tuple[str, str | None]]:
        with lire(monde.moteur) as session:
            lues = session.execute(select(Demarche.date, Demarche.mesure_id).where(Demarche.entretien_id == entretien))
            return [(jour.isoformat(), sienne) for jour, sienne in lues]

    monde.pousser(
        conseillere,
        creer_personne(awa),
        operation("ouvrir_mesure", mesure, awa, convention="ASP-NC", orientee_le="2026-11-20", modalite=None),
        noter(awa, entretien, demarches=[{"famille": "logement", "nature": None}, {"famille": "sante"}]),
    )
    assert redites() == [("2026-11-26", None)] * 2
    monde.pousser(conseillere, operation("modifier_entretien", entretien, awa, date="2026-11-24", mesure_id=mesure))
    assert redites() == [("2026-11-24", mesure)] * 2
    en_une_fois = {"date": "2026-11-25", "demarches": [{"famille": "sante", "nature": None}]}
    monde.pousser(conseillere, operation("modifier_entretien", entretien, awa, **en_une_fois))
    assert redites() == [("2026-11-25", mesure)]
