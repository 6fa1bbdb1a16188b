"""Les tailles servies tour à tour : voir `bench/rapports/__init__.py`."""

from __future__ import annotations

import argparse
import http.client
import json
import re
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from app.migrations import migrer
from app.moteur import ouvrir_moteur
from bench import rapports
from bench.croissance.__main__ import bases
from bench.rapports.semis import CONTACTS, CONVENTIONS, JETON, semer
from bench.serveur import au_processeur, serveur

UNE, TOUTES = "/rapports/ASP-NC/2022", f"/rapports/{'+'.join(CONVENTIONS)}/2022"
PAGES = {
    "une convention": UNE,
    "toutes": TOUTES,
    "liste : accompagnées": f"{TOUTES}/flux/accompagnees/nombre",
    "liste : rendez-vous proposés": f"{TOUTES}/rendez_vous/proposes/nombre",
    "liste : démarches, page 3": f"{TOUTES}/demarches/social/nombre?page=3",
    "liste : femmes": f"{TOUTES}/sexe/femme/nombre",
    "liste : un frein levé": f"{TOUTES}/freins/mobilite/freins_leves",
    "liste : cadence respectée": f"{TOUTES}/conformite/cadence_respectee/fait",
    "liste : contrat signé": f"{TOUTES}/conformite/contrat_signe/fait",
    "liste : saisines": f"{TOUTES}/saisines/saisines/nombre",
}


def demander(port: int, adresse: str) -> str:
    lien = http.client.HTTPConnection("127.0.0.1", port)
    lien.request("GET", adresse, headers={"Cookie": f"__Host-jalon={JETON}", "Accept-Encoding": "identity"})
    reponse = lien.getresponse()
    corps = reponse.read().decode()
    if reponse.status != 200:
        raise SystemExit(f"{adresse} : {reponse.status}")
    return corps


def mesurer(port: int, pids: list[int], tours: int) -> dict[str, dict[str, float]]:
    resultats = {}
    for nom, adresse in PAGES.items():
        temps, processeur = [], []
        for tour in range(tours + 1):
            avant, depart = sum(map(au_processeur, pids)), time.perf_counter()
            page = demander(port, adresse)
            if tour:
                temps.append(time.perf_counter() - depart)
                processeur.append(sum(map(au_processeur, pids)) - avant)
        resultats[nom] = {
            "processeur_ms": round(1000 * statistics.median(processeur)),
            "temps_ms": round(1000 * statistics.median(temps)),
            "lignes": float(len(re.findall("<tr", page))),
        }
    return resultats


def main() -> None:
    lecture = argparse.ArgumentParser(description=(rapports.__doc__ or "").split("\n")[0])
    lecture.add_argument("--mesures", type=int, nargs="+", default=[1_250, 2_500, 5_000, 10_000])
    lecture.add_argument("--tours", type=int, default=9)
    lecture.add_argument("--postgresql", action="store_true")
    choix = lecture.parse_args()
    with ExitStack() as pile:
        dossier = Path(pile.enter_context(tempfile.TemporaryDirectory()))
        ouvrir, de_la_base = pile.enter_context(bases(dossier, choix.postgresql))
        for mesures in choix.mesures:
            adresse, depart = ouvrir(f"rapports_{mesures}"), time.monotonic()
            moteur = ouvrir_moteur(adresse)
            pile.callback(moteur.dispose)
            migrer(moteur)
            semer(moteur, mesures)
            print(f"{mesures} mesures semées en {time.monotonic() - depart:.0f} s", file=sys.stderr)
            with serveur(adresse) as (port, pid):
                pids = [pid] if de_la_base is None else [pid, de_la_base]
                ligne = {"mesures": mesures, "contacts": mesures * CONTACTS, **mesurer(port, pids, choix.tours)}
            print(json.dumps(ligne, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
