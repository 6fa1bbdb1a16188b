"""Au bout de douze mois sans rencontre : le nom, les repères et ce qui s'est écrit s'effacent ; les comptes restent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from app.commandes.entretenir import tout_entretenir
from app.models import Cahier, Feuille, Rattachement
from app.models import Operation as Journal
from app.rapports.conservation import donnees_de
from app.rapports.maraude import DemandeMaraude, lire_faits
from app.rapports.tableaux.maraude import parties
from tests.bases import lire
from tests.sync.fabrique import Monde, creer_personne, un_id
from tests.sync.test_cahiers import Tournee, une_tournee

SECRETS = ("Momo", "Porche", "tousse", "son frère", "Revoir")
UN_AN = dt.datetime(2027, 11, 27, 3, tzinfo=dt.UTC)


def ecrit(monde: Monde) -> str:
    """Tout ce que la base sait encore du cahier, journal compris."""
    with lire(monde.moteur) as session:
        feuilles = session.execute(select(Feuille.valeurs, Feuille.revisions, Feuille.retrait_motif)).all()
        journal = session.execute(select(Journal.champs)).all()
    return repr((feuilles, journal))


class Annee:
    """Une nuit de novembre 2026 : Momo, rencontré une fois ; Lila, revue l'été suivant."""

    def __init__(self, tournee: Tournee) -> None:
        self.tournee, self.momo, self.lila, self.heure = tournee, un_id(), un_id(), "2026-11-26T14:30:00Z"
        self.nuit = self.sortie("2026-11-26", transmission="Revoir Momo")
        self.rencontres = [
            self.rencontre(self.nuit, self.momo, ou="Porche", note="Momo tousse", donne=["duvet"], adultes=2),
            self.rencontre(self.nuit, self.lila, refuse=["appel_115"]),
        ]
        self.faire("modifier_rencontre", self.rencontres[0], note="Momo tousse moins")

    def faire(self, genre: str, entite: str, **champs: Any) -> None:
        assert self.tournee.awa.faire(genre, entite, self.tournee.cahier, a=self.heure, **champs).statut == "applied"
        self.tournee.echanger()

    def revenir_au(self, jour: str) -> None:
        """Ce qui suit est noté, et reçu, ce jour-là."""
        quand = dt.datetime.fromisoformat(f"{jour}T20:00:00+00:00")
        self.tournee.awa.acteur = replace(self.tournee.awa.acteur, maintenant=quand)
        self.heure = f"{jour}T20:00:00Z"

    def sortie(self, le: str, **champs: Any) -> str:
        identifiant = un_id()
        self.faire("noter_maraude", identifiant, le=le, debut="20:30", **champs)
        return identifiant

    def rencontre(self, maraude: str, connu: str, **champs: Any) -> str:
        if ("feuille", connu) not in self.tournee.awa.fiches:
            nom = "Momo" if connu == self.momo else "Lila"
            self.faire("noter_connu", connu, pseudonyme=nom, reperes=["barbe"], note="Parle de son frère")
        identifiant = un_id()
        self.faire("noter_rencontre", identifiant, maraude_id=maraude, connu_id=connu, **champs)
        return identifiant

    def entretenir(self, quand: dt.datetime = UN_AN) -> int:
        return tout_entretenir(self.tournee.monde.moteur, quand)

    def ecrit(self) -> str:
        return ecrit(self.tournee.monde)

    def rapport(self, annee: str) -> Any:
        acteur = self.tournee.awa.acteur
        demande = DemandeMaraude.nommee(acteur.structure_id, "tous", annee, UN_AN)
        with lire(self.tournee.monde.moteur) as session:
            return donnees_de(parties(lire_faits(session, demande), demande))


@pytest.fixture
def annee(monde) -> Annee:
    return Annee(une_tournee(monde))


