"""Le comité dans la salle : deux téléphones y décident, le dossier le reçoit, et après lui rien n'en reste dehors."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.domain.dates import ajouter_jours
from app.models import Feuille
from app.reunions import comites
from sync.acteur import Acteur
from sync.operation import Resultat
from tests.bases import ecrire, lire
from tests.sync.carnets import Carnet, au_bureau, un_carnet
from tests.sync.fabrique import Monde, creer_personne, operation, plus_tard, un_id

JOUR = "2026-11-26"
RESUME = {"nom": "Awa", "age": "34 ans", "reperes": [], "sections": [], "le": JOUR}


@dataclass
class Salle:
    """Un comité tenu par Awa et Bruno ; Chloé suit la personne, et n'y va pas."""

    monde: Monde
    cahier: str
    personne: str
    situation: str
    chef: Acteur
    awa: Carnet
    bruno: Carnet
    chloe: Carnet

    def bureau(self, genre: str, entite: str, /, **champs: object) -> Resultat:
        return self.monde.pousser(self.chef, operation(genre, entite, self.cahier, **champs))[0]

    def echanger(self, *carnets: Carnet, jours: int = 0) -> None:
        for carnet in carnets or (self.awa, self.bruno, self.chloe):
            carnet.acteur = plus_tard(carnet.acteur, days=jours)
            carnet.echanger()

    def decisions(self) -> list[dict[str, object]]:
        """Celles que lit, dans le dossier, le téléphone de qui le suit."""
        self.chloe.echanger()
        return [fiche for fiche in self.chloe.de_type("piece") if fiche["forme"] == "decision"]


@pytest.fixture
def salle(monde: Monde) -> Salle:
    chef = au_bureau(monde.acteur("chef_de_service"))
    awa, bruno, chloe = (un_carnet(monde, monde.acteur("conseiller")) for _ in range(3))
    personne = un_id()
    assert monde.statuts(chloe.acteur, creer_personne(personne)) == ["applied"]
    salle = Salle(monde, un_id(), personne, un_id(), chef, awa, bruno, chloe)
    assert salle.bureau("creer_cahier", salle.cahier, genre="comite", nom="Comité", jour=JOUR).statut == "applied"
    for carnet in (awa, bruno):
        salle.bureau("ajouter_membre", salle.cahier, utilisateur=carnet.acteur.utilisateur_id)
    qui = {"nom": "Awa Diallo-Fictive", "dossier_id": personne}
    assert salle.bureau("noter_situation", salle.situation, **qui).statut == "applied"
    with ecrire(monde.moteur) as session:
        comites.preparer(session, monde.structure, salle.cahier, {salle.situation: RESUME})
    salle.echanger()
    return salle


def test_who_goes_receives_the_summary_without_the_dossier_and_who_does_not_go_nothing(salle: Salle) -> None:
    assert salle.awa.fiches["feuille", salle.situation]["resume"] == RESUME
    assert ("personne", salle.personne) not in salle.awa.fiches
    assert salle.chloe.de_type("feuille") == salle.chloe.de_type("cahier") == []


def test_two_phones_decide_of_the_same_person_and_nothing_is_lost(salle: Salle) -> None:
    salle.awa.noter("modifier_situation", salle.situation, salle.cahier, decision="Six mois.", suivi_par="referent")
    salle.bruno.noter("modifier_situation", salle.situation, salle.cahier, decision="Trois mois.", pour_le="2027-01-04")
    assert [salle.awa.envoyer()[0].statut, salle.bruno.envoyer()[0].statut] == ["applied", "merged"]
    salle.echanger()
    lue = salle.awa.fiches["feuille", salle.situation]
    assert salle.bruno.fiches["feuille", salle.situation] == lue
    dites = {nom: lue["valeurs"][nom] for nom in ("decision", "suivi_par", "pour_le")}
    assert dites == {"decision": "Trois mois.", "suivi_par": "referent", "pour_le": "2027-01-04"}
    assert {"decision": "Six mois."} in [
        {nom: v for nom, v in revision["champs"].items() if nom == "decision"} for revision in lue["revisions"]
    ]
    (decision,) = salle.decisions()
    assert decision["valeurs"] == {"le": JOUR, "comite": "Comité", **dites}
    assert [revision["champs"].get("decision") for revision in decision["revisions"]] == ["Six mois."]


