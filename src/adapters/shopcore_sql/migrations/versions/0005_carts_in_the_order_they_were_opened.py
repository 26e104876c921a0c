"""Staff see carts in the order in which they were opened, so that an add changes no index of its cart."""

from __future__ import annotations

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_carts_changed", "carts")
    op.drop_index("ix_carts_owner", "carts")
    op.create_index("ix_carts_opened", "carts", ["opened_at", "id"])
    op.create_index("ix_carts_owner", "carts", ["owner", "opened_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_carts_opened", "carts")
    op.drop_index("ix_carts_owner", "carts")
    op.create_index("ix_carts_changed", "carts", ["changed_at", "id"])
    op.create_index("ix_carts_owner", "carts", ["owner", "changed_at", "id"])
