"""Deux dossiers d'une même personne réunis au bureau, pendant que des téléphones travaillent, puis séparés."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Entretien, Mesure, Operation, Partage, Personne, RendezVous
from sync.acces import donner, retirer
from sync.bilans import bilan
from sync.operation import Resultat
from sync.reference import reference
from tests.bases import ecrire, lire
from tests.sync.carnets import Carnet, au_bureau, un_carnet
from tests.sync.fabrique import Monde, creer_personne, noter, operation, un_id

JOUR = "2026-11-26"


@dataclass
class Deux:
    """Awa tient deux fois la même personne : Claire la suit sous un nom, Bruno sous un autre."""

    monde: Monde
    chef: Any
    claire: Carnet
    bruno: Carnet
    reste: str
    autre: str
    mesures: dict[str, str]
    rendez_vous: dict[str, str]

    def au_bureau(self, genre: str, **champs: Any) -> Resultat:
        self.derniere = operation(genre, self.reste, self.reste, **champs)
        (resultat,) = self.monde.pousser(au_bureau(self.chef), self.derniere)
        return resultat

    def reunir(self, **valeurs: Any) -> str:
        resultat = self.au_bureau("fusionner_dossiers", absorbee=self.autre, **valeurs)
        assert (resultat.statut, resultat.erreurs) == ("applied", {})
        return self.derniere.id

    def separer(self, fusion: str) -> None:
        resultat = self.au_bureau("separer_dossiers", fusion=fusion)
        assert (resultat.statut, resultat.erreurs) == ("applied", {})

    def tirer(self) -> None:
        for carnet in (self.claire, self.bruno):
            carnet.tirer()

    def rendez_vous_de(self, personne: str) -> set[str]:
        with lire(self.monde.moteur) as session:
            return set(session.scalars(select(RendezVous.id).where(RendezVous.personne_id == personne)))

    def verifier_bilans(self) -> None:
        """Chaque téléphone tient exactement ce que le serveur lui dirait d'un dossier entier."""
        for carnet in (self.claire, self.bruno):
            neuf = un_carnet(self.monde, carnet.acteur)
            neuf.tirer()
            assert resumes(carnet) == resumes(neuf)


def resumes(carnet: Carnet) -> dict[str, str]:
    dossiers: dict[str, list[tuple[str, str, int]]] = {}
    for (genre, identifiant), fiche in carnet.fiches.items():
        personne = identifiant if genre == "personne" else fiche["personne_id"]
        dossiers.setdefault(personne, []).append((genre, identifiant, fiche["version"]))
    return {personne: bilan(fiches) for personne, fiches in dossiers.items()}


@pytest.fixture
def deux(monde: Monde) -> Deux:
    claire = un_carnet(monde, monde.acteur(), "Téléphone de Claire")
    bruno = un_carnet(monde, monde.acteur(), "Téléphone de Bruno")
    ids, mesures, rendez_vous = {}, {}, {}
    for carnet, nom, numero in ((claire, "Diallo-Fictive", "0600000001"), (bruno, "Diallo", "0600000002")):
        personne, mesure, rdv = un_id(), un_id(), un_id()
        telephones = [{"numero": numero, "libelle": None}]
        creation = creer_personne(personne, nom=nom, telephones=telephones, date_effet="2026-01-05")
        assert (
            monde.statuts(
                carnet.acteur,
                creation,
                operation("ouvrir_mesure", mesure, personne, convention="ASP-NC"),
                operation("proposer_rendez_vous", rdv, personne, mesure_id=mesure, debut="2026-12-01T09:00:00Z"),
                noter(personne, mesure_id=mesure, note_personnelle="à moi"),
            )
            == ["applied"] * 4
        )
        ids[nom], mesures[personne], rendez_vous[personne] = personne, mesure, rdv
    deux = Deux(
        monde,
        monde.acteur("chef_de_service"),
        claire,
        bruno,
        ids["Diallo-Fictive"],
        ids["Diallo"],
        mesures,
        rendez_vous,
    )
    deux.tirer()
    return deux


def test_every_appointment_of_both_is_in_the_one_that_stays(deux: Deux) -> None:
    deux.reunir(nom="Diallo-Fictive")
    assert deux.rendez_vous_de(deux.reste) == set(deux.rendez_vous.values())
    assert deux.rendez_vous_de(deux.autre) == set()
    deux.tirer()
    for carnet in (deux.claire, deux.bruno):
        assert {f["id"] for f in carnet.de_type("personne")} == {deux.reste}
        assert {f["id"] for f in carnet.de_type("rendez_vous")} == set(deux.rendez_vous.values())
        assert {f["personne_id"] for f in carnet.fiches.values() if f["type"] != "personne"} == {deux.reste}
    deux.verifier_bilans()


