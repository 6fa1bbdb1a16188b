"""Le rapport contre un compteur lent et naïf, écrit d'après les seules définitions, sur des faits quelconques.

Chaque exemple est une structure de plus dans la même base : ce que les autres ont noté ne doit jamais s'y compter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from app.domain.indicateurs.periode import PARIS
from app.migrations import migrer
from app.moteur import ouvrir_moteur
from app.rapports import rapport
from app.rapports.demande import Demande
from tests.bases import lire
from tests.rapports.suivis import MAINTENANT, noter

PREMIER, DERNIER = date(2022, 1, 1), date(2022, 12, 31)
STATUTS = ("propose", "honore", "absence_excusee", "absence_non_excusee", "annule_service")
FAMILLES = {"logement": "social", "sante": "social", "offres": "emploi"}

# Les bords, où une définition se trompe, plus souvent que le hasard ne les donnerait.
BORDS = [date(2021, 12, 31), PREMIER, date(2022, 6, 1), date(2022, 6, 16), date(2022, 6, 17), DERNIER, date(2023, 1, 1)]
jours = st.sampled_from(BORDS) | st.dates(date(2020, 6, 1), date(2023, 6, 30))
historiques = st.dictionaries(
    jours, st.sampled_from([None, "beneficiaire", "suspendu", "clos", "non_beneficiaire"]), max_size=3
)


@st.composite
def suivis(draw: st.DrawFn) -> dict[str, Any]:
    """Une personne, sa mesure et ce qui s'y est passé, sans souci de vraisemblance."""
    entree = draw(st.none() | jours)
    sortie = None if entree is None else draw(st.none() | st.integers(0, 800).map(lambda n: entree + timedelta(n)))
    return {
        "convention": draw(st.sampled_from(["DSP-TDL", "DSP-TDL", "ASP-NC"])),
        "meme_personne": draw(st.booleans()),
        "naissance": draw(st.none() | st.dates(date(1950, 1, 1), date(2010, 1, 1))),
        "sexe": draw(st.dictionaries(jours, st.sampled_from(["femme", "homme", "autre", None]), max_size=2)),
        "rsa": draw(historiques),
        "ressources": draw(st.dictionaries(jours, st.sampled_from([None, [], ["ass"], ["are", "aah"]]), max_size=2)),
        "orientee": draw(st.none() | jours),
        "contact": draw(st.none() | jours),
        "entree": entree,
        "sortie": sortie,
        "rendez_vous": draw(st.lists(st.tuples(jours, st.integers(0, 23), st.sampled_from(STATUTS)), max_size=4)),
        "entretiens": draw(
            st.lists(
                st.tuples(
                    jours,
                    st.sampled_from(["presentiel", "telephone"]),
                    st.lists(st.sampled_from(sorted(FAMILLES)), max_size=3),
                ),
                max_size=3,
            )
        ),
        "saisines": draw(st.lists(st.tuples(jours, st.booleans()), max_size=2)),
        "diagnostics": draw(
            st.lists(
                st.tuples(
                    jours,
                    st.dictionaries(
                        st.sampled_from(["mobilite", "budget"]), st.sampled_from(["releve", "travaille", "leve"])
                    ),
                    st.booleans(),
                ),
                max_size=3,
                unique_by=lambda d: d[0],
            )
        ),
    }


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    moteur = ouvrir_moteur(f"sqlite:///{tmp_path_factory.mktemp('oracle') / 'oracle.db'}")
    migrer(moteur)
    yield moteur
    moteur.dispose()


def au(historique: dict[date, Any], jour: date) -> Any:
    connus = [effet for effet in historique if effet <= jour]
    return historique[max(connus)] if connus else None


def deja(jour: Any) -> Any:
    return jour if jour and jour <= MAINTENANT.date() else None


def a_l_entree(historique: dict[date, Any], entree: date) -> Any:
    """Connu à l'entrée ; sinon ce qui a été noté en premier après elle."""
    apres = [valeur for effet, valeur in sorted(historique.items()) if effet > entree and valeur is not None]
    connue = au(historique, entree)
    return connue if connue is not None else apres[0] if apres else None


