"""Premier état de la base."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "session_web",
        sa.Column("structure_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False, comment="Empreinte du jeton, jamais le jeton"),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=True),
        sa.Column("appareil_id", sa.String(length=36), nullable=True),
        sa.Column(
            "donnees", sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vue_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expire_le", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_session_web")),
    )
    with op.batch_alter_table("session_web", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_web_expire_le"), ["expire_le"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_session_web_structure_id_utilisateur_id"), ["structure_id", "utilisateur_id"], unique=False
        )

    op.create_table(
        "structure",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("nom", sa.String(length=200), nullable=False),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            server_default="0",
            nullable=False,
            comment="Le dernier numéro pris ; verrouillé jusqu'à la validation",
        ),
        sa.Column(
            "generation",
            sa.String(length=36),
            nullable=False,
            comment="Tirée au sort à la création et à chaque restauration : un ancien curseur ne vaut plus",
        ),
        sa.Column("grace_minutes", sa.Integer(), server_default="5", nullable=False),
        sa.Column("grace_max_minutes", sa.Integer(), server_default="60", nullable=False),
        sa.Column(
            "bail_jours",
            sa.Integer(),
            server_default="7",
            nullable=False,
            comment="Sans échange au-delà, le coffre du téléphone se ferme",
        ),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_structure")),
    )
    op.create_table(
        "tentative",
        sa.Column("structure_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False, comment="Empreinte du compte ou de l'adresse"),
        sa.Column("echecs", sa.Integer(), nullable=False),
        sa.Column("premiere_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("derniere_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attendre_jusqu_au", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_tentative")),
    )
    with op.batch_alter_table("tentative", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tentative_derniere_le"), ["derniere_le"], unique=False)

    op.create_table(
        "cle_scellement",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column(
            "publique", sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.Column("privee", sa.LargeBinary(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retiree_le", sa.DateTime(timezone=True), nullable=True, comment="Ne scelle plus, ouvre encore"),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_cle_scellement_structure_id_structure")
        ),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_cle_scellement")),
    )
    with op.batch_alter_table("cle_scellement", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cle_scellement_structure_id_retiree_le"), ["structure_id", "retiree_le"], unique=False
        )

    op.create_table(
        "convention",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("libelle", sa.String(length=200), nullable=False),
        sa.Column("debut", sa.Date(), nullable=False),
        sa.Column("fin", sa.Date(), nullable=True),
        sa.Column(
            "donnees", sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_convention_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_convention")),
        sa.UniqueConstraint("structure_id", "code", "version", name=op.f("uq_convention_structure_id_code_version")),
    )
    op.create_table(
        "lieu",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("nom", sa.String(length=200), nullable=False),
        sa.Column("commune", sa.String(length=80), nullable=True),
        sa.Column("actif", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_lieu_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_lieu")),
        sa.UniqueConstraint("structure_id", "nom", name=op.f("uq_lieu_structure_id_nom")),
    )
    op.create_table(
        "personne",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column(
            "reference",
            sa.String(length=80),
            nullable=True,
            comment="La référence de l'utilisateur, clé d'un nouvel import",
        ),
        sa.Column("nom", sa.String(length=120), nullable=False),
        sa.Column("prenom", sa.String(length=120), nullable=False),
        sa.Column("nom_usage", sa.String(length=120), nullable=True),
        sa.Column(
            "pseudonymes",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=False,
            comment="Liste de textes",
        ),
        sa.Column("date_naissance", sa.Date(), nullable=True),
        sa.Column("naissance_precision", sa.String(length=10), nullable=True),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            comment="Numéro pris sous le verrou de la structure : la version de la fiche",
        ),
        sa.Column(
            "sequence_dossier",
            sa.BigInteger(),
            nullable=False,
            comment="Numéro pris sous le verrou de la structure : la version de la fiche",
        ),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "naissance_precision IN ('jour', 'annee', 'estimee')", name=op.f("ck_personne_naissance_precision")
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_personne_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_personne")),
        sa.UniqueConstraint("structure_id", "reference", name=op.f("uq_personne_structure_id_reference")),
    )
    with op.batch_alter_table("personne", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_personne_structure_id_nom_prenom"), ["structure_id", "nom", "prenom"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_personne_structure_id_sequence_dossier"), ["structure_id", "sequence_dossier"], unique=False
        )

    op.create_table(
        "utilisateur",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("nom", sa.String(length=120), nullable=False),
        sa.Column("prenom", sa.String(length=120), nullable=False),
        sa.Column("courriel", sa.String(length=254), nullable=False),
        sa.Column(
            "mot_de_passe", sa.String(length=255), nullable=True, comment="Empreinte Argon2id ; vide avant l'invitation"
        ),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("actif", sa.Boolean(), nullable=False),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("desactive_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("connecte_le", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "role IN ('conseiller', 'maraude', 'chef_de_service', 'secretariat', 'administrateur', 'partenaire')",
            name=op.f("ck_utilisateur_role"),
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_utilisateur_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_utilisateur")),
        sa.UniqueConstraint("structure_id", "courriel", name=op.f("uq_utilisateur_structure_id_courriel")),
    )
    op.create_table(
        "acces",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            comment="Numéro pris sous le verrou de la structure : la version de la fiche",
        ),
        sa.Column("actif", sa.Boolean(), nullable=False),
        sa.Column(
            "perdu_le",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Le travail non envoyé d'avant ce jour est encore reçu",
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "personne_id"],
            ["personne.structure_id", "personne.id"],
            name=op.f("fk_acces_structure_id_personne_id_personne"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "utilisateur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_acces_structure_id_utilisateur_id_utilisateur"),
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_acces_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "utilisateur_id", "personne_id", name=op.f("pk_acces")),
    )
    with op.batch_alter_table("acces", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_acces_structure_id_personne_id"), ["structure_id", "personne_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_acces_structure_id_utilisateur_id_sequence"),
            ["structure_id", "utilisateur_id", "sequence"],
            unique=False,
        )

    op.create_table(
        "appareil",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=False),
        sa.Column("nom", sa.String(length=120), nullable=False),
        sa.Column(
            "depot_empreinte",
            sa.String(length=64),
            nullable=True,
            comment="SHA-256 du secret qui n'autorise que le dépôt d'enveloppes scellées",
        ),
        sa.Column("enrole_le", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vu_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoque_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dernier_echange_le", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ecart_horloge",
            sa.Integer(),
            nullable=True,
            comment="Secondes d'avance (+) ou de retard (-) de l'appareil, mesurées au dernier échange",
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "utilisateur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_appareil_structure_id_utilisateur_id_utilisateur"),
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_appareil_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_appareil")),
    )
    with op.batch_alter_table("appareil", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appareil_id"), ["id"], unique=False)

    op.create_table(
        "controle",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("fiche_type", sa.String(length=20), nullable=False),
        sa.Column("fiche_id", sa.String(length=36), nullable=False),
        sa.Column("etat", sa.String(length=10), nullable=False),
        sa.Column("remarque", sa.Text(), nullable=True),
        sa.Column("auteur_id", sa.String(length=36), nullable=False, comment="Qui a envoyé la fiche en dernier"),
        sa.Column(
            "recue_le",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Heure du serveur au dernier envoi de la fiche",
        ),
        sa.Column("par_id", sa.String(length=36), nullable=True, comment="Qui a contrôlé"),
        sa.Column("le", sa.DateTime(timezone=True), nullable=True, comment="Quand le contrôle a été fait"),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            comment="Numéro pris sous le verrou de la structure : la version de la fiche",
        ),
        sa.CheckConstraint("etat IN ('recue', 'validee', 'retournee')", name=op.f("ck_controle_etat")),
        sa.CheckConstraint(
            "fiche_type IN ('personne', 'mesure', 'rendez_vous', 'entretien')", name=op.f("ck_controle_fiche_type")
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "auteur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_controle_structure_id_auteur_id_utilisateur"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "par_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_controle_structure_id_par_id_utilisateur"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "personne_id"],
            ["personne.structure_id", "personne.id"],
            name=op.f("fk_controle_structure_id_personne_id_personne"),
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_controle_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_controle")),
        sa.UniqueConstraint(
            "structure_id", "fiche_type", "fiche_id", name=op.f("uq_controle_structure_id_fiche_type_fiche_id")
        ),
    )
    with op.batch_alter_table("controle", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_controle_structure_id_etat_recue_le"), ["structure_id", "etat", "recue_le"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_controle_structure_id_personne_id_sequence"),
            ["structure_id", "personne_id", "sequence"],
            unique=False,
        )

    op.create_table(
        "mesure",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column(
            "reference",
            sa.String(length=80),
            nullable=True,
            comment="La référence de l'utilisateur, clé d'un nouvel import",
        ),
        sa.Column("convention", sa.String(length=20), nullable=False),
        sa.Column("orientee_le", sa.Date(), nullable=True, comment="Réception de l'orientation"),
        sa.Column("prescripteur", sa.String(length=200), nullable=True),
        sa.Column("premier_contact_le", sa.Date(), nullable=True),
        sa.Column("entree_le", sa.Date(), nullable=True, comment="Vide : en cours d'intégration"),
        sa.Column("fin_prevue_le", sa.Date(), nullable=True),
        sa.Column("sortie_le", sa.Date(), nullable=True),
        sa.Column("sortie_motif", sa.String(length=60), nullable=True),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            comment="Numéro pris sous le verrou de la structure : la version de la fiche",
        ),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id", "personne_id"],
            ["personne.structure_id", "personne.id"],
            name=op.f("fk_mesure_structure_id_personne_id_personne"),
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_mesure_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_mesure")),
        sa.UniqueConstraint("structure_id", "reference", name=op.f("uq_mesure_structure_id_reference")),
    )
    with op.batch_alter_table("mesure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mesure_structure_id_convention"), ["structure_id", "convention"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_mesure_structure_id_personne_id_sequence"),
            ["structure_id", "personne_id", "sequence"],
            unique=False,
        )

    op.create_table(
        "operation",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("genre", sa.String(length=40), nullable=False),
        sa.Column("entite", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("base", sa.BigInteger(), nullable=True),
        sa.Column(
            "champs", sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"), nullable=False
        ),
        sa.Column("compteur", sa.BigInteger(), nullable=False, comment="Le compteur de l'appareil"),
        sa.Column(
            "heure",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="L'heure de l'appareil : une donnée, jamais un ordre",
        ),
        sa.Column("remplace", sa.String(length=36), nullable=True, comment="L'opération refusée que celle-ci corrige"),
        sa.Column("protocole", sa.Integer(), nullable=False),
        sa.Column(
            "empreinte",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 du contenu : même id, autre contenu se voit",
        ),
        sa.Column("statut", sa.String(length=10), nullable=False),
        sa.Column(
            "erreurs", sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"), nullable=True
        ),
        sa.Column("sequence", sa.BigInteger(), nullable=True, comment="La version donnée ; vide si refusée"),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False, comment="Le rôle au moment de l'opération"),
        sa.Column("appareil_id", sa.String(length=36), nullable=True),
        sa.Column("origine", sa.String(length=10), nullable=False),
        sa.Column(
            "tardive",
            sa.Boolean(),
            nullable=False,
            comment="Venue d'un ancien référent ou d'un appareil révoqué : reçue, et signalée",
        ),
        sa.Column("recue_le", sa.DateTime(timezone=True), nullable=False, comment="L'heure du serveur"),
        sa.CheckConstraint("origine IN ('echange', 'scelle', 'bureau', 'import')", name=op.f("ck_operation_origine")),
        sa.CheckConstraint("statut IN ('applied', 'merged', 'conflict', 'refused')", name=op.f("ck_operation_statut")),
        sa.ForeignKeyConstraint(
            ["structure_id", "utilisateur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_operation_structure_id_utilisateur_id_utilisateur"),
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_operation_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_operation")),
    )
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_operation_structure_id_appareil_id_compteur"),
            ["structure_id", "appareil_id", "compteur"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_operation_structure_id_entite"), ["structure_id", "entite"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_operation_structure_id_personne_id_sequence"),
            ["structure_id", "personne_id", "sequence"],
            unique=False,
        )

    op.create_table(
        "personne_identifiant",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("genre", sa.String(length=60), nullable=False, comment="caf, msa, france_travail"),
        sa.Column("valeur", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id", "personne_id"],
            ["personne.structure_id", "personne.id"],
            name=op.f("fk_personne_identifiant_structure_id_personne_id_personne"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_personne_identifiant_structure_id_structure")
        ),
        sa.PrimaryKeyConstraint("structure_id", "personne_id", "genre", name=op.f("pk_personne_identifiant")),
    )
    op.create_table(
        "personne_valeur",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("champ", sa.String(length=40), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False, comment="Date d'effet"),
        sa.Column(
            "valeur",
            sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql"),
            nullable=True,
            comment="NULL : la valeur n'est plus connue à partir de ce jour",
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "personne_id"],
            ["personne.structure_id", "personne.id"],
            name=op.f("fk_personne_valeur_structure_id_personne_id_personne"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_personne_valeur_structure_id_structure")
        ),
        sa.PrimaryKeyConstraint("structure_id", "personne_id", "champ", "jour", name=op.f("pk_personne_valeur")),
    )
    op.create_table(
        "mesure_modalite",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("mesure_id", sa.String(length=36), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("modalite", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id", "mesure_id"],
            ["mesure.structure_id", "mesure.id"],
            name=op.f("fk_mesure_modalite_structure_id_mesure_id_mesure"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_mesure_modalite_structure_id_structure")
        ),
        sa.PrimaryKeyConstraint("structure_id", "mesure_id", "jour", name=op.f("pk_mesure_modalite")),
    )
    op.create_table(
        "mesure_referent",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("mesure_id", sa.String(length=36), nullable=False),
        sa.Column("jour", sa.Date(), nullable=False),
        sa.Column("utilisateur_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id", "mesure_id"],
            ["mesure.structure_id", "mesure.id"],
            name=op.f("fk_mesure_referent_structure_id_mesure_id_mesure"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "utilisateur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_mesure_referent_structure_id_utilisateur_id_utilisateur"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_mesure_referent_structure_id_structure")
        ),
        sa.PrimaryKeyConstraint("structure_id", "mesure_id", "jour", name=op.f("pk_mesure_referent")),
    )
    with op.batch_alter_table("mesure_referent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_mesure_referent_structure_id_utilisateur_id"),
            ["structure_id", "utilisateur_id"],
            unique=False,
        )

    op.create_table(
        "rendez_vous",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("mesure_id", sa.String(length=36), nullable=False),
        sa.Column(
            "reference",
            sa.String(length=80),
            nullable=True,
            comment="La référence de l'utilisateur, clé d'un nouvel import",
        ),
        sa.Column("debut", sa.DateTime(timezone=True), nullable=False),
        sa.Column("duree", sa.Integer(), nullable=True, comment="Minutes"),
        sa.Column("lieu", sa.String(length=200), nullable=True),
        sa.Column("statut", sa.String(length=20), nullable=False),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            comment="Numéro pris sous le verrou de la structure : la version de la fiche",
        ),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "statut IN ('propose', 'honore', 'absence_excusee', 'absence_non_excusee', 'annule_service')",
            name=op.f("ck_rendez_vous_statut"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "mesure_id"],
            ["mesure.structure_id", "mesure.id"],
            name=op.f("fk_rendez_vous_structure_id_mesure_id_mesure"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "personne_id"],
            ["personne.structure_id", "personne.id"],
            name=op.f("fk_rendez_vous_structure_id_personne_id_personne"),
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_rendez_vous_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_rendez_vous")),
        sa.UniqueConstraint("structure_id", "reference", name=op.f("uq_rendez_vous_structure_id_reference")),
    )
    with op.batch_alter_table("rendez_vous", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rendez_vous_structure_id_debut"), ["structure_id", "debut"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_rendez_vous_structure_id_mesure_id_debut"),
            ["structure_id", "mesure_id", "debut"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_rendez_vous_structure_id_personne_id_sequence"),
            ["structure_id", "personne_id", "sequence"],
            unique=False,
        )

    op.create_table(
        "entretien",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("mesure_id", sa.String(length=36), nullable=True),
        sa.Column("rendez_vous_id", sa.String(length=36), nullable=True),
        sa.Column(
            "reference",
            sa.String(length=80),
            nullable=True,
            comment="La référence de l'utilisateur, clé d'un nouvel import",
        ),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("heure", sa.String(length=5), nullable=True, comment="HH:MM, heure de Paris"),
        sa.Column("duree", sa.Integer(), nullable=True, comment="Minutes"),
        sa.Column("moyen", sa.String(length=20), nullable=False),
        sa.Column("lieu", sa.String(length=200), nullable=True),
        sa.Column("synthese", sa.Text(), nullable=True),
        sa.Column("auteur_id", sa.String(length=36), nullable=False),
        sa.Column(
            "sequence",
            sa.BigInteger(),
            nullable=False,
            comment="Numéro pris sous le verrou de la structure : la version de la fiche",
        ),
        sa.Column("cree_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id", "auteur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_entretien_structure_id_auteur_id_utilisateur"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "mesure_id"],
            ["mesure.structure_id", "mesure.id"],
            name=op.f("fk_entretien_structure_id_mesure_id_mesure"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "personne_id"],
            ["personne.structure_id", "personne.id"],
            name=op.f("fk_entretien_structure_id_personne_id_personne"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "rendez_vous_id"],
            ["rendez_vous.structure_id", "rendez_vous.id"],
            name=op.f("fk_entretien_structure_id_rendez_vous_id_rendez_vous"),
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_entretien_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "id", name=op.f("pk_entretien")),
        sa.UniqueConstraint("structure_id", "reference", name=op.f("uq_entretien_structure_id_reference")),
    )
    with op.batch_alter_table("entretien", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_entretien_structure_id_mesure_id_date"), ["structure_id", "mesure_id", "date"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_entretien_structure_id_personne_id_sequence"),
            ["structure_id", "personne_id", "sequence"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_entretien_structure_id_rendez_vous_id"), ["structure_id", "rendez_vous_id"], unique=False
        )

    op.create_table(
        "demarche",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("entretien_id", sa.String(length=36), nullable=False),
        sa.Column("rang", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "personne_id",
            sa.String(length=36),
            nullable=False,
            comment="Répété de l'entretien : le flux lit par dossier",
        ),
        sa.Column("famille", sa.String(length=60), nullable=False),
        sa.Column("nature", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(
            ["structure_id", "entretien_id"],
            ["entretien.structure_id", "entretien.id"],
            name=op.f("fk_demarche_structure_id_entretien_id_entretien"),
        ),
        sa.ForeignKeyConstraint(["structure_id"], ["structure.id"], name=op.f("fk_demarche_structure_id_structure")),
        sa.PrimaryKeyConstraint("structure_id", "entretien_id", "rang", name=op.f("pk_demarche")),
    )
    with op.batch_alter_table("demarche", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_demarche_structure_id_famille"), ["structure_id", "famille"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_demarche_structure_id_personne_id"), ["structure_id", "personne_id"], unique=False
        )

    op.create_table(
        "note_personnelle",
        sa.Column("structure_id", sa.String(length=36), nullable=False, comment="La structure propriétaire"),
        sa.Column("entretien_id", sa.String(length=36), nullable=False),
        sa.Column("personne_id", sa.String(length=36), nullable=False),
        sa.Column("auteur_id", sa.String(length=36), nullable=False),
        sa.Column("texte", sa.Text(), nullable=False),
        sa.Column("modifiee_le", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["structure_id", "auteur_id"],
            ["utilisateur.structure_id", "utilisateur.id"],
            name=op.f("fk_note_personnelle_structure_id_auteur_id_utilisateur"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id", "entretien_id"],
            ["entretien.structure_id", "entretien.id"],
            name=op.f("fk_note_personnelle_structure_id_entretien_id_entretien"),
        ),
        sa.ForeignKeyConstraint(
            ["structure_id"], ["structure.id"], name=op.f("fk_note_personnelle_structure_id_structure")
        ),
        sa.PrimaryKeyConstraint("structure_id", "entretien_id", name=op.f("pk_note_personnelle")),
    )
    with op.batch_alter_table("note_personnelle", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_note_personnelle_structure_id_personne_id_auteur_id"),
            ["structure_id", "personne_id", "auteur_id"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("note_personnelle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_personnelle_structure_id_personne_id_auteur_id"))

    op.drop_table("note_personnelle")
    with op.batch_alter_table("demarche", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_demarche_structure_id_personne_id"))
        batch_op.drop_index(batch_op.f("ix_demarche_structure_id_famille"))

    op.drop_table("demarche")
    with op.batch_alter_table("entretien", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entretien_structure_id_rendez_vous_id"))
        batch_op.drop_index(batch_op.f("ix_entretien_structure_id_personne_id_sequence"))
        batch_op.drop_index(batch_op.f("ix_entretien_structure_id_mesure_id_date"))

    op.drop_table("entretien")
    with op.batch_alter_table("rendez_vous", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rendez_vous_structure_id_personne_id_sequence"))
        batch_op.drop_index(batch_op.f("ix_rendez_vous_structure_id_mesure_id_debut"))
        batch_op.drop_index(batch_op.f("ix_rendez_vous_structure_id_debut"))

    op.drop_table("rendez_vous")
    with op.batch_alter_table("mesure_referent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mesure_referent_structure_id_utilisateur_id"))

    op.drop_table("mesure_referent")
    op.drop_table("mesure_modalite")
    op.drop_table("personne_valeur")
    op.drop_table("personne_identifiant")
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_operation_structure_id_personne_id_sequence"))
        batch_op.drop_index(batch_op.f("ix_operation_structure_id_entite"))
        batch_op.drop_index(batch_op.f("ix_operation_structure_id_appareil_id_compteur"))

    op.drop_table("operation")
    with op.batch_alter_table("mesure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mesure_structure_id_personne_id_sequence"))
        batch_op.drop_index(batch_op.f("ix_mesure_structure_id_convention"))

    op.drop_table("mesure")
    with op.batch_alter_table("controle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_controle_structure_id_personne_id_sequence"))
        batch_op.drop_index(batch_op.f("ix_controle_structure_id_etat_recue_le"))

    op.drop_table("controle")
    with op.batch_alter_table("appareil", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appareil_id"))

    op.drop_table("appareil")
    with op.batch_alter_table("acces", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acces_structure_id_utilisateur_id_sequence"))
        batch_op.drop_index(batch_op.f("ix_acces_structure_id_personne_id"))

    op.drop_table("acces")
    op.drop_table("utilisateur")
    with op.batch_alter_table("personne", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_personne_structure_id_sequence_dossier"))
        batch_op.drop_index(batch_op.f("ix_personne_structure_id_nom_prenom"))

    op.drop_table("personne")
    op.drop_table("lieu")
    op.drop_table("convention")
    with op.batch_alter_table("cle_scellement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cle_scellement_structure_id_retiree_le"))

    op.drop_table("cle_scellement")
    with op.batch_alter_table("tentative", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tentative_derniere_le"))

    op.drop_table("tentative")
    op.drop_table("structure")
    with op.batch_alter_table("session_web", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_web_structure_id_utilisateur_id"))
        batch_op.drop_index(batch_op.f("ix_session_web_expire_le"))

    op.drop_table("session_web")
