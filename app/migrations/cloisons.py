"""Les cloisons entre structures, sur PostgreSQL : les politiques de sécurité par ligne, forcées sur chaque table.

Une table qui porte `structure_id` est cloisonnée sans que sa migration ait à le dire. Les réglages que lisent les
politiques sont posés par transaction (`app/cloison.py`) ; vides, ils n'ouvrent rien.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, text

# Une chaîne vide est ce qui reste d'un réglage de transaction quand elle est finie. Sans sous-requête : chacune se
# planifierait à chaque instruction, pour plus cher que de relire le réglage (docs/adr/0008-cloisons.md).
_REGLAGE = "NULLIF(current_setting('jalon.{}', true), '')"
_STRUCTURE = _REGLAGE.format("structure_id")

_EXPLOITATION = f"{_REGLAGE.format('passage')} = 'exploitation'"


@dataclass(frozen=True)
class Politique:
    """Une politique permissive : elle ouvre les lignes de `condition` aux instructions du genre `pour`."""

    table: str
    nom: str
    pour: str
    condition: str

    @property
    def empreinte(self) -> str:
        return hashlib.sha256(f"{self.pour} {self.condition}".encode()).hexdigest()[:16]


# Ce qu'il faut lire avant de savoir pour quelle structure on agit. Chaque ligne ouverte l'est par une clé présentée.
PASSAGES = (
    Politique("session_web", "passage_jeton", "SELECT", f"id = {_REGLAGE.format('session')}"),
    # Se connecter ailleurs ferme la session d'avant, fût-elle d'une autre structure.
    Politique("session_web", "passage_fermeture", "DELETE", f"id = {_REGLAGE.format('session')}"),
    Politique("appareil", "passage_depot", "SELECT", f"depot_empreinte = {_REGLAGE.format('depot')}"),
    Politique("lien_mot_de_passe", "passage_lien", "SELECT", f"id = {_REGLAGE.format('lien')}"),
    Politique("abonnement_agenda", "passage_agenda", "SELECT", f"id = {_REGLAGE.format('agenda')}"),
    Politique("utilisateur", "passage_connexion", "SELECT", f"courriel = {_REGLAGE.format('courriel')}"),
    Politique("tentative", "passage_frein", "ALL", f"structure_id = '' AND {_REGLAGE.format('passage')} = 'frein'"),
    Politique("structure", "passage_annuaire", "SELECT", f"{_REGLAGE.format('passage')} = 'annuaire'"),
)

_TABLES = text("""
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, a.attname
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')
      AND (a.attname = 'structure_id' OR (c.relname = 'structure' AND a.attname = 'id'))
    ORDER BY c.relname
""")
_POSEES = text("""
    SELECT c.relname, p.polname, obj_description(p.oid, 'pg_policy')
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
    WHERE c.relnamespace = current_schema()::regnamespace
""")


def poser_cloisons(connexion: Connection) -> None:
    """Pose ce qui manque, et rien que cela : sur une base à jour, aucune table n'est verrouillée."""
    forcees = {table: (forcee, colonne) for table, forcee, colonne in connexion.execute(_TABLES)}
    voulues = {
        (politique.table, politique.nom): politique
        for politique in (
            *(
                Politique(table, "cloison", "ALL", f"{colonne} = {_STRUCTURE}")
                for table, (_, colonne) in forcees.items()
            ),
            *(Politique(table, "passage_exploitation", "ALL", _EXPLOITATION) for table in forcees),
            *(passage for passage in PASSAGES if passage.table in forcees),
        )
    }
    posees = {(table, nom): empreinte for table, nom, empreinte in connexion.execute(_POSEES) if table in forcees}
    for (table, nom), empreinte in posees.items():
        if (table, nom) not in voulues or voulues[table, nom].empreinte != empreinte:
            connexion.exec_driver_sql(f'DROP POLICY "{nom}" ON "{table}"')
    for (table, nom), politique in voulues.items():
        if posees.get((table, nom)) != politique.empreinte:
            connexion.exec_driver_sql(
                f'CREATE POLICY "{nom}" ON "{table}" FOR {politique.pour} USING ({politique.condition})'
            )
            connexion.exec_driver_sql(f'COMMENT ON POLICY "{nom}" ON "{table}" IS \'{politique.empreinte}\'')
    for table, (forcee, _) in forcees.items():
        if not forcee:
            connexion.exec_driver_sql(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')


@contextmanager
def sans_cloison(connexion: Connection) -> Iterator[None]:
    """Le temps d'une migration, le propriétaire voit toutes les structures : elle peut avoir des lignes à reprendre.

    La transaction de la migration finit cloisonnée, ou ne finit pas.
    """
    for table, forcee, _ in connexion.execute(_TABLES).all():
        if forcee:
            connexion.exec_driver_sql(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
    yield
    poser_cloisons(connexion)
