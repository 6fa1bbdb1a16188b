"""Une instruction SQL écrite une fois avec SQLAlchemy, puis posée telle quelle sur le pilote de la base.

SQLAlchemy traduit pour SQLite et pour PostgreSQL, mais refaire ce travail à chaque demande coûtait plus que la base
elle-même. L'instruction est donc construite à l'import, traduite une fois par base, et ne garde de SQLAlchemy que la
connexion, la transaction et les erreurs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import (
    BindParameter,
    ClauseElement,
    ColumnElement,
    Connection,
    Dialect,
    Select,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.sql.compiler import SQLCompiler

from app.models import Base

Convertir = Callable[[Any], Any]
_CONNEXION = "connexion"


class Liste(TypeDecorator[Collection[str]]):
    """Une liste de textes en un seul paramètre : le texte de l'instruction ne dépend pas de sa longueur."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(postgresql.ARRAY(Text()) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Collection[str] | None, dialect: Dialect) -> Any:
        textes = [] if value is None else list(value)
        return textes if dialect.name == "postgresql" else msgspec.json.encode(textes).decode()


class Parmi(ColumnElement[bool]):
    """`colonne` est l'un des textes du paramètre `nom`."""

    inherit_cache = False

    def __init__(self, colonne: ColumnElement[Any], nom: str) -> None:
        self.colonne = colonne
        self.liste: BindParameter[Any] = bindparam(nom, type_=Liste())


@compiles(Parmi, "sqlite")
def _parmi_sqlite(element: Parmi, compilateur: Any, **options: Any) -> str:
    colonne, liste = (compilateur.process(partie, **options) for partie in (element.colonne, element.liste))
    return f"{colonne} IN (SELECT value FROM json_each({liste}))"  # noqa: S608  # écrit par SQLAlchemy


@compiles(Parmi, "postgresql")
def _parmi_postgresql(element: Parmi, compilateur: Any, **options: Any) -> str:
    colonne, liste = (compilateur.process(partie, **options) for partie in (element.colonne, element.liste))
    return f"{colonne} = ANY ({liste})"


@dataclass(frozen=True, slots=True)
class _Traduite:
    """Pour une base : le SQL, les valeurs fixes, ce qui convertit chaque paramètre et chaque colonne."""

    sql: str
    fixes: dict[str, Any]
    entrees: tuple[tuple[str, Convertir], ...]
    sorties: tuple[tuple[int, Convertir], ...]


def table(modele: type[Base]) -> Table:
    trouvee = modele.__table__
    assert isinstance(trouvee, Table)  # noqa: S101  # pour le typage : aucun modèle n'est une jointure
    return trouvee


class Instruction:
    """`construire` reçoit le nom de la base et rend un `select`, `insert`… dont les paramètres sont des `bindparam`.

    Un `insert` nomme toutes ses colonnes : les valeurs par défaut de SQLAlchemy ne s'y appliquent pas.
    """

    def __init__(self, construire: Callable[[str], Any]) -> None:
        self._construire = construire
        self._traduites: dict[str, _Traduite] = {}

    def lire(self, session: Session, **valeurs: Any) -> list[tuple[Any, ...]]:
        """Les lignes, en tuples, dans l'ordre des colonnes demandées."""
        connexion = _connexion(session)
        traduite = self._pour(connexion.dialect)
        with _curseur(connexion, traduite) as curseur:
            curseur.execute(traduite.sql, _entrer(traduite, valeurs))
            lignes: list[tuple[Any, ...]] = curseur.fetchall()
        if not traduite.sorties or not lignes:
            return lignes
        colonnes = list(zip(*lignes, strict=True))
        for rang, convertir in traduite.sorties:
            colonnes[rang] = tuple(map(convertir, colonnes[rang]))
        return list(zip(*colonnes, strict=True))

    def une(self, session: Session, **valeurs: Any) -> tuple[Any, ...] | None:
        lues = self.lire(session, **valeurs)
        return lues[0] if lues else None

    def executer(self, session: Session, lignes: Sequence[Mapping[str, Any]]) -> None:
        """Une écriture par ligne, en un seul appel du pilote."""
        connexion = _connexion(session)
        traduite = self._pour(connexion.dialect)
        with _curseur(connexion, traduite) as curseur:
            curseur.executemany(traduite.sql, _entrer_lot(traduite, lignes))

    def _pour(self, dialecte: Dialect) -> _Traduite:
        traduite = self._traduites.get(dialecte.name)
        if traduite is None:
            traduite = self._traduites[dialecte.name] = _traduire(self._construire(dialecte.name), dialecte)
        return traduite


