"""La feuille de présence d'une action : deux téléphones sans réseau, une présence par séance et par inscription."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from app.domain.identifiant import deriver
from tests.sync.carnets import Carnet, au_bureau, un_carnet
from tests.sync.fabrique import Monde, creer_personne, operation, un_id


@dataclass
class Action:
    """Tenue par Awa et Bruno ; une séance, une inscription, et l'identifiant de la présence qui les lie."""

    monde: Monde
    cahier: str
    awa: Carnet
    bruno: Carnet
    seance: str
    inscription: str

    @property
    def presence(self) -> str:
        return deriver(self.cahier, self.seance, self.inscription)

    def dire(self, carnet: Carnet, etat: str, **champs: Any) -> None:
        cite = {"seance_id": self.seance, "inscription_id": self.inscription}
        carnet.noter("noter_presence", self.presence, self.cahier, **cite, etat=etat, **champs)

    def echanger(self) -> None:
        for carnet in (self.awa, self.bruno, self.awa):
            assert {resultat.statut for resultat in carnet.echanger()} <= {"applied", "merged"}

    def lue(self) -> dict[str, Any]:
        """La présence, la seule et la même sur les deux téléphones."""
        self.echanger()
        (lue,) = [fiche for fiche in self.awa.de_type("feuille") if fiche["forme"] == "presence"]
        assert self.bruno.fiches["feuille", self.presence] == lue
        return lue


@pytest.fixture
def action(monde: Monde) -> Action:
    chef = au_bureau(monde.acteur("chef_de_service"))
    awa, bruno = (un_carnet(monde, monde.acteur(role)) for role in ("maraude", "conseiller"))
    action = Action(monde, un_id(), awa, bruno, un_id(), un_id())
    gestes = [operation("creer_cahier", action.cahier, action.cahier, genre="action", nom="Jardin")]
    for carnet in (awa, bruno):
        membre = carnet.acteur.utilisateur_id
        gestes.append(operation("ajouter_membre", action.cahier, action.cahier, utilisateur=membre))
    monde.pousser(chef, *gestes)
    awa.noter("noter_seance", action.seance, action.cahier, le="2026-11-26")
    awa.noter("noter_inscription", action.inscription, action.cahier, qui="Élie Modèle", le="2026-11-20")
    action.echanger()
    return action


def test_two_phones_off_line_make_one_presence_and_the_last_received_holds(action: Action) -> None:
    action.dire(action.awa, "present", signature="M10 20 30 40")
    action.dire(action.bruno, "absent")
    lue = action.lue()
    assert (lue["valeurs"]["etat"], lue["valeurs"]["signature"]) == ("absent", "M10 20 30 40")
    assert [revision["champs"] for revision in lue["revisions"]] == [{"etat": "present"}]


def test_two_phones_that_say_the_same_leave_nothing_to_read(action: Action) -> None:
    action.dire(action.awa, "present")
    action.dire(action.bruno, "present")
    assert action.lue()["revisions"] == []


def test_a_phone_changes_its_mind_before_sending_anything(action: Action) -> None:
    action.dire(action.awa, "present")
    action.awa.noter("modifier_presence", action.presence, action.cahier, base=None, etat="excuse")
    action.dire(action.bruno, "absent")
    action.bruno.echanger()
    assert action.lue()["valeurs"]["etat"] == "excuse"


def test_a_presence_withdrawn_then_noted_again_comes_back(action: Action) -> None:
    action.dire(action.awa, "present")
    action.lue()
    action.awa.noter("retirer_presence", action.presence, action.cahier, motif="Erreur")
    action.lue()
    action.dire(action.bruno, "excuse")
    lue = action.lue()
    assert (lue["retiree_le"], lue["retrait_motif"], lue["valeurs"]["etat"]) == (None, None, "excuse")


def test_a_presence_under_another_identifier_is_refused(action: Action) -> None:
    """Sans cela, un client qui choisirait le sien compterait deux fois la même venue."""
    cite = {"seance_id": action.seance, "inscription_id": action.inscription}
    refusee = action.awa.faire("noter_presence", un_id(), action.cahier, **cite, etat="present")
    assert (refusee.statut, set(refusee.erreurs)) == ("refused", {"entite"})


