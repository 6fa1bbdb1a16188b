"""Les cloisons de PostgreSQL, en SQL brut : ce que la base refuse même à une requête qui oublie sa structure."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, event, text

from app.cloison import ANNUAIRE, EXPLOITATION, FREIN, Cloison, CloisonManquante, changer
from app.config import ConfigurationDangereuse
from app.migrations import migrer
from app.migrations.cloisons import poser_cloisons, sans_cloison
from app.models import AbonnementAgenda, Appareil, LienMotDePasse, SessionWeb, Tentative
from app.moteur import ecrire as ecrire_application
from app.moteur import lire as lire_application
from app.moteur import ouvrir_moteur
from sync.acteur import Acteur
from tests.bases import RACINE, Postgresql, adresse_du_temoin, ecrire
from tests.sync.fabrique import MAINTENANT, Monde, creer_personne, noter, un_id

Lignes = dict[str, list[dict[str, Any]]]

TABLES = """
    SELECT c.relname, a.attname, c.relrowsecurity AND c.relforcerowsecurity AS forcee
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND (a.attname = 'structure_id' OR (c.relname = 'structure' AND a.attname = 'id'))
"""


@pytest.fixture
def moteur(postgresql: Postgresql) -> Iterator[Engine]:
    ouvert = ouvrir_moteur(postgresql.vider(), pool_size=1, max_overflow=0)
    yield ouvert
    ouvert.dispose()


@pytest.fixture
def monde(moteur: Engine) -> Monde:
    """Deux structures, où chaque table qui précède la connexion a de quoi être vue."""
    monde = Monde(moteur)
    for structure_id in monde.structures:
        conseillere = monde.acteur("conseiller", structure_id)
        creation = creer_personne()
        monde.pousser(conseillere, creation, noter(creation.entite))
        _enroler(moteur, conseillere)
    return monde


def _enroler(moteur: Engine, acteur: Acteur) -> None:
    commun = {"structure_id": acteur.structure_id, "utilisateur_id": acteur.utilisateur_id}
    with ecrire(moteur) as session:
        session.add(
            Appareil(
                **commun,
                id=un_id(),
                nom="Téléphone",
                depot_empreinte=f"depot-{acteur.structure_id}"[:64],
                enrole_le=MAINTENANT,
            )
        )
        session.add(
            SessionWeb(
                **commun,
                id=f"jeton-{acteur.structure_id}",
                donnees={},
                cree_le=MAINTENANT,
                vue_le=MAINTENANT,
                expire_le=MAINTENANT,
            )
        )
        session.add(
            LienMotDePasse(**commun, id=f"lien-{acteur.structure_id}", cree_le=MAINTENANT, expire_le=MAINTENANT)
        )
        session.add(AbonnementAgenda(**commun, id=f"agenda-{acteur.structure_id}", ouvert_le=MAINTENANT))
        session.add(
            Tentative(
                structure_id="", id=f"essai-{acteur.structure_id}", premiere_le=MAINTENANT, derniere_le=MAINTENANT
            )
        )


@pytest.fixture
def brute(moteur: Engine, monde: Monde) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """Une connexion du rôle de l'application, sans rien de l'application."""
    adresse = moteur.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(adresse, row_factory=psycopg.rows.dict_row) as connexion:
        yield connexion
        connexion.rollback()


@pytest.fixture
def temoin(moteur: Engine, monde: Monde) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    adresse = adresse_du_temoin(str(moteur.url.database)).replace("+psycopg", "")
    with psycopg.connect(adresse, row_factory=psycopg.rows.dict_row) as connexion:
        yield connexion


def derriere(connexion: psycopg.Connection[Any], cloison: Cloison) -> None:
    """Une transaction neuve, derrière cette cloison."""
    connexion.rollback()
    for champ, valeur in zip(fields(Cloison), astuple(cloison), strict=True):
        connexion.execute("SELECT set_config(%s, %s, true)", (f"jalon.{champ.name}", valeur))


def tout(connexion: psycopg.Connection[dict[str, Any]]) -> Lignes:
    """Ce que cette connexion voit, table par table, sans condition ; les tables où elle ne voit rien n'y sont pas."""
    vues: Lignes = {}
    for ligne in connexion.execute(TABLES).fetchall():
        nom = sql.Identifier(ligne["relname"])
        if lues := connexion.execute(sql.SQL("SELECT * FROM {}").format(nom)).fetchall():
            vues[ligne["relname"]] = lues
    return vues


