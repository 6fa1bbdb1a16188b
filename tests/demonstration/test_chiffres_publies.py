"""La preuve : chaque tableau des rapports publiés, case par case, tel que le rapport l'écrit.

`chiffres_publies.toml` dit ce que les documents impriment. Une case où le calcul donne autre chose est une anomalie :
elle y est expliquée, et docs/indicateurs.md la reprend.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from app.demonstration.annees_passees import DISPOSITIFS
from app.demonstration.associations import AMANDIERS
from app.demonstration.chargement import charger, completer
from app.domain.indicateurs.flux import retenir
from app.domain.indicateurs.periode import Periode
from app.migrations import migrer
from app.models import Acces, Convention, Structure
from app.moteur import ouvrir_moteur
from app.rapports import rapport
from app.rapports.demande import Demande
from app.rapports.faits import FaitMesure, Faits
from app.rapports.tableau import Cellule, Tableau
from tests.bases import lire

MAINTENANT = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)
PUBLIES = tomllib.loads(Path(__file__).with_name("chiffres_publies.toml").read_text(encoding="utf-8"))
DOC = Path(__file__).parents[2] / "docs" / "indicateurs.md"
CALCULEES = [anomalie for anomalie in PUBLIES["anomalies"] if "case" in anomalie]
SERIES = {d.serie.convention: d.serie.annees for d in DISPOSITIFS}


RELEVES = {
    *(f"serie_pluriannuelle:{code}" for code in ("ASP-NC", "ASP-DOM", "ASP-LUN", "ASP-TDL", "SAL-CA", "DSP-TDL")),
    *("2017:sexe", "2017:sorties", "2017:sorties_emploi"),
    *("ASP2022:sexe", "ASP2022:sorties_resume", "ASP2021:sorties", "ASP2022:sorties_finales"),
    *("ASP2022:sorties_dynamiques", "ASP2022:absence_rdv", "ASP2022:saisines_avant_1re_rencontre"),
    *("ASP2022:demarches_social", "ASP2022:demarches_emploi", "ASP2022:part_social_emploi"),
    *("ASP2022:resultats_en_cours", "DSP2022:sexe", "DSP2022:bilan_sorties", "DSP2022:presence"),
    *("DSP2022:duree_moyenne_mois", "MOS:sexe", "MOS:age", "MOS:niveau", "MOS:th", "MOS:minima", "MOS:sorties"),
}


class Case(NamedTuple):
    """L'adresse d'un chiffre ; `quoi` : le nombre écrit, ou sa part."""

    conventions: str
    periode: str
    tableau: str
    ligne: str
    colonne: str
    quoi: str


def case(ou: dict[str, Any], ligne: str, colonne: str, quoi: str) -> Case:
    return Case(ou["conventions"], ou["periode"], ou["tableau"], ligne, colonne, quoi)


ANOMALIES = {case(a, *a["case"]): a for a in CALCULEES}


@dataclass
class Rapports:
    """Les rapports d'une base, chacun composé une fois."""

    moteur: Engine
    _composes: dict[tuple[str, str], dict[str, Tableau]] = field(default_factory=dict)
    _mesures: dict[str, list[FaitMesure]] = field(default_factory=dict)

    def demande(self, conventions: str, periode: str) -> Demande:
        with lire(self.moteur) as session:
            structure_id = session.scalars(select(Structure.id).where(Structure.nom == AMANDIERS.nom)).one()
        return Demande.lire(structure_id, conventions, periode, MAINTENANT)

    def tableau(self, conventions: str, periode: str, code: str) -> Tableau:
        cle = (conventions, periode)
        if cle not in self._composes:
            with lire(self.moteur) as session:
                composes = rapport.tableaux_de(rapport.parties(session, self.demande(*cle)))
            self._composes[cle] = {tableau.code: tableau for tableau in composes}
        return self._composes[cle][code]

    def ecrit(self, ou: Case) -> str:
        tableau = self.tableau(ou.conventions, ou.periode, ou.tableau)
        # Une action s'y cherche par son titre : son code est l'identifiant de son cahier.
        par_titre = {ligne.libelle.split(",")[0]: ligne.code for ligne in tableau.lignes}
        ligne = par_titre[ou.ligne] if ou.tableau == "actions" else ou.ligne
        cellule: Cellule = tableau.cellule(ligne, ou.colonne)
        return (cellule.texte if ou.quoi == "texte" else cellule.part) or ""

    def mesures(self, conventions: str) -> list[FaitMesure]:
        """Celles des années qui comptent : de 2015 à aujourd'hui."""
        if conventions not in self._mesures:
            with lire(self.moteur) as session:
                self._mesures[conventions] = Faits(session, self.demande(conventions, "2017")).mesures
        return self._mesures[conventions]


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rapports]:
    """La démonstration et ses années d'avant."""
    moteur = ouvrir_moteur(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}")
    migrer(moteur)
    charger(moteur, MAINTENANT)
    with lire(moteur) as session:
        suivis_avant = session.execute(select(Acces.utilisateur_id, Acces.personne_id)).all()
    assert completer(moteur, MAINTENANT)
    with lire(moteur) as session:
        # Personne ne reçoit de dossier de plus : le carnet des téléphones reste ce qu'il était.
        assert session.execute(select(Acces.utilisateur_id, Acces.personne_id)).all() == suivis_avant
    yield Rapports(moteur)
    moteur.dispose()


