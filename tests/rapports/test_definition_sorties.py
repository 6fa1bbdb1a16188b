"""Les grilles de sorties : leur lecture, leurs comptes publiés, et un compteur naïf qui les recompte."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import grilles, nomenclatures
from app.domain.echeance.table import DONNEES
from app.domain.grilles.grille import NON_RENSEIGNE
from app.domain.indicateurs import arrondi, duree, etapes, resultats, sorties, suites
from app.domain.indicateurs.periode import Periode

MOTIFS = nomenclatures.codes("motif_sortie")
GRILLES = grilles.charger()
JOUR = date(2022, 6, 15)


class Sortie(NamedTuple):
    sortie_motif: str | None
    sortie_le: date | None = JOUR
    entree_le: date | None = date(2022, 1, 1)


# Les tableaux publiés (docs/sources.md), d'après des motifs fins, puis d'après les motifs d'avant, plus gros.
PUBLIES = {
    "activite_2017": (
        {"cdi": 10, "cdd_moins_6_mois": 21, "cddi": 9, "contrat_aide": 8, "formation_qualifiante": 3, "sortie_rsa": 60}
        | {"retraite": 7, "relais_freins_leves": 161, "abandon": 4, "suspension_incarceration": 8, "deces": 3},
        {"emploi_durable": 11, "emploi_transition": 20, "cddi": 17, "formation": 3, "sortie_rsa": 67}
        | {"relais_france_travail": 161, "abandon": 4, "suspension_incarceration": 8, "deces": 3},
        {"activite": 48, "cdi_cdd": 31, "cddi_aide": 17, "formation_qualifiante": 3, "sorties_rsa": 67, "relais": 161}
        | {"abandons": 4, "incarcerations": 8, "deces": 3, "autres": 0},
    ),
    "asp_quatre": (
        {"cdi": 6, "cdd_plus_6_mois": 5, "cddi": 10, "interim_moins_6_mois": 4, "formation_qualifiante": 2}
        | {"relais_france_travail": 13, "reorientation_mobilisation_sociale": 12, "reorientation_sociopro": 11}
        | {"dynamique_autre": 10, "sortie_rsa": 15, "demenagement": 4, "suspension_incarceration": 1},
        {"emploi_durable": 11, "cddi": 10, "emploi_transition": 4, "formation": 2, "relais_france_travail": 13}
        | {"reorientation_mobilisation_sociale": 12, "reorientation_sociopro": 11, "dynamique_autre": 10}
        | {"sortie_rsa": 15, "demenagement": 4, "suspension_incarceration": 1},
        {"emploi": 25, "formation": 2, "reorientation": 36, "autres": 30},
    ),
    "asp_resultats": (
        {"cdi": 6, "cdd_plus_6_mois": 5, "cddi": 10, "interim_moins_6_mois": 4, "formation_autre": 2}
        | {"relais_france_travail": 13, "reorientation_mobilisation_sociale": 12, "reorientation_sociopro": 11}
        | {"dynamique_autre": 9, "creation_entreprise": 1, "sortie_rsa": 14, "aah": 1, "demenagement": 4}
        | {"suspension_incarceration": 1},
        {"emploi_durable": 11, "cddi": 10, "emploi_transition": 4, "formation": 2, "relais_france_travail": 13}
        | {"reorientation_mobilisation_sociale": 12, "reorientation_sociopro": 11, "dynamique_autre": 10}
        | {"sortie_rsa": 15, "demenagement": 4, "suspension_incarceration": 1},
        {"durable": 11, "emploi_formation": 12, "transition": 4, "dynamiques_autres": 10, "vers_france_travail": 13}
        | {"vers_mobilisation_sociale": 12, "changement_referent": 11, "sorties_rsa": 15, "demenagements": 4}
        | {"incarceration": 1, "autres_sorties": 0, "dynamiques": 37, "reorientations": 36, "autres": 20},
    ),
    "dsp_2022": (
        {"cdi": 3, "cdd_plus_6_mois": 4, "interim_plus_6_mois": 1, "interim_moins_6_mois": 4, "cddi": 6}
        | {"formation_qualifiante": 3, "formation_autre": 1, "relais_france_travail": 16, "creation_entreprise": 1}
        | {"reorientation_mobilisation_sociale": 8, "demenagement": 4, "abandon": 2, "deces": 1},
        {"emploi_durable": 8, "emploi_transition": 4, "cddi": 6, "formation": 4, "relais_france_travail": 16}
        | {"reorientation_mobilisation_sociale": 8, "creation_entreprise": 1, "autre": 7},
        {"durable": 8, "transition": 4, "positives": 10, "cddi": 6, "formations": 4, "emploi": 22, "creation": 1}
        | {"relais_france_travail": 16, "autre_referent": 0, "mobilisation_sociale": 8, "reorientations": 25}
        | {"autres_sorties": 7},
    ),
    "dsp_quatre": (
        {"cdi": 3, "cdd_plus_6_mois": 4, "interim_plus_6_mois": 1, "interim_moins_6_mois": 4, "cddi": 6}
        | {"formation_qualifiante": 3, "formation_autre": 1, "relais_france_travail": 16, "creation_entreprise": 1}
        | {"reorientation_mobilisation_sociale": 8, "demenagement": 4, "abandon": 2, "deces": 1},
        {"emploi_durable": 8, "emploi_transition": 4, "cddi": 6, "formation": 4, "relais_france_travail": 16}
        | {"reorientation_mobilisation_sociale": 8, "creation_entreprise": 1, "autre": 7},
        {"emploi": 18, "formation": 4, "reorientation": 25, "autres": 7},
    ),
    "moselle": (
        {"relais_france_travail": 1341, "cdi": 156, "cdd_plus_6_mois": 300, "interim_plus_6_mois": 127}
        | {
            "cdd_moins_6_mois": 200,
            "interim_moins_6_mois": 124,
            "creation_entreprise": 15,
            "formation_qualifiante": 145,
        }
        | {"retraite": 20, "pension_invalidite": 13, "abandon": 250, "demenagement": 100, "sortie_rsa": 39},
        {"relais_france_travail": 1341, "cdi": 156, "emploi_durable": 427, "emploi_transition": 324, "formation": 145}
        | {"creation_entreprise": 15, "retraite": 33, "autre": 389},
        {"nouvelle_modalite": 1341, "cdi": 156, "plus_6_mois": 427, "moins_6_mois": 324, "creation": 15}
        | {"formation": 145, "retrait": 33, "autres": 389},
    ),
}


def compter(grille: grilles.Grille, motifs: dict[str, int]) -> dict[str, int]:
    """Ce que le tableau imprime : cases, lignes et sous-totaux."""
    rangees = sorties.ranger([Sortie(m) for m, n in motifs.items() for _ in range(n)], grille)
    comptes = {case: len(membres) for case, membres in rangees.items()}
    comptes |= {ligne.code: sum(comptes[case.code] for case in ligne.cases) for ligne in grille.lignes}
    return comptes | {g.code: len(sorties.du_groupe(g, rangees)) for g in grille.groupes if g.sous_total}


@pytest.mark.parametrize("code", PUBLIES)
def test_fine_and_coarse_reasons_both_give_the_published_table(code: str) -> None:
    fins, gros, attendu = PUBLIES[code]
    for motifs in (fins, gros):
        assert compter(GRILLES[code], motifs) == attendu | {NON_RENSEIGNE: 0}


def test_the_published_rates_come_out_of_the_groups() -> None:
    asp, dsp = GRILLES["asp_resultats"], GRILLES["dsp_2022"]
    for grille, attendu in ((asp, "40\u202f%"), (dsp, "40,74\u202f%")):
        motifs = PUBLIES[grille.code][0]
        rangees = sorties.ranger([Sortie(m) for m, n in motifs.items() for _ in range(n)], grille)
        dynamiques, base = sorties.dynamiques(grille, rangees)
        assert arrondi.pourcentage(len(dynamiques), len(base), grille.decimales) == attendu
    # Le document imprime 47,3 % : 1 341 sur 2 830 font 47,4 %.
    assert arrondi.pourcentage(1341, 2830, GRILLES["moselle"].decimales) == "47,4\u202f%"


def test_every_grid_places_every_reason_itself() -> None:
    for grille in GRILLES.values():
        places = [motif for case in grille.cases for motif in case.motifs]
        assert sorted(places) == sorted(MOTIFS), grille.code
        assert set(grille.a_confirmer) <= set(places)


def test_what_a_grid_withdraws_counts_neither_above_nor_below() -> None:
    grille = GRILLES["iae"]
    rangees = sorties.ranger([Sortie(m) for m in ("cdi", "abandon", "deces", "retraite", None)], grille)
    dynamiques, base = sorties.dynamiques(grille, rangees)
    assert (len(dynamiques), len(base)) == (1, 3)


motifs_tires = st.lists(st.none() | st.just("motif_de_demain") | st.sampled_from(MOTIFS), max_size=60)


@given(motifs_tires, st.sampled_from(sorted(GRILLES)), st.dictionaries(st.sampled_from(MOTIFS), st.integers(0, 40)))
def test_a_grid_counts_what_a_slow_reader_of_its_lines_counts(
    tires: list[str | None], code: str, voeux: dict[str, int]
) -> None:
    livree = GRILLES[code]
    codes = [case.code for case in livree.cases]
    rangements = {motif: codes[n] if n < len(codes) else "nulle_part" for motif, n in voeux.items()}
    grille = grilles.deplacer(livree, rangements)
    rangees = sorties.ranger([Sortie(m) for m in tires], grille)
    for case in (*livree.cases, None):
        attendus = 0
        for motif in tires:
            if motif is None:
                ici = None
            elif rangements.get(motif) in codes:
                ici = rangements[motif]
            else:
                ici = next((c.code for c in livree.cases if motif in c.motifs), livree.reste.code)
            attendus += ici == (case.code if case else None)
        assert len(rangees[case.code if case else NON_RENSEIGNE]) == attendus
    assert sum(map(len, rangees.values())) == len(tires)
    # Déplacés, les motifs restent chacun dans une case et une seule.
    places = [motif for case in grille.cases for motif in case.motifs]
    assert sorted(places) == sorted(MOTIFS)
    dynamiques, base = sorties.dynamiques(grille, rangees)
    assert len(dynamiques) <= len(base) <= len(tires)


jours = st.dates(date(2020, 1, 1), date(2023, 12, 31))


@given(st.lists(st.tuples(st.none() | jours, st.none() | st.integers(0, 900)), max_size=30))
def test_the_mean_duration_is_the_one_counted_day_by_day(tirees: list[tuple[date | None, int | None]]) -> None:
    fin = date(2023, 12, 31)
    mesures = [Sortie(None, e + timedelta(n) if e is not None and n is not None else None, e) for e, n in tirees]
    comptes = []
    for mesure in mesures:
        if mesure.entree_le is None:
            continue
        jour, compte = mesure.entree_le, 0
        while jour < fin and (mesure.sortie_le is None or jour < mesure.sortie_le):
            jour, compte = jour + timedelta(1), compte + 1
        comptes.append(compte)
    attendu = Fraction(sum(comptes), len(comptes)) * 12 / Fraction("365.25") if comptes else None
    assert duree.moyenne_en_mois(mesures, fin) == attendu


def test_half_a_month_rounds_up() -> None:
    # 1 461 jours font 48 mois ; 1 461 × 17 / 96 n'est pas entier : on vise la moitié exacte d'un mois.
    moyenne = Fraction(1461 * 17, 96) * Fraction(48, 1461)
    assert arrondi.decimal(moyenne, 0) == "9"


def test_a_quarter_shows_once_its_six_months_are_over() -> None:
    annee = Periode.annee(2022)
    assert [code for code, _ in suites.trimestres(annee, date(2022, 9, 30))] == []
    assert [code for code, _ in suites.trimestres(annee, date(2022, 10, 1))] == ["2022t1"]
    assert [code for code, _ in suites.trimestres(annee, date(2023, 7, 1))] == ["2022t1", "2022t2", "2022t3", "2022t4"]
    # Un trimestre entamé par la période n'en est pas un.
    coupee = Periode(date(2022, 1, 2), date(2022, 8, 31))
    assert [code for code, _ in suites.trimestres(coupee, date(2024, 1, 1))] == ["2022t2"]


@pytest.mark.parametrize(
    ("motif", "etape", "nouvelle", "attendu"),
    [
        ("cdi", None, None, True),
        ("abandon", None, None, False),
        ("abandon", ("2022-06-15", "cdd"), None, True),
        ("abandon", ("2022-12-15", "cdd"), None, True),
        ("abandon", ("2022-12-16", "cdd"), None, False),
        ("abandon", ("2022-06-14", "cdd"), None, False),
        ("abandon", ("2022-07-01", "formation_qualifiante"), None, False),
        (None, None, ("2023-01-15", "emploi"), True),
        (None, None, ("2023-01-16", "emploi"), False),
        (None, None, ("2022-12-20", "formation"), False),
    ],
)
def test_access_to_a_job_is_by_the_exit_a_step_or_the_news(
    motif: str | None, etape: tuple[str, str] | None, nouvelle: tuple[str, str] | None, attendu: bool
) -> None:
    notees = [(date.fromisoformat(etape[0]), {"nature": etape[1]})] if etape else []
    dites = [(date.fromisoformat(nouvelle[0]), {"resultat": nouvelle[1]})] if nouvelle else []
    assert suites.acces_a_l_emploi(JOUR, motif, notees, dites) is attendu


def test_the_first_news_after_the_exit_are_the_ones_counted() -> None:
    prises = [(date(2023, 3, 1), {"resultat": "recherche"}), (date(2022, 12, 20), {"resultat": "emploi"})]
    assert suites.premieres_nouvelles(JOUR, [*prises, (date(2022, 6, 1), {"resultat": "autre"})]) == "emploi"
    assert suites.premieres_nouvelles(JOUR, [(date(2022, 6, 14), {"resultat": "emploi"})]) is None


def test_a_watch_follows_the_exits_the_convention_names() -> None:
    assert suites.suivie("cdd_moins_6_mois", ["emploi"])
    assert not suites.suivie("formation_autre", ["emploi"])
    assert suites.suivie("formation_autre", ["emploi", "formation"])
    assert suites.suivie(None, None)
    assert not suites.suivie(None, ["emploi"])


def test_a_step_counts_while_the_mesure_lasts() -> None:
    entree, sortie = date(2022, 1, 10), date(2022, 6, 1)
    assert [etapes.pendant(date(2022, m, j), entree, sortie) for m, j in ((1, 9), (1, 10), (5, 31), (6, 1))] == [
        False,
        True,
        True,
        False,
    ]
    assert etapes.pendant(date(2030, 1, 1), entree, None)


ENTETE = 'code = "essai"\ntitre = "Essai"\nsource = "Convention"\ndecimales = 0\n'
LIGNE = '[[groupes]]\ncode = "g"\n[[groupes.lignes]]\ncode = "a"\nlibelle = "A"\n'
RESTE = '[[groupes.lignes]]\ncode = "b"\nlibelle = "B"\nreste = true\n'


@pytest.mark.parametrize(
    ("texte", "faute"),
    [
        ("code =", "ce n'est pas du TOML"),
        (LIGNE + 'motifs = ["cdi"]\n' + RESTE, 'écrivez en tête : titre = "…"'),
        (ENTETE, "il faut au moins un [[groupes]]"),
        (ENTETE + LIGNE + RESTE, "« a » n'a ni motifs"),
        (ENTETE + LIGNE + 'motifs = ["cdi"]\n', "une ligne et une seule prend le reste"),
        (ENTETE + LIGNE + 'motifs = ["cdi"]\n' + RESTE + 'motifs = ["cdi"]\n', "le motif « cdi » est dans deux lignes"),
        (ENTETE + LIGNE + 'motifs = ["cdii"]\n' + RESTE, "vouliez-vous dire « cdi » ?"),
        (ENTETE + LIGNE + 'motifs = ["cdi"]\n' + RESTE.replace('"b"', '"a"'), "le code « a » sert deux fois"),
        (ENTETE + LIGNE + 'motifs = ["cdi"]\n' + RESTE.replace('"b"', '"total"'), "toute grille a déjà"),
        (ENTETE.replace("0", "5") + LIGNE + 'motifs = ["cdi"]\n' + RESTE, "combien de chiffres après la virgule"),
        (ENTETE + LIGNE + 'motif = ["cdi"]\nmotifs = ["cdi"]\n' + RESTE, "« motif » n'a pas sa place"),
        (ENTETE + 'parts = "beaucoup"\n' + LIGNE + 'motifs = ["cdi"]\n' + RESTE, "parts vaut l'un de"),
    ],
)
def test_what_is_wrong_with_a_grid_is_said_in_french(texte: str, faute: str) -> None:
    with pytest.raises(grilles.GrilleIllisible) as refus:
        grilles.lire(texte)
    assert any(faute in dite for dite in refus.value.fautes), refus.value.fautes


def test_a_reason_that_no_line_names_goes_with_the_rest() -> None:
    grille = grilles.lire(ENTETE + LIGNE + 'motifs = ["cdi"]\n' + RESTE)
    motifs = ("cdi", "abandon", "motif_de_demain", None)
    rangees = sorties.ranger([Sortie(motif) for motif in motifs], grille)
    assert {case: len(membres) for case, membres in rangees.items()} == {"a": 1, "b": 2, NON_RENSEIGNE: 1}
    assert [grille.case_de(motif) for motif in motifs] == ["a", "b", "b", NON_RENSEIGNE]


def test_a_business_creation_is_news_to_hear_of_but_not_the_job_of_the_headline() -> None:
    """Le DSP 2022 imprime 18 accès à l'emploi, CDDI compris, sans sa création d'entreprise."""
    fins = PUBLIES["dsp_2022"][0]
    assert sum(n for motif, n in fins.items() if motif in resultats.EMPLOI) == 18
    # L'échéance des nouvelles et l'accès à l'emploi en six mois, eux, la comptent.
    assert set(DONNEES["motifs"]["emploi"]) - resultats.EMPLOI == {"creation_entreprise"}
    assert suites.par_emploi("creation_entreprise")
    assert suites.suivie("creation_entreprise", ["emploi"])