def la_structure(table: str, ligne: dict[str, Any]) -> str:
    return str(ligne["id"] if table == "structure" else ligne["structure_id"])


def test_every_table_of_a_structure_is_forced_behind_its_policy(temoin: psycopg.Connection[dict[str, Any]]) -> None:
    tables = temoin.execute(TABLES).fetchall()
    politiques = {
        ligne["tablename"]: ligne
        for ligne in temoin.execute("SELECT * FROM pg_policies WHERE policyname = 'cloison'").fetchall()
    }
    assert len(tables) > 20
    for table in tables:
        assert table["forcee"] is True, table["relname"]
        posee = politiques[table["relname"]]
        assert (posee["cmd"], posee["permissive"], posee["with_check"]) == ("ALL", "PERMISSIVE", None)
        assert posee["qual"].startswith(f"(({table['attname']})::text = ")
        assert "jalon.structure_id" in posee["qual"]


def test_without_a_structure_nothing_is_seen_and_nothing_is_written(
    brute: psycopg.Connection[dict[str, Any]], temoin: psycopg.Connection[dict[str, Any]]
) -> None:
    avant = tout(temoin)
    assert {"personne", "entretien", "operation", "utilisateur", "session_web", "tentative"} <= avant.keys()
    for vide in (False, True):
        # Jamais posé, puis posé et vidé : c'est l'état d'une connexion rendue.
        if vide:
            derriere(brute, Cloison())
        assert tout(brute) == {}
        for table, lignes in avant.items():
            nom = sql.Identifier(table)
            cle = sql.Identifier("id" if table == "structure" else "structure_id")
            with brute.transaction():
                for ordre in ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"):
                    assert brute.execute(sql.SQL(ordre).format(nom, cle)).rowcount == 0, (table, ordre)
            _copie_refusee(brute, table, lignes[0])
    temoin.rollback()
    assert tout(temoin) == avant


def _copie_refusee(connexion: psycopg.Connection[Any], table: str, ligne: dict[str, Any]) -> None:
    """Écrire une ligne qui n'est pas de sa cloison est refusé, et non passé sous silence."""
    valeurs = [psycopg.types.json.Jsonb(v) if isinstance(v, dict | list) else v for v in ligne.values()]
    ordre = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, ligne)),
        sql.SQL(", ").join([sql.Placeholder()] * len(ligne)),
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege), connexion.transaction():
        connexion.execute(ordre, valeurs)


def test_a_structure_sees_itself_whole_and_nothing_of_another(
    brute: psycopg.Connection[dict[str, Any]], temoin: psycopg.Connection[dict[str, Any]], monde: Monde
) -> None:
    entiere = tout(temoin)
    ici, ailleurs = monde.structures
    derriere(brute, Cloison(ici))
    vue = tout(brute)
    for table, lignes in entiere.items():
        siennes = [ligne for ligne in lignes if la_structure(table, ligne) == ici]
        assert sorted(map(repr, vue.get(table, []))) == sorted(map(repr, siennes)), table
        autres = [ligne for ligne in lignes if la_structure(table, ligne) == ailleurs]
        assert autres or table == "tentative", table
        for ligne in autres[:1]:
            _copie_refusee(brute, table, ligne)
    assert brute.execute("UPDATE personne SET nom = 'X' WHERE structure_id = %s", (ailleurs,)).rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege), brute.transaction():
        brute.execute("UPDATE session_web SET structure_id = %s", (ailleurs,))


