"""Un mois de permanences dans trois lieux, presque sans réseau : chaque issue le soir, et les chiffres du mois."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.models import Lieu
from app.moteur import ouvrir_moteur
from sync.acteur import Acteur
from sync.appliquer import appliquer
from sync.operation import lire_operation
from tests.bases import copier_sqlite, ecrire

from .calendrier import AuCalendrier, ServeurDate, regler_le_navigateur
from .conftest import TAILLE_BUREAU, OuvrirNavigateur
from .navigateur import TAILLE_TELEPHONE
from .parcours import Parcours
from .semences import (
    COMPTES,
    CONVENTION,
    LIEU,
    LIEU_ID,
    MOT_DE_PASSE,
    PERSONNES,
    Compte,
    Operations,
    identifiant,
    poser_la_structure,
)

TOUL, LUNEVILLE = "CMS de Toul", "CCAS de Lunéville"
TOUL_ID = identifiant()
LIEUX = {TOUL: TOUL_ID, LUNEVILLE: identifiant(), LIEU: LIEU_ID}
AWA, BRUNO, ZELIE, MARIE, YANIS, SOLENE = (nom for _, nom, _ in PERSONNES)
HONORE, EXCUSEE, NON_EXCUSEE, ANNULE = "honore", "absence_excusee", "absence_non_excusee", "annule_service"
# Jour de mars 2026 → le lieu, et l'issue de chacun. Ce qui est déplacé porte le jour où il a eu lieu.
MARS = {
    3: (TOUL, {AWA: HONORE, BRUNO: NON_EXCUSEE}),
    5: (LUNEVILLE, {ZELIE: HONORE, YANIS: EXCUSEE}),
    6: (LIEU, {MARIE: HONORE}),
    10: (TOUL, {AWA: HONORE, BRUNO: HONORE}),
    13: (LIEU, {SOLENE: ANNULE}),
    17: (TOUL, {AWA: HONORE, BRUNO: EXCUSEE}),
    20: (LIEU, {MARIE: HONORE}),
    26: (TOUL, {AWA: HONORE, BRUNO: HONORE}),
}
SALLE_PRISE, DEPLACEE_AU = 24, 26
# Proposés, réalisés, absences, taux de présence. Le rendez-vous annulé par le service n'y est pas.
ATTENDU = {
    LUNEVILLE: ["2", "1", "1", "50\u202f%"],
    TOUL: ["8", "6", "2", "75\u202f%"],
    LIEU: ["2", "2", "0", "100\u202f%"],
    "Total": ["12", "9", "3", "75\u202f%"],
}
CLOSE = "La journée est close\u202f: chaque rendez-vous a son issue"


def le(jour: int, heure: int = 14) -> dt.datetime:
    return dt.datetime(2026, 3, jour, heure, tzinfo=dt.UTC)


class Mois(AuCalendrier):
    """`rendez_vous` : l'identifiant de chacun, par jour prévu et par nom."""

    rendez_vous: dict[tuple[int, str], str]
    bureau: Parcours

    def issue(self, prevu: int, qui: str, statut: str) -> None:
        self.regler()
        self.parcours.constater(self.rendez_vous[prevu, qui], statut)
        forme = f"form[action='/rendez-vous/{self.rendez_vous[prevu, qui]}/constat'].constats"
        expect(self.parcours.page.locator(forme)).to_have_count(0)

    def ouvrir(self, adresse: str) -> None:
        self.regler()
        self.parcours.ouvrir(adresse)

    def journee(self, jour: int, *, sauf: str = "") -> None:
        """Sans réseau : le lieu attend les bonnes personnes, chacune reçoit son issue, la journée se clôt ou non."""
        lieu, issues = MARS[jour]
        self.commencer(le(jour), reseau=False)
        self.ouvrir("/tournee")
        section = self.parcours.page.locator("section").filter(has=self.parcours.page.get_by_role("heading", name=lieu))
        for nom in issues:
            expect(section).to_contain_text(nom)
        self.ouvrir("/tournee/cloture")
        self.parcours.ne_voit_pas(CLOSE)
        prevu = SALLE_PRISE if jour == DEPLACEE_AU else jour
        for nom, statut in issues.items():
            if nom != sauf:
                self.issue(prevu, nom, statut)
        if sauf:
            self.parcours.ne_voit_pas(CLOSE)
        else:
            self.parcours.voit(CLOSE)

    def au_bureau(self, jour: int) -> None:
        """De retour, le réseau emporte la semaine."""
        self.commencer(le(jour), reseau=True)
        self.envoyer()


