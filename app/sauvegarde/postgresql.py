"""La sauvegarde d'une base PostgreSQL par ses propres outils : pg_dump, pg_restore, psql."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import Engine, make_url, text

from app.sauvegarde import SauvegardeImpossible

# Tout ou rien : la base d'avant ne s'en va qu'avec la validation de celle qui revient.
_AVANT = b"DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n"
# Dans la même transaction : aucune demande ne peut lire la base revenue sous son ancienne génération.
_APRES = b"\nUPDATE public.structure SET generation = gen_random_uuid()::text;\n"


# Les tables dont pg_dump ne verrait pas toutes les lignes.
_CLOSES = b"""
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relrowsecurity
      AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'passage_exploitation');
"""


def photographier(adresse: str, cible: Path) -> None:
    """Une copie d'un seul instant, au format de pg_restore, lisible de son seul propriétaire.

    Le passage d'exploitation ouvre toutes les structures : sans lui, pg_dump ne verrait rien derrière leurs cloisons,
    et ne s'en plaindrait pas.
    """
    _verifier_le_passage(adresse)
    os.close(os.open(cible, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    _lancer(adresse, "pg_dump", "--format=custom", "--schema=public", "--enable-row-security", f"--file={cible}")


def verifier(fichier: Path) -> None:
    """Relit l'archive entière ; lève `SauvegardeImpossible` si elle est abîmée, ou d'autre chose que Jalon."""
    contenu = _lancer(None, "pg_restore", "--list", str(fichier))
    if b"TABLE DATA public structure" not in contenu:
        raise SauvegardeImpossible(f"{fichier} n'est pas une sauvegarde de Jalon.")
    _lancer(None, "pg_restore", "--file=/dev/null", str(fichier))


def remettre(adresse: str, fichier: Path) -> None:
    """Remplace tout le contenu de la base, en une transaction, sous une génération nouvelle."""
    ordres = _lancer(None, "pg_restore", "--no-owner", "--enable-row-security", "--file=-", str(fichier))
    # Le schéma est déjà là : pg_restore voudrait le créer.
    ordres = ordres.replace(b"\nCREATE SCHEMA public;\n", b"\n")
    options = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
    _lancer(adresse, "psql", *options, entree=_AVANT + ordres + _APRES)


def _verifier_le_passage(adresse: str) -> None:
    lues = _lancer(adresse, "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", entree=_CLOSES)
    if lues.strip():
        tables = ", ".join(lues.decode().split())
        raise SauvegardeImpossible(f"ces tables ne s'ouvrent pas à la sauvegarde : {tables}. Lancez « jalon serve ».")


def autres_connexions(moteur: Engine) -> int:
    """Combien d'autres clients ont la base ouverte."""
    requete = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    with moteur.connect() as connexion:
        return int(connexion.execute(text(requete)).scalar_one())


def _lancer(adresse: str | None, outil: str, *options: str, entree: bytes | None = None) -> bytes:
    chemin = shutil.which(outil)
    if chemin is None:
        raise SauvegardeImpossible(f"« {outil} » manque sur cette machine : installez le client de PostgreSQL.")
    # Le mot de passe passe par l'environnement : la ligne de commande d'un processus se lit de tous.
    env = {**os.environ, **(_connexion(adresse) if adresse else {}), "LC_ALL": "C.UTF-8"}
    fini = subprocess.run([chemin, *options], input=entree, capture_output=True, env=env, check=False)  # noqa: S603  # l'outil trouvé, sans interprète
    if fini.returncode:
        raise SauvegardeImpossible(f"{outil} : {fini.stderr.decode(errors='replace').strip()}")
    return fini.stdout


def _connexion(adresse: str) -> dict[str, str]:
    lue = make_url(adresse)
    valeurs = {
        "PGHOST": lue.host or lue.query.get("host"),
        "PGPORT": str(lue.port) if lue.port else lue.query.get("port"),
        "PGUSER": lue.username,
        "PGPASSWORD": lue.password,
        "PGDATABASE": lue.database,
        "PGSSLMODE": lue.query.get("sslmode"),
        "PGOPTIONS": "-c jalon.passage=exploitation",
    }
    return {nom: str(valeur) for nom, valeur in valeurs.items() if valeur}