def test_the_file_keeps_what_its_referent_corrected_when_the_committee_changes_something_else(salle: Salle) -> None:
    salle.awa.faire("modifier_situation", salle.situation, salle.cahier, decision="Six mois.")
    (decision,) = salle.decisions()
    salle.chloe.faire("modifier_decision", decision["id"], salle.personne, decision="Six mois, puis bilan.")
    salle.bruno.faire("modifier_situation", salle.situation, salle.cahier, suivi_par="siae")
    (decision,) = salle.decisions()
    assert decision["valeurs"]["decision"] == "Six mois, puis bilan."
    assert decision["valeurs"]["suivi_par"] == "siae"


def test_in_the_room_one_names_only_the_files_one_follows(salle: Salle) -> None:
    autre, qui = un_id(), {"nom": "Awa Diallo-Fictive", "dossier_id": salle.personne}
    assert salle.awa.faire("noter_situation", autre, salle.cahier, **qui).statut == "held"
    inconnu = {"nom": "Nina", "dossier_id": un_id()}
    assert salle.bruno.faire("noter_situation", un_id(), salle.cahier, **inconnu).statut == "held"
    salle.bureau("ajouter_membre", salle.cahier, utilisateur=salle.chloe.acteur.utilisateur_id)
    salle.chloe.echanger()
    assert salle.chloe.faire("noter_situation", un_id(), salle.cahier, **qui, decision="Revoir.").statut == "applied"
    assert len(salle.decisions()) == 1
    # Le dossier d'une situation ne se change pas : la décision serait déjà ailleurs.
    change = salle.chloe.faire("modifier_situation", salle.situation, salle.cahier, dossier_id=un_id())
    assert change.statut == "refused"


def test_after_the_committee_it_leaves_the_phones_and_what_they_had_not_sent_is_received(salle: Salle) -> None:
    salle.bruno.noter("modifier_situation", salle.situation, salle.cahier, decision="Six mois.")
    salle.echanger(salle.awa, jours=7)
    assert ("cahier", salle.cahier) in salle.awa.fiches
    salle.echanger(salle.awa, jours=1)
    assert salle.awa.de_type("cahier") == salle.awa.de_type("feuille") == []
    salle.bruno.acteur = plus_tard(salle.bruno.acteur, days=9)
    (resultat,) = salle.bruno.envoyer()
    assert resultat.statut == "applied"
    assert [decision["valeurs"]["decision"] for decision in salle.decisions()] == ["Six mois."]
    salle.echanger(salle.bruno)
    assert salle.bruno.de_type("feuille") == []


def test_put_off_it_comes_back_whole(salle: Salle) -> None:
    salle.echanger(salle.awa, jours=9)
    assert salle.awa.de_type("feuille") == []
    salle.chef = plus_tard(salle.chef, days=9)
    assert salle.bureau("modifier_cahier", salle.cahier, jour=ajouter_jours(JOUR, 12)).statut == "applied"
    salle.echanger(salle.awa)
    assert salle.awa.fiches["feuille", salle.situation]["resume"] == RESUME
    assert salle.awa.de_type("cahier")[0]["valeurs"]["jour"] == ajouter_jours(JOUR, 12)


def test_the_summary_does_not_outlive_the_committee_at_the_office_either(salle: Salle) -> None:
    def efface(jours: int) -> int:
        with ecrire(salle.monde.moteur) as session:
            quand = plus_tard(salle.chef, days=jours).maintenant
            return comites.effacer_les_resumes(session, salle.monde.structure, quand)

    assert (efface(7), efface(8), efface(9)) == (0, 1, 0)
    with lire(salle.monde.moteur) as session:
        assert session.scalars(select(Feuille.resume)).all() == [None]


def test_a_committee_has_its_day(salle: Salle) -> None:
    sans = salle.monde.pousser(salle.chef, operation("creer_cahier", autre := un_id(), autre, genre="comite", nom="X"))
    assert sans[0].erreurs == {"jour": ["Donnez le jour du comité."]}
    assert salle.bureau("modifier_cahier", salle.cahier, jour=None).statut == "refused"


def test_a_situation_withdrawn_leaves_no_summary_on_the_phones(salle: Salle) -> None:
    """Mise là par erreur, c'est le dossier d'une autre personne que les téléphones auraient gardé."""
    assert salle.bureau("retirer_situation", salle.situation, motif="Pas la bonne personne.").statut == "applied"
    salle.echanger()
    assert "resume" not in salle.awa.fiches["feuille", salle.situation]


