"""Quelqu'un de connu, rattaché à un dossier avec son accord : le dossier dit quand, le cahier reste fermé."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.domain.convention import livrees
from app.domain.echeance import echeances
from app.equipe import tardives
from app.equipe.immobiles import chercher as immobiles
from app.models import Controle, Convention, Feuille, Rattachement
from app.models import Operation as Journal
from app.rapports.conservation import donnees_de
from app.rapports.demande import Demande
from app.rapports.fse import participants
from app.rapports.rapport import parties
from sync.acces import donner
from sync.acteur import Acteur
from sync.conventions import enregistrer
from sync.fiches import lire_dossiers
from sync.reference import reference
from tests.bases import ecrire, lire
from tests.sync.carnets import Carnet, au_bureau, un_carnet
from tests.sync.fabrique import MAINTENANT, Monde, creer_personne, operation, un_id
from tests.sync.test_cahiers import Tournee, une_tournee


@dataclass
class Suite:
    """Bruno tient le cahier et suit Awa ; il a rencontré « Momo » dans la rue."""

    tournee: Tournee
    personne: str
    connu: str
    maraude: str

    @property
    def bruno(self) -> Carnet:
        return self.tournee.bruno

    def rattacher(self, qui: Carnet | None = None, rattachement: str | None = None, /, **champs: Any) -> str:
        dits = {"connu_id": self.connu, "etendue": "jours", "accord_le": "2026-11-26"} | champs
        return str(
            (qui or self.bruno).faire("rattacher_rencontres", rattachement or un_id(), self.personne, **dits).statut
        )

    def rencontre(self, qui: Carnet | None = None, **champs: Any) -> str:
        identifiant = un_id()
        dits = {"maraude_id": self.maraude, "connu_id": self.connu} | champs
        fait = (qui or self.tournee.awa).faire("noter_rencontre", identifiant, self.tournee.cahier, **dits)
        assert fait.statut == "applied"
        return identifiant

    def lus(self, acteur: Acteur | None = None) -> list[dict[str, Any]]:
        """Ce qu'il lit des rattachements de la personne, au téléphone ; au bureau s'il n'y est pas."""
        if acteur is not None:
            with lire(self.tournee.monde.moteur) as session:
                qui = (acteur.utilisateur_id, acteur.role)
                dossier = lire_dossiers(session, acteur.structure_id, [self.personne], *qui)[self.personne]
            return list(dossier["personne"].get("rattachements", []))
        self.bruno.echanger()
        return list(self.bruno.fiches["personne", self.personne].get("rattachements", []))


@pytest.fixture
def suite(monde: Monde) -> Suite:
    tournee = une_tournee(monde)
    personne, connu = un_id(), un_id()
    monde.pousser(tournee.bruno.acteur, creer_personne(personne))
    maraude = tournee.maraude()
    assert tournee.awa.faire("noter_connu", connu, tournee.cahier, pseudonyme="Momo", note="Porche").statut == "applied"
    tournee.echanger()
    return Suite(tournee, personne, connu, maraude)


def test_the_file_says_when_and_nothing_else(suite: Suite) -> None:
    suite.rencontre(ou="Porche de la gare", note="Parle de son frère", donne=["duvet"], alerte="a_revoir")
    assert suite.rattacher() == "applied"
    (lu,) = suite.lus()
    assert (lu["connu_id"], lu["etendue"], lu["accord_le"]) == (suite.connu, "jours", "2026-11-26")
    assert lu["rencontres"] == [{"le": "2026-11-26"}]


def test_with_a_wider_agreement_it_says_what_was_asked_and_given_but_neither_where_nor_what_was_said(
    suite: Suite,
) -> None:
    suite.rencontre(ou="Porche", note="Parle de son frère", donne=["duvet"], alerte="a_revoir")
    suite.rencontre(donne=["boisson", "duvet"], refuse=["appel_115"])
    assert suite.rattacher(None, None, etendue="aide") == "applied"
    assert suite.lus()[0]["rencontres"] == [
        {"le": "2026-11-26", "donne": ["boisson", "duvet"], "refuse": ["appel_115"]}
    ]


def test_a_meeting_noted_changed_or_withdrawn_afterwards_reaches_the_file(suite: Suite) -> None:
    suite.rattacher()
    assert suite.lus()[0]["rencontres"] == []
    rencontre = suite.rencontre()
    assert suite.lus()[0]["rencontres"] == [{"le": "2026-11-26"}]
    awa, cahier = suite.tournee.awa, suite.tournee.cahier
    awa.echanger()
    assert awa.faire("modifier_maraude", suite.maraude, cahier, le="2026-11-25").statut == "applied"
    assert suite.lus()[0]["rencontres"] == [{"le": "2026-11-25"}]
    awa.echanger()
    assert awa.faire("retirer_rencontre", rencontre, cahier, motif="Notée deux fois").statut == "applied"
    assert suite.lus()[0]["rencontres"] == []