def test_the_identity_of_the_other_stays_in_its_row_and_in_the_log(deux: Deux) -> None:
    deux.reunir(nom="Diallo-Fictive", telephones=[{"numero": "0600000002", "libelle": None}])
    with lire(deux.monde.moteur) as session:
        autre = session.get_one(Personne, (deux.monde.structure, deux.autre))
        assert (autre.nom, autre.fusionnee_dans) == ("Diallo", deux.reste)
        ecrite = session.get_one(Operation, (deux.monde.structure, deux.derniere.id))
        assert (ecrite.personne_id, ecrite.origine_personne_id) == (deux.reste, deux.autre)
    deux.tirer()
    historique = deux.claire.personne(deux.reste)["historique"]["telephones"]
    assert [valeur[0]["numero"] for _, valeur in historique] == ["0600000001", "0600000002"]


def test_separating_gives_back_exactly_both(deux: Deux) -> None:
    avant = {carnet.acteur.utilisateur_id: etat_de(carnet) for carnet in (deux.claire, deux.bruno)}
    fusion = deux.reunir(
        nom="Diallo", telephones=[{"numero": "0600000002", "libelle": None}], date_naissance="1992-03-12"
    )
    deux.tirer()
    deux.separer(fusion)
    deux.tirer()
    for carnet in (deux.claire, deux.bruno):
        assert etat_de(carnet) == avant[carnet.acteur.utilisateur_id]
    deux.verifier_bilans()


def etat_de(carnet: Carnet) -> dict[Any, Any]:
    """Tout ce que le téléphone lit, aux numéros de version près."""
    return {cle: {nom: v for nom, v in fiche.items() if nom != "version"} for cle, fiche in carnet.fiches.items()}


def test_work_queued_on_the_other_lands_in_the_one_that_stays(deux: Deux) -> None:
    entretien, rdv = un_id(), un_id()
    mesure = deux.mesures[deux.autre]
    deux.bruno.noter("noter_entretien", entretien, deux.autre, date=JOUR, moyen="telephone", synthese="Hors ligne.")
    deux.bruno.noter("proposer_rendez_vous", rdv, deux.autre, mesure_id=mesure, debut="2026-12-09T09:00:00Z")
    deux.bruno.noter("deplacer_rendez_vous", rdv, deux.autre, debut="2026-12-10T09:00:00Z")
    deux.bruno.noter("deplacer_rendez_vous", deux.rendez_vous[deux.autre], deux.autre, lieu="CMS de Toul")
    envoi = list(deux.bruno.file)
    deux.reunir(nom="Diallo-Fictive")
    assert [r.statut for r in deux.bruno.echanger()] == ["applied"] * 4
    assert [r.statut for r in deux.monde.pousser(deux.bruno.acteur, *envoi)] == ["duplicate"] * 4
    assert rdv in deux.rendez_vous_de(deux.reste)
    deux.tirer()
    deux.verifier_bilans()


def test_a_correction_queued_on_the_other_never_overwrites_what_was_chosen(deux: Deux) -> None:
    deux.bruno.noter("modifier_personne", deux.autre, deux.autre, nom="Dialo", courriel="awa@exemple.test")
    fusion = deux.reunir(nom="Diallo-Fictive")
    (resultat,) = deux.bruno.echanger()
    assert resultat.statut == "conflict"
    personne = deux.bruno.personne(deux.reste)
    assert personne["nom"] == "Diallo-Fictive"
    assert personne["historique"]["courriel"][-1][1] == "awa@exemple.test"
    (desaccord,) = deux.bruno.desaccords()
    assert (desaccord["champ"], desaccord["propose"]["valeur"]) == ("nom", "Dialo")
    deux.separer(fusion)
    deux.tirer()
    assert deux.bruno.personne(deux.autre)["nom"] == "Dialo", "la correction est la sienne"
    assert "courriel" not in deux.claire.personne(deux.reste)["historique"]
    assert [d["etat"] for d in deux.claire.desaccords()] == ["regle"]
    deux.verifier_bilans()


