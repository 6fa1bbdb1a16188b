"""Les sortes de colonnes, nommées une fois, et la base commune des modèles."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    String,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

NOMS = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Toutes les tables. Chacune porte `structure_id` ; la structure est son propre identifiant."""

    metadata = MetaData(naming_convention=NOMS)


class InstantUTC(TypeDecorator[dt.datetime]):
    """Un instant, toujours en UTC : SQLite ne garde pas le fuseau, on le rend à la lecture."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("un instant sans fuseau ne peut pas être enregistré")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


# JSONB sur PostgreSQL ; une valeur Python None est écrite NULL, jamais le JSON « null ».
DONNEES = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

Identifiant = Annotated[str, mapped_column(String(36))]
CleStructure = Annotated[
    str, mapped_column(String(36), ForeignKey("structure.id"), primary_key=True, comment="La structure propriétaire")
]
Cle = Annotated[str, mapped_column(String(36), primary_key=True)]
Nom = Annotated[str, mapped_column(String(120))]
Libelle = Annotated[str, mapped_column(String(200))]
Code = Annotated[str, mapped_column(String(60))]
Courriel = Annotated[str, mapped_column(String(254))]
Reference = Annotated[
    str | None, mapped_column(String(80), comment="La référence de l'utilisateur, clé d'un nouvel import")
]
Texte = Annotated[str, mapped_column(Text)]
Tardive = Annotated[
    str | None,
    mapped_column(String(10), comment="Pourquoi une part de la fiche est arrivée tard : referent, pret, appareil"),
]
Jour = Annotated[dt.date, mapped_column(Date)]
Instant = Annotated[dt.datetime, mapped_column(InstantUTC)]
Donnees = Annotated[Any, mapped_column(DONNEES)]
Sequence = Annotated[
    int, mapped_column(BigInteger, comment="Numéro pris sous le verrou de la structure : la version de la fiche")
]


def vers(table: str, *colonnes: str, cible: tuple[str, ...] = ("id",), **options: Any) -> ForeignKeyConstraint:
    """Une clé étrangère qui ne peut pas sortir de la structure."""
    return ForeignKeyConstraint(
        ["structure_id", *colonnes],
        [f"{table}.structure_id", *(f"{table}.{nom}" for nom in cible)],
        **options,
    )
