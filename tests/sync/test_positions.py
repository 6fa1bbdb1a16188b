"""La position d'une rencontre : jamais plus fine que cent mètres, huit jours, puis plus rien nulle part."""

from __future__ import annotations

import datetime as dt

import pytest

from app.commandes.entretenir import tout_entretenir
from tests.sync.fabrique import un_id
from tests.sync.test_cahiers import Tournee, une_tournee
from tests.sync.test_oubli import ecrit

ICI, LA = "48.693,6.183", "48.701,6.190"
# Notées le 26 novembre.
DERNIER_SOIR = dt.datetime(2026, 12, 4, 22, 59, tzinfo=dt.UTC)
LENDEMAIN = dt.datetime(2026, 12, 4, 23, tzinfo=dt.UTC)


@pytest.fixture
def tournee(monde) -> Tournee:
    return une_tournee(monde)


@pytest.mark.parametrize("lue", ["48.6931,6.1832", "48.693", "ici", 48.693, "98.693,6.183", "48.693,6.183\n"])
def test_a_position_finer_than_a_hundred_metres_is_not_received(tournee: Tournee, lue: object) -> None:
    champs = {"maraude_id": tournee.maraude(), "adultes": 1, "position": lue}
    refus = tournee.awa.faire("noter_rencontre", un_id(), tournee.cahier, **champs)
    assert (refus.statut, list(refus.erreurs)) == ("refused", ["position"])


def test_the_team_reads_it_eight_days_then_it_is_nowhere(tournee: Tournee) -> None:
    maraude = tournee.maraude()
    rencontre = tournee.rencontre(maraude, position=ICI, ou="Porche")
    sans = tournee.rencontre(maraude, note='Sa "position": assise')
    tournee.awa.faire("modifier_rencontre", rencontre, tournee.cahier, position=LA, ou="Quai 3")
    tournee.awa.faire("modifier_rencontre", rencontre, tournee.cahier, adultes=3)
    refus = tournee.awa.faire("noter_rencontre", un_id(), tournee.cahier, maraude_id=maraude, position=ICI)
    assert refus.statut == "refused"
    tournee.echanger()
    avant = tournee.feuille(sans)
    assert tout_entretenir(tournee.monde.moteur, DERNIER_SOIR) == 0
    assert tournee.feuille(rencontre)["valeurs"]["position"] == LA
    assert ICI in ecrit(tournee.monde)

    assert tout_entretenir(tournee.monde.moteur, LENDEMAIN) == 1
    lu = ecrit(tournee.monde)
    assert [une for une in (ICI, LA) if une in lu] == []
    # Le reste se lit encore, de l'autre téléphone aussi, qui l'apprend comme tout changement.
    lue = tournee.feuille(rencontre)
    assert lue["valeurs"] == {"maraude_id": maraude, "adultes": 3, "ou": "Quai 3", "besoins": ["ecoute"]}
    assert [revision["champs"] for revision in lue["revisions"]] == [{"adultes": 1}, {"ou": "Porche"}]
    assert "Quai 3" in lu
    assert tournee.feuille(sans) == avant
    assert tout_entretenir(tournee.monde.moteur, LENDEMAIN) == 0