def naif(faits: list[dict[str, Any]], personnes: list[str]) -> Counter[str]:
    """Les comptes de 2022 sous DSP-TDL, un suivi après l'autre."""
    n: Counter[str] = Counter()
    de_la_personne = {personne: faits[personnes.index(personne)] for personne in personnes}
    distinctes = set()
    for rang, fait in enumerate(faits):
        if fait["convention"] != "DSP-TDL":
            continue
        # Ce qui est daté d'après ce jour n'a pas eu lieu.
        entree, sortie = deja(fait["entree"]), deja(fait["sortie"])
        qui = de_la_personne[personnes[rang]]
        dedans = entree is not None and entree <= DERNIER and (sortie is None or sortie >= PREMIER)
        if dedans:
            distinctes.add(personnes[rang])
            n["flux.accompagnees"] += 1
            n["flux.presentes_debut"] += entree < PREMIER
            n["flux.entrees"] += entree >= PREMIER
            n["flux.sorties"] += sortie is not None and sortie <= DERNIER
            n["flux.suivies_fin"] += sortie is None or sortie > DERNIER
            n[f"sexe.{au(qui['sexe'], DERNIER) or 'non_renseigne'}"] += 1
            n[f"age.{tranche(qui['naissance'])}"] += 1
            rsa, ressources = a_l_entree(qui["rsa"], entree), a_l_entree(qui["ressources"], entree)
            au_rsa = rsa in ("beneficiaire", "suspendu")
            if sortie is not None and sortie <= DERNIER:
                n["sorties_motifs.total"] += 1
                n["sorties_motifs.total.brsa"] += au_rsa
            n[f"brsa.{'oui' if au_rsa else 'non' if rsa else 'non_renseigne'}"] += 1
            n[f"minima.{minima(au_rsa, rsa, ressources)}"] += 1
            dits: dict[str, list[str]] = {}
            for jour, freins, retiree in sorted(fait["diagnostics"], key=lambda d: d[0]):
                if jour <= DERNIER and not retiree:
                    for frein, etat in freins.items():
                        dits.setdefault(frein, []).append(etat)
            n["freins.avec_diagnostic.freins_releves"] += any(
                jour <= DERNIER and not retiree for jour, _, retiree in fait["diagnostics"]
            )
            for frein, suite in dits.items():
                n[f"freins.{frein}.freins_releves"] += 1
                n[f"freins.{frein}.freins_travailles"] += suite != ["releve"] * len(suite)
                n[f"freins.{frein}.freins_leves"] += suite[-1] == "leve"
        orientee = fait["orientee"]
        if orientee is not None and orientee <= DERNIER:
            pas_sortie, pas_entree = sortie is None or sortie > DERNIER, entree is None or entree > DERNIER
            n["flux.en_integration"] += pas_sortie and pas_entree
        if orientee is not None and PREMIER <= orientee <= DERNIER:
            # Ce qui vaut un contact, depuis le premier jour ; le jour noté et l'entrée valent toujours.
            ouverture = min(jour for jour in (orientee, entree) if jour is not None)
            eus = [jour for jour, _, statut in fait["rendez_vous"] if statut == "honore"]
            eus += [jour for jour, _, _ in fait["entretiens"]]
            eus = [jour for jour in eus if jour >= ouverture] + [j for j in (fait["contact"], entree) if j]
            contact = min(eus, default=None)
            if contact is not None and (contact - orientee).days <= 15:
                n["conformite.premier_contact_tenu.fait"] += 1
            elif contact is not None or (MAINTENANT.date() - orientee).days > 15:
                n["conformite.premier_contact_tenu.a_faire"] += 1
        for jour, heure, statut in fait["rendez_vous"]:
            if PREMIER <= jour <= DERNIER:
                passe = datetime.combine(jour, time(heure), PARIS) < MAINTENANT
                n["rendez_vous.realise"] += statut == "honore"
                n["rendez_vous.absences"] += statut.startswith("absence")
                n["rendez_vous.proposes"] += statut == "honore" or statut.startswith("absence")
                n["rendez_vous.annule_service"] += statut == "annule_service"
                n["rendez_vous.a_preciser"] += statut == "propose" and passe
        for jour, _, familles in fait["entretiens"]:
            if PREMIER <= jour <= DERNIER:
                for famille in familles:
                    n["demarches.demarches"] += 1
                    n[f"demarches.{FAMILLES[famille]}"] += 1
                    n[f"demarches.{famille}"] += 1
        rencontres = [jour for jour, _, statut in fait["rendez_vous"] if statut == "honore"]
        rencontres += [jour for jour, moyen, _ in fait["entretiens"] if moyen == "presentiel"]
        # Ce qui s'est passé avant la mesure est d'une autre histoire.
        ouverte = min((jour for jour in (orientee, entree) if jour is not None), default=date.min)
        rencontres = [jour for jour in rencontres if jour >= ouverte]
        saisines = [jour for jour, retiree in fait["saisines"] if PREMIER <= jour <= DERNIER and not retiree]
        # Une mesure finie plus de deux ans avant la période n'est plus lue : rien ne s'y passe.
        if saisines and (sortie is None or sortie >= PREMIER):
            n["saisines.saisines"] += 1
            n["saisines.saisines_avant_rencontre"] += all(min(saisines) < rencontre for rencontre in rencontres)
    n["flux.personnes_distinctes"] = len(distinctes)
    return n