def test_the_dates_leave_the_file_when_detached_and_every_meeting_stays_in_the_notebook(suite: Suite) -> None:
    suite.rencontre()
    rattachement = un_id()
    suite.rattacher(None, rattachement)
    assert suite.lus()
    avant = suite.tournee.monde.compter(Feuille)
    assert suite.bruno.faire("detacher_rencontres", rattachement, suite.personne).statut == "applied"
    assert suite.lus() == []
    assert suite.tournee.monde.compter(Feuille) == avant
    with lire(suite.tournee.monde.moteur) as session:
        assert session.execute(select(Rattachement.rencontres)).scalar_one() == []
    # Et elle peut l'accepter de nouveau.
    assert suite.rattacher() == "applied"
    assert suite.lus()[0]["rencontres"] == [{"le": "2026-11-26"}]


def _coreferente(suite: Suite) -> Carnet:
    """Tient le cahier et suit le dossier, comme Bruno."""
    monde = suite.tournee.monde
    carnet = un_carnet(monde, monde.acteur("conseiller"))
    suite.tournee.ajouter(carnet)
    with ecrire(monde.moteur) as session:
        donner(session, carnet.acteur.structure_id, [(carnet.acteur.utilisateur_id, suite.personne)])
    carnet.echanger()
    return carnet


def test_two_who_follow_her_attach_the_same_name_off_line_and_it_is_one_fact(suite: Suite) -> None:
    suite.rencontre(donne=["duvet"])
    coreferente = _coreferente(suite)
    assert suite.rattacher(None, None, etendue="aide") == "applied"
    # De deux accords, le plus étroit vaut.
    assert suite.rattacher(coreferente, None, etendue="jours") == "applied"
    (lu,) = suite.lus()
    assert (lu["etendue"], lu["rencontres"]) == ("jours", [{"le": "2026-11-26"}])
    assert suite.rattacher(coreferente, None, etendue="aide") == "applied"
    assert suite.lus() == [lu]
    coreferente.echanger()
    assert coreferente.fiches["personne", suite.personne]["rattachements"] == [lu]


def test_who_attached_second_detaches_what_she_saw(suite: Suite) -> None:
    coreferente, sien = _coreferente(suite), un_id()
    suite.rattacher()
    assert suite.rattacher(coreferente, sien) == "applied"
    assert coreferente.faire("detacher_rencontres", sien, suite.personne).statut == "applied"
    assert suite.lus() == []
    # Rattachée de nouveau depuis, elle le reste : ce détachement parlait d'avant.
    plus_tard = replace(suite.bruno.acteur, maintenant=MAINTENANT + dt.timedelta(hours=1))
    suite.bruno.acteur = plus_tard
    assert suite.rattacher() == "applied"
    assert coreferente.faire("detacher_rencontres", sien, suite.personne).statut == "applied"
    assert len(suite.lus()) == 1


def test_only_a_member_whose_file_it_is_can_bring_the_two_together(suite: Suite) -> None:
    monde = suite.tournee.monde
    referente = un_carnet(monde, monde.acteur("conseiller"))
    chef = au_bureau(monde.acteur("chef_de_service"))
    champs = {"connu_id": suite.connu, "etendue": "jours", "accord_le": "2026-11-26"}
    # Elle tient le cahier, pas le dossier.
    refus = suite.tournee.awa.faire("rattacher_rencontres", un_id(), suite.personne, **champs)
    assert (refus.statut, list(refus.erreurs)) == ("refused", ["personne"])
    # Elle a un dossier, pas le cahier : ce nom lui est inconnu.
    sien = un_id()
    monde.pousser(referente.acteur, creer_personne(sien))
    inconnu = referente.faire("rattacher_rencontres", un_id(), sien, **champs)
    assert (inconnu.statut, inconnu.erreurs) == (
        "held",
        referente.faire("rattacher_rencontres", un_id(), sien, **champs | {"connu_id": un_id()}).erreurs,
    )
    (du_chef,) = monde.pousser(chef, operation("rattacher_rencontres", un_id(), suite.personne, **champs))
    assert (du_chef.statut, list(du_chef.erreurs)) == ("refused", ["genre"])
    # Prêté, le dossier n'est pas à elle.
    pret = {"utilisateur": suite.tournee.awa.acteur.utilisateur_id, "jusqu_au": "2026-12-05", "motif": "remplacement"}
    suite.bruno.faire("partager_dossier", un_id(), suite.personne, **pret)
    refus = suite.tournee.awa.faire("rattacher_rencontres", un_id(), suite.personne, **champs)
    assert (refus.statut, list(refus.erreurs)) == ("refused", ["personne"])


def test_someone_is_attached_to_one_file_at_a_time_and_a_withdrawn_name_to_none(suite: Suite) -> None:
    suite.rencontre()
    assert suite.rattacher() == "applied"
    autre = un_id()
    suite.tournee.monde.pousser(suite.bruno.acteur, creer_personne(autre))
    champs = {"connu_id": suite.connu, "etendue": "jours", "accord_le": "2026-11-26"}
    refus = suite.bruno.faire("rattacher_rencontres", un_id(), autre, **champs)
    assert (refus.statut, list(refus.erreurs)) == ("refused", ["connu_id"])
    suite.tournee.awa.echanger()
    suite.tournee.awa.faire("retirer_connu", suite.connu, suite.tournee.cahier, motif="Elle le demande")
    assert suite.lus() == []
    assert suite.rattacher() == "refused"


