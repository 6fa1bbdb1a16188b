"""Pourquoi une sortie n'est pas au jour de la règle : ce pourquoi est d'une date, et la suit."""

from __future__ import annotations

from typing import Any

import pytest

from sync.acces import donner
from tests.bases import ecrire
from tests.sync.carnets import Equipe, une_equipe
from tests.sync.desaccords.gestes import ouvrir_mesure, regler
from tests.sync.fabrique import Monde, Telephone, creer_personne, operation, un_id

SORTIE = {"sortie_le": "2026-11-24", "sortie_motif": "emploi_durable", "calculee_le": "2026-11-20"}
POURQUOI = "Essai prolongé de quatre jours"


@pytest.fixture
def equipe(monde: Monde) -> Equipe:
    return une_equipe(monde)


def _prononcer(equipe: Equipe, mesure: str, carnet: Any = None, **champs: Any) -> str:
    resultat = (carnet or equipe.telephone).faire("prononcer_sortie", mesure, equipe.personne, **champs)
    assert resultat.erreurs == {}
    return str(resultat.statut)


def _ecart(equipe: Equipe, mesure: str) -> str | None:
    equipe.tirer()
    lu = equipe.telephone.fiches["mesure", mesure]["sortie_ecart"]
    return None if lu is None else str(lu)


def test_why_another_day_follows_the_day_and_leaves_with_it(equipe: Equipe) -> None:
    mesure = ouvrir_mesure(equipe, orientee_le="2026-09-04")
    suite = [
        ({**SORTIE, "ecart": POURQUOI}, POURQUOI),
        ({"sortie_motif": "formation"}, POURQUOI),
        ({"sortie_le": SORTIE["sortie_le"]}, POURQUOI),
        ({"sortie_le": SORTIE["sortie_le"], "ecart": "Essai prolongé"}, "Essai prolongé"),
        ({"sortie_le": "2026-11-20"}, None),
        ({**SORTIE, "ecart": POURQUOI}, POURQUOI),
        ({"sortie_le": None, "sortie_motif": None}, None),
    ]
    for champs, lu in suite:
        assert _prononcer(equipe, mesure, **champs) == "applied"
        assert _ecart(equipe, mesure) == lu, champs


def test_a_day_left_in_disagreement_keeps_its_own_reason(equipe: Equipe) -> None:
    mesure = ouvrir_mesure(equipe, orientee_le="2026-09-04")
    assert _prononcer(equipe, mesure, **SORTIE, ecart=POURQUOI) == "applied"
    autre = {**SORTIE, "sortie_le": "2026-11-22", "ecart": "Essai rompu"}
    assert _prononcer(equipe, mesure, equipe.collegue, **autre) == "conflict"
    assert _ecart(equipe, mesure) == POURQUOI
    (desaccord,) = equipe.telephone.desaccords()
    assert desaccord["champ"] == "sortie_le"
    assert regler(equipe, equipe.telephone, desaccord, "propose").statut == "applied"
    assert _ecart(equipe, mesure) == "Essai rompu"


def test_why_another_day_goes_down_to_those_who_read_the_reason(monde: Monde) -> None:
    creation, mesure, conseillere = creer_personne(), un_id(), monde.acteur()
    ouverture = operation("ouvrir_mesure", mesure, creation.entite, convention="ASP-NC", orientee_le="2026-09-04")
    sortie = operation("prononcer_sortie", mesure, creation.entite, **SORTIE, ecart=POURQUOI)
    assert monde.statuts(conseillere, creation, ouverture, sortie) == ["applied"] * 3
    for role, lu in (("conseiller", POURQUOI), ("chef_de_service", POURQUOI), ("maraude", None), ("secretariat", None)):
        lecteur = monde.acteur(role)
        with ecrire(monde.moteur) as session:
            donner(session, monde.structure, [(lecteur.utilisateur_id, creation.entite)])
        telephone = Telephone(monde, lecteur)
        telephone.tirer()
        (fiche,) = telephone.de_type("mesure")
        assert (fiche["sortie_le"], fiche["sortie_ecart"]) == (SORTIE["sortie_le"], lu), role
