"""Une action, un comité : au bout de douze mois, qui n'a pas de dossier n'y a plus de nom ; les comptes restent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import delete, select

from app.commandes.entretenir import tout_entretenir
from app.domain import comite as reunion
from app.domain.convention import livrees
from app.domain.identifiant import deriver
from app.models import Convention, Feuille
from app.models import Operation as Journal
from app.rapports.demande import Demande
from app.rapports.rapport import tableau
from sync.conventions import enregistrer
from sync.fiches import lire_cahiers
from tests.bases import ecrire, lire
from tests.sync.carnets import Carnet, au_bureau, un_carnet
from tests.sync.fabrique import Monde, creer_personne, operation, un_id

SECRETS = ("Élie", "Maison Relais", "A déménagé", "M10 20", "fâché")


class Cahier:
    """Un cahier que tient Awa, qui suit la personne ; `faire` note, et le serveur reçoit."""

    def __init__(self, monde: Monde, **champs: Any) -> None:
        self.monde, self.id, self.personne = monde, un_id(), un_id()
        self.chef = au_bureau(monde.acteur("chef_de_service"))
        self.awa: Carnet = un_carnet(monde, monde.acteur("conseiller"))
        monde.pousser(self.awa.acteur, creer_personne(self.personne))
        qui = self.awa.acteur.utilisateur_id
        gestes = (("creer_cahier", champs), ("ajouter_membre", {"utilisateur": qui}))
        faits = [operation(genre, self.id, self.id, **dits) for genre, dits in gestes]
        assert monde.statuts(self.chef, *faits) == ["applied", "applied"]

    def faire(self, genre: str, entite: str | None = None, **champs: Any) -> str:
        identifiant = entite or un_id()
        assert self.awa.faire(genre, identifiant, self.id, **champs).statut == "applied"
        return identifiant

    def entretenir(self, jour: str) -> int:
        return tout_entretenir(self.monde.moteur, dt.datetime.fromisoformat(f"{jour}T03:00:00+00:00"))

    def feuille(self, identifiant: str) -> dict[str, Any]:
        self.awa.echanger()
        return self.awa.fiches["feuille", identifiant]

    def ecrit(self) -> str:
        with lire(self.monde.moteur) as session:
            feuilles = session.execute(select(Feuille.valeurs, Feuille.revisions, Feuille.retrait_motif)).all()
            journal = session.scalars(select(Journal.champs).where(Journal.personne_id == self.id)).all()
        return repr((feuilles, journal))


class Action(Cahier):
    """Trois séances de novembre 2026 ; Élie, d'ailleurs, et Awa, qui a un dossier, y sont venus."""

    def __init__(self, monde: Monde, **champs: Any) -> None:
        super().__init__(monde, genre="action", nom="Jardin", conventions=["PDC-ASP"], **champs)
        self.seances = [
            self.faire("noter_seance", le=f"2026-11-{jour}", theme="Semer", issue="Élie est parti fâché")
            for jour in ("12", "19", "26")
        ]
        dit = {"qui": "Élie Modèle", "service": "Maison Relais", "le": "2026-11-05"}
        self.elie = self.faire("noter_inscription", **dit)
        self.sienne = deriver(self.id, self.personne)
        siens = {"qui": "Awa Fictive", "service": "Maison Relais", "dossier_id": self.personne, "le": "2026-11-05"}
        self.faire("noter_inscription", self.sienne, **siens)
        for inscription in (self.elie, self.sienne):
            self.present(self.seances[0], inscription, signature="M10 20 30 40")
        self.faire("modifier_inscription", self.elie, fini_le="2026-11-20", fini_motif="A déménagé")

    def present(self, seance: str, inscription: str, **champs: Any) -> str:
        cite = {"seance_id": seance, "inscription_id": inscription, "etat": "present"}
        return self.faire("noter_presence", deriver(self.id, seance, inscription), **cite, **champs)

    def comptes(self) -> list[int | None]:
        """Le tableau des actions du rapport de 2026."""
        quand = dt.datetime(2028, 1, 10, tzinfo=dt.UTC)
        with ecrire(self.monde.moteur) as session:
            session.execute(delete(Convention))
            enregistrer(session, self.monde.structure, livrees("PDC-ASP"))
        with lire(self.monde.moteur) as session:
            demande = Demande.lire(self.monde.structure, "PDC-ASP", "2026", quand)
            (ligne,) = tableau(session, demande, "actions").lignes
        return [cellule.nombre for cellule in ligne.cellules]