def _retenir(session: Session, _: SessionTransaction, connexion: Connection) -> None:
    session.info[_CONNEXION] = connexion


def _oublier(session: Session, _: SessionTransaction) -> None:
    session.info.pop(_CONNEXION, None)


# La connexion d'une transaction ne change pas : la redemander à la session coûtait autant que bien des lectures. Un
# point de reprise, lui, n'est posé qu'en la redemandant.
event.listen(Session, "after_transaction_create", _oublier)
event.listen(Session, "after_begin", _retenir)
event.listen(Session, "after_transaction_end", _oublier)


def _connexion(session: Session) -> Connection:
    connexion: Connection | None = session.info.get(_CONNEXION)
    return connexion or session.connection()


@contextmanager
def _curseur(connexion: Connection, traduite: _Traduite) -> Iterator[Any]:
    """Un curseur du pilote, dans la transaction en cours.

    Les erreurs du pilote sortent comme celles de SQLAlchemy, sans les valeurs : elles n'ont rien à faire au journal.
    """
    pilote = connexion.dialect.loaded_dbapi
    curseur = connexion.connection.cursor()
    try:
        yield curseur
    except pilote.Error as erreur:
        raise DBAPIError.instance(traduite.sql, None, erreur, pilote.Error, dialect=connexion.dialect) from erreur
    finally:
        curseur.close()


def _entrer(traduite: _Traduite, valeurs: Mapping[str, Any]) -> dict[str, Any]:
    entrees = {**traduite.fixes, **valeurs}
    for nom, convertir in traduite.entrees:
        entrees[nom] = convertir(entrees[nom])
    return entrees


def _entrer_lot(traduite: _Traduite, lignes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Une même valeur, comme l'heure du lot, n'est convertie qu'une fois par colonne."""
    entrees = [{**traduite.fixes, **ligne} for ligne in lignes]
    for nom, convertir in traduite.entrees:
        deja: dict[int, Any] = {}
        for entree in entrees:
            valeur = entree[nom]
            if id(valeur) not in deja:
                deja[id(valeur)] = convertir(valeur)
            entree[nom] = deja[id(valeur)]
    return entrees


def _traduire(element: ClauseElement, dialecte: Dialect) -> _Traduite:
    # Les paramètres de SQLite s'écrivent ici par leur nom : le pilote les prend alors dans un dictionnaire.
    cible = sqlite.dialect(paramstyle="named") if dialecte.name == "sqlite" else dialecte
    traduite = element.compile(dialect=cible)
    assert isinstance(traduite, SQLCompiler)  # noqa: S101  # pour le typage : une instruction SQL, pas un DDL
    demandes = {nom: parametre for parametre, nom in traduite.bind_names.items()}
    fixes = {nom: parametre.effective_value for nom, parametre in demandes.items() if not parametre.required}
    types = {nom: parametre.type for nom, parametre in demandes.items()}
    entrees = ((nom, genre.dialect_impl(dialecte).bind_processor(dialecte)) for nom, genre in types.items())
    # Ce que rend une écriture (RETURNING) est lu tel que le pilote le donne.
    rendues = element.selected_columns if isinstance(element, Select) else ()
    sorties = (
        (rang, colonne.type.dialect_impl(dialecte).result_processor(dialecte, None))
        for rang, colonne in enumerate(rendues)
    )
    return _Traduite(
        str(traduite),
        fixes,
        tuple((nom, convertir) for nom, convertir in entrees if convertir is not None),
        tuple((rang, convertir) for rang, convertir in sorties if convertir is not None),
    )
