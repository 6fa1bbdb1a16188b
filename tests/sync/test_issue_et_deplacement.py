"""Un rendez-vous déplacé d'un côté, son issue dite de l'autre : rien n'est refusé, et une personne choisit."""

from __future__ import annotations

from typing import Any

import pytest

from sync.operation import Resultat
from tests.sync.carnets import Carnet, Equipe, au_bureau, une_equipe
from tests.sync.fabrique import Monde, operation, un_id

# Le service est le jeudi 26 novembre 2026, à 16 h de Paris.
HIER, TANTOT, PLUS_TARD = "2026-11-25T09:00:00Z", "2026-11-25T13:00:00Z", "2026-12-03T09:00:00Z"


@pytest.fixture
def equipe(monde: Monde) -> Equipe:
    return une_equipe(monde)


@pytest.fixture
def rendez_vous(equipe: Equipe) -> str:
    mesure, identifiant = un_id(), un_id()
    equipe.telephone.faire("ouvrir_mesure", mesure, equipe.personne, convention="ASP-NC")
    equipe.telephone.faire(
        "proposer_rendez_vous", identifiant, equipe.personne, mesure_id=mesure, debut=HIER, lieu="Mairie annexe"
    )
    equipe.tirer()
    return identifiant


def dire(carnet: Carnet, equipe: Equipe, rendez_vous: str, statut: str = "honore") -> Resultat:
    return carnet.faire("constater_rendez_vous", rendez_vous, equipe.personne, statut=statut)


def deplacer(carnet: Carnet, equipe: Equipe, rendez_vous: str, debut: str = PLUS_TARD, **champs: Any) -> Resultat:
    return carnet.faire("deplacer_rendez_vous", rendez_vous, equipe.personne, debut=debut, **champs)


def vu(equipe: Equipe, rendez_vous: str) -> tuple[str, str, str]:
    """Ce que montre chaque téléphone, une fois à jour."""
    equipe.tirer()
    lus = [carnet.fiches["rendez_vous", rendez_vous] for carnet in equipe.carnets]
    (etat,) = {(lu["debut"], lu["statut"], lu["lieu"]) for lu in lus}
    return etat


@pytest.mark.parametrize("issue_d_abord", [True, False])
@pytest.mark.parametrize("statut", ["honore", "absence_excusee", "absence_non_excusee", "annule_service"])
def test_whichever_comes_first_the_outcome_stays_and_the_move_is_put_in_front_of_it(
    equipe: Equipe, rendez_vous: str, issue_d_abord: bool, statut: str
) -> None:
    if issue_d_abord:
        premier, second = (
            dire(equipe.telephone, equipe, rendez_vous, statut),
            deplacer(equipe.collegue, equipe, rendez_vous),
        )
    else:
        premier, second = (
            deplacer(equipe.collegue, equipe, rendez_vous),
            dire(equipe.telephone, equipe, rendez_vous, statut),
        )
    assert (premier.statut, second.statut) == ("applied", "conflict")
    assert vu(equipe, rendez_vous) == (HIER, statut, "Mairie annexe")
    (desaccord,) = equipe.telephone.desaccords()
    assert (desaccord["champ"], desaccord["etat"]) == ("debut", "ouvert")
    cotes = [(desaccord[cote]["valeur"], desaccord[cote]["depuis"]) for cote in ("en_vigueur", "propose")]
    assert cotes == [(HIER, "Téléphone d'Awa"), (PLUS_TARD, "Téléphone de Bruno")]


@pytest.mark.parametrize("issue_d_abord", [True, False])
def test_taking_the_move_asks_for_the_outcome_again_and_keeping_changes_nothing(
    equipe: Equipe, rendez_vous: str, issue_d_abord: bool
) -> None:
    gestes = [
        lambda: dire(equipe.telephone, equipe, rendez_vous),
        lambda: deplacer(equipe.collegue, equipe, rendez_vous),
    ]
    for geste in gestes if issue_d_abord else reversed(gestes):
        geste()
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    pris = equipe.collegue.faire("regler_desaccord", desaccord["id"], equipe.personne, choix="propose")
    assert pris.statut == "applied"
    assert vu(equipe, rendez_vous) == (PLUS_TARD, "propose", "Mairie annexe")
    assert [fiche["etat"] for fiche in equipe.telephone.desaccords()] == ["regle"]


def test_keeping_the_outcome_changes_nothing(equipe: Equipe, rendez_vous: str) -> None:
    deplacer(equipe.collegue, equipe, rendez_vous)
    dire(equipe.telephone, equipe, rendez_vous)
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    garde = equipe.telephone.faire("regler_desaccord", desaccord["id"], equipe.personne, choix="en_vigueur")
    assert garde.statut == "applied"
    assert vu(equipe, rendez_vous) == (HIER, "honore", "Mairie annexe")


