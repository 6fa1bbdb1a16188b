"""Replier des motifs : aucun compte ne se perd, et rien ne permet de retrouver celui qu'on ne dit pas."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import grilles, nomenclatures
from app.domain.grilles.grille import NON_RENSEIGNE, TOTAL
from app.domain.indicateurs import conformite, etapes
from app.domain.indicateurs import sorties as definition
from app.domain.mesure import MOTIFS_RESERVES
from app.domain.sortant import MOTIFS_DE_DETENTION
from app.rapports import lecteurs, replis
from app.rapports.rapport import CHAPITRES
from app.rapports.tableau import Ligne, Tableau
from tests.rapports.editions import compte

MOTIFS = nomenclatures.codes("motif_sortie")
COMPTES = st.dictionaries(st.sampled_from(MOTIFS), st.integers(0, 4), min_size=1)


def par_motif(comptes: Mapping[str, int]) -> Tableau:
    total = sum(comptes.values())
    lignes = [Ligne(m, nomenclatures.libelle("motif_sortie", m), (compte(n, total),)) for m, n in comptes.items() if n]
    lignes += [
        Ligne(NON_RENSEIGNE, "Non renseigné", (compte(0, total),)),
        Ligne(TOTAL, "Total", (compte(total),), "total"),
    ]
    return Tableau("sorties_motifs", "Sorties", "mesures", tuple(lignes))


def selon(code: str, comptes: Mapping[str, int]) -> Tableau:
    """Une grille comptée naïvement, sa ligne, ses détails, ses sous-totaux."""
    grille = grilles.charger()[code]
    sorties = [SimpleNamespace(sortie_motif=motif) for motif, n in comptes.items() for _ in range(n)]
    rangees = {case: len(membres) for case, membres in definition.ranger(sorties, grille).items()}
    lignes: list[Ligne] = []
    for groupe in grille.groupes:
        for li in groupe.lignes:
            lignes.append(Ligne(li.code, li.libelle, (compte(sum(rangees[c.code] for c in li.cases)),)))
            if li.detaillee:
                lignes += [Ligne(c.code, f"dont {c.libelle}", (compte(rangees[c.code]),), "detail") for c in li.cases]
        if groupe.sous_total:
            nombre = sum(rangees[c.code] for li in groupe.lignes for c in li.cases)
            lignes.append(Ligne(groupe.code, groupe.sous_total, (compte(nombre),), "sous_total"))
    lignes += [
        Ligne(NON_RENSEIGNE, "Non renseigné", (compte(0),)),
        Ligne(TOTAL, "Total", (compte(len(sorties)),), "total"),
    ]
    return Tableau(f"sorties_{code}", grille.titre, "mesures", tuple(lignes))


@pytest.mark.parametrize("motifs", [MOTIFS_RESERVES, MOTIFS_DE_DETENTION], ids=["reserves", "detention"])
@given(comptes=COMPTES)
def test_nothing_is_lost_and_no_row_counts_only_them(motifs: frozenset[str], comptes: dict[str, int]) -> None:
    for tableau in (par_motif(comptes), *(selon(code, comptes) for code in grilles.charger())):
        replie = replis.replier(tableau, motifs)
        assert [c.phrase for c in replie.controles if not c.juste] == []
        assert replie.controles
        assert replie.ligne(TOTAL).nombre == sum(comptes.values())
        dits = {ligne.libelle for ligne in replie.lignes}
        assert not {d for d in dits if "ncarcération" in d}
        sous_totaux = [li.code for li in tableau.lignes if li.sorte == "sous_total"]
        assert [replie.ligne(c).nombre for c in sous_totaux] == [tableau.ligne(c).nombre for c in sous_totaux]
        if motifs is MOTIFS_RESERVES:
            reservees = {nomenclatures.libelle("motif_sortie", motif) for motif in MOTIFS_RESERVES}
            assert not dits & reservees


@given(comptes=COMPTES)
def test_whoever_does_not_read_them_opens_the_total_only(comptes: dict[str, int]) -> None:
    for tableau in (par_motif(comptes), selon("iae", comptes)):
        vu = replis.sans_motifs_reserves(tableau)
        assert [li.code for li in vu.lignes if any(c.selection for c in li.cellules)] == [TOTAL]


def test_a_share_is_the_share_of_the_sum() -> None:
    comptes = {"cdi": 6, "aah": 1, "retraite": 1, "autre": 2}
    (autre,) = (li for li in replis.replier(par_motif(comptes), MOTIFS_RESERVES).lignes if li.code == "autre")
    assert (autre.nombre, autre.part) == (4, "40\u202f%")
    del comptes["autre"]
    replie = replis.replier(par_motif(comptes), MOTIFS_RESERVES)
    assert [li.code for li in replie.lignes] == ["cdi", "autre", NON_RENSEIGNE, TOTAL]
    assert (replie.ligne("autre").libelle, replie.ligne("autre").part) == ("Autre sortie", "25\u202f%")


def test_a_reason_counted_with_one_that_is_hidden_is_hidden_with_it() -> None:
    """L'IAE compte décès et incarcération sur une ligne : le décès seul, ailleurs, rendrait l'autre."""
    comptes = {"deces": 2, "suspension_incarceration": 1, "aah": 3, "autre": 1}
    ensemble = [par_motif(comptes), selon("iae", comptes)]
    motifs = replis.avec_compagnons(ensemble, MOTIFS_DE_DETENTION)
    assert motifs == MOTIFS_DE_DETENTION | {"deces"}
    assert replis.avec_compagnons(ensemble[:1], MOTIFS_DE_DETENTION) == MOTIFS_DE_DETENTION
    motif, iae = (replis.replier(t, motifs) for t in ensemble)
    assert {li.code: li.nombre for li in motif.lignes} == {"aah": 3, "autre": 4, NON_RENSEIGNE: 0, TOTAL: 7}
    assert iae.ligne("neutres").nombre == iae.ligne("retirees").nombre == 6
    assert iae.ligne("neutres").libelle == "Autres motifs"


def test_every_table_says_what_its_lists_say() -> None:
    """Un tableau de plus se déclare : sinon ses listes restent fermées, même à qui les lirait."""
    par_ligne = {cle.split("/")[0] for cle in lecteurs.DIT if "/" in cle}
    codes = {code for chapitre in CHAPITRES for code in chapitre.tableaux}
    assert codes <= {*lecteurs.DIT, *par_ligne}
    assert {cle.split("/")[0] for cle in lecteurs.DIT} <= codes
    lignes = {
        # L'équipe se compte sans personne : ce chiffre n'a pas de liste.
        *(f"conformite/{i.code}" for i in conformite.INDICATEURS if i.code != "temps_par_fonction"),
        *(f"resultats/{i.code}" for i in etapes.INDICATEURS if i.code in ("reprise_activite", "cv_depose")),
    }
    assert lignes <= set(lecteurs.DIT)
    # Ce que dit chaque liste est un champ, une forme, ou l'un des deux qui ont leurs lecteurs.
    for dit in lecteurs.DIT.values():
        for quoi in dit:
            assert lecteurs.se_connait(quoi), quoi
