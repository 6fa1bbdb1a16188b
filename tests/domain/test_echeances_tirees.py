"""Ce qui reste vrai d'un dossier tiré au hasard, quelle que soit la convention, et dans les deux langues."""

import json
import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from app.domain.dates import ajouter_jours
from app.domain.echeance import REGISTRE, echeances
from tests.corpus.scenarios import conventions
from tools.node import commande

CONVENTIONS = conventions()
# Celles qui portent des règles, les autres une fois chacune.
CODES = [*(["PDC-ASP", "DSP-TDL", "CEA-FA5", "MOS-AG", "ASP-NC"] * 3), *sorted({c["code"] for c in CONVENTIONS})]
RACINE = Path(__file__).parents[2]
TIRAGES = 2500

Dossier = dict[str, Any]


class Tirage(random.Random):
    """Le hasard d'un dossier : le même à chaque passage."""

    def jour(self) -> str:
        return ajouter_jours("2026-01-01", self.randrange(400))

    def peut_etre(self) -> str | None:
        return self.jour() if self.random() < 0.5 else None

    def parmi(self, *codes: Any) -> Any:
        return codes[self.randrange(len(codes))]

    def piece(self, forme: str) -> Dossier:
        jour, parmi = self.jour(), self.parmi
        formes: dict[str, Callable[[], Dossier]] = {
            "diagnostic": lambda: {"jour": jour, "moment": parmi("entree", "intermediaire", "bilan")},
            "contrat": lambda: {
                "debut": jour,
                "fin": self.peut_etre(),
                "signe_personne_le": self.peut_etre(),
                "signe_referent_le": self.peut_etre(),
                "activite_minutes": parmi(None, 300, 1200),
            },
            "bilan": lambda: {"jour": jour, "sorte": parmi("intermediaire", "final")},
            "action": lambda: {"quoi": "Rappeler la CAF", "etat": "a_faire"},
            "semaine": lambda: {
                "lundi": ajouter_jours("2026-01-05", 7 * self.randrange(60)),
                "activites": [{"nature": "atelier", "minutes": parmi(300, 600, 900)} for _ in range(self.randrange(3))],
            },
            "amenagement": lambda: {"du": jour, "au": self.peut_etre(), "minutes": parmi(0, 300, 600)},
            "etape": lambda: {
                "nature": parmi("cdi", "cdd", "cddi", "cddi", "formation_qualifiante", "pmsmp"),
                "debut": jour,
                "fin": self.peut_etre(),
                "fin_essai": self.peut_etre(),
                "duree_plus_six_mois": parmi(None, True, False),
                "issue": parmi(None, "poursuite", "rompue", "sans_solution", "sans_solution"),
            },
            "suspension": lambda: {"du": jour, "au": ajouter_jours(jour, self.randrange(60)), "motif": "sante"},
            "renouvellement": lambda: {
                "le": jour,
                "jusqu_au": ajouter_jours(jour, 180),
                "motif": parmi(None, "autre"),
                "motif_texte": parmi(None, "Promesse"),
            },
            "demande": lambda: {
                "nature": "logement",
                "deposee_le": jour,
                "statut": parmi("en_cours", "accordee"),
                "note_information_le": self.peut_etre(),
            },
            "orientation_service": lambda: {
                "service": "Cours de français",
                "le": jour,
                "reponse": parmi("en_attente", "acceptee", "venue"),
                "reponse_le": self.peut_etre(),
            },
            "information": lambda: {"sujet": parmi("fse", "rgpd", "droits_devoirs", "cofinancement"), "le": jour},
            "questionnaire_fse": lambda: {"moment": parmi("entree", "sortie"), "le": jour},
            "tripartite": lambda: {
                "sorte": parmi("tripartite", "initialisation_emploi", "initialisation_social"),
                "le": jour,
            },
            "veille": lambda: {"le": jour, "resultat": "emploi"},
        }
        return formes[forme]()

    def dossier(self) -> Dossier:
        orientee_le = self.peut_etre()
        entree_le = ajouter_jours(orientee_le or self.jour(), self.randrange(40)) if self.random() < 0.8 else None
        debut = entree_le or orientee_le or self.jour()
        sortie_le = ajouter_jours(debut, self.randrange(300)) if self.random() < 0.3 else None
        return {
            "personne": {
                "id": "p1",
                "nom": "Tirée",
                "historique": {
                    "rsa": [[self.jour(), self.parmi("beneficiaire", "clos", "non_beneficiaire")]],
                    "pret_emploi": [[self.jour(), self.parmi(True, False)]],
                    "cv_depose": [[self.jour(), self.parmi(None, "Job Connexion")]],
                    "enfants_a_charge": [[self.jour(), 1]],
                },
            },
            "mesures": [
                {
                    "id": "m1",
                    "convention": self.parmi(*CODES),
                    "orientee_le": orientee_le,
                    "premier_contact_le": self.peut_etre() if orientee_le and self.random() < 0.3 else None,
                    "entree_le": entree_le,
                    "fin_prevue_le": self.jour() if self.random() < 0.1 else None,
                    "sortie_le": sortie_le,
                    "sortie_motif": self.parmi("emploi_durable", "formation", "demenagement") if sortie_le else None,
                    "historique": {},
                }
            ],
            "entretiens": [
                {
                    "id": f"e{rang}",
                    "mesure_id": self.parmi("m1", None),
                    "date": self.jour(),
                    "moyen": self.parmi("presentiel", "telephone", "sms", "visite", "visio"),
                    "rendez_vous_id": self.parmi(None, "r0"),
                }
                for rang in range(self.randrange(4))
            ],
            "rendez_vous": [
                {
                    "id": f"r{rang}",
                    "mesure_id": "m1",
                    "debut": f"{self.jour()}T{self.parmi('07', '09')}:00:00Z",
                    "statut": self.parmi("propose", "honore", "absence_excusee", "annule_service"),
                }
                for rang in range(self.randrange(4))
            ],
            "pieces": [
                piece(rang, forme, self.piece(forme), self.jour() if self.random() < 0.1 else None)
                for rang, forme in enumerate(self.choices(FORMES, k=self.randrange(7)))
            ],
            "controles": [],
        }


