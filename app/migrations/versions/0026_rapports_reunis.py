"""Un rapport n'a qu'un nom, les codes de ses conventions dans leur ordre, et qu'une clôture en vigueur.

De deux clôtures en vigueur sous deux noms, ou de deux touchers au même instant, la première reste ; les autres sont
gardées, datées de leur réouverture, et le journal le dit. Les lignes du journal, elles, ne se récrivent pas.

Et quelles cases d'un rapport clos ont une liste se lit sans lire les listes, qui pèsent des mégaoctets.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from uuid6 import uuid7

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INDEX = "ix_rapport_clos_en_vigueur"
RAISON = "Deux clôtures du même rapport : la première reste"


def _table(nom: str, *colonnes: sa.Column[Any]) -> sa.TableClause:
    return sa.table(
        nom,
        sa.column("structure_id", sa.String),
        sa.column("id", sa.String),
        sa.column("conventions", sa.String),
        sa.column("periode", sa.String),
        *(sa.column(colonne.name, colonne.type) for colonne in colonnes),
    )


DONNEES = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
CLOS = _table(
    "rapport_clos",
    sa.Column("faits", DONNEES),
    sa.Column("listes", DONNEES),
    sa.Column("clos_le", sa.DateTime(timezone=True)),
    sa.Column("rouvert_le", sa.DateTime(timezone=True)),
)
JOURNAL = _table(
    "evenement_rapport",
    sa.Column("genre", sa.String),
    sa.Column("masque", sa.Boolean),
    sa.Column("precision", sa.String),
    sa.Column("survenu_le", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    base = op.get_bind()
    _nommer_les_listes(base)
    for table in (_table("texte_rapport"), CLOS):
        _renommer(base, table)
    en_vigueur: set[tuple[str, str, str]] = set()
    lignes = base.execute(
        sa.select(CLOS.c.structure_id, CLOS.c.id, CLOS.c.conventions, CLOS.c.periode)
        .where(CLOS.c.rouvert_le.is_(None))
        .order_by(CLOS.c.clos_le, CLOS.c.id)
    ).all()
    for ligne in lignes:
        rapport = (ligne.structure_id, ligne.conventions, ligne.periode)
        if rapport in en_vigueur:
            _rouvrir(base, ligne)
        en_vigueur.add(rapport)
    vivante = sa.text("rouvert_le IS NULL")
    op.create_index(
        INDEX,
        "rapport_clos",
        ["structure_id", "conventions", "periode"],
        unique=True,
        sqlite_where=vivante,
        postgresql_where=vivante,
    )


def _nommer_les_listes(base: sa.Connection) -> None:
    commentaire = "Par case qui a une liste : si elle est réservée"
    op.add_column("rapport_clos", sa.Column("listes", DONNEES, nullable=True, comment=commentaire))
    for structure_id, cle in base.execute(sa.select(CLOS.c.structure_id, CLOS.c.id)).all():
        ici = (CLOS.c.structure_id == structure_id, CLOS.c.id == cle)
        faits = base.execute(sa.select(CLOS.c.faits).where(*ici)).scalar_one()
        listes = {case: liste["reservee"] for case, liste in faits.items()}
        base.execute(sa.update(CLOS).where(*ici).values(listes=listes))
    with op.batch_alter_table("rapport_clos", schema=None) as batch_op:
        batch_op.alter_column("listes", existing_type=DONNEES, nullable=False)


def _renommer(base: sa.Connection, table: sa.TableClause) -> None:
    for (nom,) in base.execute(
        sa.select(table.c.conventions).where(table.c.conventions.contains("+")).distinct()
    ).all():
        range_ = "+".join(sorted(set(nom.split("+"))))
        if range_ != nom:
            base.execute(sa.update(table).where(table.c.conventions == nom).values(conventions=range_))


def _rouvrir(base: sa.Connection, ligne: Any) -> None:
    maintenant = dt.datetime.now(dt.UTC)
    base.execute(
        sa.update(CLOS)
        .where(CLOS.c.structure_id == ligne.structure_id, CLOS.c.id == ligne.id)
        .values(rouvert_le=maintenant)
    )
    base.execute(
        sa.insert(JOURNAL).values(
            structure_id=ligne.structure_id,
            id=str(uuid7()),
            conventions=ligne.conventions,
            periode=ligne.periode,
            genre="rouvert",
            masque=False,
            precision=RAISON,
            survenu_le=maintenant,
        )
    )


def downgrade() -> None:
    op.drop_index(INDEX, "rapport_clos")
    with op.batch_alter_table("rapport_clos", schema=None) as batch_op:
        batch_op.drop_column("listes")