def test_each_passage_opens_the_row_whose_key_is_presented_and_no_other(
    brute: psycopg.Connection[dict[str, Any]], temoin: psycopg.Connection[dict[str, Any]], monde: Monde
) -> None:
    ici, _ = monde.structures
    entiere = tout(temoin)
    (compte,) = [ligne for ligne in entiere["utilisateur"] if ligne["structure_id"] == ici]
    attendues = {
        Cloison(session=f"jeton-{ici}"): {"session_web": [f"jeton-{ici}"]},
        Cloison(depot=f"depot-{ici}"): {"appareil": [a["id"] for a in entiere["appareil"] if a["structure_id"] == ici]},
        Cloison(lien=f"lien-{ici}"): {"lien_mot_de_passe": [f"lien-{ici}"]},
        Cloison(agenda=f"agenda-{ici}"): {"abonnement_agenda": [f"agenda-{ici}"]},
        Cloison(courriel=compte["courriel"]): {"utilisateur": [compte["id"]]},
        FREIN: {"tentative": sorted(ligne["id"] for ligne in entiere["tentative"])},
        ANNUAIRE: {"structure": sorted(monde.structures)},
        Cloison(session="autre", courriel="autre", depot="autre", lien="autre", agenda="autre", passage="autre"): {},
    }
    for cloison, attendue in attendues.items():
        derriere(brute, cloison)
        vues = {table: sorted(ligne["id"] for ligne in lignes) for table, lignes in tout(brute).items()}
        assert vues == attendue, cloison
        for table in entiere:
            ouverte = cloison is FREIN and table == "tentative"
            cle = sql.Identifier("id")
            if any(colonne == "id" for colonne in entiere[table][0]) and not ouverte:
                change = brute.execute(sql.SQL("UPDATE {} SET {} = {}").format(sql.Identifier(table), cle, cle))
                assert change.rowcount == 0, (cloison, table)
    # Se connecter ailleurs ferme la session d'avant : c'est la seule écriture qu'ouvre une clé.
    derriere(brute, Cloison(session=f"jeton-{ici}"))
    assert brute.execute("DELETE FROM session_web").rowcount == 1
    derriere(brute, EXPLOITATION)
    assert {table: len(lignes) for table, lignes in tout(brute).items()} == {
        table: len(lignes) for table, lignes in entiere.items()
    }


def test_only_the_command_line_may_see_every_structure() -> None:
    fichiers = [*(RACINE / "app").rglob("*.py"), *(RACINE / "sync").rglob("*.py")]
    nomment = {
        f.relative_to(RACINE).as_posix() for f in fichiers if re.search(r"\bEXPLOITATION\b", f.read_text("utf-8"))
    }
    assert nomment <= {"app/cloison.py", "app/commandes/sauvegarde.py", "app/commandes/restaurer.py"}


def test_a_connection_given_back_keeps_nothing_of_the_request_before(moteur: Engine, monde: Monde) -> None:
    ici, ailleurs = monde.structures
    noms = text("SELECT DISTINCT structure_id FROM personne")

    def echouer() -> None:
        with ecrire_application(moteur, ici) as session:
            assert session.scalars(noms).all() == [ici]
            raise RuntimeError("coupure")

    with pytest.raises(RuntimeError):
        echouer()
    # La réserve n'a qu'une connexion : c'est la même.
    with moteur.connect() as connexion:
        assert connexion.execute(noms).all() == []
        assert connexion.scalar(text("SELECT current_setting('jalon.structure_id', true)")) == ""
    with lire_application(moteur, ailleurs) as session:
        assert session.scalars(noms).all() == [ailleurs]
        session.rollback()
        assert session.scalars(noms).all() == [ailleurs]