FORMES = (
    *("diagnostic", "contrat", "contrat", "bilan", "action", "semaine", "amenagement", *["etape"] * 4, "suspension"),
    *("renouvellement", "demande", "orientation_service", "information", "questionnaire_fse", "tripartite", "veille"),
)


def piece(rang: int, forme: str, valeurs: Dossier, retiree_le: str | None = None) -> Dossier:
    return {"id": f"x{rang}", "mesure_id": "m1", "forme": forme, "retiree_le": retiree_le, "valeurs": valeurs}


def _tirage(rang: int) -> Tirage:
    tirage = Tirage()
    tirage.seed(rang)
    return tirage


def tirages(nombre: int = TIRAGES) -> Iterator[tuple[Dossier, str]]:
    """Un dossier, et le jour où on le regarde ; le rang dit le tirage."""
    for rang in range(nombre):
        tirage = _tirage(rang)
        yield tirage.dossier(), tirage.jour()


def dues(dossier: Dossier, jour: str) -> list[Dossier]:
    return echeances(dossier, CONVENTIONS, f"{jour}T08:00:00Z")


def genres(dossier: Dossier, jour: str) -> set[str]:
    return {genre for due in dues(dossier, jour) for genre in (due["genre"], *due["aussi"])}


def avec(dossier: Dossier, forme: str, **valeurs: Any) -> Dossier:
    return {**dossier, "pieces": [*dossier["pieces"], piece(99, forme, valeurs)]}


def test_every_line_says_what_when_why_and_how() -> None:
    for dossier, jour in tirages():
        lignes = dues(dossier, jour)
        assert [ligne["due_le"] for ligne in lignes] == sorted(ligne["due_le"] for ligne in lignes)
        for ligne in lignes:
            assert (ligne["etat"] == "en_retard") == (ligne["jours"] < 0 and ligne["etat"] != "prevu")
            assert ligne["pourquoi"].endswith(".")
            assert not set("{}") & set(ligne["pourquoi"] + ligne["titre"] + ligne["action"]["url"])
            assert ligne["citation"]
            assert ligne["action"]["url"].startswith(("/pieces/", "/entretiens/", "/rendez-vous/", "/dossiers/"))
        gestes = [ligne["action"]["url"] for ligne in lignes if ligne["action"]["url"].startswith("/pieces/")]
        assert len(gestes) == len(set(gestes))


def test_a_suspension_never_creates_a_line() -> None:
    retirees = 0
    for rang, (dossier, jour) in enumerate(tirages()):
        tirage = _tirage(-1 - rang)
        du = tirage.parmi(jour, ajouter_jours(jour, -20), tirage.jour())
        au = tirage.parmi(None, ajouter_jours(du, tirage.randrange(60)))
        avant, apres = genres(dossier, jour), genres(avec(dossier, "suspension", du=du, au=au, motif="sante"), jour)
        assert apres <= avant, json.dumps([dossier, jour, du, au], ensure_ascii=False)
        retirees += len(avant - apres)
    assert retirees > TIRAGES / 10


