"""Les listes de choix et le catalogue des champs se tiennent."""

import re
from typing import Any

import pytest

from app.domain import champs_personne, nomenclatures
from app.domain.echeance.table import DONNEES as ECHEANCES
from app.domain.mesure import MOTIFS_RESERVES

LISTES = nomenclatures.donnees()["listes"]
NATURES = nomenclatures.donnees()["natures"]
FAMILLES = nomenclatures.donnees()["familles"]


@pytest.mark.parametrize("liste", [*LISTES, *NATURES])
def test_codes_are_immutable_ascii_words(liste: str) -> None:
    for code in LISTES.get(liste) or NATURES[liste]:
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", code)


@pytest.mark.parametrize("liste", LISTES)
def test_every_code_has_a_label_in_every_gender_and_at_every_date(liste: str) -> None:
    for code in nomenclatures.codes(liste):
        for sexe in (None, "femme", "homme", "autre"):
            for jour in (None, "2010-01-01", "2026-11-26"):
                assert nomenclatures.libelle(liste, code, sexe, jour).strip()


def test_labels_agree_with_a_known_sex_and_stay_neutral_otherwise() -> None:
    lus = {sexe: nomenclatures.libelle("constat", "absence_excusee", sexe) for sexe in ("femme", "homme", "autre")}
    assert lus == {"femme": "Absente, a prévenu", "homme": "Absent, a prévenu", "autre": "Absence excusée"}


def test_pole_emploi_became_france_travail_on_the_first_of_january_2024() -> None:
    avant = nomenclatures.libelle("motif_sortie", "relais_france_travail", jour="2023-12-31")
    apres = nomenclatures.libelle("motif_sortie", "relais_france_travail", jour="2024-01-01")
    assert (avant, apres) == ("Relais Pôle emploi", "Relais France Travail")
    assert nomenclatures.libelle("motif_sortie", "relais_france_travail") == "Relais France Travail"


def test_every_exit_reason_is_offered_once_or_kept_for_what_was_already_noted() -> None:
    groupes = nomenclatures.motifs_par_groupe()
    offerts = [code for motifs in groupes.values() for code in motifs]
    assert list(groupes) == nomenclatures.codes("groupe_motifs")
    assert len(offerts) == len(set(offerts))
    # Trop gros pour les grilles des financeurs : ils se lisent et se comptent, sans plus se proposer.
    assert set(nomenclatures.codes("motif_sortie")) - set(offerts) == {
        "emploi_durable",
        "emploi_transition",
        "formation",
    }


def test_every_exit_reason_is_a_job_a_training_or_neither() -> None:
    classes = ECHEANCES["motifs"]
    assert not set(classes["emploi"]) & set(classes["formation"])
    assert set(nomenclatures.codes("motif_sortie")) - set(classes["emploi"]) - set(classes["formation"]) == {
        *("dynamique_autre", "relais_france_travail", "relais_freins_leves", "reorientation_sociopro"),
        *("reorientation_mobilisation_sociale", "autre_dispositif", "sortie_rsa", *MOTIFS_RESERVES),
        *("demenagement", "abandon", "sans_solution", "interruption_convenue", "deces", "autre"),
    }


def test_an_unknown_code_is_read_as_it_is() -> None:
    assert nomenclatures.libelle("moyen", "pigeon") == "pigeon"
    assert nomenclatures.libelle("moyen", None) == ""


def test_families_of_demarches_are_each_in_one_group() -> None:
    rangees = [famille for familles in FAMILLES.values() for famille in familles]
    assert sorted(rangees) == sorted(nomenclatures.codes("demarche"))
    assert list(FAMILLES) == nomenclatures.codes("groupe_demarches")


def test_a_nature_belongs_to_one_family_only() -> None:
    natures = [nature for liste in NATURES.values() for nature in liste]
    assert len(natures) == len(set(natures))
    assert set(NATURES) <= set(nomenclatures.codes("demarche"))
    assert nomenclatures.famille_de_nature("fsl") == "logement"
    assert nomenclatures.famille_de_nature("magie") is None


def test_the_two_meanings_of_fse_have_two_codes() -> None:
    assert nomenclatures.libelle_nature("logement", "fse_logement") == "Demande de FSE"
    assert champs_personne.catalogue()["information_fse"].libelle == "Information sur le Fonds social européen"


@pytest.mark.parametrize("champ", champs_personne.catalogue().values(), ids=lambda champ: champ.nom)
def test_every_field_has_a_kind_a_list_if_it_needs_one_and_readers(champ: champs_personne.Champ) -> None:
    assert (champ.liste in LISTES) is (champ.genre in ("code", "codes"))
    assert champ.lecteurs
    assert champ.telephone in ("oui", "masque", "non")
    assert champ.groupe in nomenclatures.donnees()["groupes_champs"]


def test_what_must_never_be_collected_is_not_in_the_catalogue() -> None:
    interdits = (
        "nir",
        "securite_sociale",
        "diagnostic",
        "traitement",
        "origine",
        "religion",
        "opinion",
        "condamnation",
    )
    assert not [nom for nom in champs_personne.catalogue() for mot in interdits if mot in nom]


@pytest.mark.parametrize(
    ("role", "lus", "jamais"),
    [
        ("conseiller", {"nom", "rsa", "rqth", "logement", "numero_allocataire"}, set()),
        ("chef_de_service", {"nom", "rsa", "rqth", "nationalite"}, set()),
        ("secretariat", {"nom", "rsa", "telephones"}, {"rqth", "ressources", "nationalite", "logement"}),
        ("maraude", {"langues", "interprete", "logement", "sans_domicile"}, {"nom", "rsa", "telephones"}),
        ("partenaire", {"nom", "prenom"}, {"telephones", "rsa"}),
        ("administrateur", set(), {"nom", "prenom", "telephones"}),
    ],
)
def test_each_role_reads_what_it_needs_and_nothing_else(role: str, lus: set[str], jamais: set[str]) -> None:
    lisibles = champs_personne.champs_lisibles(role)
    assert lus <= lisibles
    assert not jamais & lisibles


def test_an_unknown_role_reads_nothing() -> None:
    assert champs_personne.champs_lisibles("inconnu") == frozenset()


def test_identifiers_of_other_bodies_never_reach_the_phone() -> None:
    assert {"numero_allocataire", "identifiant_france_travail"}.isdisjoint(champs_personne.champs_du_telephone())


def test_choices_come_in_the_order_of_the_trade_with_the_chosen_one_marked() -> None:
    choix: list[dict[str, Any]] = nomenclatures.choix("constat", "absence_excusee", "homme")
    assert [un["code"] for un in choix] == ["honore", "absence_excusee", "absence_non_excusee", "annule_service"]
    assert [un["code"] for un in choix if un["choisi"]] == ["absence_excusee"]
    assert choix[0]["libelle"] == "Venu"