@pytest.fixture
def mois(
    actifs_construits: None, base_vierge: Path, tmp_path: Path, ouvrir_navigateur: OuvrirNavigateur
) -> Iterator[Mois]:
    debut = le(1)
    serveur = ServeurDate(tmp_path, debut)
    comptes = {cle: Compte(identifiant(), f"{cle}@essais.example", MOT_DE_PASSE) for cle in COMPTES}
    structure, operations = identifiant(), Operations(debut)
    suivies = {
        nom: operations.personne_suivie(prenom, nom, numero, dt.date(2026, 1, 5)) for prenom, nom, numero in PERSONNES
    }
    rendez_vous = {}
    for jour, (lieu, issues) in MARS.items():
        prevu = SALLE_PRISE if jour == DEPLACEE_AU else jour
        for rang, nom in enumerate(issues):
            rendez_vous[prevu, nom] = operations.rendez_vous(*suivies[nom], le(prevu, 8 + rang), lieu)
    moteur = ouvrir_moteur(copier_sqlite(base_vierge, tmp_path))
    with ecrire(moteur) as session:
        poser_la_structure(session, structure, comptes, debut)
        session.add_all(Lieu(structure_id=structure, id=LIEUX[nom], nom=nom) for nom in (TOUL, LUNEVILLE))
        session.flush()
        acteur = Acteur(structure, comptes["camille"].id, "conseiller", None, debut, origine="import")
        resultats = appliquer(session, acteur, [lire_operation(operation) for operation in operations.lot])
        assert {resultat.statut for resultat in resultats} == {"applied"}
    moteur.dispose()
    serveur.demarrer()
    telephone = Parcours(ouvrir_navigateur(serveur.adresse, taille=TAILLE_TELEPHONE))
    telephone.se_connecter(comptes["camille"].courriel, MOT_DE_PASSE)
    regler_le_navigateur(telephone.navigateur, debut)
    telephone.installer()
    vecu = Mois(serveur, telephone, comptes["camille"].courriel, MOT_DE_PASSE)
    vecu.rendez_vous = rendez_vous
    vecu.bureau = Parcours(ouvrir_navigateur(serveur.adresse, taille=TAILLE_BUREAU))
    yield vecu
    serveur.arreter()


def test_a_month_of_rooms_is_noted_off_line_and_ends_in_its_figures_place_by_place(mois: Mois) -> None:
    telephone, page = mois.parcours, mois.parcours.page
    for jour in (3, 5, 6):
        mois.journee(jour)
    mois.au_bureau(9)

    mois.journee(10)
    mois.journee(13)
    # Quelqu'un est venu sans rendez-vous : un contact de plus, au lieu où l'on est, et aucun rendez-vous de plus.
    mois.ouvrir(f"/entretiens/nouveau?lieu={LIEU_ID}")
    page.get_by_role("link", name=re.compile(AWA)).first.click()
    page.wait_for_url("**/entretiens/nouveau?dossier=*")
    telephone.choisir("moyen", "presentiel")
    telephone.remplir("synthese", "Venue pour une attestation.")
    telephone.enregistrer()
    telephone.voit("Venue pour une attestation.")

    mois.au_bureau(16)
    mois.journee(17, sauf=AWA)
    mois.journee(20)
    mois.ouvrir("/tournee/cloture?jour=2026-03-17")
    telephone.ne_voit_pas(CLOSE)
    mois.issue(17, AWA, HONORE)
    telephone.voit(CLOSE)

    # La salle manquera demain : toute la journée part au jeudi, et chacun a son message prêt.
    mois.au_bureau(23)
    mois.ouvrir(f"/tournee/salle?jour=2026-03-{SALLE_PRISE}&lieu={TOUL_ID}")
    page.locator("[name=date]").fill(f"2026-03-{DEPLACEE_AU}")
    page.get_by_role("button", name="Déplacer 2 rendez-vous").click()
    page.wait_for_url("**/tournee/prevenir?r=*")
    expect(page.locator("a[href^='sms:']")).to_have_count(2)
    mois.commencer(le(SALLE_PRISE), reseau=False)
    mois.ouvrir("/tournee")
    telephone.voit("Personne n’est attendu ce jour-là")
    mois.journee(DEPLACEE_AU)

    mois.au_bureau(31)
    mois.bureau.se_connecter("chef@essais.example", MOT_DE_PASSE)
    mois.bureau.ouvrir(f"/rapports/{CONVENTION}/2026-03-01_2026-03-31")
    lignes = mois.bureau.page.locator("table", has_text="Taux de présence").filter(has_text=TOUL).locator("tbody tr")
    lus = {
        str(ligne.locator("th").inner_text()): [str(case).strip() for case in ligne.locator("td").all_inner_texts()]
        for ligne in lignes.all()
    }
    assert lus == ATTENDU
    lignes.filter(has_text=TOUL).get_by_role("link", name="6").click()
    expect(mois.bureau.contenu().locator("a[href^='/dossiers/']")).to_have_count(6)
    assert mois.serveur.compter("entretien", "lieu = ? AND rendez_vous_id IS NULL", LIEU) == 1
    assert mois.serveur.compter("rendez_vous", "statut = 'propose'") == 0
