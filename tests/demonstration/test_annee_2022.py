"""Les faits de 2022 portent les comptes publiés, à l'unité près, par le chemin que suit tout rapport."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from app.demonstration.associations import AMANDIERS, POMMIER
from app.demonstration.chargement import charger
from app.migrations import migrer
from app.models import Convention, Entretien, Mesure, Personne, PersonneValeur, RendezVous, Structure
from app.moteur import ouvrir_moteur
from app.rapports import rapport
from app.rapports.demande import Demande
from app.rapports.regles import ConventionInconnue
from app.rapports.tableau import Tableau
from tests.bases import BASES, lire

MAINTENANT = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)

# Rapport d'activité 2022 (docs/sources.md).
PUBLIES: dict[str, dict[str, Any]] = {
    "DSP-TDL": {
        "flux": {"accompagnees": 100, "sorties": 54, "suivies_fin": 46, "en_integration": 0},
        "sexe": {"femme": 39, "homme": 61, "non_renseigne": 0},
        "parts": {"femme": "39\u202f%", "homme": "61\u202f%"},
        "rendez_vous": {"proposes": 513, "realise": 372, "absences": 141, "a_preciser": 0},
        "taux_presence": "72,5\u202f%",
    },
    "ASP-NC": {
        "flux": {"accompagnees": 178, "sorties": 93, "suivies_fin": 85, "en_integration": 22},
        "sexe": {"femme": 53, "homme": 125, "non_renseigne": 0},
        "parts": {"femme": "29,78\u202f%", "homme": "70,22\u202f%"},
        "rendez_vous": {"proposes": 1084, "realise": 645, "absences": 439, "a_preciser": 0},
        "taux_presence": "60\u202f%",
    },
}


@pytest.fixture(scope="module", params=BASES)
def base(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    if request.param == "sqlite":
        adresse = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}"
    else:
        adresse = request.getfixturevalue("postgresql").creer()
    moteur = ouvrir_moteur(adresse)
    migrer(moteur)
    charger(moteur, MAINTENANT)
    yield moteur
    moteur.dispose()


@pytest.fixture
def session(base: Engine) -> Iterator[Session]:
    with lire(base) as ouverte:
        yield ouverte


def structure(session: Session, nom: str = AMANDIERS.nom) -> str:
    return session.scalars(select(Structure.id).where(Structure.nom == nom)).one()


def demander(session: Session, convention: str, nom: str = AMANDIERS.nom) -> Demande:
    return Demande.lire(structure(session, nom), convention, "2022", MAINTENANT)


def les_tableaux(session: Session, convention: str, nom: str = AMANDIERS.nom) -> dict[str, Tableau]:
    return {t.code: t for t in tous(session, demander(session, convention, nom))}


def tous(session: Session, demande: Demande) -> tuple[Tableau, ...]:
    return rapport.tableaux_de(rapport.parties(session, demande))


@pytest.mark.parametrize("convention", PUBLIES)
def test_the_published_counts_come_out_of_the_report(session: Session, convention: str) -> None:
    attendu = PUBLIES[convention]
    tableaux = les_tableaux(session, convention)
    for code in ("flux", "sexe", "rendez_vous"):
        assert {c: tableaux[code].ligne(c).nombre for c in attendu[code]} == attendu[code]
    assert {c: tableaux["sexe"].ligne(c).part for c in attendu["parts"]} == attendu["parts"]
    assert tableaux["rendez_vous"].ligne("taux_presence").texte == attendu["taux_presence"]
    # Des annulés existent, et sont restés dehors.
    assert (tableaux["rendez_vous"].ligne("annule_service").nombre or 0) > 0


@pytest.mark.parametrize("convention", PUBLIES)
def test_every_figure_is_the_length_of_the_list_behind_it(session: Session, convention: str) -> None:
    demande = demander(session, convention)
    for tableau in tous(session, demande):
        for ligne in tableau.lignes:
            for colonne, cellule in zip(tableau.colonnes, ligne.cellules, strict=True):
                if cellule.nombre is None:
                    continue
                assert cellule.selection is not None, (tableau.code, ligne.code)
                lues = cellule.selection.page(session, demande, 0, 10_000)
                assert len({(li.id, li.cas) for li in lues}) == len(lues) == cellule.nombre, (tableau.code, ligne.code)
                assert rapport.liste(session, demande, tableau.code, ligne.code, colonne.code).nombre == cellule.nombre


@pytest.mark.parametrize("convention", PUBLIES)
def test_every_sum_of_the_report_adds_up(session: Session, convention: str) -> None:
    controles = [c for t in les_tableaux(session, convention).values() for c in t.controles]
    assert controles
    assert [c.phrase for c in controles if not c.juste] == []


def test_a_whole_report_takes_a_few_statements(base: Engine, session: Session) -> None:
    demande = demander(session, "ASP-NC")
    envoyees: list[str] = []

    def noter(*arguments: Any) -> None:
        envoyees.append(arguments[2])

    event.listen(base, "before_cursor_execute", noter)
    try:
        rapport.parties(session, demande)
    finally:
        event.remove(base, "before_cursor_execute", noter)
    assert len(envoyees) <= 32, envoyees


def test_an_unknown_case_or_convention_is_refused(session: Session) -> None:
    demande = demander(session, "DSP-TDL")
    for case in (("rendez_vous", "taux_presence"), ("rendez_vous", "inconnue"), ("inconnu", "proposes")):
        with pytest.raises(KeyError):
            rapport.liste(session, demande, *case)
    with pytest.raises(KeyError):
        rapport.liste(session, demande, "rendez_vous", "proposes", "nombre", 99)
    with pytest.raises(ConventionInconnue):
        rapport.parties(session, demander(session, "INCONNUE"))


def test_the_other_structure_counts_none_of_it(session: Session) -> None:
    tableaux = les_tableaux(session, "DSP-TDL", POMMIER.nom)
    assert all(not ligne.nombre for t in tableaux.values() for ligne in t.lignes)


def test_the_exits_carry_the_published_reasons(session: Session) -> None:
    def motifs(convention: str) -> Counter[str | None]:
        return Counter(
            session.scalars(
                select(Mesure.sortie_motif).where(
                    Mesure.structure_id == structure(session),
                    Mesure.convention == convention,
                    Mesure.sortie_le.between(date(2022, 1, 1), date(2022, 12, 31)),
                )
            )
        )

    dsp, asp = motifs("DSP-TDL"), motifs("ASP-NC")
    assert (dsp["emploi_durable"], dsp["emploi_transition"], dsp["cddi"] + dsp["formation"]) == (8, 4, 10)
    assert (dsp["relais_france_travail"], dsp["reorientation_mobilisation_sociale"], dsp["autre"]) == (16, 8, 7)
    assert (asp["emploi_durable"], asp["emploi_transition"], asp["dynamique_autre"]) == (11, 4, 10)
    assert (
        asp["relais_france_travail"] + asp["reorientation_mobilisation_sociale"] + asp["reorientation_sociopro"] == 36
    )
    assert (asp["sortie_rsa"], asp["demenagement"], asp["suspension_incarceration"]) == (15, 4, 1)


def test_sixty_seven_of_the_hundred_receive_the_rsa(session: Session) -> None:
    au_rsa = session.scalars(
        select(PersonneValeur.valeur)
        .join(Mesure, PersonneValeur.personne_id == Mesure.personne_id)
        .where(
            Mesure.convention == "DSP-TDL",
            Mesure.entree_le < date(2023, 1, 1),
            PersonneValeur.champ == "rsa",
        )
    ).all()
    assert Counter(au_rsa)["beneficiaire"] == 67


def test_the_mean_duration_of_the_hundred_is_nine_months(session: Session) -> None:
    mesures = session.execute(
        select(Mesure.entree_le, Mesure.sortie_le).where(
            Mesure.convention == "DSP-TDL", Mesure.entree_le < date(2023, 1, 1)
        )
    ).all()
    jours = [(min(sortie, date(2022, 12, 31)) - entree).days for entree, sortie in mesures]
    assert len(jours) == 100
    assert round(sum(jours) / len(jours) * 12 / 365.25) == 9


def test_each_appointment_falls_within_its_mesure_and_each_kept_one_has_its_interview(session: Session) -> None:
    lignes = session.execute(
        select(RendezVous.id, RendezVous.debut, RendezVous.statut, Mesure.entree_le, Mesure.sortie_le)
        .join(Mesure, Mesure.id == RendezVous.mesure_id)
        .where(RendezVous.debut < datetime(2023, 1, 1, tzinfo=UTC))
    ).all()
    assert len(lignes) == 513 + 1084 + 17 + 38
    assert all(entree <= debut.date() <= sortie for _, debut, _, entree, sortie in lignes)
    rendus = set(session.scalars(select(Entretien.rendez_vous_id)))
    assert {i for i, _, statut, _, _ in lignes if statut == "honore"} <= rendus


def test_the_telephone_numbers_are_those_kept_for_fiction(session: Session) -> None:
    numeros = {
        telephone["numero"]
        for valeur in session.scalars(select(PersonneValeur.valeur).where(PersonneValeur.champ == "telephones"))
        for telephone in valeur
    }
    assert numeros
    assert all(n.startswith(("019900", "026191", "035301", "046571", "053649", "063998")) for n in numeros)


def test_the_conventions_have_no_end_for_the_living_file(session: Session) -> None:
    finies = session.execute(select(Convention.code, Convention.version).where(Convention.fin.is_not(None)))
    assert {tuple(finie) for finie in finies} == {("DSP-TDL", "2017")}  # celle-ci, une autre l'a suivie
    livrees = {"ASP-DOM", "ASP-NC", "DSP-TDL", "CEA-FA5", "MOS-AG", "PDC-ASP"}
    assert set(session.scalars(select(Convention.code))) == livrees


def test_the_same_instant_gives_the_same_base(tmp_path: Path, session: Session) -> None:
    moteur = ouvrir_moteur(f"sqlite:///{tmp_path / 'encore.db'}")
    migrer(moteur)
    charger(moteur, MAINTENANT)
    with lire(moteur) as autre:
        demande = select(Personne.id, Personne.nom, Personne.prenom).order_by(Personne.id)
        assert autre.execute(demande).all() == session.execute(demande).all()
    moteur.dispose()
