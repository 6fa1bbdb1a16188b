"""L'échange du jour coûte-t-il plus quand la structure a grandi, ou quand les autres ont beaucoup écrit depuis ?

    python -m bench.croissance [--autrui 10000 500000] [--tours 100] [--postgresql]

Un serveur par taille de base (`jalon serve`, le vrai), le même téléphone sur chacun : 3 500 fiches à lui, trente
entretiens montent, dix changements faits au bureau descendent. Les échanges alternent d'un serveur à l'autre, pour que
la machine soit la même pour tous. Ce qui compte est le temps de processeur du serveur (et de PostgreSQL) ; le temps
passé est donné à côté. Puis, sur la plus petite base, un échange après 15 000 fiches écrites par d'autres, et un sans.

Les fiches d'autrui sont des copies des siennes, faites par la base elle-même, sous d'autres comptes et d'autres
identifiants, répartis sur les mêmes trois années.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import json
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import brotli  # type: ignore[import-untyped]  # ce paquet ne publie pas ses types
import msgspec
import psycopg
from sqlalchemy import Engine, Table, insert, literal, select, text
from sqlalchemy.orm import Session

from app.domain.convention import livrees
from app.migrations import migrer
from app.models import Appareil, Base, SessionWeb, Structure, Utilisateur
from app.moteur import ecrire, ouvrir_moteur
from app.securite.session import empreinte
from bench.charge import ECHANGE, SECRET
from sync import conventions
from sync.acteur import Acteur
from sync.appareil import empreinte_du_secret
from sync.appliquer import appliquer
from sync.operation import PROTOCOLE, lire_operation
from tests.browser.serveur import port_libre
from tools import postgresql

PERSONNES, FICHES = 80, 3_500
MONTENT, DESCENDENT, ECRITES = 30, 10, 15_000
JETON = "croissance-un-jeton-de-session-assez-long-pour-un-essai"
PHRASE = "Point sur la situation, dossier à compléter avec les deux pièces manquantes, {n}. "


def nomme(nom: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"croissance/{nom}"))


STRUCTURE, COMPTE, APPAREIL = map(nomme, ("structure", "compte", "appareil"))
# Ce qui, d'une ligne, désigne une fiche : la copie en a d'autres.
A_RENOMMER = {"id", "personne_id", "entite", "entretien_id", "fiche_id"}
D_UN_COMPTE = {"utilisateur_id", "auteur_id"}
TABLES = [
    Base.metadata.tables[nom]
    for nom in ("personne", "acces", "personne_valeur", "entretien", "demarche", "controle", "operation")
]
DES_PERSONNES = {"personne", "acces", "personne_valeur"}


def identifiant(hasard: random.Random, instant: float) -> str:
    """Un UUIDv7 de cet instant."""
    octets = bytearray(int(instant * 1000).to_bytes(6) + hasard.randbytes(10))
    octets[6], octets[8] = octets[6] & 0x0F | 0x70, octets[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(octets)))


def operation(
    hasard: random.Random, genre: str, entite: str, personne: str, cle: str | None = None, **champs: Any
) -> dict[str, Any]:
    return {
        "id": cle or identifiant(hasard, time.time()),
        "genre": genre,
        "entite": entite,
        "personne": personne,
        "base": None,
        "champs": champs,
        "compteur": hasard.randrange(1 << 30),
        "heure": f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "remplace": None,
    }


def entretien(hasard: random.Random, entite: str, personne: str, cle: str | None = None) -> dict[str, Any]:
    champs: dict[str, Any] = {
        "date": (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=hasard.randrange(900))).isoformat(),
        "heure": "10:30",
        "duree": 45,
        "moyen": "presentiel",
        "lieu": "permanence du mardi",
        "demarches": [{"famille": "logement", "nature": "caution"}, {"famille": "sante", "nature": None}],
        "synthese": "".join(PHRASE.format(n=hasard.random()) for _ in range(4)),
    }
    return operation(hasard, "noter_entretien", entite, personne, cle, **champs)


def creer(moteur: Engine) -> None:
    """La structure, le compte, son téléphone déjà connecté, et sa file active."""
    hasard, maintenant = random.Random(3), dt.datetime.now(dt.UTC)  # noqa: S311  # un tirage à rejouer
    debut = maintenant.timestamp() - 900 * 86_400

    def tirer() -> str:
        # Le troisième et le quatrième octet sont nuls : les copies y mettent leur rang.
        tire = identifiant(hasard, debut + hasard.random() * 900 * 86_400)
        return f"{tire[:4]}0000{tire[8:]}"

    siennes = [tirer() for _ in range(PERSONNES)]
    lot = [
        operation(
            hasard,
            "creer_personne",
            qui,
            qui,
            tirer(),
            nom=f"Fictive-{rang}",
            prenom="Awa",
            date_naissance="1990-02-03",
        )
        for rang, qui in enumerate(siennes)
    ]
    lot += [entretien(hasard, tirer(), hasard.choice(siennes), tirer()) for _ in range(FICHES - PERSONNES)]
    communs = {"structure_id": STRUCTURE, "cree_le": maintenant}
    with ecrire(moteur, STRUCTURE) as session:
        session.add(Structure(id=STRUCTURE, nom="Croissance", generation=nomme("generation"), cree_le=maintenant))
        session.flush()
        conventions.enregistrer(session, STRUCTURE, livrees("ASP-DOM", "ASP-NC", "DSP-TDL"))
        compte = {"nom": "Fictive", "prenom": "Camille", "courriel": "0@exemple.test", "role": "conseiller"}
        session.add(Utilisateur(id=COMPTE, **compte, **communs))
        session.flush()
        secret = empreinte_du_secret(secrets.token_urlsafe(32))
        sien = {"structure_id": STRUCTURE, "utilisateur_id": COMPTE}
        session.add(Appareil(id=APPAREIL, nom="Téléphone", depot_empreinte=secret, enrole_le=maintenant, **sien))
        session.flush()
        dates = {"cree_le": maintenant, "vue_le": maintenant, "expire_le": maintenant + dt.timedelta(hours=9)}
        session.add(SessionWeb(id=empreinte(JETON), appareil_id=APPAREIL, donnees={}, **dates, **sien))
        session.flush()
        for rang in range(0, len(lot), 1000):
            appliquer_au_bureau(session, lot[rang : rang + 1000])


def appliquer_au_bureau(session: Session, lot: list[dict[str, Any]]) -> None:
    acteur = Acteur(STRUCTURE, COMPTE, "conseiller", None, dt.datetime.now(dt.UTC), origine="import")
    for resultat in appliquer(session, acteur, [lire_operation(une) for une in lot]):
        if resultat.statut != "applied":
            raise SystemExit(f"{resultat.statut} : {resultat.erreurs}")


def modeles(session: Session) -> None:
    """Les lignes à copier, mises de côté avant la première copie."""
    for table in TABLES:
        nom = f"modele_{table.name}"
        session.execute(text(f"CREATE TEMP TABLE {nom} AS SELECT * FROM {table.name}"))  # noqa: S608


def copier(session: Session, tables: list[Table], compte: str, personnes: int, fiches: int, decalage: int) -> None:
    """Une file active de plus. `personnes` et `fiches` : ce qui distingue les identifiants de cette copie-ci."""
    for table in tables:
        modele = text(f"modele_{table.name}")
        colonnes: list[Any] = []
        for colonne in table.c:
            nom = colonne.name
            lue: Any = text(nom)
            if nom in D_UN_COMPTE:
                lue = literal(compte)
            elif nom.startswith("sequence"):
                lue = text(f"{nom} + {decalage}")
            elif nom in A_RENOMMER:
                rang = personnes if nom == "personne_id" or table.name in DES_PERSONNES else fiches
                lue = text(f"substr({nom}, 1, 4) || '{rang * 257 % 65_536:04x}' || substr({nom}, 9)")
                if table.name == "operation" and nom == "entite":
                    # Celle qui crée une personne la désigne aussi par son entité.
                    lue = text(
                        "substr(entite, 1, 4) || CASE genre WHEN 'creer_personne'"
                        f" THEN '{personnes * 257 % 65_536:04x}'"
                        f" ELSE '{fiches * 257 % 65_536:04x}' END || substr(entite, 9)"
                    )
            colonnes.append(lue)
        session.execute(insert(table).from_select(list(table.c.keys()), select(*colonnes).select_from(modele)))


def avancer(session: Session, nombre: int) -> int:
    """Réserve autant de numéros ; rend celui d'avant."""
    (dernier,) = session.execute(
        text("UPDATE structure SET sequence = sequence + :nombre WHERE id = :id RETURNING sequence"),
        {"nombre": nombre, "id": STRUCTURE},
    ).one()
    return int(dernier) - nombre


