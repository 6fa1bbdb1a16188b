"""Le pas d'alembic : la connexion est toujours fournie par `app.migrations`."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from app.models import Base
from app.models.colonnes import DONNEES, InstantUTC


def ecrire_type(genre: str, objet: Any, contexte: AutogenContext) -> str | Literal[False]:
    """Une migration écrite hier ne dépend pas des sortes de colonnes d'aujourd'hui."""
    if genre == "type" and isinstance(objet, InstantUTC):
        return "sa.DateTime(timezone=True)"
    if genre == "type" and objet is DONNEES:
        contexte.imports.add("from sqlalchemy.dialects.postgresql import JSONB")
        return 'sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")'
    return False


def executer() -> None:
    connexion = context.config.attributes["connexion"]
    context.configure(
        connection=connexion,
        target_metadata=Base.metadata,
        compare_type=True,
        render_item=ecrire_type,
        # SQLite ne sait pas modifier une colonne : alembic recopie la table.
        render_as_batch=connexion.dialect.name == "sqlite",
        transactional_ddl=True,
    )
    context.run_migrations()


executer()