def test_a_transaction_that_does_not_say_for_whom_is_stopped(moteur: Engine, monde: Monde) -> None:
    with lire_application(moteur) as session, pytest.raises(CloisonManquante):
        session.scalars(text("SELECT id FROM personne"))
    with lire_application(moteur, monde.structure) as session:
        assert len(session.scalars(text("SELECT id FROM personne")).all()) == 1
        changer(session, monde.structures[1])
        with session.begin_nested():
            assert session.scalars(text("SELECT structure_id FROM personne")).all() == [monde.structures[1]]


def test_a_role_that_escapes_the_policies_is_refused(postgresql: Postgresql, tmp_path: Path) -> None:
    adresse = postgresql.adresse
    moteur = ouvrir_moteur(adresse)
    with pytest.raises(ConfigurationDangereuse, match="postgres"), moteur.connect():
        pass
    moteur.dispose()
    fait = subprocess.run(
        [sys.executable, "-c", "from app.commandes import main; main()", "serve", "--port", "1"],
        cwd=RACINE,
        env={**os.environ, "DATABASE_URL": adresse, "SECRET_KEY": "0123456789abcdef" * 4},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fait.returncode == 3, fait.stderr
    assert "superutilisateur" in fait.stderr
    assert "CREATE ROLE jalon" in fait.stderr
    assert "Traceback" not in fait.stderr


def test_a_migration_sees_every_structure_and_ends_behind_the_policies(moteur: Engine, monde: Monde) -> None:
    compte = text("SELECT count(*) FROM personne")
    forcees = text("SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE relname IN ('personne', 'structure')")
    with moteur.execution_options(ecriture=True).begin() as connexion:
        assert connexion.scalar(compte) == 0
        with sans_cloison(connexion):
            assert connexion.scalar(compte) == 2
        assert connexion.scalar(compte) == 0
        assert connexion.scalar(forcees) is True


def test_policies_are_set_again_when_missing_or_old_and_never_for_nothing(postgresql: Postgresql) -> None:
    moteur = ouvrir_moteur(postgresql.creer())
    migrer(moteur)
    ordres: list[str] = []
    event.listen(moteur, "before_cursor_execute", lambda *recu: ordres.append(recu[2]))
    with moteur.execution_options(ecriture=True).begin() as connexion:
        poser_cloisons(connexion)
        assert [ordre for ordre in ordres if not ordre.lstrip().startswith("SELECT")] == []
        # Une table née sans y penser ; des politiques perdue, ancienne, ou qui n'ont plus lieu d'être.
        connexion.exec_driver_sql("CREATE TABLE nouvelle (structure_id varchar(36))")
        connexion.exec_driver_sql("DROP POLICY cloison ON personne")
        connexion.exec_driver_sql("DROP POLICY cloison ON mesure")
        connexion.exec_driver_sql("CREATE POLICY cloison ON mesure USING (true)")
        connexion.exec_driver_sql("CREATE POLICY porte_ouverte ON mesure USING (true)")
    migrer(moteur)
    qualites = text(
        "SELECT tablename || '.' || policyname, qual FROM pg_policies "
        "WHERE tablename IN ('nouvelle', 'personne', 'mesure')"
    )
    with moteur.connect() as connexion:
        politiques = dict(connexion.execute(qualites).all())
    moteur.dispose()
    assert politiques.keys() == {
        f"{table}.{nom}" for table in ("nouvelle", "personne", "mesure") for nom in ("cloison", "passage_exploitation")
    }
    assert all("jalon." in condition for condition in politiques.values())


def test_two_servers_started_together_migrate_one_after_the_other(postgresql: Postgresql) -> None:
    adresse = postgresql.creer()
    programme = "; ".join(
        (
            "import sys",
            "from app.moteur import ouvrir_moteur",
            "from app.migrations import migrer",
            "migrer(ouvrir_moteur(sys.argv[1]))",
        )
    )
    lances = [
        subprocess.Popen([sys.executable, "-c", programme, adresse], cwd=RACINE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    plaintes = [processus.communicate()[1] for processus in lances]
    assert [processus.returncode for processus in lances] == [0, 0, 0], plaintes