def test_a_year_without_a_meeting_erases_the_name_and_what_was_written_everywhere(annee: Annee) -> None:
    assert all(secret in annee.ecrit() for secret in SECRETS)
    assert annee.entretenir(dt.datetime(2027, 11, 26, 12, tzinfo=dt.UTC)) == 0
    assert annee.entretenir() > 0
    assert [secret for secret in (*SECRETS, "Lila", "barbe") if secret in annee.ecrit()] == []
    assert annee.entretenir() == 0
    # Les deux téléphones l'apprennent comme tout changement.
    for connu in (annee.momo, annee.lila):
        lue = annee.tournee.feuille(connu)
        assert (lue["valeurs"], lue["revisions"], lue["retrait_motif"]) == (
            {},
            [],
            "Effacée\u202f: plus de douze mois.",
        )
    lue = annee.tournee.feuille(annee.rencontres[0])
    assert lue["valeurs"] == {"maraude_id": annee.nuit, "connu_id": annee.momo, "donne": ["duvet"], "adultes": 2}
    assert set(annee.tournee.feuille(annee.nuit)["valeurs"]) == {"le", "debut"}


def test_someone_met_since_keeps_her_name_and_loses_what_was_written_that_night(annee: Annee, monde) -> None:
    annee.revenir_au("2026-11-25")
    with_lila = annee.rencontre(annee.sortie("2026-11-25"), annee.lila, note="Une place se libère")
    assert annee.entretenir(dt.datetime(2027, 11, 26, 12, tzinfo=dt.UTC)) > 0
    # L'avant-veille s'efface, la veille non.
    assert "Une place se libère" not in annee.ecrit()
    assert annee.tournee.feuille(annee.lila)["valeurs"]["pseudonyme"] == "Lila"
    assert "connu_id" in annee.tournee.feuille(with_lila)["valeurs"]


def test_the_figures_of_a_past_year_do_not_move(annee: Annee) -> None:
    # Momo, déjà rencontré en 2025, n'est pas nouveau en 2026 ; Lila, si.
    annee.revenir_au("2025-11-20")
    annee.rencontre(annee.sortie("2025-11-20"), annee.momo, donne=["boisson"], note="Momo dort")
    avant = [annee.rapport(un) for un in ("2025", "2026")]
    for quand in (UN_AN.replace(year=2026, month=12), UN_AN):
        assert annee.entretenir(quand) > 0
        assert [annee.rapport(un) for un in ("2025", "2026")] == avant


def test_a_day_mistyped_far_back_loses_nothing_of_what_was_just_written(annee: Annee) -> None:
    """La garde part de l'instant où c'est arrivé, quand le jour dit est plus ancien."""
    bob = un_id()
    rencontre = annee.rencontre(annee.sortie("2024-11-26", transmission="Revoir Bob"), bob, ou="Quai", note="A froid")
    assert annee.entretenir(dt.datetime(2026, 11, 27, 3, tzinfo=dt.UTC)) == 0
    assert annee.tournee.feuille(bob)["valeurs"]["pseudonyme"] == "Lila"
    assert annee.tournee.feuille(rencontre)["valeurs"]["note"] == "A froid"
    assert annee.entretenir() > 0
    assert [mot for mot in ("Quai", "A froid", "Bob") if mot in annee.ecrit()] == []


def test_a_phone_whose_clock_is_late_loses_nothing_either(annee: Annee) -> None:
    """Son heure et le jour qu'il propose sont faux ensemble : le serveur, lui, sait quand il l'a reçu."""
    tournee, retard = annee.tournee, "2024-11-26T20:00:00Z"
    maraude, rencontre = un_id(), un_id()
    for genre, entite, champs in (
        ("noter_maraude", maraude, {"le": "2024-11-26", "debut": "20:30", "transmission": "Revoir Bob"}),
        ("noter_rencontre", rencontre, {"maraude_id": maraude, "adultes": 1, "note": "A froid"}),
    ):
        assert tournee.awa.faire(genre, entite, tournee.cahier, a=retard, **champs).statut == "applied"
    assert annee.entretenir(dt.datetime(2026, 11, 27, 3, tzinfo=dt.UTC)) == 0
    lue = tournee.feuille(maraude)
    assert (lue["note_le"], lue["recue_le"]) == (retard, "2026-11-26T15:00:00Z")
    # Le jour où c'est noté est celui où c'est reçu : rien de plus n'est à dire.
    assert "recue_le" not in tournee.feuille(annee.nuit)
    annee.entretenir()
    assert "A froid" not in annee.ecrit()


