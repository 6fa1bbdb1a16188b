"""Ce que coûte le carnet sur un téléphone modeste : octets à installer, et temps entre le geste et l'écran.

    .venv/bin/python -m bench.telephone [--essais N] [--cas ensemble|chacun] [--json FICHIER]

Le navigateur (fenêtre, worker, réseau) est tenu à un quart de cœur par le noyau, de deux façons (`bench.frein`). Les
durées sont prises dans la page, du geste jusqu'à l'image affichée. Rien ici n'échoue sur une durée : une mesure se lit,
elle ne se vérifie pas.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from bench.frein import Frein, FreinImpossible, Severite
from tests.browser.mandataire import Mandataire
from tests.browser.navigateur import Navigateur, executable
from tests.browser.parcours import Parcours
from tests.browser.serveur import RACINE, Serveur

PART = 0.25
REPOS = 2.0

# Du geste à l'image : la page est observée jusqu'au texte attendu, puis jusqu'à ce que le navigateur l'ait peinte.
CHRONO = """
async ([selecteur, attendu]) => {
  const montre = () => document.querySelector("#contenu")?.textContent.includes(attendu);
  const debut = performance.now();
  const arrive = new Promise((ok, trop_tard) => {
    setTimeout(() => trop_tard(new Error(`toujours pas « ${attendu} »`)), 30_000);
    const guet = new MutationObserver(() => { if (montre()) { guet.disconnect(); ok(); } });
    guet.observe(document.documentElement, { subtree: true, childList: true });
  });
  document.querySelector(selecteur).click();
  await arrive;
  const pose = performance.now() - debut;
  await new Promise((ok) => requestAnimationFrame(() => {
    const canal = new MessageChannel();
    canal.port1.onmessage = ok;
    canal.port2.postMessage(0);
  }));
  return [pose, performance.now() - debut];
}
"""


Duree = tuple[float, float]


@dataclass(frozen=True)
class Mesure:
    """Un geste, ses relevés en millisecondes, et ce que l'on vise pour l'image.

    Chaque relevé a deux temps : l'écran en place dans la page, puis peint. Sans carte graphique, peindre coûte ici plus
    que sur un téléphone.
    """

    nom: str
    releves: list[Duree]
    objectif: float

    def en_json(self) -> dict[str, Any]:
        en_place, peint = (statistics.median(temps) for temps in zip(*self.releves, strict=True))
        return asdict(self) | {"en_place": en_place, "peint": peint}


def mesurer(essais: int, cas: Sequence[Severite] = tuple(Severite)) -> dict[str, Any]:
    """Les octets une fois, puis les durées sous chaque sévérité demandée du frein."""
    subprocess.run([sys.executable, "-m", "tools.construire"], cwd=RACINE, check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory(prefix="jalon-mesure-") as nom, contextlib.ExitStack() as fin:
        dossier = Path(nom)
        frein, empechement = preparer_frein(dossier, fin)
        donnees, mandataire = preparer_serveur(dossier, fin)
        playwright = fin.enter_context(sync_playwright())
        navigateur = Navigateur(
            playwright, dossier / "profil", mandataire.adresse, lanceur=str(frein.lanceur) if frein else None
        )
        navigateur.lancer()
        fin.callback(navigateur.fermer)
        telephone = Parcours(navigateur)
        telephone.se_connecter(donnees["compte"]["courriel"], donnees["compte"]["mot_de_passe"])
        telephone.installer()
        telephone.attendre_envoi("vide")
        octets = octets_recus(mandataire)
        durees: dict[str, list[Mesure]] = {}
        for severite in cas if frein else [None]:
            with frein_serre(frein, severite):
                durees[severite.value if severite else "sans frein"] = mesurer_les_gestes(telephone, essais)
        return {
            "part_de_coeur": PART if frein else None,
            "sans_frein": empechement,
            "personnes": 80,
            "fiches": donnees["fiches"],
            "octets": octets,
            "durees": {cas: [mesure.en_json() for mesure in mesures] for cas, mesures in durees.items()},
        }


def mesurer_les_gestes(telephone: Parcours, essais: int) -> list[Mesure]:
    return [
        Mesure("Toucher un nom → son dossier affiché", ouvrir_des_dossiers(telephone, essais), 150),
        Mesure("Worker arrêté → Ma journée affichée", demarrer_a_froid(telephone, essais), 400),
        Mesure("Enregistrer → la fiche affichée", enregistrer(telephone, essais), 175),
    ]


def preparer_frein(dossier: Path, fin: contextlib.ExitStack) -> tuple[Frein | None, str | None]:
    try:
        frein = Frein(executable(), dossier, PART)
    except FreinImpossible as erreur:
        return None, str(erreur)
    fin.callback(frein.retirer)
    return frein, None


@contextlib.contextmanager
def frein_serre(frein: Frein | None, severite: Severite | None) -> Iterator[None]:
    if frein and severite:
        frein.serrer(severite)
    try:
        yield
    finally:
        if frein:
            frein.desserrer()


def preparer_serveur(dossier: Path, fin: contextlib.ExitStack) -> tuple[dict[str, Any], Mandataire]:
    serveur = Serveur(dossier)
    commande = [sys.executable, "-m", "bench.donnees", str(serveur.base)]
    semis = subprocess.run(commande, cwd=RACINE, check=True, stdout=subprocess.PIPE)  # noqa: S603  # notre programme
    serveur.demarrer()
    fin.callback(serveur.arreter)
    mandataire = Mandataire(serveur.port)
    mandataire.demarrer()
    fin.callback(mandataire.arreter)
    return json.loads(semis.stdout), mandataire


def octets_recus(mandataire: Mandataire) -> dict[str, Any]:
    """Les corps descendus sur le fil, par famille et par adresse ; les en-têtes, que HTTP/2 réduit à rien, à part."""
    familles = dict.fromkeys(("worker", "actifs", "pages", "donnees", "entetes"), 0)
    detail: dict[str, int] = {}
    for passage in list(mandataire.passages):
        familles[famille(passage.chemin)] += passage.corps
        familles["entetes"] += passage.descendant - passage.corps
        detail[passage.chemin] = detail.get(passage.chemin, 0) + passage.corps
    total = familles["worker"] + familles["actifs"] + familles["pages"]
    return familles | {"total": total, "detail": dict(sorted(detail.items(), key=lambda paire: -paire[1]))}


def famille(chemin: str) -> str:
    if chemin == "/sw.js":
        return "worker"
    if chemin.startswith(("/static/", "/icones/", "/app.webmanifest")):
        return "actifs"
    # La première page après la connexion est faite de dossiers, comme l'échange.
    return "donnees" if chemin in ("/sync", "/") else "pages"


def relever(essais: int, geste: Callable[[int], Duree]) -> list[Duree]:
    """Un tour pour rien, puis les essais."""
    geste(0)
    return [geste(rang) for rang in range(1, essais + 1)]


def chronometrer(telephone: Parcours, bouton: str, attendu: str) -> Duree:
    """Du geste sur `bouton` jusqu'à l'écran qui montre `attendu` : en place, puis peint."""
    # On lit un écran avant d'y toucher : ce que la page finit après son chargement n'est pas dans le geste.
    telephone.navigateur.patienter(REPOS)
    en_place, peint = telephone.page.evaluate(CHRONO, [bouton, attendu])
    return float(en_place), float(peint)


def ouvrir_des_dossiers(telephone: Parcours, essais: int) -> list[Duree]:
    def toucher(rang: int) -> Duree:
        telephone.ouvrir("/dossiers")
        lien = telephone.page.locator("#liste-dossiers a[href^='/dossiers/']").nth(3 + rang)
        adresse = lien.get_attribute("href")
        return chronometrer(telephone, f"#liste-dossiers a[href='{adresse}']", "Depuis le début")

    return relever(essais, toucher)


def demarrer_a_froid(telephone: Parcours, essais: int) -> list[Duree]:
    """Le worker arrêté, on rouvre Ma journée : de la navigation à la première image."""

    def rouvrir(_: int) -> Duree:
        telephone.ouvrir("/dossiers")
        telephone.navigateur.arreter_le_worker(repos=4)
        telephone.page.evaluate("() => { location.assign('/'); }")
        telephone.page.wait_for_url(telephone.navigateur.adresse + "/")
        # La page tient elle-même ses temps : l'interroger pendant qu'elle se fait les allongerait.
        telephone.navigateur.patienter(REPOS)
        en_place, peint = telephone.navigateur.attendre_que(
            """() => {
              const peint = performance.getEntriesByName("first-contentful-paint")[0]?.startTime;
              const [navigation] = performance.getEntriesByType("navigation");
              return document.querySelector("#titre-agenda") && peint && [navigation.domInteractive, peint];
            }""",
            "Ma journée peinte",
        )
        return float(en_place), float(peint)

    return relever(essais, rouvrir)


def enregistrer(telephone: Parcours, essais: int) -> list[Duree]:
    telephone.ouvrir("/dossiers")
    adresse = telephone.page.locator("#liste-dossiers a[href^='/dossiers/']").nth(2).get_attribute("href") or ""
    dossier = adresse.rsplit("/", 1)[-1]

    def noter(rang: int) -> Duree:
        synthese = f"Mesure numéro {rang}, notée sous le frein."
        telephone.commencer_un_contact(dossier)
        telephone.choisir("moyen", "telephone")
        telephone.remplir("synthese", synthese)
        return chronometrer(telephone, "button.bouton--principal", synthese)

    return relever(essais, noter)


def afficher(resultat: dict[str, Any]) -> None:
    octets, part = resultat["octets"], resultat["part_de_coeur"]
    total = octets["total"] / 1000
    print(f"\n  80 personnes, {resultat['fiches']} fiches")
    print(f"  Première installation, données à part : {total:.1f} ko (visé ≤ 120, {verdict(total, 120)})")
    for adresse, taille in list(octets["detail"].items())[:8]:
        print(f"    {taille:>9,}  {adresse}")
    for cas, mesures in resultat["durees"].items():
        tenu = f"Navigateur tenu à {part:.0%} d'un cœur, {cas}" if part else f"Sans frein : {resultat['sans_frein']}"
        print(f"\n  {tenu:<42} en place     peint      visé")
        for mesure in mesures:
            temps = f"{mesure['en_place']:>7.0f} ms {mesure['peint']:>6.0f} ms   ≤ {mesure['objectif']:.0f} ms"
            print(f"  {mesure['nom']:<42}{temps}  {verdict(mesure['peint'], mesure['objectif'])}")


def verdict(valeur: float, objectif: float) -> str:
    return "tenu" if valeur <= objectif else "dépassé"


def main() -> None:
    lecteur = argparse.ArgumentParser(prog="bench.telephone", description=(__doc__ or "").split("\n")[0])
    lecteur.add_argument("--essais", type=int, default=7, help="relevés par mesure, au moins 5")
    lecteur.add_argument("--cas", choices=[severite.value for severite in Severite], help="une seule sévérité du frein")
    lecteur.add_argument("--json", type=Path, help="où écrire aussi le résultat")
    choix = lecteur.parse_args()
    # Arrêtée de l'extérieur, la mesure rend tout de même la machine : serveur, navigateur et frein.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if not shutil.which("node") and not (RACINE / "static" / "construit").exists():
        lecteur.error("construisez d'abord les pages : make construire")
    resultat = mesurer(max(5, choix.essais), [Severite(choix.cas)] if choix.cas else tuple(Severite))
    if choix.json:
        choix.json.write_text(json.dumps(resultat, ensure_ascii=False, indent=2) + "\n")
    else:
        print(json.dumps(resultat, ensure_ascii=False))
    afficher(resultat)


if __name__ == "__main__":
    main()