def test_a_year_after_the_action_who_came_from_elsewhere_has_no_name_and_still_counts(monde: Monde) -> None:
    action = Action(monde, au="2026-12-01")
    avant = action.comptes()
    assert avant == [1, 2, 2]
    assert action.entretenir("2027-12-01") == 0
    assert action.entretenir("2027-12-02") > 0
    assert action.comptes() == avant
    elie, sienne = action.feuille(action.elie), action.feuille(action.sienne)
    assert elie["valeurs"] == {"qui": "Nom effacé", "le": "2026-11-05", "fini_le": "2026-11-20"}
    assert (elie["revisions"], elie["retiree_le"]) == ([], None)
    # Qui a un dossier y a son nom : rien n'en change.
    assert (sienne["valeurs"]["qui"], sienne["valeurs"]["service"]) == ("Awa Fictive", "Maison Relais")
    signees = [deriver(action.id, action.seances[0], qui) for qui in (action.elie, action.sienne)]
    assert ["signature" in action.feuille(presence)["valeurs"] for presence in signees] == [False, True]
    assert action.feuille(action.seances[0])["valeurs"] == {"le": "2026-11-12", "theme": "Semer"}
    assert [secret for secret in ("Élie", "A déménagé", "fâché") if secret in action.ecrit()] == []
    assert action.entretenir("2027-12-03") == 0


def test_in_an_action_that_goes_on_a_name_lasts_a_year_after_the_last_time_she_was_there(monde: Monde) -> None:
    action = Action(monde)
    encore = action.faire("noter_inscription", qui="Zoé Exemple", le="2026-11-05")
    passante = action.faire("noter_inscription", qui="Basile Passant", le="2026-11-05", sur_place=True)
    suivante = action.faire("noter_seance", le="2027-06-10")
    action.present(suivante, passante)
    plus_tard = action.faire("noter_seance", le="2027-09-10")
    action.faire("noter_seance", le="2028-09-10", etat="annulee")
    noms = ("Élie", "Zoé", "Basile")

    def restent(jour: str) -> list[str]:
        action.entretenir(jour)
        return [nom for nom in noms if nom in action.ecrit()]

    assert restent("2027-11-26") == ["Élie", "Zoé", "Basile"]
    assert restent("2027-11-27") == ["Zoé", "Basile"]
    assert restent("2028-06-11") == ["Zoé"]
    assert restent("2028-09-10") == ["Zoé"]
    assert restent("2028-09-11") == []
    assert action.feuille(encore)["valeurs"]["qui"] == "Nom effacé"
    assert action.feuille(plus_tard)["valeurs"] == {"le": "2027-09-10"}


def test_a_year_after_a_committee_who_had_only_a_name_there_loses_it_and_what_was_decided_stays_counted(
    monde: Monde,
) -> None:
    comite = Cahier(monde, genre="comite", nom="Comité de la gare", jour="2026-11-25")
    ici = comite.faire("noter_situation", nom="Élie M.", decision="La Maison Relais prolonge.", suivi_par="siae")
    a_voir = comite.faire("noter_situation", nom="É. B.")
    comite.faire("modifier_situation", ici, suivi_precis="Élie est parti fâché")
    dit = {"nom": "Awa Fictive", "dossier_id": comite.personne, "decision": "Six mois."}
    sienne = comite.faire("noter_situation", **dit)
    assert comite.entretenir("2027-11-26") == 0
    assert comite.entretenir("2027-11-27") == 2
    assert [secret for secret in (*SECRETS, "É. B.") if secret in comite.ecrit()] == []
    with lire(monde.moteur) as session:
        lu = lire_cahiers(session, monde.structure, [comite.id])[comite.id]
    dits = {fiche["id"]: fiche["valeurs"] for fiche in lu["feuilles"]}
    effacee = "Effacée\u202f: plus de douze mois."
    assert dits[ici] == {"nom": "Nom effacé", "decision": effacee, "suivi_par": "siae"}
    assert dits[a_voir] == {"nom": "Nom effacé"}
    assert dits[sienne] == dit
    assert sum(map(reunion.est_decidee, reunion.situations(lu))) == 2


@pytest.mark.parametrize("quand", ["2025-11-25", "2024-01-01"])
def test_a_committee_or_an_action_of_a_mistyped_year_loses_nothing(monde: Monde, quand: str) -> None:
    comite = Cahier(monde, genre="comite", nom="Comité", jour=quand)
    # Un comité passé a quitté les téléphones : le chef de service le note au bureau.
    note = operation("noter_situation", un_id(), comite.id, nom="Élie M.", decision="Prolonger.")
    assert monde.statuts(comite.chef, note) == ["applied"]
    action = Cahier(monde, genre="action", nom="Jardin", au=quand)
    action.faire("noter_inscription", qui="Élie M.", le=quand)
    action.faire("noter_seance", le=quand, issue="Élie est parti fâché")
    for cahier in (comite, action):
        assert cahier.entretenir("2026-11-27") == 0
        assert "Élie" in cahier.ecrit()