def test_a_file_forgets_with_the_notebook_and_nothing_links_them_any_more(annee: Annee) -> None:
    tournee, personne, rattachement = annee.tournee, un_id(), un_id()
    bruno = tournee.bruno
    tournee.monde.pousser(bruno.acteur, creer_personne(personne))
    dit = {"connu_id": annee.momo, "etendue": "jours", "accord_le": "2026-11-26"}
    assert bruno.faire("rattacher_rencontres", rattachement, personne, **dit).statut == "applied"
    bruno.echanger()
    assert bruno.fiches["personne", personne]["rattachements"]
    annee.entretenir()
    bruno.echanger()
    assert "rattachements" not in bruno.fiches["personne", personne]
    with lire(tournee.monde.moteur) as session:
        assert session.scalars(select(Rattachement)).all() == []
        champs = session.scalars(select(Journal.champs).where(Journal.genre == "rattacher_rencontres")).all()
    assert champs == [{}]


def test_a_day_that_ages_leaves_the_file_even_when_she_was_met_since(annee: Annee) -> None:
    tournee, personne = annee.tournee, un_id()
    annee.rencontre(annee.sortie("2026-11-20"), annee.momo)
    bruno = tournee.bruno
    tournee.monde.pousser(bruno.acteur, creer_personne(personne))
    dit = {"connu_id": annee.momo, "etendue": "jours", "accord_le": "2026-11-26"}
    bruno.faire("rattacher_rencontres", un_id(), personne, **dit)
    bruno.echanger()
    jours = bruno.fiches["personne", personne]["rattachements"][0]["rencontres"]
    assert [un["le"] for un in jours] == ["2026-11-26", "2026-11-20"]
    annee.entretenir(dt.datetime(2027, 11, 24, tzinfo=dt.UTC))
    bruno.echanger()
    assert bruno.fiches["personne", personne]["rattachements"][0]["rencontres"] == [{"le": "2026-11-26"}]


def test_a_late_word_about_an_erased_name_is_not_kept(annee: Annee) -> None:
    annee.entretenir()
    awa, cahier = annee.tournee.awa, annee.tournee.cahier
    assert awa.faire("retirer_connu", annee.momo, cahier, motif="Momo est parti").statut == "applied"
    assert awa.faire("modifier_connu", annee.momo, cahier, pseudonyme="Momo l’ancien").statut == "refused"
    assert "Momo" in annee.ecrit()
    annee.entretenir()
    assert "Momo" not in annee.ecrit()


def test_a_refused_attachment_does_not_link_a_file_to_an_erased_name(annee: Annee) -> None:
    tournee, personnes = annee.tournee, [un_id(), un_id()]
    bruno = tournee.bruno
    tournee.monde.pousser(bruno.acteur, *map(creer_personne, personnes))
    dit = {"connu_id": annee.momo, "etendue": "jours", "accord_le": "2026-11-26"}
    issues = [bruno.faire("rattacher_rencontres", un_id(), personne, **dit).statut for personne in personnes]
    assert issues == ["applied", "refused"]
    annee.entretenir()
    with lire(tournee.monde.moteur) as session:
        champs = session.scalars(select(Journal.champs).where(Journal.genre == "rattacher_rencontres")).all()
    assert champs == [{}, {}]


def test_more_pages_than_one_statement_can_name_are_erased_all(annee: Annee, monkeypatch) -> None:
    monkeypatch.setattr("sync.oubli._LOT", 2)
    annee.entretenir()
    assert [secret for secret in SECRETS if secret in annee.ecrit()] == []


def test_what_was_refused_is_not_kept_longer(annee: Annee, monde) -> None:
    refus = annee.tournee.awa.faire("noter_connu", un_id(), annee.tournee.cahier, pseudonyme="Zaza", age="centenaire")
    assert refus.statut == "refused"
    assert "Zaza" in annee.ecrit()
    annee.entretenir()
    assert "Zaza" not in annee.ecrit()
    with lire(monde.moteur) as session:
        assert session.scalars(select(Cahier.nom)).all() == ["Secteur Gare"]
