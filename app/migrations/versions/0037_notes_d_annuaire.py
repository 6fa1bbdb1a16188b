"""Un genre de cahier de plus : celui de l'annuaire, où l'équipe note ce qu'elle sait des services."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

AVANT = "genre IN ('secteur', 'action', 'comite')"
APRES = "genre IN ('secteur', 'action', 'comite', 'annuaire')"
NOM = "ck_cahier_genre"


def upgrade() -> None:
    _remplacer(AVANT, APRES)


def downgrade() -> None:
    carnets = "SELECT id FROM cahier WHERE genre = 'annuaire'"
    for table in ("feuille", "cahier_membre"):
        op.execute(sa.text(f"DELETE FROM {table} WHERE cahier_id IN ({carnets})"))  # noqa: S608  # deux noms écrits ici
    op.execute("DELETE FROM cahier WHERE genre = 'annuaire'")
    _remplacer(APRES, AVANT)


def _remplacer(avant: str, apres: str) -> None:
    """SQLite recopierait la table, et refuserait de retirer l'ancienne, que d'autres citent. La condition ne touche à
    aucune ligne : elle se change dans la description de la table (sqlite.org/lang_altertable.html).
    """
    lien = op.get_bind()
    if lien.dialect.name != "sqlite":
        op.drop_constraint(op.f(NOM), "cahier", type_="check")
        op.create_check_constraint(op.f(NOM), "cahier", apres)
        return
    lien.exec_driver_sql("PRAGMA writable_schema = ON")
    changee = lien.exec_driver_sql(
        "UPDATE sqlite_schema SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = 'cahier' AND instr(sql, ?)",
        (avant, apres, avant),
    )
    if changee.rowcount != 1:
        raise RuntimeError(f"La table « cahier » ne dit pas {avant}.")
    # Remet la garde, et fait relire la description, ici et aux connexions déjà ouvertes.
    lien.exec_driver_sql("PRAGMA writable_schema = RESET")
    numero = lien.exec_driver_sql("PRAGMA schema_version").scalar_one()
    lien.exec_driver_sql(f"PRAGMA schema_version = {numero + 1}")