@pytest.mark.parametrize("issue_d_abord", [True, False])
def test_moved_within_its_day_the_outcome_holds_at_the_new_hour(
    equipe: Equipe, rendez_vous: str, issue_d_abord: bool
) -> None:
    gestes = [
        lambda: dire(equipe.telephone, equipe, rendez_vous),
        lambda: deplacer(equipe.collegue, equipe, rendez_vous, TANTOT),
    ]
    statuts = [geste().statut for geste in (gestes if issue_d_abord else reversed(gestes))]
    assert statuts == ["applied", "merged"]
    assert vu(equipe, rendez_vous) == (TANTOT, "honore", "Mairie annexe")
    assert equipe.telephone.desaccords() == []


@pytest.mark.parametrize("issue_d_abord", [True, False])
def test_the_place_of_the_move_goes_with_it(equipe: Equipe, rendez_vous: str, issue_d_abord: bool) -> None:
    gestes = [
        lambda: dire(equipe.telephone, equipe, rendez_vous),
        lambda: deplacer(equipe.collegue, equipe, rendez_vous, lieu="Au bureau"),
    ]
    for geste in gestes if issue_d_abord else reversed(gestes):
        geste()
    assert vu(equipe, rendez_vous) == (HIER, "honore", "Mairie annexe")
    assert {d["champ"]: d["propose"]["valeur"] for d in equipe.telephone.desaccords()} == {
        "debut": PLUS_TARD,
        "lieu": "Au bureau",
    }


def test_who_saw_the_outcome_still_cannot_move_and_who_saw_the_move_still_cannot_tell_it_early(
    equipe: Equipe, rendez_vous: str
) -> None:
    dire(equipe.telephone, equipe, rendez_vous)
    equipe.tirer()
    assert deplacer(equipe.collegue, equipe, rendez_vous).erreurs.keys() == {"debut"}
    assert deplacer(equipe.telephone, equipe, rendez_vous).erreurs.keys() == {"debut"}
    dire(equipe.telephone, equipe, rendez_vous, "propose")
    equipe.tirer()
    assert deplacer(equipe.collegue, equipe, rendez_vous).statut == "applied"
    equipe.tirer()
    assert dire(equipe.telephone, equipe, rendez_vous).erreurs.keys() == {"statut"}


def test_a_page_left_open_at_the_desk_is_treated_alike(equipe: Equipe, rendez_vous: str) -> None:
    base = equipe.telephone.version(rendez_vous)
    dire(equipe.telephone, equipe, rendez_vous)
    tard = operation("deplacer_rendez_vous", rendez_vous, equipe.personne, base=base, compteur=0, debut=PLUS_TARD)
    assert equipe.monde.statuts(au_bureau(equipe.chef), tard) == ["conflict"]
    assert vu(equipe, rendez_vous)[:2] == (HIER, "honore")


def test_the_order_of_one_device_holds_when_its_move_arrives_after_its_outcome(
    equipe: Equipe, rendez_vous: str
) -> None:
    """Les plis d'un téléphone peuvent arriver dans le désordre."""
    deplacement = equipe.telephone.noter("deplacer_rendez_vous", rendez_vous, equipe.personne, debut=TANTOT)
    issue = equipe.telephone.noter("constater_rendez_vous", rendez_vous, equipe.personne, statut="honore")
    statuts = [equipe.monde.statuts(equipe.telephone.acteur, operation) for operation in (issue, deplacement)]
    assert statuts == [["applied"], ["applied"]]
    assert vu(equipe, rendez_vous) == (TANTOT, "honore", "Mairie annexe")


def test_what_was_read_is_found_again_after_a_first_disagreement(equipe: Equipe, rendez_vous: str) -> None:
    """Le déplacement écarté une fois n'est plus ce que l'on lisait : c'est l'heure d'avant qui revient."""
    deplacer(equipe.collegue, equipe, rendez_vous)
    dire(equipe.telephone, equipe, rendez_vous)
    equipe.tirer()
    assert dire(equipe.telephone, equipe, rendez_vous, "propose").statut == "applied"
    equipe.tablette.tirer()
    assert deplacer(equipe.collegue, equipe, rendez_vous, "2026-12-10T09:00:00Z").statut in ("applied", "merged")
    assert dire(equipe.tablette, equipe, rendez_vous).statut == "conflict"
    assert vu(equipe, rendez_vous) == (HIER, "honore", "Mairie annexe")


def test_two_names_erased_each_on_its_side_leave_one_to_decide(monde: Monde) -> None:
    equipe = une_equipe(monde, prenom="", pseudonymes=["Vivi"])
    assert equipe.modifier(equipe.telephone, nom=None).statut == "applied"
    assert equipe.modifier(equipe.collegue, pseudonymes=None).statut == "conflict"
    equipe.tirer()
    assert equipe.telephone.personne(equipe.personne)["pseudonymes"] == ["Vivi"]
    (desaccord,) = equipe.telephone.desaccords()
    assert (desaccord["champ"], desaccord["propose"]["valeur"]) == ("pseudonymes", [])