def tranche(naissance: date | None) -> str:
    if naissance is None:
        return "non_renseigne"
    ans = 2022 - naissance.year  # Le 31 décembre, tout l'an est révolu.
    return "moins_26" if ans < 26 else "de_26_a_49" if ans < 50 else "50_et_plus"


def minima(au_rsa: bool, rsa: str | None, ressources: list[str] | None) -> str:
    if au_rsa:
        return "rsa"
    for code in ("ass", "aah"):
        if code in (ressources or []):
            return code
    return "non_concerne" if rsa or ressources else "non_renseigne"


COMPARES = (
    *("flux.", "sexe.", "age.", "brsa.", "minima.", "freins.", "rendez_vous.", "demarches.", "saisines."),
    "sorties_motifs.total",
    *("conformite.premier_contact_tenu.fait", "conformite.premier_contact_tenu.a_faire"),
)
# Ce que l'oracle ne redit pas : les deux genres d'absence, dont il a la somme.
HORS_ORACLE = frozenset({"rendez_vous.absence_excusee", "rendez_vous.absence_non_excusee"})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(suivis(), min_size=1, max_size=6))
def test_the_report_counts_what_the_definitions_say(base: Engine, faits: list[dict[str, Any]]) -> None:
    ici, personnes = noter(base, faits)
    attendu = naif(faits, personnes)
    demande = Demande.lire(ici, "DSP-TDL", "2022", MAINTENANT)
    with lire(base) as session:
        lu: dict[str, int] = {}
        for tableau in rapport.tableaux_de(rapport.parties(session, demande)):
            assert [c.phrase for c in tableau.controles if not c.juste] == []
            for ligne in tableau.lignes:
                for colonne, cellule in zip(tableau.colonnes, ligne.cellules, strict=True):
                    if cellule.nombre is None or cellule.selection is None:
                        continue
                    suite = "" if colonne.code == "nombre" else f".{colonne.code}"
                    lu[f"{tableau.code}.{ligne.code}{suite}"] = cellule.nombre
                    liste = cellule.selection.page(session, demande, 0, 1000)
                    assert len({(li.id, li.cas) for li in liste}) == cellule.nombre, (tableau.code, ligne.code)
    compares = {cle: n for cle, n in lu.items() if n and cle not in HORS_ORACLE and cle.startswith(COMPARES)}
    assert compares == {cle: n for cle, n in attendu.items() if n}
