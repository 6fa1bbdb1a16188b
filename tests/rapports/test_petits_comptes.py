"""Un petit compte tu ne se retrouve ni par soustraction, ni par un taux, ni dans un autre tableau."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from app.rapports.petits_comptes import SEUIL, masquer
from app.rapports.rapport import Partie
from app.rapports.tableau import Cellule, Colonne, Ligne, Sorte, Tableau
from tests.rapports.editions import compte, un_tableau


def tus(*tableaux: Tableau) -> list[list[list[str]]]:
    (partie,) = masquer([Partie("Activité", tableaux)])
    return [[[c.texte for c in ligne.cellules] for ligne in t.lignes] for t in partie.tableaux]


def table(*lignes: tuple[str, Sorte, int], code: str = "t") -> Tableau:
    return Tableau(code, "Titre", "mesures", tuple(Ligne(c, c, (compte(n),), s) for c, s, n in lignes))


PETIT, TU = "<\u202f5", "masqué"


def test_a_small_count_hides_with_the_smallest_of_its_neighbours() -> None:
    assert tus(un_tableau(("femme", 3), ("homme", 20), ("autre", 9))) == [[[PETIT], ["20"], [TU]]]


def test_nothing_changes_where_nothing_is_small() -> None:
    tableau = un_tableau(("femme", 53), ("homme", 125), ("autre", 0))
    (partie,) = masquer([Partie("Activité", (tableau,))])
    assert partie.tableaux[0] is tableau


def test_a_total_and_its_parts_are_looked_at_whatever_their_order() -> None:
    assert tus(table(("total", "total", 40), ("a", "ligne", 2), ("b", "ligne", 30), ("c", "ligne", 8))) == [
        [["40"], [PETIT], ["30"], [TU]]
    ]
    assert tus(
        table(
            ("s", "sous_total", 12),
            ("a", "detail", 2),
            ("b", "detail", 10),
            ("z", "sous_total", 20),
            ("c", "detail", 20),
        )
    ) == [[["12"], [PETIT], [TU], ["20"], ["20"]]]


def test_two_small_counts_whose_sum_gives_them_away_take_a_third_with_them() -> None:
    assert tus(un_tableau(("a", 1), ("b", 1), ("c", 30))) == [[[PETIT], [PETIT], [TU]]]
    assert tus(un_tableau(("a", 1), ("b", 3), ("c", 30))) == [[[PETIT], [PETIT], ["30"]]]


def test_a_row_that_adds_up_across_columns_is_a_sum_too() -> None:
    ligne = Ligne("contrat", "Contrat", (compte(40), compte(2), compte(42)))
    colonnes = (Colonne("fait", "Fait"), Colonne("non", "Pas fait"), Colonne("base", "Sur"))
    assert tus(Tableau("c", "C", "mesures", (ligne,), colonnes)) == [[[TU, PETIT, "42"]]]


def test_shares_rates_checks_and_drawings_are_hidden_with_it() -> None:
    tableau = un_tableau(("femme", 3), ("homme", 20))
    taux = Ligne("taux", "Taux", (Cellule.taux(Fraction(13), 1),), "taux")
    (partie,) = masquer([Partie("Activité", (replace(tableau, lignes=(*tableau.lignes, taux)),))])
    (rendu,) = partie.tableaux
    assert [c.part for li in rendu.lignes for c in li.cellules] == [None] * 3
    assert (rendu.ligne("taux").texte, rendu.controles, rendu.dessin) == (TU, (), None)
    assert "masqués" in rendu.notes[-1]


def test_the_same_count_is_hidden_in_every_table() -> None:
    flux = table(("accompagnees", "ligne", 30), ("sorties", "ligne", 3), ("suivies", "ligne", 27), code="flux")
    serie = table(("sorties", "ligne", 3), ("suivies", "ligne", 27), ("nouvelles", "ligne", 50), code="serie")
    assert tus(flux, serie) == [[["30"], [PETIT], [TU]], [[PETIT], [TU], ["50"]]]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=2, max_size=5))
def test_who_knows_the_total_never_finds_a_hidden_count(nombres: list[int]) -> None:
    """Contre toutes les valeurs possibles : un petit compte tu en a toujours deux au moins, ou tout est tu."""
    (lus,) = tus(un_tableau(*((f"rang{rang}", n) for rang, n in enumerate(nombres))))
    textes, total = [li[0] for li in lus], sum(nombres)
    if total < SEUIL or all(t in (PETIT, TU, "0") for t in textes):
        return
    choix = [range(1, SEUIL) if t == PETIT else range(SEUIL, total + 1) if t == TU else [int(t)] for t in textes]
    possibles = [mondes for mondes in product(*choix) if sum(mondes) == total]
    for rang, texte in enumerate(textes):
        if texte == PETIT:
            assert len({mondes[rang] for mondes in possibles}) > 1, (nombres, textes)


def test_a_count_hidden_for_another_hides_under_every_name_it_has() -> None:
    flux = table(("accompagnees", "ligne", 30), ("sorties", "ligne", 3), ("suivies", "ligne", 27), code="flux")
    ailleurs = table(("presentes_fin", "ligne", 27), ("entrees", "ligne", 11), code="serie")
    assert tus(flux, ailleurs) == [[["30"], [PETIT], [TU]], [[TU], ["11"]]]


def grille(code: str, *lignes: tuple[str, Sorte, dict[str, int]]) -> Tableau:
    """Une grille de sorties : chaque ligne réunit des motifs."""

    def cellule(motifs: dict[str, int]) -> Cellule:
        feuilles = tuple((f"ASP/{motif}", n) for motif, n in motifs.items())
        return replace(compte(sum(motifs.values())), feuilles=feuilles)

    return Tableau(code, "Grille", "mesures", tuple(Ligne(c, c, (cellule(m),), s) for c, s, m in lignes))


def test_a_line_of_one_grid_less_a_line_of_another_gives_no_small_count() -> None:
    emploi, formation, retraite, autre = {"cdi": 18}, {"formation": 4}, {"retraite": 9}, {"autre": 31}
    bilan = grille("sorties_bilan", ("dynamiques", "ligne", emploi | formation), ("autres", "ligne", retraite | autre))
    familles = grille("sorties_familles", ("emploi", "ligne", emploi), ("reste", "ligne", formation | retraite | autre))
    lus = tus(bilan, familles)
    lisibles = {texte for tableau in lus for ligne in tableau for texte in ligne}
    assert not {"22", "18"} <= lisibles, lus
    assert not {"44", "40"} <= lisibles, lus
    # Seules, l'une et l'autre se lisent entières.
    assert tus(bilan) == [[["22"], ["40"]]]
    assert tus(familles) == [[["18"], ["44"]]]


def test_lines_added_in_one_grid_then_subtracted_in_another_give_no_small_count() -> None:
    gauche = grille("sorties_g", ("a", "ligne", {"x": 12, "y": 7}), ("b", "ligne", {"z": 20, "t": 9}))
    droite = grille("sorties_d", ("c", "ligne", {"x": 12, "z": 20}), ("d", "ligne", {"y": 7, "t": 9}))
    assert tus(gauche, droite) == [[["19"], ["29"]], [["32"], ["16"]]]
    petite = grille("sorties_d", ("c", "ligne", {"x": 12, "z": 20, "y1": 3}), ("d", "ligne", {"y2": 4, "t": 9}))
    large = grille("sorties_g", ("a", "ligne", {"x": 12, "y1": 3, "y2": 4}), ("b", "ligne", {"z": 20, "t": 9}))
    seule = grille("sorties_e", ("e", "ligne", {"x": 12}), ("f", "ligne", {"y1": 3, "y2": 4, "z": 20, "t": 9}))
    lus = tus(large, petite, seule)
    # 19 − 12 = 7, qui n'est pas petit : rien ne s'en déduit de y1 ni de y2.
    assert lus == [[["19"], ["29"]], [["35"], ["13"]], [["12"], ["36"]]]
    lus = tus(large, petite, seule, grille("sorties_h", ("h", "ligne", {"x": 12, "y1": 3, "z": 20, "t": 9})))
    assert "44" not in {texte for tableau in lus for ligne in tableau for texte in ligne}


def test_the_base_of_a_share_is_not_written_where_it_would_give_a_hidden_count() -> None:
    flux = table(("accompagnees", "ligne", 30), ("sorties", "ligne", 3), ("suivies", "ligne", 27), code="flux")
    parts = un_tableau(("femme", 13), ("homme", 14), code="sexe_suivies")
    (partie,) = masquer([Partie("Activité", (flux, parts))])
    (rendu,) = partie.tableaux[1:]
    assert [(li.texte, li.part, li.cellules[0].exact, rendu.controles) for li in rendu.lignes] == [
        ("13", None, None, ()),
        ("14", None, None, ()),
    ]


def test_a_note_that_counts_is_not_printed_and_one_that_dates_is() -> None:
    notes = ("Sur 3 mesures accompagnées.", "Au 31/12/2022.", "Travaillés et levés se rapportent aux relevés.")
    petit = replace(un_tableau(("femme", 3), ("homme", 20)), notes=notes)
    sans = replace(un_tableau(("oui", 50), ("non", 70), code="b"), notes=(*notes, "Sur 1\u202f200 étapes.", "Les 20."))
    (partie,) = masquer([Partie("Activité", (petit, sans))])
    assert partie.tableaux[0].notes[:-1] == notes[1:]
    assert partie.tableaux[1].notes == (*notes[1:], "Sur 1\u202f200 étapes.")


def test_services_ranked_by_their_counts_are_ranked_by_name_once_one_is_hidden() -> None:
    def services(*nombres: int) -> Tableau:
        noms = ("Zénith", "Étape", "CCAS", "Mission", "Abri", "Non renseigné")
        codes = ("s6", "s3", "s2", "s4", "s1", "non_renseigne")
        lignes = zip(codes, noms, nombres, strict=True)
        return Tableau(
            "prescripteur", "P", "mesures", tuple(Ligne(code, nom, (compte(n, 40),)) for code, nom, n in lignes)
        )

    for nombres, ordre in (
        ((13, 9, 9, 9, 2, 0), ["Abri", "CCAS", "Étape", "Mission", "Zénith", "Non renseigné"]),
        ((13, 12, 9, 8, 7, 9), ["Zénith", "Étape", "CCAS", "Mission", "Abri", "Non renseigné"]),
    ):
        (partie,) = masquer([Partie("P", (services(*nombres),))])
        assert [li.libelle for li in partie.tableaux[0].lignes] == ordre