def test_a_decision_erased_then_taken_again_says_who_follows_as_the_committee_does(salle: Salle) -> None:
    for champs in (
        {"decision": "Six mois.", "suivi_par": "referent"},
        {"decision": None},
        {"suivi_par": "siae", "pour_le": "2027-01-04"},
        {"decision": "Trois mois."},
    ):
        assert salle.awa.faire("modifier_situation", salle.situation, salle.cahier, **champs).statut == "applied"
    (decision,) = salle.decisions()
    dites = {"decision": "Trois mois.", "suivi_par": "siae", "pour_le": "2027-01-04"}
    assert (decision["retiree_le"], decision["valeurs"]) == (None, {"le": JOUR, "comite": "Comité", **dites})


def test_what_the_committee_decides_anew_is_read_even_where_the_first_was_withdrawn(salle: Salle) -> None:
    salle.awa.faire("modifier_situation", salle.situation, salle.cahier, decision="Six mois.")
    (decision,) = salle.decisions()
    retrait = salle.chloe.faire("retirer_decision", decision["id"], salle.personne, motif="Pas ce qui a été dit.")
    assert retrait.statut == "applied"
    salle.bruno.faire("modifier_situation", salle.situation, salle.cahier, suivi_par="siae")
    (decision,) = salle.decisions()
    assert decision["retiree_le"] is not None
    salle.bruno.faire("modifier_situation", salle.situation, salle.cahier, decision="Trois mois.")
    (decision,) = salle.decisions()
    assert (decision["retiree_le"], decision["valeurs"]["decision"]) == (None, "Trois mois.")
    assert decision["valeurs"]["suivi_par"] == "siae"


@pytest.mark.parametrize("la_sienne", [True, False])
def test_decided_while_two_files_were_one_it_goes_back_with_the_person_it_was_about(
    salle: Salle, la_sienne: bool
) -> None:
    """`la_sienne` : c'est le dossier réuni à l'autre qui était regardé au comité."""
    autre = un_id()
    assert salle.monde.statuts(salle.chloe.acteur, creer_personne(autre)) == ["applied"]
    reste, absorbee = (autre, salle.personne) if la_sienne else (salle.personne, autre)
    fusion = operation("fusionner_dossiers", reste, reste, absorbee=absorbee)
    assert salle.monde.statuts(salle.chef, fusion) == ["applied"]
    salle.awa.faire("modifier_situation", salle.situation, salle.cahier, decision="Six mois.")
    assert [decision["personne_id"] for decision in salle.decisions()] == [reste]
    separation = operation("separer_dossiers", reste, reste, fusion=fusion.id)
    assert salle.monde.statuts(salle.chef, separation) == ["applied"]
    assert [decision["personne_id"] for decision in salle.decisions()] == [salle.personne]
    salle.bruno.echanger()
    salle.bruno.faire("modifier_situation", salle.situation, salle.cahier, decision="Trois mois.")
    (decision,) = salle.decisions()
    assert (decision["personne_id"], decision["valeurs"]["decision"]) == (salle.personne, "Trois mois.")


def test_the_day_and_the_name_corrected_afterwards_reach_what_was_decided(salle: Salle) -> None:
    salle.awa.faire("modifier_situation", salle.situation, salle.cahier, decision="Six mois.")
    assert salle.bureau("modifier_cahier", salle.cahier, jour="2026-11-25", nom="Comité de la gare").statut == "applied"
    (decision,) = salle.decisions()
    dites = {"le": "2026-11-25", "comite": "Comité de la gare", "decision": "Six mois."}
    assert decision["valeurs"] == dites
    assert decision["revisions"][0]["champs"] == {"le": JOUR, "comite": "Comité"}
    # Effacée pendant ce temps, elle revient au bon jour.
    salle.awa.faire("modifier_situation", salle.situation, salle.cahier, decision=None)
    assert salle.bureau("modifier_cahier", salle.cahier, jour="2026-11-24").statut == "applied"
    salle.awa.faire("modifier_situation", salle.situation, salle.cahier, decision="Six mois.")
    (decision,) = salle.decisions()
    assert (decision["retiree_le"], decision["valeurs"]) == (None, dites | {"le": "2026-11-24"})


def test_what_does_not_change_of_a_committee_leaves_the_files_alone(salle: Salle) -> None:
    salle.awa.faire("modifier_situation", salle.situation, salle.cahier, decision="Six mois.")
    (avant,) = salle.decisions()
    dits = {"jour": JOUR, "nom": "Comité", "avec": "La mairie"}
    assert salle.bureau("modifier_cahier", salle.cahier, **dits).statut == "applied"
    assert salle.decisions() == [avant]