@pytest.fixture(scope="module")
def postgresql_2022(request: pytest.FixtureRequest) -> Iterator[Rapports]:
    """La démonstration ordinaire, sur l'autre base : 2022 y est entier."""
    moteur = ouvrir_moteur(request.getfixturevalue("postgresql").creer())
    migrer(moteur)
    charger(moteur, MAINTENANT)
    yield Rapports(moteur)
    moteur.dispose()


def comparer(rapports: Rapports, publie: dict[str, Any]) -> None:
    assert publie["cases"]
    for ligne, colonne, texte, *part in publie["cases"]:
        for quoi, imprime in zip(("texte", "part"), (texte, *part), strict=False):
            if not imprime:
                continue
            ou = case(publie, ligne, colonne, quoi)
            attendu = ANOMALIES[ou]["jalon"] if ou in ANOMALIES else imprime
            assert rapports.ecrit(ou) == attendu, ou
    controles = rapports.tableau(publie["conventions"], publie["periode"], publie["tableau"]).controles
    assert [c.phrase for c in controles if not c.juste] == []


@pytest.mark.parametrize("publie", PUBLIES["tableaux"], ids=lambda publie: publie["id"])
def test_every_published_table_comes_out_of_the_report(complete: Rapports, publie: dict[str, Any]) -> None:
    comparer(complete, publie)


def test_no_published_table_is_ever_dropped_from_the_proof() -> None:
    """Les trente tableaux de chiffres relevés dans les documents ; ceux que l'on y ajoute n'en retirent aucun."""
    ids = [publie["id"] for publie in PUBLIES["tableaux"]]
    assert len(ids) == len(set(ids))
    assert len(RELEVES) == 30
    assert not RELEVES - set(ids)


@pytest.mark.parametrize(
    "publie", [p for p in PUBLIES["tableaux"] if p["periode"] == "2022"], ids=lambda publie: publie["id"]
)
def test_those_of_2022_come_out_of_postgresql_too(postgresql_2022: Rapports, publie: dict[str, Any]) -> None:
    comparer(postgresql_2022, publie)


@pytest.mark.parametrize("anomalie", CALCULEES, ids=lambda anomalie: anomalie["id"])
def test_each_anomaly_is_a_real_difference_and_is_explained(complete: Rapports, anomalie: dict[str, Any]) -> None:
    assert complete.ecrit(case(anomalie, *anomalie["case"])) == anomalie["jalon"] != anomalie["imprime"]
    assert anomalie["pourquoi"]


def test_an_anomaly_of_a_compared_table_says_what_the_table_says() -> None:
    """Ce que le document imprime n'est écrit que d'une façon : dans la case, et dans l'anomalie qui l'explique."""
    imprimees = {
        case(publie, ligne, colonne, quoi): imprime
        for publie in PUBLIES["tableaux"]
        for ligne, colonne, *dits in publie["cases"]
        for quoi, imprime in zip(("texte", "part"), dits, strict=False)
    }
    for ou in ANOMALIES.keys() & imprimees.keys():
        # Le tableau est faux, ou c'est une phrase d'à côté, ou le document ne dit pas ce chiffre.
        assert imprimees[ou] in (ANOMALIES[ou]["imprime"], ANOMALIES[ou]["jalon"], ""), ou


