"""Le classeur se rouvre : de vrais nombres, les décimales du tableau, et rien qui s'exécute."""

from __future__ import annotations

import io
import re
import zipfile

from python_calamine import CalamineWorkbook

from app.rapports.classeur import en_xlsx
from tests.rapports.editions import un_tableau, une_edition


def feuilles(octets: bytes) -> dict[str, list[list[object]]]:
    classeur = CalamineWorkbook.from_filelike(io.BytesIO(octets))
    return {nom: classeur.get_sheet_by_name(nom).to_python() for nom in classeur.sheet_names}


def ligne(feuille: list[list[object]], libelle: str) -> list[object]:
    return next(rang for rang in feuille if rang and rang[0] == libelle)


def test_one_sheet_per_table_between_the_summary_and_the_definitions() -> None:
    lues = feuilles(en_xlsx(une_edition()))
    assert list(lues) == ["Rapport", "Rendez-vous   honorés   manqués", "Répartition", "Définitions"]
    assert lues["Rapport"][0][0] == "Rapport 2022"
    assert ligne(lues["Rapport"], "Convention")[1] == "ASP-NC\u202f: ASP du Grand Nancy"
    assert [rang[0] for rang in lues["Définitions"]] == ["Indicateur", "Rendez-vous proposés", "Répartition par sexe"]


def test_figures_are_numbers_and_a_share_is_the_printed_one() -> None:
    lues = feuilles(en_xlsx(une_edition()))
    # 53 sur 178 font 29,775… % : le classeur garde ce que le rapport imprime.
    assert ligne(lues["Répartition"], "Femme") == ["Femme", 53, 0.298]
    rendez_vous = lues["Rendez-vous   honorés   manqués"]
    assert ligne(rendez_vous, "Rendez-vous proposés") == ["Rendez-vous proposés", 1084, 800]
    assert ligne(rendez_vous, "Taux de présence")[1] == 0.595
    assert ligne(rendez_vous, "Délai médian") == ["Délai médian", 12, "—"]


def test_numbers_wear_the_decimals_of_their_table() -> None:
    with zipfile.ZipFile(io.BytesIO(en_xlsx(une_edition()))) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert 'formatCode="0.0%"' in styles
    assert 'formatCode="#,##0&quot;\u00a0j&quot;"' in styles


def test_nothing_in_it_runs_or_leads_elsewhere() -> None:
    octets = en_xlsx(une_edition(structure="=1+1"))
    with zipfile.ZipFile(io.BytesIO(octets)) as archive:
        tout = {nom: archive.read(nom).decode() for nom in archive.namelist()}
    for nom, contenu in tout.items():
        assert not re.search(r"<f[ >]|<hyperlink|externalLink|vbaProject", contenu), nom
    lues = feuilles(octets)
    assert ligne(lues["Rapport"], "Structure")[1] == "'=1+1"
    assert any(str(rang[0]).startswith("'=HYPERLINK") for rang in lues["Rendez-vous   honorés   manqués"])
    assert any(rang and rang[0] == "'@note" for rang in lues["Rendez-vous   honorés   manqués"])


def test_two_tables_of_one_name_have_two_sheets() -> None:
    jumeaux = [un_tableau(("femme", 5), ("homme", 6), code=str(rang), titre="Âge" * 20) for rang in range(2)]
    noms = list(feuilles(en_xlsx(une_edition(jumeaux))))
    assert len(noms) == len(set(noms)) == 4
    assert all(len(nom) <= 31 for nom in noms)
