"""Ce que la convention demande se juge comme l'échéance : rencontres, rythme, semaines, contacts, équipe."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from uuid6 import uuid7

from app.migrations import migrer
from app.models import Agent, Convention, TempsDeTravail, Utilisateur
from app.moteur import ouvrir_moteur
from app.rapports import rapport
from app.rapports.demande import Demande
from app.rapports.regles import Regles
from app.rapports.tableau import CaseInconnue, Ligne
from app.rapports.tableaux import rythme
from tests.bases import ecrire, lire
from tests.rapports.suivis import MAINTENANT, noter

ENTREE, SORTIE = date(2021, 6, 1), date(2022, 6, 30)
LUNDI = date(2022, 3, 7)
TREIZE = [date(2022, 1, 4) + timedelta(n) for n in range(13)]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    moteur = ouvrir_moteur(f"sqlite:///{tmp_path_factory.mktemp('conformite') / 'conformite.db'}")
    migrer(moteur)
    yield moteur
    moteur.dispose()


def ligne(base: Engine, ici: str, convention: str, code: str, tableau: str = "conformite") -> Ligne:
    with lire(base) as session:
        return rapport.tableau(session, Demande.lire(ici, convention, "2022", MAINTENANT), tableau).ligne(code)


def comptes(base: Engine, code: str, *faits: dict[str, Any], **regles: Any) -> tuple[int | None, ...]:
    """Fait, pas fait, sur."""
    ici, _ = noter(base, list(faits))
    convention = faits[0].get("convention", "DSP-TDL")
    if regles:
        regler(base, ici, convention, regles)
    lue = ligne(base, ici, convention, code)
    with lire(base) as session:
        demande = Demande.lire(ici, convention, "2022", MAINTENANT)
        for cellule in lue.cellules:
            if cellule.selection is not None:
                assert len(cellule.selection.page(session, demande, 0, 100)) == cellule.nombre
    return tuple(cellule.nombre for cellule in lue.cellules)


def regler(base: Engine, ici: str, convention: str, regles: dict[str, Any]) -> None:
    with ecrire(base) as session:
        for version in session.scalars(
            select(Convention).where(Convention.structure_id == ici, Convention.code == convention)
        ):
            session.execute(
                update(Convention)
                .where(
                    Convention.structure_id == ici,
                    Convention.code == convention,
                    Convention.version == version.version,
                )
                .values(donnees=version.donnees | regles)
            )


# Treize rencontres physiques.

FACE_A_FACE = [(jour, "presentiel", None) for jour in TREIZE]
HONORES = [(jour, 10, "honore") for jour in TREIZE]


@pytest.mark.parametrize(
    ("contacts", "rendez_vous", "au_complet"),
    [
        (FACE_A_FACE, [], 1),
        ([], HONORES, 1),
        (FACE_A_FACE[:6], HONORES[6:], 1),
        (FACE_A_FACE[:12], HONORES[:12], 0),
        # Deux rencontres le même jour n'en font qu'une.
        (FACE_A_FACE[:12], [(TREIZE[0], 9, "honore"), (TREIZE[0], 15, "honore")], 0),
        # Un rendez-vous que son entretien dit tenu au téléphone n'est pas une rencontre.
        ([(TREIZE[4], "telephone", 4)], HONORES, 0),
        ([*FACE_A_FACE[:12], (TREIZE[12], "sms", None)], [], 0),
        ([*FACE_A_FACE[:12], (TREIZE[12], "visite", "sans mesure")], [], 1),
        # Celle d'avant la mesure n'en est pas.
        ([*FACE_A_FACE[:12], (ENTREE - timedelta(1), "presentiel", None)], [], 0),
        # Ni celle d'un jour à venir.
        ([*FACE_A_FACE[:12], (MAINTENANT.date() + timedelta(1), "presentiel", None)], [], 0),
    ],
)
def test_thirteen_physical_meetings_are_those_of_the_deadline(
    base: Engine, contacts: Any, rendez_vous: Any, au_complet: int
) -> None:
    suivi = {"convention": "PDC-ASP", "entree": ENTREE, "sortie": SORTIE}
    lus = comptes(base, "rendez_vous_tenus", suivi | {"contacts": contacts, "rendez_vous": rendez_vous})
    assert lus == (au_complet, 1 - au_complet, 1)


LE_1, LE_9, LE_15 = date(2022, 3, 1), date(2022, 3, 9), date(2022, 3, 15)


@pytest.mark.parametrize(
    ("contacts", "rendez_vous", "avant"),
    [
        ([], [(LE_1, 10, "honore")], 0),
        ([(LE_1, "visite", None)], [], 0),
        ([], [(LE_15, 10, "honore")], 1),
        # Au téléphone, on ne s'est pas encore rencontré : que le rendez-vous l'ait été, ou l'entretien seul.
        ([(LE_1, "telephone", 0)], [(LE_1, 10, "honore")], 1),
        ([(LE_1, "telephone", None)], [], 1),
    ],
)
def test_a_breach_comes_before_the_first_physical_meeting_or_after(
    base: Engine, contacts: Any, rendez_vous: Any, avant: int
) -> None:
    suivi = {"entree": date(2022, 2, 1), "saisines": [(LE_9, False)]}
    ici, _ = noter(base, [suivi | {"contacts": contacts, "rendez_vous": rendez_vous}])
    with lire(base) as session:
        lu = rapport.tableau(session, Demande.lire(ici, "DSP-TDL", "2022", MAINTENANT), "saisines")
    assert (lu.ligne("saisines").nombre, lu.ligne("saisines_avant_rencontre").nombre) == (1, avant)


# Quinze heures par semaine.


def semaine(minutes: int, lundi: date = LUNDI) -> tuple[str, date, dict[str, Any]]:
    return "semaine", lundi, {"lundi": str(lundi), "activites": [{"nature": "autre", "minutes": minutes}]}


def amenagement(minutes: int) -> tuple[str, date, dict[str, Any]]:
    return "amenagement", date(2022, 1, 1), {"du": "2022-01-01", "au": str(LUNDI), "minutes": minutes}


@pytest.mark.parametrize(
    ("pieces", "attendu"),
    [
        ([semaine(900)], (1, 0, 1)),
        ([semaine(899)], (0, 1, 1)),
        # Deux fiches de la même semaine s'ajoutent, et font une semaine.
        ([semaine(400), semaine(500)], (1, 0, 1)),
        ([semaine(400), semaine(500, LUNDI + timedelta(7))], (0, 2, 2)),
        ([semaine(300), amenagement(300)], (1, 0, 1)),
        ([semaine(300, LUNDI + timedelta(7)), amenagement(300)], (0, 1, 1)),
        ([semaine(480), ("contrat", ENTREE, {"debut": str(ENTREE), "activite_minutes": 480})], (1, 0, 1)),
        # Dispensée, suspendue, entamée à l'entrée : elle n'était pas demandée.
        ([semaine(60), amenagement(0), semaine(900, LUNDI + timedelta(7))], (1, 0, 1)),
        ([semaine(60), ("suspension", LUNDI, {"du": str(LUNDI + timedelta(6))})], (0, 0, 0)),
        ([semaine(60, ENTREE - timedelta(1)), semaine(900)], (1, 0, 1)),
    ],
)
def test_a_week_is_judged_as_its_deadline_does(base: Engine, pieces: Any, attendu: tuple[int, ...]) -> None:
    suivi = {"convention": "PDC-ASP", "entree": ENTREE, "pieces": pieces}
    assert comptes(base, "semaines_au_complet", suivi) == attendu


# Le premier contact.

ORIENTEE = date(2022, 6, 1)


@pytest.mark.parametrize(
    ("dits", "tenu"),
    [
        ({"contact": date(2022, 6, 10)}, 1),
        ({"contact": date(2022, 8, 1), "contacts": [(date(2022, 6, 16), "sms", None)]}, 1),
        ({"contact": date(2022, 8, 1), "rendez_vous": [(date(2022, 6, 16), 9, "honore")]}, 1),
        ({"rendez_vous": [(date(2022, 6, 16), 9, "absence_excusee")]}, 0),
        ({"contacts": [(date(2022, 6, 10), "telephone", "sans mesure")]}, 1),
        ({"entree": date(2022, 6, 16)}, 1),
        ({"contacts": [(date(2022, 6, 17), "presentiel", None)]}, 0),
        # Un contact d'avant l'orientation ne la règle pas ; celui d'après, si.
        ({"contacts": [(date(2022, 5, 1), "presentiel", None)]}, 0),
        ({"contacts": [(date(2022, 5, 1), "presentiel", None), (date(2022, 6, 9), "sms", None)]}, 1),
    ],
)
def test_the_first_contact_is_the_earliest_of_what_settles_the_deadline(
    base: Engine, dits: dict[str, Any], tenu: int
) -> None:
    # Une autre, orientée plus tôt : ce qu'on lit de la base commence avant l'orientation de la première.
    autre = {"convention": "ASP-NC", "orientee": date(2022, 4, 1), "contact": date(2022, 4, 2)}
    lus = comptes(base, "premier_contact_tenu", {"convention": "ASP-NC", "orientee": ORIENTEE} | dits, autre)
    assert lus == (1 + tenu, 1 - tenu, 2)


def test_the_median_counts_the_same_contacts(base: Engine) -> None:
    suivi = {"convention": "ASP-NC", "orientee": ORIENTEE}
    ici, _ = noter(
        base, [suivi | {"contacts": [(date(2022, 6, 4), "sms", None)]}, suivi | {"contact": date(2022, 6, 8)}, suivi]
    )
    lue = ligne(base, ici, "ASP-NC", "premier_contact_median")
    assert (lue.texte, lue.cellules[2].nombre) == ("5\u00a0j", 2)


# Le rythme : un entretien par mois.


def mensuels(mois: int, moyen: str = "presentiel") -> list[tuple[date, str, Any]]:
    return [(date(2022, rang, 15), moyen, None) for rang in range(1, mois + 1)]


SUSPENDUE = ("suspension", date(2022, 4, 1), {"du": "2022-04-01", "au": "2022-05-31"})


@pytest.mark.parametrize(
    ("dits", "attendu"),
    [
        ({"contacts": mensuels(12)}, (1, 0, 1)),
        ({"contacts": mensuels(11)}, (0, 1, 1)),
        ({"contacts": mensuels(12, "sms")}, (0, 1, 1)),
        ({"contacts": [*mensuels(11), mensuels(1)[0]]}, (0, 1, 1)),
        ({"contacts": mensuels(6), "rendez_vous": [(date(2022, m, 20), 9, "honore") for m in range(7, 13)]}, (1, 0, 1)),
        # L'entretien d'un rendez-vous est ce rendez-vous.
        (
            {
                "contacts": [*mensuels(11)[:-1], (date(2022, 11, 20), "presentiel", 0)],
                "rendez_vous": [(date(2022, 11, 20), 9, "honore")],
            },
            (0, 1, 1),
        ),
        ({"contacts": mensuels(10), "pieces": [SUSPENDUE]}, (1, 0, 1)),
        ({"contacts": mensuels(9), "pieces": [SUSPENDUE]}, (0, 1, 1)),
        ({"entree": date(2022, 12, 2)}, (0, 0, 0)),
        ({"entree": date(2022, 11, 30), "contacts": [(date(2022, 11, 29), "presentiel", None)]}, (0, 1, 1)),
        ({"sortie": date(2022, 2, 14), "contacts": mensuels(1)}, (1, 0, 1)),
    ],
)
def test_the_rhythm_asks_one_meeting_per_whole_period(
    base: Engine, dits: dict[str, Any], attendu: tuple[int, ...]
) -> None:
    assert comptes(base, "cadence_respectee", {"entree": ENTREE} | dits) == attendu


MENSUEL, PAR_QUINZAINE = {"nombre": 1, "par": "mois"}, {"nombre": 1, "par": "quinzaine"}


@pytest.mark.parametrize(
    ("avant", "ensuite", "dus"),
    [
        # Le rythme d'avant pour ses jours, le nouveau pour les siens.
        (MENSUEL, PAR_QUINZAINE, 6 + 170 // 15),
        # Un rythme qui commence avec une version ne vaut pas avant elle.
        (None, MENSUEL, 5),
        (MENSUEL, None, 6),
        # Une version qui ne change pas le rythme ne le fait pas repartir de son premier jour.
        (MENSUEL, MENSUEL, 12),
    ],
)
def test_each_version_asks_its_own_rhythm_for_its_own_days(
    avant: dict[str, Any] | None, ensuite: dict[str, Any] | None, dus: int
) -> None:
    tranches = ({"debut": "2021-01-01", "cadence": avant}, {"debut": "2022-07-15", "cadence": ensuite})
    fil = Regles((), "2022-12-31", {"DSP-TDL": tranches}).au_fil("DSP-TDL", "cadence")
    assert rythme.dus(fil, date(2022, 1, 1), date(2022, 12, 31), []) == dus


def test_the_list_of_one_line_is_the_list_of_the_whole_table(base: Engine) -> None:
    ici, _ = noter(base, [{"entree": ENTREE, "contacts": mensuels(12)}, {"entree": ENTREE, "sortie": SORTIE}])
    with lire(base) as session:
        demande = Demande.lire(ici, "DSP-TDL", "2022", MAINTENANT)
        entier = rapport.tableau(session, demande, "conformite")
        assert len(entier.lignes) > 3
        for lue in entier.lignes:
            seule = rapport.tableau(session, demande, "conformite", lue.code).ligne(lue.code)
            assert [cellule.texte for cellule in seule.cellules] == [cellule.texte for cellule in lue.cellules]


# L'accueil compté depuis l'entrée.

ACCUEIL = {"jours": 15, "depuis": "entree", "livrables": ["diagnostic"], "rendez_vous": 1}


@pytest.mark.parametrize(
    ("contacts", "diagnostic", "fait"),
    [
        ([(date(2022, 3, 16), "presentiel", None)], date(2022, 3, 16), 1),
        ([(date(2022, 3, 16), "presentiel", None)], date(2022, 3, 17), 0),
        ([(date(2022, 3, 16), "telephone", None)], date(2022, 3, 16), 0),
        ([(date(2022, 3, 17), "presentiel", None)], date(2022, 3, 2), 0),
    ],
)
def test_the_reception_counted_from_the_entry_has_its_line(
    base: Engine, contacts: Any, diagnostic: date, fait: int
) -> None:
    suivi = {"entree": date(2022, 3, 1), "contacts": contacts, "diagnostics": [(diagnostic, {}, False)]}
    assert comptes(base, "accueil_tenu", suivi, accueil=ACCUEIL) == (fait, 1 - fait, 1)


# Les places, l'équipe.


def test_the_places_are_the_base_and_the_team_has_its_own_line(base: Engine) -> None:
    ici, _ = noter(base, [{"entree": ENTREE}, {"entree": ENTREE}, {"entree": ENTREE, "sortie": SORTIE}])
    lue = ligne(base, ici, "DSP-TDL", "occupation")
    assert [(c.texte, c.part) for c in lue.cellules] == [("2", "4\u202f%"), ("", None), ("56", None)]
    with pytest.raises(CaseInconnue):
        ligne(base, ici, "DSP-TDL", "file_par_etp")
    with ecrire(base) as session:
        auteur = session.scalars(select(Utilisateur.id).where(Utilisateur.structure_id == ici)).one()
        qui = {"structure_id": ici, "id": str(uuid7()), "nom": "Fictive", "prenom": "Zoé", "par_id": auteur}
        session.add(Agent(**qui, fonction="Conseillère", le=MAINTENANT))
        session.flush()
        cle = {"structure_id": ici, "agent_id": qui["id"], "convention": "DSP-TDL"}
        session.add(TempsDeTravail(**cle, jour=date(2022, 1, 1), etp=Decimal("0.80")))
        session.add(TempsDeTravail(**cle, jour=date(2023, 1, 1), etp=Decimal("0.50")))
    assert [c.texte for c in ligne(base, ici, "DSP-TDL", "file_par_etp").cellules] == ["3", "", "0,8\u202fETP"]


# L'année qui court.


def test_in_a_running_year_what_is_dated_later_has_not_happened(base: Engine) -> None:
    suivis: list[dict[str, Any]] = [
        {"entree": date(2023, 1, 1), "sortie": date(2023, 10, 1)},
        {"entree": date(2023, 6, 1)},
        {"entree": date(2022, 1, 1), "sortie": date(2023, 3, 1)},
    ]
    ici, _ = noter(base, suivis)
    with lire(base) as session:
        demande = Demande.lire(ici, "DSP-TDL", "2023", MAINTENANT)
        lus = {t.code: t for t in rapport.tableaux_de(rapport.parties(session, demande))}
    flux = {ligne.code: ligne.nombre for ligne in lus["flux"].lignes}
    assert lus["flux"].ligne("suivies_fin").libelle == "Encore suivies à ce jour"
    assert (flux["accompagnees"], flux["sorties"], flux["suivies_fin"]) == (2, 1, 1)
    assert lus["serie"].cellule("suivies_fin", "2023").nombre == 1
    assert lus["sorties_motifs"].ligne("total").nombre == 1
    # Du 1er janvier au 1er mars, 59 jours, et 424 ; celle qui n'est pas encore entrée ne retire rien.
    assert lus["duree"].cellule("duree_accompagnees", "base").nombre == 2
    assert lus["duree"].cellule("duree_accompagnees", "mois").texte == "8\u00a0mois"


def test_a_period_not_begun_yet_never_counts_negative_days(base: Engine) -> None:
    ici, _ = noter(base, [{"entree": date(2023, 2, 1)}, {"entree": date(2023, 6, 1)}])
    with lire(base) as session:
        demande = Demande.lire(ici, "DSP-TDL", "2024", datetime(2023, 3, 1, tzinfo=UTC))
        duree = rapport.tableau(session, demande, "duree").cellule("duree_accompagnees", "mois")
    assert duree.exact is not None
    assert duree.exact >= 0
