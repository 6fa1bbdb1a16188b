"""Les comités techniques deviennent des cahiers : leurs situations des feuilles, leurs décisions des pièces du dossier.

Ce qui est noté l'est encore, de sa main et à sa date. Personne n'y est inscrit : aucun téléphone ne les reçoit.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from uuid6 import uuid7

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

DONNEES = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
INSTANT = sa.DateTime(timezone=True)
GARDE = dt.timedelta(days=7)
NOM_MAX, TEXTE_MAX = 120, 200

_SUITE = {"valeurs": DONNEES, "revisions": DONNEES, "sequence": sa.BigInteger, "cree_le": INSTANT}
_NOTEE = {"forme": sa.String, "auteur_id": sa.String, "note_le": INSTANT, **_SUITE}


def _table(nom_table: str, **colonnes: Any) -> sa.TableClause:
    toutes: dict[str, Any] = {"structure_id": sa.String, "id": sa.String, **colonnes}
    return sa.table(nom_table, *(sa.column(colonne, genre) for colonne, genre in toutes.items()))


STRUCTURE = sa.table("structure", sa.column("id", sa.String), sa.column("sequence", sa.BigInteger))
COMITE = _table("comite", jour=sa.Date, titre=sa.String, avec=sa.String, par_id=sa.String, cree_le=INSTANT)
SITUATION = sa.table(
    "situation_comite",
    *(sa.column(nom, sa.String) for nom in ("structure_id", "comite_id", "personne_id", "decision", "par_id")),
    sa.column("rang", sa.Integer),
    sa.column("le", INSTANT),
)
_NOMS = {"nom": sa.String, "prenom": sa.String, "nom_usage": sa.String, "pseudonymes": DONNEES}
PERSONNE = _table("personne", fusionnee_dans=sa.String, sequence_dossier=sa.BigInteger, **_NOMS)
CAHIER = _table("cahier", genre=sa.String, nom=sa.String, jusqu_au=sa.Date, sequence_cahier=sa.BigInteger, **_SUITE)
MEMBRE = sa.table("cahier_membre", sa.column("structure_id", sa.String), sa.column("cahier_id", sa.String))
FEUILLE = _table("feuille", cahier_id=sa.String, **_NOTEE)
PIECE = _table("piece", personne_id=sa.String, jour=sa.Date, partagee=sa.Boolean, **_NOTEE)


def upgrade() -> None:
    garde = "Le dernier jour où les téléphones le tiennent ; vide : toujours"
    op.add_column("cahier", sa.Column("jusqu_au", sa.Date(), nullable=True, comment=garde))
    prepare = "Ce que le bureau prépare d'un dossier pour le comité ; s'efface après lui"
    op.add_column("feuille", sa.Column("resume", DONNEES, nullable=True, comment=prepare))
    lies = op.get_bind()
    versions: dict[str, int] = {}
    for comite in lies.execute(sa.select(COMITE).order_by(COMITE.c.id)).mappings().all():
        structure = comite["structure_id"]
        if structure not in versions:
            sienne = STRUCTURE.c.id == structure
            lies.execute(sa.update(STRUCTURE).where(sienne).values(sequence=STRUCTURE.c.sequence + 1))
            versions[structure] = lies.execute(sa.select(STRUCTURE.c.sequence).where(sienne)).scalar_one()
        _porter(lies, dict(comite), versions[structure])
    op.drop_table("situation_comite")
    op.drop_table("comite")


def _porter(lies: sa.Connection, comite: dict[str, Any], version: int) -> None:
    titre, jour, structure = comite["titre"], comite["jour"], comite["structure_id"]
    valeurs = {"jour": jour.isoformat()} | ({"avec": comite["avec"]} if comite["avec"] else {})
    valeurs |= {"consignes": titre} if len(titre) > NOM_MAX else {}
    suite = {"structure_id": structure, "revisions": [], "sequence": version}
    cahier = {"id": comite["id"], "genre": "comite", "nom": titre[:NOM_MAX], "jusqu_au": jour + GARDE}
    ouvert = {"valeurs": valeurs, "sequence_cahier": version, "cree_le": comite["cree_le"]}
    lies.execute(sa.insert(CAHIER).values(**suite, **cahier, **ouvert))
    siennes = (SITUATION.c.structure_id == structure) & (SITUATION.c.comite_id == comite["id"])
    ordre = sa.select(SITUATION).where(siennes).order_by(SITUATION.c.rang, SITUATION.c.personne_id)
    for prise in lies.execute(ordre).mappings().all():
        feuille, quand = str(uuid7()), prise["le"] or comite["cree_le"]
        notee = {**suite, "auteur_id": prise["par_id"] or comite["par_id"], "note_le": quand, "cree_le": quand}
        dite = {"decision": prise["decision"]} if prise["decision"] else {}
        sien = {"nom": _nom(lies, structure, prise["personne_id"])[:TEXTE_MAX], "dossier_id": prise["personne_id"]}
        regardee = {"id": feuille, "cahier_id": comite["id"], "forme": "situation", "valeurs": sien | dite}
        lies.execute(sa.insert(FEUILLE).values(**notee, **regardee))
        if dite:
            reste = _reste(lies, structure, prise["personne_id"])
            decision = {"le": jour.isoformat(), "comite": titre[:NOM_MAX], **dite}
            piece = {"id": str(uuid.uuid5(uuid.UUID(feuille), "decision")), "personne_id": reste, "forme": "decision"}
            lies.execute(sa.insert(PIECE).values(**notee, **piece, jour=jour, partagee=False, valeurs=decision))
            lui = (PERSONNE.c.structure_id == structure) & (PERSONNE.c.id == reste)
            lies.execute(sa.update(PERSONNE).where(lui).values(sequence_dossier=version))


def _ligne(lies: sa.Connection, structure: str, personne: str) -> Any:
    lui = (PERSONNE.c.structure_id == structure) & (PERSONNE.c.id == personne)
    return lies.execute(sa.select(PERSONNE).where(lui)).mappings().one()


def _reste(lies: sa.Connection, structure: str, personne: str) -> str:
    suivant = _ligne(lies, structure, personne)["fusionnee_dans"]
    return _reste(lies, structure, suivant) if suivant else personne


def _nom(lies: sa.Connection, structure: str, personne: str) -> str:
    lue = _ligne(lies, structure, personne)
    complet = f"{lue['prenom'] or ''} {lue['nom_usage'] or lue['nom'] or ''}".strip()
    return complet or next(iter(lue["pseudonymes"] or ()), "Personne sans nom")


def downgrade() -> None:
    """Ce que l'ancien comité ne sait pas dire (qui suit, pour quand, une personne sans dossier) n'y revient pas."""
    _tables()
    lies = op.get_bind()
    for cahier in lies.execute(sa.select(CAHIER).where(CAHIER.c.genre == "comite")).mappings().all():
        _rendre(lies, dict(cahier))
    lies.execute(sa.delete(PIECE).where(PIECE.c.forme == "decision"))
    comites = sa.select(CAHIER.c.id).where(CAHIER.c.genre == "comite")
    for table in (FEUILLE, MEMBRE):
        lies.execute(sa.delete(table).where(table.c.cahier_id.in_(comites)))
    lies.execute(sa.delete(CAHIER).where(CAHIER.c.genre == "comite"))
    with op.batch_alter_table("feuille") as lot:
        lot.drop_column("resume")
    with op.batch_alter_table("cahier") as lot:
        lot.drop_column("jusqu_au")


def _rendre(lies: sa.Connection, cahier: dict[str, Any]) -> None:
    structure, valeurs = cahier["structure_id"], cahier["valeurs"]
    siennes = (FEUILLE.c.structure_id == structure) & (FEUILLE.c.cahier_id == cahier["id"])
    feuilles = lies.execute(sa.select(FEUILLE).where(siennes).order_by(FEUILLE.c.id)).mappings().all()
    if not feuilles:
        return
    fait = {"structure_id": structure, "id": cahier["id"], "titre": cahier["nom"], "avec": valeurs.get("avec")}
    jour = dt.date.fromisoformat(valeurs["jour"])
    par = {"par_id": feuilles[0]["auteur_id"], "cree_le": cahier["cree_le"]}
    lies.execute(sa.insert(COMITE).values(**fait, **par, jour=jour))
    deja: set[str] = set()
    for rang, feuille in enumerate(feuilles, 1):
        personne, decision = feuille["valeurs"].get("dossier_id"), feuille["valeurs"].get("decision")
        if personne is None or personne in deja:
            continue
        deja.add(personne)
        qui = {"par_id": feuille["auteur_id"], "le": feuille["note_le"]} if decision else {}
        cle = {"structure_id": structure, "comite_id": cahier["id"], "personne_id": personne}
        lies.execute(sa.insert(SITUATION).values(**cle, rang=rang, decision=decision, **qui))


def _tables() -> None:
    structure = "La structure propriétaire"
    op.create_table(
        "comite",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment=structure),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("titre", sa.String(length=200), nullable=False),
        sa.Column("avec", sa.String(length=200), nullable=True),
        sa.Column("par_id", sa.String(length=36), nullable=False, comment="Qui le prépare"),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        _vers("comite", "par_id", "utilisateur"),
        *_cles("comite", "id"),
    )
    op.create_index(op.f("ix_comite_structure_id_jour"), "comite", ["structure_id", "jour"])
    op.create_table(
        "situation_comite",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment=structure),
        sa.Column("comite_id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("par_id", sa.String(length=36), nullable=True, comment="Qui a noté la décision"),
        sa.Column("le", sa.DateTime(timezone=True), nullable=True),
        *(
            _vers("situation_comite", nom, cible)
            for nom, cible in (("comite_id", "comite"), ("personne_id", "personne"), ("par_id", "utilisateur"))
        ),
        *_cles("situation_comite", "comite_id", "personne_id"),
    )
    op.create_index(
        op.f("ix_situation_comite_structure_id_personne_id"), "situation_comite", ["structure_id", "personne_id"]
    )


def _vers(table: str, colonne: str, cible: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["structure_id", colonne],
        [f"{cible}.structure_id", f"{cible}.id"],
        name=op.f(f"fk_{table}_structure_id_{colonne}_{cible}"),
    )


def _cles(table: str, *colonnes: str) -> tuple[sa.Constraint, sa.Constraint]:
    return (
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f(f"fk_{table}_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", *colonnes, name=op.f(f"pk_{table}")),
    )