def test_the_key_of_another_notebook_does_not_reach_it(action: Action) -> None:
    """L'identifiant d'une feuille d'un autre cahier ne se change pas en la notant d'ici."""
    action.dire(action.awa, "present")
    action.lue()
    chef = au_bureau(action.monde.acteur("chef_de_service"))
    autre = un_id()
    membre = action.bruno.acteur.utilisateur_id
    action.monde.pousser(
        chef,
        operation("creer_cahier", autre, autre, genre="action", nom="Autre"),
        operation("ajouter_membre", autre, autre, utilisateur=membre),
    )
    cite = {"seance_id": action.seance, "inscription_id": action.inscription}
    refusee = action.bruno.faire("noter_presence", action.presence, autre, **cite, etat="absent")
    assert refusee.statut in ("refused", "held")
    assert action.lue()["valeurs"]["etat"] == "present"


def test_the_same_file_enrolled_twice_is_one_enrolment(action: Action) -> None:
    personne = creer_personne()
    action.monde.pousser(action.bruno.acteur, personne)
    tire = deriver(action.cahier, personne.entite)
    for _ in range(2):
        champs = {"qui": "Zoé Exemple", "le": "2026-11-20", "dossier_id": personne.entite}
        assert action.bruno.faire("noter_inscription", tire, action.cahier, **champs).statut in ("applied", "merged")
    action.echanger()
    inscriptions = [fiche for fiche in action.awa.de_type("feuille") if fiche["forme"] == "inscription"]
    assert len(inscriptions) == 1 + 1


def test_someone_elses_file_is_as_unknown_as_a_missing_one(action: Action) -> None:
    personne = creer_personne()
    action.monde.pousser(action.bruno.acteur, personne)
    for dossier in (personne.entite, un_id()):
        champs = {"qui": "X", "le": "2026-11-20", "dossier_id": dossier}
        tire = deriver(action.cahier, dossier)
        assert action.awa.faire("noter_inscription", tire, action.cahier, **champs).statut == "held"


@pytest.mark.parametrize("ordre", [(0, 1), (1, 0)])
def test_enrolled_by_one_phone_and_come_by_chance_for_the_other_is_enrolled(action: Action, ordre: Any) -> None:
    """Dans un ordre ou dans l'autre : « venue sans être inscrite » la sortirait du compte des inscrits."""
    personne = creer_personne()
    action.monde.pousser(action.bruno.acteur, personne)
    tire = deriver(action.cahier, personne.entite)
    qui = {"qui": "Zoé Exemple", "dossier_id": personne.entite}
    dites = [{**qui, "le": "2026-11-17"}, {**qui, "le": "2026-11-26", "sur_place": True, "service": "CCAS inventé"}]
    for rang in ordre:
        assert action.bruno.faire("noter_inscription", tire, action.cahier, **dites[rang]).statut == "applied"
    action.echanger()
    assert action.awa.fiches["feuille", tire]["valeurs"] == dites[0] | {"service": "CCAS inventé"}


def test_withdrawn_after_it_ended_an_enrolment_is_noted_again(action: Action) -> None:
    """Désinscrite, retirée par erreur, puis réinscrite plus tard : refusée, rien ne l'aurait corrigée."""
    personne = creer_personne()
    action.monde.pousser(action.bruno.acteur, personne)
    tire = deriver(action.cahier, personne.entite)
    neuve = {"qui": "Zoé Exemple", "dossier_id": personne.entite, "le": "2026-11-25"}
    for genre, champs in (
        ("noter_inscription", neuve | {"le": "2026-11-17"}),
        ("modifier_inscription", {"fini_le": "2026-11-20", "fini_motif": "Ne vient plus", "sur_place": True}),
        ("retirer_inscription", {"motif": "Erreur"}),
        ("noter_inscription", neuve),
    ):
        assert action.bruno.faire(genre, tire, action.cahier, **champs).statut == "applied"
    action.echanger()
    lue = action.awa.fiches["feuille", tire]
    assert (lue["retiree_le"], lue["valeurs"]) == (None, neuve)


def test_what_makes_the_key_does_not_change(action: Action) -> None:
    """Une présence mise au nom d'un autre, une inscription à un autre dossier : la même personne deux fois."""
    autre, personne = un_id(), creer_personne()
    action.monde.pousser(action.bruno.acteur, personne)
    action.awa.noter("noter_inscription", autre, action.cahier, qui="Zoé Exemple", le="2026-11-20")
    action.dire(action.awa, "present")
    action.lue()
    for qui, genre, entite, champs in (
        (action.awa, "modifier_presence", action.presence, {"inscription_id": autre}),
        (action.bruno, "modifier_inscription", autre, {"dossier_id": personne.entite}),
    ):
        assert qui.faire(genre, entite, action.cahier, **champs).statut == "refused"