def test_what_was_added_since_follows_the_fiche_it_was_added_to(deux: Deux) -> None:
    fusion = deux.reunir()
    deux.tirer()
    siens = {}
    for dossier in (deux.reste, deux.autre):
        siens[dossier] = un_id()
        note = {"date": JOUR, "moyen": "telephone", "mesure_id": deux.mesures[dossier]}
        assert deux.claire.faire("noter_entretien", siens[dossier], deux.reste, **note).statut == "applied"
    deux.separer(fusion)
    with lire(deux.monde.moteur) as session:
        ou = dict(session.execute(select(Entretien.id, Entretien.personne_id)).all())
    assert {dossier: ou[entretien] for dossier, entretien in siens.items()} == {d: d for d in siens}
    deux.tirer()
    deux.verifier_bilans()


def test_work_queued_while_together_follows_its_fiche_after_the_separation(deux: Deux) -> None:
    fusion = deux.reunir()
    deux.tirer()
    rdv, neuf = deux.rendez_vous[deux.autre], un_id()
    deux.claire.noter("deplacer_rendez_vous", rdv, deux.reste, lieu="Mairie annexe")
    deux.claire.noter(
        "proposer_rendez_vous", neuf, deux.reste, mesure_id=deux.mesures[deux.autre], debut="2026-12-15T09:00:00Z"
    )
    deux.claire.noter("deplacer_rendez_vous", neuf, deux.reste, debut="2026-12-16T09:00:00Z")
    deux.bruno.noter("deplacer_rendez_vous", rdv, deux.reste, duree=30)
    deux.separer(fusion)
    assert {r.statut for r in deux.claire.echanger()} == {"applied"}
    assert {r.statut for r in deux.bruno.echanger()} <= {"applied", "merged"}
    assert deux.rendez_vous_de(deux.autre) == {rdv, neuf}
    deux.tirer()
    assert {f["id"] for f in deux.claire.de_type("personne")} == {deux.reste}, "chacun retrouve son dossier"
    assert {f["id"] for f in deux.bruno.de_type("personne")} == {deux.autre}
    deux.verifier_bilans()


def test_a_share_of_the_other_opens_the_one_that_stays_and_comes_back(deux: Deux) -> None:
    chloe = un_carnet(deux.monde, deux.monde.acteur(), "Téléphone de Chloé")
    partage = un_id()
    pret = {"utilisateur": chloe.acteur.utilisateur_id, "motif": "binome"}
    assert deux.bruno.faire("partager_dossier", partage, deux.autre, **pret).statut == "applied"
    chloe.tirer()
    fusion = deux.reunir()
    chloe.tirer()
    assert {f["id"] for f in chloe.de_type("personne")} == {deux.reste}
    deux.separer(fusion)
    chloe.tirer()
    assert {f["id"] for f in chloe.de_type("personne")} == {deux.autre}
    assert deux.bruno.faire("cesser_partage", partage, deux.autre).statut == "applied"
    chloe.tirer()
    assert chloe.de_type("personne") == []


def test_a_share_noted_on_the_other_goes_back_with_it(deux: Deux) -> None:
    """Noté sans réseau, arrivé pendant la réunion : séparés, il n'ouvre plus le dossier qui reste."""
    chloe = un_carnet(deux.monde, deux.monde.acteur(), "Téléphone de Chloé")
    partage = un_id()
    deux.bruno.noter("partager_dossier", partage, deux.autre, utilisateur=chloe.acteur.utilisateur_id)
    envoi = list(deux.bruno.file)
    fusion = deux.reunir()
    assert [r.statut for r in deux.bruno.envoyer()] == ["applied"], "la réponse se perd : il ne tire rien"
    deux.claire.tirer()
    chloe.tirer()
    assert {f["id"] for f in chloe.de_type("personne")} == {deux.reste}
    assert {f["id"] for f in deux.claire.de_type("partage")} == {partage}
    deux.separer(fusion)
    assert [r.statut for r in deux.monde.pousser(deux.bruno.acteur, *envoi)] == ["duplicate"]
    chloe.tirer()
    deux.tirer()
    assert {f["id"] for f in chloe.de_type("personne")} == {deux.autre}
    assert [(f["id"], f["fin_le"]) for f in deux.bruno.de_type("partage")] == [(partage, None)]
    assert all(f["fin_le"] for f in deux.claire.de_type("partage"))
    deux.verifier_bilans()
    assert deux.bruno.faire("cesser_partage", partage, deux.autre).statut == "applied"
    chloe.tirer()
    assert chloe.de_type("personne") == []


