"""La structure mesurée : un compte et ses dossiers, puis autant de copies qu'il en faut, sous d'autres noms."""

from __future__ import annotations

import datetime as dt
import random
import secrets
import time
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Engine, Table, insert, literal, select, text
from sqlalchemy.orm import Session

from app.domain.convention import livrees
from app.models import Appareil, Base, SessionWeb, Structure, Utilisateur
from app.moteur import ecrire
from app.securite.session import empreinte
from sync import conventions
from sync.acteur import Acteur
from sync.appareil import empreinte_du_secret
from sync.appliquer import appliquer
from sync.operation import lire_operation

PERSONNES, FICHES, ECRITES = 80, 3_500, 15_000
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
        session.execute(text(f"CREATE TEMP TABLE {nom} AS SELECT * FROM {table.name}"))  # noqa: S608  # nos tables


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
    """15 000 entretiens notés par d'autres, dans les dossiers de deux files qui ne sont pas celle du téléphone."""
    restantes = [table for table in TABLES if table.name not in DES_PERSONNES]
    with ecrire(moteur, STRUCTURE) as session:
        for table in restantes:
            session.execute(text(f"DROP TABLE IF EXISTS modele_{table.name}"))
            cle = {"demarche": "entretien_id", "operation": "entite"}.get(table.name, "id")
            jointe = f"{table.name} t JOIN gardes g ON t.structure_id = g.structure_id AND t.{cle} = g.id"
            filtre = f"SELECT t.* FROM {jointe}"  # noqa: S608  # nos tables, nos colonnes
            if table.name == "operation":
                filtre += " WHERE genre = 'noter_entretien'"
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
