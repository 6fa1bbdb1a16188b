"""Ce que les tableaux disent d'eux-mêmes : leurs notes, leurs lignes de base, leurs dessins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine

from app.migrations import migrer
from app.moteur import ouvrir_moteur
from app.rapports import rapport
from app.rapports.demande import Demande
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau
from tests.bases import lire
from tests.rapports.suivis import MAINTENANT, noter
from tests.rapports.test_conformite import regler

ENTREE, SORTIE = date(2021, 6, 1), date(2022, 6, 30)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    moteur = ouvrir_moteur(f"sqlite:///{tmp_path_factory.mktemp('tableaux') / 'tableaux.db'}")
    migrer(moteur)
    yield moteur
    moteur.dispose()


def tableau(base: Engine, ici: str, convention: str, code: str) -> Tableau:
    with lire(base) as session:
        return rapport.tableau(session, Demande.lire(ici, convention, "2022", MAINTENANT), code)


def test_those_whose_rsa_is_never_noted_do_not_vanish_from_their_column_in_silence(base: Engine) -> None:
    suivi = {"entree": ENTREE, "sortie": SORTIE, "motif": "cdi"}
    plus_tard = {"rsa": {date(2021, 6, 20): "beneficiaire"}}
    ici, _ = noter(base, [suivi | plus_tard, suivi | {"rsa": {ENTREE: "clos"}}])
    for code in ("sorties_motifs", "sorties_dsp_2022"):
        lu = tableau(base, ici, "DSP-TDL", code)
        assert lu.cellule("total", "brsa").nombre == 1
        assert not any("Dont BRSA" in note for note in lu.notes)
    ici, _ = noter(base, [suivi | plus_tard, suivi])
    for code in ("sorties_motifs", "sorties_dsp_2022"):
        assert any("Dont BRSA" in note for note in tableau(base, ici, "DSP-TDL", code).notes)


def test_a_target_has_its_column_only_where_a_convention_sets_one(base: Engine) -> None:
    ici, _ = noter(base, [{"entree": ENTREE}])
    for colonnes in (3, 4):
        lu = tableau(base, ici, "DSP-TDL", "resultats")
        assert {len(lu.colonnes), *(len(ligne.cellules) for ligne in lu.lignes)} == {colonnes}
        regler(base, ici, "DSP-TDL", {"cibles": {"sortie_emploi": 40}})


def test_the_line_of_the_rest_says_what_it_gathers_and_never_a_reserved_reason(base: Engine) -> None:
    motifs = ("demenagement", "abandon", "suspension_incarceration", "cdi")
    ici, _ = noter(base, [{"entree": ENTREE, "sortie": SORTIE, "motif": motif} for motif in motifs])
    lu = tableau(base, ici, "DSP-TDL", "sorties_dsp_2022")
    (note,) = [note for note in lu.notes if "Autres sorties" in note]
    assert {mot for mot in ("déménagement", "abandon", "incarc", "CDI") if mot.lower() in note.lower()} == {
        "déménagement",
        "abandon",
    }
    assert lu.dessin == "barres"


def test_the_base_of_the_obstacles_is_a_line_with_its_list(base: Engine) -> None:
    suivi = {"entree": ENTREE, "diagnostics": [(ENTREE, {"mobilite": "travaille"}, False)]}
    ici, _ = noter(base, [suivi, suivi, {"entree": ENTREE}])
    lu = tableau(base, ici, "DSP-TDL", "freins")
    cellule = lu.cellule("avec_diagnostic", "freins_releves")
    assert cellule.nombre == 2
    assert cellule.selection is not None
    assert not any(caractere.isdigit() for note in lu.notes for caractere in note)
    assert [colonne.indicateur for colonne in lu.colonnes] == ["freins_releves", "freins_travailles", "freins_leves"]
    assert lu.cellule("mobilite", "freins_travailles").part == "100\u202f%"


def test_the_frame_names_the_partners(base: Engine) -> None:
    ici, _ = noter(base, [])
    assert "Service territorial insertion" in tableau(base, ici, "ASP-NC", "cadre").ligne("partenaires").texte


def test_a_business_creation_is_not_a_job_and_the_table_says_it_is_to_confirm(base: Engine) -> None:
    suivi = {"entree": ENTREE, "sortie": SORTIE}
    ici, _ = noter(base, [suivi | {"motif": "cddi"}, suivi | {"motif": "creation_entreprise"}])
    lu = tableau(base, ici, "DSP-TDL", "resultats")
    assert (lu.cellule("sortie_emploi", "nombre").nombre, lu.cellule("sortie_emploi", "base").nombre) == (1, 2)
    assert any("à confirmer" in note for note in lu.notes)


@pytest.mark.parametrize(
    ("colonnes", "colonne", "nom"),
    [
        ((Colonne("fait", "Fait"), Colonne("a_faire", "Pas fait")), "a_faire", "Cadence respectée\u202f: pas fait"),
        ((Colonne("nombre", "Nombre"),), "nombre", "Cadence respectée"),
    ],
)
def test_a_list_is_named_after_its_line_and_its_column(colonnes: tuple[Colonne, ...], colonne: str, nom: str) -> None:
    lignes = (Ligne("cadence", "Cadence respectée", tuple(Cellule.rien() for _ in colonnes)),)
    assert Tableau("conformite", "Conformité", "mesures", lignes, colonnes).nom_de("cadence", colonne) == nom