def peupler(moteur: Engine, autrui: int) -> None:
    """Autant de fiches d'autrui, par files actives entières."""
    maintenant = dt.datetime.now(dt.UTC)
    with ecrire(moteur, STRUCTURE) as session:
        modeles(session)
        for rang in range(1, round(autrui / FICHES) + 1):
            compte = nomme(f"compte-{rang}")
            valeurs = {
                "nom": "Fictif",
                "prenom": f"Ali-{rang}",
                "courriel": f"{rang}@exemple.test",
                "role": "conseiller",
            }
            session.add(Utilisateur(structure_id=STRUCTURE, id=compte, cree_le=maintenant, **valeurs))
            session.flush()
            copier(session, TABLES, compte, rang, rang, avancer(session, FICHES))


def ecrire_ailleurs(moteur: Engine, rang: int) -> None:
    """15 000 entretiens notés par d'autres, dans les dossiers de trois files qui ne sont pas celle du téléphone."""
    restantes = [table for table in TABLES if table.name not in DES_PERSONNES]
    with ecrire(moteur, STRUCTURE) as session:
        for table in restantes:
            session.execute(text(f"DROP TABLE IF EXISTS modele_{table.name}"))
            cle = {"demarche": "entretien_id", "operation": "entite"}.get(table.name, "id")
            filtre = (
                f"SELECT t.* FROM {table.name} t JOIN gardes g ON t.structure_id = g.structure_id AND t.{cle} = g.id"  # noqa: S608
                + (" WHERE genre = 'noter_entretien'" if table.name == "operation" else "")
            )
            if table is restantes[0]:
                session.execute(text("DROP TABLE IF EXISTS gardes"))
                session.execute(
                    text(
                        "CREATE TEMP TABLE gardes AS SELECT structure_id, id FROM entretien"
                        " WHERE structure_id = :s AND sequence <= :n ORDER BY sequence LIMIT 3000"
                    ),
                    {"s": STRUCTURE, "n": FICHES},
                )
            session.execute(text(f"CREATE TEMP TABLE modele_{table.name} AS {filtre}"))
        for part in range(ECRITES // 3000):
            dossiers = 1 + part % 2
            decalage = avancer(session, FICHES)
            copier(session, restantes, nomme(f"compte-{dossiers}"), dossiers, 1000 + rang * 5 + part, decalage)
            session.execute(
                text(
                    "UPDATE personne SET sequence_dossier = :fin WHERE structure_id = :s AND id IN"
                    " (SELECT personne_id FROM acces WHERE structure_id = :s AND utilisateur_id = :u)"
                ),
                {"fin": decalage + FICHES, "s": STRUCTURE, "u": nomme(f"compte-{dossiers}")},
            )


@dataclass
class Mesures:
    processeur: list[float] = field(default_factory=list)
    temps: list[float] = field(default_factory=list)

    def resume(self) -> dict[str, float]:
        return {
            "processeur_ms": round(1000 * statistics.mean(self.processeur), 2),
            "processeur_mediane_ms": round(1000 * statistics.median(self.processeur), 2),
            "temps_mediane_ms": round(1000 * statistics.median(self.temps), 1),
        }


@dataclass
class Telephone:
    """Un appareil et le serveur auquel il parle. `de_la_base` : le processus de PostgreSQL, s'il y en a un."""

    moteur: Engine
    port: int
    serveur: int
    de_la_base: int | None
    hasard: random.Random
    curseur: str | None = None
    reference: str | None = None

    def preparer(self) -> list[dict[str, Any]]:
        """Ce qui change au bureau, et ce que l'appareil a noté ; hors de la mesure."""
        with ecrire(self.moteur, STRUCTURE) as session:
            cherches = "SELECT id, personne_id FROM entretien WHERE structure_id = :s AND sequence <= :n"
            connus = session.execute(text(cherches), {"s": STRUCTURE, "n": FICHES}).all()
            choisis = self.hasard.sample(connus, DESCENDENT)
            texte = PHRASE.format(n=self.hasard.random()) * 4
            lot = [operation(self.hasard, "modifier_entretien", *qui, synthese=texte) for qui in choisis]
            appliquer_au_bureau(session, lot)
        personnes = sorted({personne for _, personne in connus})
        dossiers = self.hasard.sample(personnes, MONTENT)
        return [entretien(self.hasard, identifiant(self.hasard, time.time()), qui) for qui in dossiers]

    def echanger(self, operations: list[dict[str, Any]], mesures: Mesures | None = None) -> bool:
        """Un aller-retour ; vrai s'il reste des pages à prendre."""
        corps = {
            "protocole": PROTOCOLE,
            "appareil": APPAREIL,
            "curseur": self.curseur,
            "heure_appareil": f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
            "reference": self.reference,
            "operations": operations,
            "tableaux": True,
            "octets": 4 * 1024 * 1024,
        }
        octets = msgspec.json.encode(corps)
        entetes = {"Content-Type": ECHANGE, "Accept-Encoding": "br", "Cookie": f"__Host-jalon={JETON}"}
        avant, depart = self.processeur(), time.perf_counter()
        lien = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        lien.request("POST", "/sync", octets, entetes)
        reponse = lien.getresponse()
        recu = reponse.read()
        lien.close()
        passe, depense = time.perf_counter() - depart, self.processeur() - avant
        if reponse.status != 200:
            raise SystemExit(f"{reponse.status} : {recu[:300]!r}")
        lue = json.loads(brotli.decompress(recu) if reponse.headers["Content-Encoding"] == "br" else recu)
        if [resultat["statut"] for resultat in lue["resultats"]] != ["applied"] * len(operations):
            raise SystemExit(f"échange inattendu : {lue['resultats']}")
        descendus = sum(t["nombre"] for t in lue["tableaux"] if t["communs"].get("type") == "entretien")
        if operations and descendus != MONTENT + DESCENDENT:
            raise SystemExit(f"{descendus} entretiens rendus")
        self.curseur = lue["curseur"]
        self.reference = (lue.get("reference") or {}).get("empreinte", self.reference)
        if mesures is not None:
            mesures.processeur.append(depense)
            mesures.temps.append(passe)
        return bool(lue["suite"])

    def processeur(self) -> float:
        return au_processeur(self.serveur) + (au_processeur(self.de_la_base) if self.de_la_base else 0.0)


def au_processeur(pid: int) -> float:
    """Secondes de processeur d'un processus et de ses enfants, à la nanoseconde que compte le noyau."""
    total, a_voir = 0, [pid]
    while a_voir:
        courant = a_voir.pop()
        for fil in Path(f"/proc/{courant}/task").iterdir():
            total += int((fil / "schedstat").read_text().split()[0])
            a_voir += map(int, (fil / "children").read_text().split())
    return total / 1e9


@contextmanager
def serveur(adresse: str) -> Iterator[tuple[int, int]]:
    port = port_libre()
    programme = str(Path(sys.executable).with_name("jalon"))
    processus = subprocess.Popen(  # noqa: S603  # notre propre commande
        [programme, "serve", "--port", str(port)],
        env={**os.environ, "DATABASE_URL": adresse, "SECRET_KEY": SECRET, "JALON_DEMO": ""},
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                http.client.HTTPConnection("127.0.0.1", port).request("GET", "/sante")
                break
            except OSError:
                time.sleep(0.1)
        yield port, processus.pid
    finally:
        processus.terminate()
        processus.wait()


@contextmanager
def bases(dossier: Path, avec_postgresql: bool) -> Iterator[tuple[Callable[[str], str], int | None]]:
    """De quoi ouvrir une base neuve par son nom, et le processus de PostgreSQL."""
    if not avec_postgresql:
        yield (lambda nom: f"sqlite:///{dossier / nom}.sqlite"), None
        return
    with postgresql.serveur() as administration, psycopg.connect(administration, autocommit=True) as lien:
        lien.execute("CREATE ROLE jalon LOGIN PASSWORD 'jalon'")
        (donnees,) = lien.execute("SHOW data_directory").fetchone() or ("",)
        pid = int((Path(donnees) / "postmaster.pid").read_text().split()[0])

        def ouvrir(nom: str) -> str:
            lien.execute(f"CREATE DATABASE {nom} OWNER jalon")
            suite = administration.rpartition("@")[2].rpartition("/")[0]
            return f"postgresql://jalon:jalon@{suite}/{nom}"

        yield ouvrir, pid


def main() -> None:
    lecture = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    lecture.add_argument("--autrui", type=int, nargs="+", default=[10_000, 500_000])
    lecture.add_argument("--tours", type=int, default=100)
    lecture.add_argument("--ecrits", type=int, default=12, help="combien de fois les autres écrivent 15 000 fiches")
    lecture.add_argument("--postgresql", action="store_true")
    choix = lecture.parse_args()
    with ExitStack() as pile:
        dossier = Path(pile.enter_context(tempfile.TemporaryDirectory()))
        ouvrir, de_la_base = pile.enter_context(bases(dossier, choix.postgresql))
        telephones: dict[int, Telephone] = {}
        for autrui in choix.autrui:
            adresse, depart = ouvrir(f"croissance_{autrui}"), time.monotonic()
            moteur = ouvrir_moteur(adresse)
            pile.callback(moteur.dispose)
            migrer(moteur)
            creer(moteur)
            peupler(moteur, autrui)
            if choix.postgresql:
                with ecrire(moteur, STRUCTURE) as session:
                    session.execute(text("ANALYZE"))
            print(f"{autrui} fiches d'autrui, semées en {time.monotonic() - depart:.0f} s", file=sys.stderr)
            port, pid = pile.enter_context(serveur(adresse))
            telephones[autrui] = Telephone(moteur, port, pid, de_la_base, random.Random(7))  # noqa: S311
        for telephone in telephones.values():
            while telephone.echanger([]):
                pass
        croissance = {autrui: Mesures() for autrui in telephones}
        for tour in range(-5, choix.tours):
            for autrui, telephone in telephones.items():
                telephone.echanger(telephone.preparer(), croissance[autrui] if tour >= 0 else None)
        print(json.dumps({autrui: mesures.resume() for autrui, mesures in croissance.items()}), flush=True)
        apres, sans = Mesures(), Mesures()
        petit = telephones[min(telephones)]
        for rang in range(choix.ecrits):
            ecrire_ailleurs(petit.moteur, rang)
            petit.echanger(petit.preparer(), apres)
            petit.echanger(petit.preparer(), sans)
        print(json.dumps({"apres_15000": apres.resume(), "sans": sans.resume()}), flush=True)


if __name__ == "__main__":
    main()
