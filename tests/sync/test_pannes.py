"""Ce qui est acquitté est écrit, et ce que la base refuse n'emporte pas le reste."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text

from app.models import Entretien, Personne
from app.models import Operation as Journal
from sync.appliquer import REGLES
from sync.etat import ENTRETIEN
from sync.fiches import lire_dossiers
from sync.operation import Operation
from tests.bases import lire
from tests.sync.fabrique import Monde, creer_personne, noter, operation, un_id

ECRIVAIN = """
import sys
from app.moteur import ouvrir_moteur
from sync.acteur import Acteur
from tests.sync.fabrique import MAINTENANT, Monde, creer_personne, noter
monde = Monde.__new__(Monde)
monde.moteur = ouvrir_moteur(sys.argv[1])
acteur = Acteur(sys.argv[2], sys.argv[3], "conseiller", None, MAINTENANT)
print("pret", flush=True)
while True:
    creation = creer_personne()
    lot = [creation, noter(creation.entite), noter(creation.entite)]
    assert monde.statuts(acteur, *lot) == ["applied"] * 3
    print(*(op.entite for op in lot), flush=True)
"""


@pytest.mark.parametrize("graine", range(4))
def test_a_server_killed_while_writing_loses_nothing_it_acknowledged(
    adresse: str, moteur: Engine, monde: Monde, graine: int
) -> None:
    acteur = monde.acteur()
    processus = subprocess.Popen(
        [sys.executable, "-c", ECRIVAIN, adresse, monde.structure, acteur.utilisateur_id],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert processus.stdout is not None
    assert processus.stdout.readline() == "pret\n"
    acquittees = []
    for _ in range(random.Random(graine).randint(1, 12)):  # noqa: S311  # un tirage à rejouer, pas un secret
        acquittees += processus.stdout.readline().split()
    processus.send_signal(signal.SIGKILL)
    acquittees += processus.stdout.read().rpartition("\n")[0].split()
    processus.stdout.close()
    processus.wait()

    with lire(moteur) as session:
        if moteur.dialect.name == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
        ecrites = set(session.scalars(select(Personne.id))) | set(session.scalars(select(Entretien.id)))
        personnes, journal = session.query(Personne).count(), session.query(Journal).count()
    assert set(acquittees) <= ecrites
    # Un lot est entier ou absent.
    assert len(ecrites) == journal == 3 * personnes


def test_an_operation_the_database_refuses_does_not_take_the_others_with_it(
    monde: Monde, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Une règle qui laisserait passer une fiche impossible : la base l'arrête, seule."""

    def impossible(contexte: Any, op: Operation, valeurs: dict[str, Any]) -> None:
        contexte.etat.ajouter(
            ENTRETIEN,
            id=op.entite,
            personne_id=op.personne,
            mesure_id=un_id(),
            date=valeurs["date"],
            moyen="sms",
            auteur_id=contexte.acteur.utilisateur_id,
            sequence=contexte.version,
            cree_le=contexte.acteur.maintenant,
        )

    regle = REGLES["noter_entretien"]
    monkeypatch.setitem(
        REGLES, "noter_entretien", type(regle)(impossible, regle.formes, regle.roles, "entretien", regle.cite)
    )
    avant, apres = creer_personne(), creer_personne()
    acteur = monde.acteur()
    fautive = noter(avant.entite)
    resultats = monde.pousser(acteur, avant, fautive, apres)
    assert [resultat.statut for resultat in resultats] == ["applied", "refused", "applied"]
    assert resultats[1].erreurs == {
        "operation": ["Le serveur n’a pas pu enregistrer cette fiche. Prévenez l’administration."]
    }
    assert (monde.compter(Personne), monde.compter(Entretien)) == (2, 0)
    monkeypatch.setitem(REGLES, "noter_entretien", regle)
    assert monde.statuts(acteur, fautive) == ["applied"]


def _histoire() -> list[Operation]:
    """Dix faits d'une personne, dont l'ordre d'arrivée ne doit rien changer."""
    awa, mesure, rdv, entretien = un_id(), un_id(), un_id(), un_id()
    return [
        creer_personne(awa),
        operation("ouvrir_mesure", mesure, awa, convention="ASP-NC", orientee_le="2026-11-18"),
        operation("modifier_mesure", mesure, awa, premier_contact_le="2026-11-24"),
        operation("modifier_mesure", mesure, awa, entree_le="2026-11-26"),
        operation("proposer_rendez_vous", rdv, awa, mesure_id=mesure, debut="2026-11-26T09:00:00Z"),
        operation("constater_rendez_vous", rdv, awa, statut="honore"),
        noter(awa, entretien, mesure_id=mesure, rendez_vous_id=rdv),
        operation("modifier_entretien", entretien, awa, duree=50),
        operation("modifier_personne", awa, awa, rsa="suspendu", date_effet="2026-11-01"),
        operation("modifier_personne", awa, awa, rsa="clos", date_effet="2026-11-20", prenom="Awa"),
    ]


@given(tirage=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
def test_batches_cut_doubled_and_shuffled_end_in_the_same_state(monde: Monde, tirage: st.DataObject) -> None:
    histoire = _histoire()
    acteur = monde.acteur()
    fini: set[str] = set()
    tours = 0
    while len(fini) < len(histoire):
        tours += 1
        assert tours < 60
        # Les derniers tours envoient tout ce qui reste, comme un téléphone qui retrouve le réseau.
        reste = [op for op in histoire if op.id not in fini]
        lot = reste if tours > 12 else tirage.draw(st.lists(st.sampled_from(histoire), min_size=1, max_size=8))
        for op, resultat in zip(lot, monde.pousser(acteur, *lot), strict=True):
            assert resultat.statut in ("applied", "duplicate", "held")
            if resultat.statut != "held":
                fini.add(op.id)
    personne = histoire[0].entite
    with lire(monde.moteur) as session:
        dossier = lire_dossiers(session, monde.structure, [personne], acteur.utilisateur_id)[personne]
    (mesure,), (rdv,), (entretien,) = dossier["mesures"], dossier["rendez_vous"], dossier["entretiens"]
    assert (mesure["premier_contact_le"], mesure["entree_le"]) == ("2026-11-24", "2026-11-26")
    assert (rdv["statut"], entretien["duree"], entretien["rendez_vous_id"]) == ("honore", 50, rdv["id"])
    assert dossier["personne"]["historique"]["rsa"] == [["2026-11-01", "suspendu"], ["2026-11-20", "clos"]]
    assert len(dossier["controles"]) == 4