def test_what_names_the_other_finds_it_again_through_two_separations(deux: Deux) -> None:
    """Celui qui reste est à son tour réuni à un troisième : ce qui nommait le premier y revient, étape par étape."""
    chloe, tiers = un_carnet(deux.monde, deux.monde.acteur(), "Téléphone de Chloé"), un_id()
    ancien, partage, entretien = un_id(), un_id(), un_id()
    pret = {"utilisateur": chloe.acteur.utilisateur_id}
    assert deux.bruno.faire("partager_dossier", ancien, deux.autre, **pret).statut == "applied"
    assert deux.monde.statuts(deux.claire.acteur, creer_personne(tiers, nom="Dialo")) == ["applied"]
    premiere = deux.reunir()
    seconde = operation("fusionner_dossiers", tiers, tiers, absorbee=deux.reste)
    assert deux.monde.statuts(au_bureau(deux.chef), seconde) == ["applied"]
    deux.bruno.noter("partager_dossier", partage, deux.autre, **pret)
    deux.bruno.noter("cesser_partage", ancien, deux.autre)
    deux.bruno.noter("noter_entretien", entretien, deux.autre, date=JOUR, moyen="telephone")
    assert [r.statut for r in deux.bruno.envoyer()] == ["applied"] * 3
    separation = operation("separer_dossiers", tiers, tiers, fusion=seconde.id)
    assert deux.monde.statuts(au_bureau(deux.chef), separation) == ["applied"]
    assert _ou(deux, partage, entretien) == {deux.reste}
    deux.separer(premiere)
    assert _ou(deux, partage, entretien) == {deux.autre}
    deux.tirer()
    chloe.tirer()
    assert {f["id"] for f in chloe.de_type("personne")} == {deux.autre}
    fins = {f["id"]: f["fin_le"] for f in deux.bruno.de_type("partage")}
    assert fins[partage] is None
    assert fins[ancien] is not None
    deux.verifier_bilans()


def _ou(deux: Deux, partage: str, entretien: str) -> set[str]:
    with lire(deux.monde.moteur) as session:
        pret = session.get_one(Partage, (deux.monde.structure, partage))
        note = session.get_one(Entretien, (deux.monde.structure, entretien))
        return {pret.personne_id, note.personne_id}


def _partir(deux: Deux, qui: Carnet, personne: str, jours: int = 0) -> None:
    quand = deux.chef.maintenant - dt.timedelta(days=jours)
    with ecrire(deux.monde.moteur) as session:
        donner(session, deux.monde.structure, [(qui.acteur.utilisateur_id, personne)])
        retirer(session, deux.monde.structure, qui.acteur.utilisateur_id, [personne], quand)


def _a_choisir(deux: Deux, qui: Carnet) -> list[tuple[str, str, str]]:
    """Le dossier, le texte et le dernier jour de chaque note qui attend son choix."""
    with lire(deux.monde.moteur) as session:
        notes = reference(session, qui.acteur)["notes"]
    return [(note["personne"], note["texte"], note["fin"]) for note in notes]


def test_a_note_left_without_a_choice_stays_its_authors_in_the_one_that_stays(deux: Deux) -> None:
    _partir(deux, deux.bruno, deux.autre, jours=3)
    assert _a_choisir(deux, deux.bruno) == [(deux.autre, "à moi", "2026-11-23")]
    fusion = deux.reunir()
    assert _a_choisir(deux, deux.bruno) == [(deux.reste, "à moi", "2026-11-23")]
    assert _a_choisir(deux, deux.claire) == [], "elle suit encore ce dossier"
    deux.separer(fusion)
    assert _a_choisir(deux, deux.bruno) == [(deux.autre, "à moi", "2026-11-23")]
    deux.reunir()
    (entretien,) = _entretiens_de(deux, deux.bruno)
    assert deux.bruno.faire("effacer_note", entretien, deux.reste).statut == "applied"
    assert _a_choisir(deux, deux.bruno) == []
    deux.tirer()
    deux.verifier_bilans()