def test_the_page_lists_the_anomalies_as_they_are() -> None:
    section = DOC.read_text(encoding="utf-8").split("\n## Anomalies des sources\n")[1].split("\n## ")[0]
    ecrites = re.findall(r"^- \*\*(.+)\*\*\.(?s:(.+?))(?=^- |^$|\Z)", section, re.MULTILINE)
    attendues = {a["id"]: _en_ligne(f"{_dit(a)} {a['pourquoi']}") for a in PUBLIES["anomalies"]}
    assert {nom: _en_ligne(texte) for nom, texte in ecrites} == attendues


def _dit(anomalie: dict[str, Any]) -> str:
    dits = [("Imprimé", anomalie["imprime"]), ("Jalon écrit", anomalie["jalon"])]
    return " ".join(f"{qui}\u202f: {quoi}." for qui, quoi in dits if quoi)


def _en_ligne(texte: str) -> str:
    """Sans les retours à la ligne ; une espace fine se lit comme une autre."""
    return " ".join(texte.replace("\u202f", " ").split())


# Les identités, sur les faits chargés.


@pytest.mark.parametrize("convention", SERIES)
def test_those_accompanied_are_those_still_there_and_those_who_came(complete: Rapports, convention: str) -> None:
    mesures = complete.mesures(convention)
    annees = list(SERIES[convention])
    for numero in (*annees, annees[-1] + 1):
        n = {code: len(retenir(mesures, Periode.annee(numero), code)) for code in ("accompagnees", "sorties")}
        if numero in SERIES[convention]:
            assert (n["accompagnees"], n["sorties"]) == SERIES[convention][numero]
        avant, annee = Periode.annee(numero - 1), Periode.annee(numero)
        restees, entrees = retenir(mesures, avant, "suivies_fin"), retenir(mesures, annee, "entrees")
        assert n["accompagnees"] == len(restees) + len(entrees)
        assert n["accompagnees"] == n["sorties"] + len(retenir(mesures, annee, "suivies_fin"))


JOURS = st.integers(0, 1_800).map(lambda n: date(2014, 6, 1) + timedelta(n))


@given(jours=st.lists(JOURS, min_size=3, max_size=3, unique=True).map(sorted), convention=st.sampled_from([*SERIES]))
def test_two_periods_in_a_row_count_as_the_one_they_make(
    complete: Rapports, jours: list[date], convention: str
) -> None:
    mesures = complete.mesures(convention)
    debut, milieu, fin = jours
    premiere, seconde, toute = Periode(debut, milieu - timedelta(1)), Periode(milieu, fin), Periode(debut, fin)

    def ids(periode: Periode, code: str) -> set[str]:
        return {mesure.id for mesure in retenir(mesures, periode, code)}

    assert ids(premiere, "suivies_fin") == ids(seconde, "presentes_debut")
    assert ids(toute, "accompagnees") == ids(premiere, "accompagnees") | ids(seconde, "accompagnees")
    for code in ("entrees", "sorties"):
        assert ids(toute, code) == ids(premiere, code) | ids(seconde, code)
        assert not ids(premiere, code) & ids(seconde, code)
    assert ids(toute, "accompagnees") == ids(toute, "sorties") | ids(toute, "suivies_fin")


def test_the_year_2017_is_the_sum_of_its_dispositifs() -> None:
    """565 et 294 sont imprimés ; le reste de l'année, partagé entre les dispositifs, en garde les totaux."""
    hors_dsp = [d for d in DISPOSITIFS if d.serie.convention != "DSP-TDL"]
    assert [sum(d.serie.annees[2017][rang] for d in hors_dsp) for rang in (0, 1)] == [565, 294]
    assert [sum(d.motifs.values()) for d in hors_dsp] == [d.serie.annees[2017][1] for d in hors_dsp]


def test_the_conventions_of_before_are_not_offered_any_more_and_nothing_is_loaded_twice(complete: Rapports) -> None:
    with lire(complete.moteur) as session:
        ouvertes = set(session.scalars(select(Convention.code).where(Convention.fin.is_(None))))
    assert not ouvertes & {"ASP-LUN", "ASP-TDL", "SAL-CA", "MPP-LUN", "MPP-BAC"}
    assert not completer(complete.moteur, MAINTENANT)
