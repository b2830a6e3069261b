"""The barometer, edition by edition

Revises: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "barometer",
        sa.Column("id", ID, nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barometer")),
        sa.UniqueConstraint("slug", name=op.f("uq_barometer_slug")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("barometer", schema=None) as batch_op:
        batch_op.create_index(
            "uq_barometer_active", ["active"], unique=True, sqlite_where=sa.text("active"), postgresql_where=sa.text("active")
        )

    op.create_table(
        "edition",
        sa.Column("id", ID, nullable=False),
        sa.Column("barometer_id", ID, nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("number", ID, nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("indicator_count", ID, nullable=False),
        sa.Column("territory_count", ID, nullable=False),
        sa.Column("observation_count", ID, nullable=False),
        sa.Column("target_count", ID, nullable=False),
        sa.Column("baseline_count", ID, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("compared_with_id", ID, nullable=True),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_observation_count", ID, nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["barometer_id"], ["barometer.id"], name=op.f("fk_edition_barometer_id")),
        sa.ForeignKeyConstraint(["compared_with_id"], ["edition.id"], name=op.f("fk_edition_compared_with_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("barometer_id", "date", "number", name=op.f("uq_edition_barometer_id_date_number")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_barometer_id_status_date"), ["barometer_id", "status", "date"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_compared_with_id"), ["compared_with_id"], unique=False)

    op.create_table(
        "reform",
        sa.Column("id", ID, nullable=False),
        sa.Column("barometer_id", ID, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ministry_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["barometer_id"], ["barometer.id"], name=op.f("fk_reform_barometer_id")),
        sa.ForeignKeyConstraint(["ministry_id"], ["ministry.id"], name=op.f("fk_reform_ministry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reform")),
        sa.UniqueConstraint("barometer_id", "code", name=op.f("uq_reform_barometer_id_code")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("reform", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reform_ministry_id"), ["ministry_id"], unique=False)

    op.create_table(
        "edition_reform",
        sa.Column("id", ID, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("reform_id", ID, nullable=False),
        sa.Column("position", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("priority_code", sa.Text(), nullable=True),
        sa.Column("priority_name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_reform_edition_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["reform_id"], ["reform.id"], name=op.f("fk_edition_reform_reform_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_reform")),
        sa.UniqueConstraint("edition_id", "reform_id", name=op.f("uq_edition_reform_edition_id_reform_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("edition_reform", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_reform_reform_id"), ["reform_id"], unique=False)

    op.create_table(
        "edition_withdrawal",
        sa.Column("id", ID, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_withdrawal_edition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_withdrawal")),
        sa.UniqueConstraint("edition_id", name=op.f("uq_edition_withdrawal_edition_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "indicator",
        sa.Column("id", ID, nullable=False),
        sa.Column("barometer_id", ID, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("reform_id", ID, nullable=False),
        sa.Column("topic_id", ID, nullable=True),
        sa.ForeignKeyConstraint(["barometer_id"], ["barometer.id"], name=op.f("fk_indicator_barometer_id")),
        sa.ForeignKeyConstraint(["reform_id"], ["reform.id"], name=op.f("fk_indicator_reform_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name=op.f("fk_indicator_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator")),
        sa.UniqueConstraint("barometer_id", "code", name=op.f("uq_indicator_barometer_id_code")),
        sa.UniqueConstraint("topic_id", name=op.f("uq_indicator_topic_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_indicator_reform_id"), ["reform_id"], unique=False)

    op.create_table(
        "edition_indicator",
        sa.Column("id", ID, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("indicator_id", ID, nullable=False),
        sa.Column("reform_id", ID, nullable=False),
        sa.Column("position", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("unit_short", sa.Text(), nullable=True),
        sa.Column("tendency", sa.String(length=40), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.Column("verb", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_edition_indicator_edition_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_edition_indicator_indicator_id")),
        sa.ForeignKeyConstraint(["reform_id"], ["reform.id"], name=op.f("fk_edition_indicator_reform_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition_indicator")),
        sa.UniqueConstraint("edition_id", "indicator_id", name=op.f("uq_edition_indicator_edition_id_indicator_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("edition_indicator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_indicator_indicator_id"), ["indicator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_edition_indicator_reform_id"), ["reform_id"], unique=False)

    op.create_table(
        "figure_revision",
        sa.Column("id", ID, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("indicator_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("size", sa.String(length=40), nullable=False),
        sa.Column("direction", sa.String(length=40), nullable=True),
        sa.Column("territory", sa.Text(), nullable=True),
        sa.Column("series", sa.String(length=40), nullable=True),
        sa.Column("old_text", sa.Text(), nullable=True),
        sa.Column("new_text", sa.Text(), nullable=True),
        sa.Column("old_number", sa.Double(), nullable=True),
        sa.Column("new_number", sa.Double(), nullable=True),
        sa.Column("old_date", sa.Date(), nullable=True),
        sa.Column("new_date", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["edition_id"], ["edition.id"], name=op.f("fk_figure_revision_edition_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["indicator_id"], ["indicator.id"], name=op.f("fk_figure_revision_indicator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_revision")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("figure_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_figure_revision_edition_id_kind_id"), ["edition_id", "kind", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_figure_revision_edition_id_size_id"), ["edition_id", "size", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_figure_revision_edition_id_territory_id"), ["edition_id", "territory", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_figure_revision_indicator_id_territory_id"), ["indicator_id", "territory", "id"], unique=False)

    op.create_table(
        "baseline",
        sa.Column("id", ID, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("indicator_id", ID, nullable=False),
        sa.Column("territory", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("number", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id", "indicator_id"],
            ["edition_indicator.edition_id", "edition_indicator.indicator_id"],
            name=op.f("fk_baseline_edition_id_indicator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline")),
        sa.UniqueConstraint("edition_id", "indicator_id", "territory", name=op.f("uq_baseline_edition_id_indicator_id_territory")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "observation",
        sa.Column("id", ID, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("indicator_id", ID, nullable=False),
        sa.Column("territory", sa.Text(), nullable=False),
        sa.Column("series", sa.String(length=40), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("number", sa.Double(), nullable=False),
        sa.Column("rate_text", sa.Text(), nullable=True),
        sa.Column("rate", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id", "indicator_id"],
            ["edition_indicator.edition_id", "edition_indicator.indicator_id"],
            name=op.f("fk_observation_edition_id_indicator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint(
            "edition_id",
            "indicator_id",
            "territory",
            "series",
            "date",
            name=op.f("uq_observation_edition_id_indicator_id_territory_series_date"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "target",
        sa.Column("id", ID, nullable=False),
        sa.Column("edition_id", ID, nullable=False),
        sa.Column("indicator_id", ID, nullable=False),
        sa.Column("territory", sa.Text(), nullable=False),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("number", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id", "indicator_id"],
            ["edition_indicator.edition_id", "edition_indicator.indicator_id"],
            name=op.f("fk_target_edition_id_indicator_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        sa.UniqueConstraint(
            "edition_id", "indicator_id", "territory", "date", name=op.f("uq_target_edition_id_indicator_id_territory_date")
        ),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("target")
    op.drop_table("observation")
    op.drop_table("baseline")
    with op.batch_alter_table("figure_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_figure_revision_indicator_id_territory_id"))
        batch_op.drop_index(batch_op.f("ix_figure_revision_edition_id_territory_id"))
        batch_op.drop_index(batch_op.f("ix_figure_revision_edition_id_size_id"))
        batch_op.drop_index(batch_op.f("ix_figure_revision_edition_id_kind_id"))

    op.drop_table("figure_revision")
    with op.batch_alter_table("edition_indicator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_indicator_reform_id"))
        batch_op.drop_index(batch_op.f("ix_edition_indicator_indicator_id"))

    op.drop_table("edition_indicator")
    with op.batch_alter_table("indicator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_indicator_reform_id"))

    op.drop_table("indicator")
    op.drop_table("edition_withdrawal")
    with op.batch_alter_table("edition_reform", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_reform_reform_id"))

    op.drop_table("edition_reform")
    with op.batch_alter_table("reform", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reform_ministry_id"))

    op.drop_table("reform")
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_edition_compared_with_id"))
        batch_op.drop_index(batch_op.f("ix_edition_barometer_id_status_date"))

    op.drop_table("edition")
    with op.batch_alter_table("barometer", schema=None) as batch_op:
        batch_op.drop_index("uq_barometer_active", sqlite_where=sa.text("active"), postgresql_where=sa.text("active"))

    op.drop_table("barometer")