def test_a_note_of_a_loan_that_is_over_stays_its_authors_too(deux: Deux) -> None:
    chloe, partage = un_carnet(deux.monde, deux.monde.acteur(), "Téléphone de Chloé"), un_id()
    pret = {"utilisateur": chloe.acteur.utilisateur_id, "motif": "remplacement", "jusqu_au": "2026-12-20"}
    assert deux.bruno.faire("partager_dossier", partage, deux.autre, **pret).statut == "applied"
    faits = {"date": JOUR, "moyen": "telephone"}
    assert chloe.faire("noter_entretien", un_id(), deux.autre, **faits, note_personnelle="de Chloé").statut == "applied"
    assert deux.bruno.faire("cesser_partage", partage, deux.autre).statut == "applied"
    attendue = [(deux.autre, "de Chloé", _a_choisir(deux, chloe)[0][2])]
    fusion = deux.reunir()
    assert _a_choisir(deux, chloe) == [(deux.reste, *attendue[0][1:])]
    deux.separer(fusion)
    assert _a_choisir(deux, chloe) == attendue


def test_a_note_written_while_together_stays_its_authors_after_the_separation(deux: Deux) -> None:
    """Claire note dans une mesure de l'autre dossier, qu'elle n'a que le temps de la réunion."""
    fusion = deux.reunir()
    deux.tirer()
    faits = {"date": JOUR, "moyen": "telephone", "mesure_id": deux.mesures[deux.autre]}
    note = {"note_personnelle": "de Claire"}
    assert deux.claire.faire("noter_entretien", un_id(), deux.reste, **faits, **note).statut == "applied"
    deux.separer(fusion)
    assert _a_choisir(deux, deux.claire) == [(deux.autre, "de Claire", JOUR)]


def _entretiens_de(deux: Deux, qui: Carnet) -> list[str]:
    with lire(deux.monde.moteur) as session:
        return list(session.scalars(select(Entretien.id).where(Entretien.auteur_id == qui.acteur.utilisateur_id)))


@pytest.mark.parametrize("motif", ["binome", "remplacement"])
def test_what_a_separation_gives_back_leaves_even_whoever_now_reads_by_another_title(deux: Deux, motif: str) -> None:
    """Un titre fini, un autre donné et la séparation, entre deux échanges : le dossier semble neuf, et ne l'est pas."""
    chloe = un_carnet(deux.monde, deux.monde.acteur(), "Téléphone de Chloé")
    pret, suivant = un_id(), un_id()
    champs = {"utilisateur": chloe.acteur.utilisateur_id, "jusqu_au": "2026-12-10"}
    assert deux.claire.faire("partager_dossier", pret, deux.reste, **champs).statut == "applied"
    fusion = deux.reunir()
    chloe.tirer()
    assert {f["id"] for f in chloe.de_type("mesure")} == set(deux.mesures.values())

    assert deux.claire.faire("cesser_partage", pret, deux.reste).statut == "applied"
    assert deux.claire.faire("partager_dossier", suivant, deux.reste, **champs, motif=motif).statut == "applied"
    deux.separer(fusion)
    chloe.tirer()
    tenues = {f["id"] for genre in ("mesure", "rendez_vous", "entretien") for f in chloe.de_type(genre)}
    assert not tenues & {deux.mesures[deux.autre], deux.rendez_vous[deux.autre]}
    assert (deux.mesures[deux.reste] in tenues) is (motif == "remplacement")


def test_only_the_chef_at_the_desk_and_only_the_last_one(deux: Deux, monde: Monde) -> None:
    essai = operation("fusionner_dossiers", deux.reste, deux.reste, absorbee=deux.autre)
    assert monde.statuts(au_bureau(deux.claire.acteur), essai) == ["refused"]
    telephone = un_carnet(monde, deux.chef)
    refus = telephone.faire("fusionner_dossiers", deux.reste, deux.reste, absorbee=deux.autre)
    assert set(refus.erreurs) == {"genre"}
    premiere = deux.reunir()
    troisieme = un_id()
    assert monde.statuts(deux.claire.acteur, creer_personne(troisieme, nom="Dialo")) == ["applied"]
    assert deux.au_bureau("fusionner_dossiers", absorbee=troisieme).statut == "applied"
    assert set(deux.au_bureau("separer_dossiers", fusion=premiere).erreurs) == {"fusion"}
    assert deux.au_bureau("fusionner_dossiers", absorbee=deux.autre).statut == "refused"


def test_a_person_is_counted_once(deux: Deux) -> None:
    deux.reunir()
    with lire(deux.monde.moteur) as session:
        assert set(session.scalars(select(Mesure.personne_id))) == {deux.reste}


def test_together_again_after_a_separation_nothing_is_forgotten(deux: Deux) -> None:
    deux.separer(deux.reunir())
    deux.reunir()
    deux.tirer()
    assert {f["id"] for f in deux.claire.de_type("rendez_vous")} == set(deux.rendez_vous.values())
    deux.verifier_bilans()
