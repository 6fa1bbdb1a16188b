"""Ce que coûte de comparer, et ce qui se compte."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from sqlalchemy import Engine, select

from app.models import Personne
from tests.bases import lire
from tests.sync.carnets import Equipe, une_equipe
from tests.sync.desaccords.gestes import en_conflit, regler
from tests.sync.fabrique import MAINTENANT, Monde, operation, un_id
from tests.sync.test_cout import instructions


def _brute(notee: Any) -> dict[str, Any]:
    brute: dict[str, Any] = msgspec.to_builtins(notee)
    return brute


def test_a_batch_whose_bases_are_current_reads_nothing_more(equipe: Equipe, moteur: Engine) -> None:
    equipe.telephone.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Aïssa")
    with instructions(moteur) as vues:
        equipe.telephone.envoyer()
    assert not [texte for texte in vues if "desaccord" in texte.split("WHERE")[0].split("FROM")[-1]]
    # Une lecture du journal pour les doublons, et aucune autre.
    assert len([texte for texte in vues if texte.startswith("SELECT operation")]) == 1


def test_stale_bases_cost_two_more_reads_whatever_the_number(monde: Monde, moteur: Engine) -> None:
    comptes = []
    for nombre in (1, 30):
        equipe = une_equipe(monde)
        personnes = [equipe.personne]
        for _ in range(nombre - 1):
            nouvelle = un_id()
            equipe.telephone.noter("creer_personne", nouvelle, nouvelle, nom="Exemple")
            personnes.append(nouvelle)
        equipe.telephone.echanger()
        equipe.tablette.tirer()
        for personne in personnes:
            equipe.telephone.noter("modifier_personne", personne, personne, prenom="Aïssa")
            equipe.tablette.noter("modifier_personne", personne, personne, prenom="Eva")
        with instructions(moteur) as a_jour:
            equipe.telephone.envoyer()
        with instructions(moteur) as perimees:
            assert {resultat.statut for resultat in equipe.tablette.envoyer()} == {"conflict"}
        lectures = [[t for t in vues if t.startswith("SELECT")] for vues in (a_jour, perimees)]
        comptes.append([len(lues) for lues in lectures])
    assert comptes[0] == comptes[1]
    assert comptes[0][1] - comptes[0][0] == 2, comptes


def test_the_file_counts_its_open_disagreements(equipe: Equipe) -> None:
    def compte() -> int:
        with lire(equipe.monde.moteur) as session:
            return session.scalars(select(Personne.desaccords)).one()

    desaccord = en_conflit(equipe)
    assert compte() == 1
    equipe.modifier(equipe.telephone, nom="Exemple-Fictive")
    equipe.modifier(equipe.collegue, nom="Autre-Fictive", base=desaccord["version"])
    assert compte() == 2
    equipe.tirer()
    for ouvert in equipe.telephone.desaccords():
        regler(equipe, equipe.telephone, ouvert, "en_vigueur")
    assert compte() == 0


def test_a_settled_disagreement_comes_before_the_chef_as_a_changed_record(equipe: Equipe) -> None:
    desaccord = en_conflit(equipe)
    controle = equipe.telephone.de_type("controle")[0]
    valider = operation(
        "valider_fiche", equipe.personne, equipe.personne, base=desaccord["version"], fiche_type="personne"
    )
    assert equipe.monde.statuts(equipe.chef, valider) == ["applied"]
    regler(equipe, equipe.telephone, desaccord, "propose")
    equipe.tirer()
    assert equipe.telephone.fiches["controle", controle["id"]]["etat"] == "recue"


def test_device_time_is_shown_and_never_decides(equipe: Equipe) -> None:
    """Une montre en avance d'un an ne rend pas une valeur plus récente."""
    equipe.modifier(equipe.telephone, prenom="Aïssa")
    futur = {"heure": "2027-11-26T14:30:00Z"}
    proposee = equipe.collegue.noter("modifier_personne", equipe.personne, equipe.personne, prenom="Eva")
    from sync.operation import lire_operation

    avancee = lire_operation({**_brute(proposee), **futur})
    assert equipe.monde.statuts(equipe.collegue.acteur, avancee) == ["conflict"]
    equipe.tirer()
    (desaccord,) = equipe.telephone.desaccords()
    assert desaccord["propose"]["heure"] == "2027-11-26T14:30:00Z"
    assert desaccord["propose"]["le"] == MAINTENANT.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert equipe.telephone.personne(equipe.personne)["prenom"] == "Aïssa"