def test_nobody_but_those_who_follow_the_file_reads_it(suite: Suite) -> None:
    suite.rencontre()
    suite.rattacher()
    monde = suite.tournee.monde
    assert suite.lus(suite.bruno.acteur)
    for role in ("chef_de_service", "secretariat"):
        assert suite.lus(monde.acteur(role)) == []
    binome = un_carnet(monde, monde.acteur("conseiller"))
    suite.bruno.faire("modifier_personne", suite.personne, suite.personne, accord_partage=True, date_effet="2026-11-26")
    partage = {"utilisateur": binome.acteur.utilisateur_id, "motif": "binome"}
    suite.bruno.faire("partager_dossier", un_id(), suite.personne, **partage)
    binome.echanger()
    assert "rattachements" not in binome.fiches["personne", suite.personne]
    assert binome.faire("detacher_rencontres", suite.lus()[0]["id"], suite.personne).statut == "refused"


def test_what_arrives_late_does_not_tell_the_team_leader(suite: Suite) -> None:
    rattachement, monde = un_id(), suite.tournee.monde
    suite.rattacher(None, rattachement)
    retire = replace(suite.bruno.acteur, revoque=True)
    assert monde.statuts(retire, operation("detacher_rencontres", rattachement, suite.personne)) == ["applied"]
    with lire(monde.moteur) as session:
        arrivees = session.scalars(select(Journal.genre).where(Journal.tardive)).all()
        lues = tardives.lire(session, retire.structure_id, MAINTENANT)
    assert (arrivees, lues) == (["detacher_rencontres"], [])


def test_attaching_gives_nothing_to_check_and_leaves_an_archive_closed(suite: Suite) -> None:
    suite.bruno.faire("archiver_dossier", suite.personne, suite.personne, le="2026-11-26")
    controles = suite.tournee.monde.compter(Controle)
    suite.rattacher()
    assert suite.tournee.monde.compter(Controle) == controles
    suite.lus()
    assert suite.bruno.fiches["personne", suite.personne]["archive_le"] == "2026-11-26"


def test_two_files_put_together_carry_it_and_give_it_back(suite: Suite) -> None:
    suite.rencontre()
    suite.rattacher()
    monde, chef, reste = suite.tournee.monde, suite.tournee.chef, un_id()
    monde.pousser(suite.bruno.acteur, creer_personne(reste))
    fusion = operation("fusionner_dossiers", reste, reste, absorbee=suite.personne)
    assert monde.statuts(chef, fusion) == ["applied"]
    suite.bruno.echanger()
    assert suite.bruno.fiches["personne", reste]["rattachements"][0]["rencontres"] == [{"le": "2026-11-26"}]
    suite.rencontre(qui=suite.tournee.awa)
    assert monde.statuts(chef, operation("separer_dossiers", reste, reste, fusion=fusion.id)) == ["applied"]
    suite.bruno.echanger()
    assert "rattachements" not in suite.bruno.fiches["personne", reste]
    assert suite.lus()[0]["rencontres"] == [{"le": "2026-11-26"}]


def _compte(suite: Suite) -> dict[str, Any]:
    """Tout ce qui se doit, se compte et se remet, ce jour-là."""
    acteur = suite.bruno.acteur
    demande = Demande.lire(acteur.structure_id, "PDC-ASP", "2026", MAINTENANT)
    with lire(suite.tournee.monde.moteur) as session:
        conventions = reference(session, acteur)["conventions"]
        dossier = lire_dossiers(session, acteur.structure_id, [suite.personne], acteur.utilisateur_id)[suite.personne]
        return {
            "dues": [echeances(dossier, conventions, f"2026-{jour}T08:00:00Z") for jour in ("11-27", "12-20")],
            "tableaux": donnees_de(parties(session, demande)),
            "participants": participants(session, demande),
            "immobiles": immobiles(session, acteur.structure_id, "2026-11-27", 30),
        }


def test_nothing_is_due_counted_or_handed_over_because_of_it(suite: Suite) -> None:
    with ecrire(suite.tournee.monde.moteur) as session:
        session.execute(delete(Convention))
        enregistrer(session, suite.bruno.acteur.structure_id, livrees("PDC-ASP"))
    mesure = {"convention": "PDC-ASP", "orientee_le": "2026-09-01", "entree_le": "2026-09-20"}
    assert suite.bruno.faire("ouvrir_mesure", un_id(), suite.personne, **mesure).statut == "applied"
    avant = _compte(suite)
    assert [len(dues) > 0 for dues in avant["dues"]] == [True, True]
    assert list(avant["immobiles"]) == [suite.personne]
    for _ in range(3):
        suite.rencontre(refuse=["appel_115"])
    assert suite.rattacher(None, None, etendue="aide") == "applied"
    assert suite.lus()
    assert _compte(suite) == avant