# Le fait qui règle chaque genre, noté le jour même. Ce qui se règle par une correction de pièce a ses histoires.
# `SUIVANTES` : réglée, elle laisse place à la prochaine.
SUIVANTES = {"cadence", "contrat_a_renouveler"}
REGLER: dict[str, Callable[[Dossier, str], Dossier]] = {
    "premier_contact": lambda d, _: _entretien(d, "2029-01-01", "sms"),
    "cadence": lambda d, jour: _entretien(d, jour, "presentiel"),
    "siae_reprise": lambda d, _: _entretien(d, "2029-01-01", "presentiel"),
    "information_fse": lambda d, jour: avec(d, "information", sujet="fse", le=jour),
    "contrat_a_renouveler": lambda d, jour: avec(d, "contrat", debut=jour, fin="2030-01-01"),
    "fin_mesure": lambda d, _: _mesure(d, sortie_le="2030-01-01"),
    "file_active_emploi": lambda d, _: _mesure(d, sortie_le="2030-01-01"),
    "file_active_formation": lambda d, _: _mesure(d, sortie_le="2030-01-01"),
    "cv_depose": lambda d, jour: _personne(d, cv_depose=[[jour, "Job Connexion"]]),
    "sortie_fse": lambda d, jour: avec(d, "questionnaire_fse", moment="sortie", le=jour),
    "veille": lambda d, _: avec(d, "veille", le="2030-01-01", resultat="emploi"),
    "accueil": lambda d, jour: _tout(
        _entretien(d, "2029-01-01", "presentiel"),
        ("diagnostic", {"jour": "2029-01-01", "moment": "entree"}),
        ("information", {"sujet": "droits_devoirs", "le": "2029-01-01"}),
        ("contrat", {"debut": "2029-01-01", "signe_personne_le": jour}),
        ("action", {"quoi": "Rappeler la CAF"}),
    ),
    "tripartite": lambda d, _: _tout(
        d,
        *(
            ("tripartite", {"sorte": sorte, "le": "2029-01-01"})
            for sorte in ("tripartite", "initialisation_emploi", "initialisation_social")
        ),
    ),
    "bilan_final": lambda d, _: _tout(
        d,
        ("bilan", {"sorte": "final", "jour": "2029-01-01"}),
        ("diagnostic", {"moment": "bilan", "jour": "2029-01-01"}),
    ),
}


def test_the_settling_fact_removes_the_line() -> None:
    reglees: Counter[str] = Counter()
    for dossier, jour in tirages():
        for genre in genres(dossier, jour) & REGLER.keys():
            regle = REGLER[genre](dossier, jour)
            encore = [due for due in dues(regle, jour) if genre in (due["genre"], *due["aussi"])]
            assert not encore or genre in SUIVANTES, json.dumps([genre, dossier, jour], ensure_ascii=False)
            assert not any(due["jours"] <= 0 for due in encore if due["genre"] == genre)
            reglees[genre] += 1
    assert set(reglees) == set(REGLER)


def test_both_languages_say_the_same() -> None:
    cas = [(dossier, f"{jour}T08:00:00Z") for dossier, jour in tirages()]
    python = [echeances(dossier, CONVENTIONS, maintenant) for dossier, maintenant in cas]
    rendu = subprocess.run(
        [*commande("node"), str(RACINE / "tests/js/echeances_lot.mjs")],
        input=json.dumps({"conventions": CONVENTIONS, "cas": cas}),
        capture_output=True,
        text=True,
        check=True,
        cwd=RACINE,
    )
    for (dossier, maintenant), voulu, obtenu in zip(cas, python, json.loads(rendu.stdout), strict=True):
        assert obtenu == voulu, json.dumps([dossier, maintenant], ensure_ascii=False)
    # Le tirage ne vaut que s'il voit tout.
    vus = {genre for lignes in python for ligne in lignes for genre in (ligne["genre"], *ligne["aussi"])}
    assert vus == set(REGISTRE)


def _entretien(dossier: Dossier, jour: str, moyen: str) -> Dossier:
    noter = {"id": "e99", "mesure_id": "m1", "date": jour, "moyen": moyen, "rendez_vous_id": None}
    return {**dossier, "entretiens": [*dossier["entretiens"], noter]}


def _mesure(dossier: Dossier, **dates: Any) -> Dossier:
    return {**dossier, "mesures": [{**dossier["mesures"][0], **dates}]}


def _personne(dossier: Dossier, **historique: Any) -> Dossier:
    personne = dossier["personne"]
    return {**dossier, "personne": {**personne, "historique": {**personne["historique"], **historique}}}


def _tout(dossier: Dossier, *pieces: tuple[str, Dossier]) -> Dossier:
    ajoutees = [piece(90 + rang, forme, valeurs) for rang, (forme, valeurs) in enumerate(pieces)]
    return {**dossier, "pieces": [*dossier["pieces"], *ajoutees]}
