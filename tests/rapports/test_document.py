"""Le rapport en PDF : balisé, dans l’ordre, ses dessins dits ; rien de ce qui a été tapé n’y est du gabarit."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from app.rapports.dessin import dessiner
from app.rapports.document import en_pdf
from app.rapports.edition import Edition
from app.rapports.tableau import Cellule, Colonne, Ligne, Tableau, addition
from app.rapports.textes import Texte
from tests.papiers.balises import balises, lire_pdf, texte
from tests.rapports.editions import RENDEZ_VOUS, compte, un_tableau, une_edition

EDITION = replace(
    une_edition(),
    textes=(Texte("Contexte", "Une année pleine.\n\nDeux.", "avant"), Texte("Perspectives", "Continuer.")),
)


def serre(mots: str) -> str:
    return "".join(mots.split())


def test_the_report_is_tagged_titled_and_has_contents() -> None:
    lu = lire_pdf(en_pdf(EDITION))
    racine: Any = lu.root_object
    assert (racine["/Lang"], bool(racine["/MarkInfo"]["/Marked"])) == ("fr", True)
    assert b"pdfuaid:part" in racine["/Metadata"].get_object().get_data()
    assert lu.metadata is not None
    assert (lu.metadata.title, lu.metadata.author) == ("Rapport d’activité 2022", "Association Fictive")
    noms = [nom for nom, _ in balises(lu)]
    assert noms.count("/Table") == 2
    assert {"/TOC", "/TOCI", "/H1", "/H2", "/TH"} <= set(noms)
    assert [entree.title for entree in lu.outline if not isinstance(entree, list)][-1] == (
        "Comment ces chiffres sont comptés"
    )


def test_it_reads_in_order_and_keeps_for_the_screen_what_the_structure_checks() -> None:
    lu = texte(lire_pdf(en_pdf(EDITION)))
    ordre = ["Une année pleine.", "1 084", "59,5 %", "29,8 %", "Continuer.", "Mesures en cours"]
    places = [lu.find(serre(mots)) for mots in ordre[:-1]]
    assert -1 not in places
    assert places == sorted(places)
    assert "Vérifié" not in lu
    doutes = ("À confirmer, « CDDI » : à voir.", "Les dénominateurs : à confirmer.", "Au 31/12/2022.")
    lu_avec = texte(lire_pdf(en_pdf(une_edition([replace(RENDEZ_VOUS, notes=doutes)]))))
    assert ("confirmer" in lu_avec, serre(doutes[2]) in lu_avec) == (False, True)
    assert serre("page 2 sur") in lu


def test_a_long_table_takes_several_pages_and_says_its_columns_on_each() -> None:
    long = replace(RENDEZ_VOUS, lignes=[replace(RENDEZ_VOUS.lignes[0], libelle=f"Commune {n:02}.") for n in range(90)])
    pages = [serre(page.extract_text()) for page in lire_pdf(en_pdf(une_edition([long]))).pages]
    portent = [page for page in pages if "Commune" in page]
    assert len(portent) >= 3
    assert all("Indicateur" in page for page in portent)
    assert [n for page in portent for n in range(90) if f"Commune{n:02}." in page] == list(range(90))


def test_a_sum_that_fails_is_said() -> None:
    faux = replace(RENDEZ_VOUS, controles=(addition(10, [4, 5], "absences"),))
    assert serre("À vérifier : absences : 10 = 4 + 5 ne tombe pas juste.") in texte(
        lire_pdf(en_pdf(une_edition([faux])))
    )


def test_a_drawing_says_its_figures_to_who_does_not_see_it() -> None:
    figures = [dit for nom, dit in balises(lire_pdf(en_pdf(EDITION))) if nom == "/Figure" and dit]
    assert figures == ["Répartition\u202f: Femme 53 (29,8\u202f%), Homme 125 (70,2\u202f%)."]


@pytest.mark.parametrize(
    "hostile", ['#read("/etc/passwd")', "*gras* $x$ @ref <a>", '"]} \\ #panic()', "<script>alert(1)</script>"]
)
def test_what_was_typed_is_never_taken_for_a_template(hostile: str) -> None:
    piege = un_tableau((hostile, 3), ("homme", 4), titre=hostile)
    edition: Edition = replace(une_edition([piege], structure=hostile), textes=(Texte(hostile, hostile),))
    assert serre(hostile) in texte(lire_pdf(en_pdf(edition)))


def test_a_drawing_is_inert_and_every_mark_has_its_word() -> None:
    dessin = dessiner(un_tableau(("<script>alert(1)</script>&", 3), ("homme", 4)))
    assert dessin is not None
    assert "<script>" not in dessin.svg
    assert " style=" not in dessin.svg
    assert ">A</text>" in dessin.svg
    assert "homme".capitalize() in dessin.svg


def test_the_longest_count_fits_and_a_wide_drawing_keeps_its_scale() -> None:
    rangs = (("Oui", 178), ("Non", 0), ("Peut-être", 44), ("Jamais", 3))
    tableau = replace(un_tableau(*rangs, base=178), dessin="barres")
    dessin = dessiner(tableau)
    assert dessin is not None
    for debut, dit in re.findall(r'<text x="([\d.]+)"[^>]*font-weight[^>]*>([^<]+)<', dessin.svg):
        assert float(debut) + 7 * len(dit) <= 360, dit
    large = dessiner(tableau, large=True)
    assert large is not None
    assert (large.dit, large.hauteur < dessin.hauteur * 0.6) == (dessin.dit, True)
    barres = re.compile(r'width="([\d.]+)"[^>]*class="dessin-barre"')
    assert barres.findall(large.svg)[:1] == barres.findall(dessin.svg)[:1]
    assert sorted(barres.findall(large.svg)) == sorted(barres.findall(dessin.svg))


def test_nothing_is_drawn_from_nothing_nor_from_a_hidden_figure() -> None:
    assert dessiner(RENDEZ_VOUS) is None
    assert dessiner(un_tableau(("femme", 0), ("homme", 0))) is None
    assert dessiner(un_tableau(("femme", 4))) is None
    cache = un_tableau(("femme", 53), ("homme", 125))
    taite = Ligne("femme", "Femme", (replace(compte(3), nombre=None, texte="<\u00a05"),))
    assert dessiner(replace(cache, lignes=(taite, cache.lignes[1]))) is None


def test_two_bars_per_line_say_what_each_counts_and_hide_together() -> None:
    colonnes = (Colonne("releves", "Relevés"), Colonne("travailles", "Travaillés"), Colonne("leves", "Levés"))
    comptes = {"Mobilité": (12, 7, 3), "Logement": (5, 0, 0)}
    lignes = tuple(
        Ligne(libelle, libelle, tuple(Cellule(str(n), n) for n in nombres)) for libelle, nombres in comptes.items()
    )
    tableau = Tableau("freins", "Freins", "mesures", lignes, colonnes, dessin="barres_doubles")
    dessin = dessiner(tableau)
    assert dessin is not None
    assert dessin.dit == "Freins\u202f: Mobilité 12 relevés, 7 travaillés\u202f; Logement 5 relevés, 0 travaillés."
    traits = re.findall(r'<rect [^>]*width="([\d.]+)"[^>]*class="(dessin-(?:barre|part--5))"', dessin.svg)
    assert [classe for _, classe in traits] == ["dessin-barre", "dessin-part--5", "dessin-barre"]
    assert float(traits[1][0]) / float(traits[0][0]) == pytest.approx(7 / 12, abs=0.01)
    assert max(float(bas) for bas in re.findall(r'<text [^>]*y="([\d.]+)"', dessin.svg)) <= dessin.hauteur
    taite = replace(lignes[0], cellules=(lignes[0].cellules[0], Cellule("<\u202f5"), lignes[0].cellules[2]))
    assert dessiner(replace(tableau, lignes=(taite, lignes[1]))) is None


def test_a_part_of_a_line_is_not_drawn_beside_it() -> None:
    tableau = un_tableau(("emploi", 6), ("cddi", 4), ("autres", 3))
    tete, detail, autres = tableau.lignes
    dessin = dessiner(replace(tableau, dessin="barres", lignes=(tete, replace(detail, sorte="detail"), autres)))
    assert dessin is not None
    assert "Emploi" in dessin.dit
    assert "Cddi" not in dessin.dit


def test_many_parts_become_bars_and_a_long_label_is_folded() -> None:
    dessin = dessiner(un_tableau(*((f"rang {rang} " + "très " * 20, rang) for rang in range(1, 9))))
    assert dessin is not None
    assert dessin.svg.count("dessin-barre") == 8
    assert "…" in dessin.svg
    assert dessin.hauteur > 8 * 42
