"""What limits remember of callers and names, so that all processes keep them together."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shopcore_sql.room import leave_room
from shopcore_sql.types import Id, Json, Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tallies",
        sa.Column("subject", Id, nullable=False),
        sa.Column("times", Json, nullable=False),
        sa.Column("until", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_tallies")),
        comment="what limits remember of callers and names; past `until` a row means nothing",
    )
    op.create_index("ix_tallies_until", "tallies", ["until"])
    leave_room(tallies=70)


def downgrade() -> None:
    op.drop_table("tallies")
