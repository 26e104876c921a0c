"""Removals, the journal and idempotency keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shopcore_sql.types import Counter, Id, Json, Moment
from shopcore_sql.written_once import allow_changes, forbid_changes

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


_WRITTEN_ONCE = ("journal",)


def upgrade() -> None:
    op.create_table(
        "removals",
        sa.Column("id", Id, nullable=False),
        sa.Column("cart_id", Id, nullable=False),
        sa.Column("owner", Id, nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("sku", Id, nullable=True),
        sa.Column("item_name", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("removed_at", Moment(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("order_id", Id, nullable=True),
        sa.Column("returned_at", Moment(), nullable=True),
        sa.Column("bought_later_order_id", Id, nullable=True),
        sa.CheckConstraint(
            "(order_id IS NOT NULL) = (outcome IN ('recovered', 'lost'))", name=op.f("ck_removals_draft")
        ),
        sa.CheckConstraint("outcome IN ('open', 'recovered', 'lost', 'abandoned')", name=op.f("ck_removals_outcome")),
        sa.CheckConstraint(
            "reason IN ('removed', 'decreased', 'cleared', 'expired', 'unavailable', 'merged', 'stock_correction')",
            name=op.f("ck_removals_reason"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_removals_quantity")),
        sa.ForeignKeyConstraint(["cart_id"], ["carts.id"], name=op.f("fk_removals_cart_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removals")),
    )
    op.create_index("ix_removals_cart", "removals", ["cart_id"])
    op.create_index("ix_removals_item", "removals", ["item_id", "removed_at", "id"])
    op.create_index("ix_removals_owner", "removals", ["owner", "removed_at", "id"])
    op.create_index("ix_removals_removed_at", "removals", ["removed_at", "id"])
    op.create_table(
        "journal",
        sa.Column("position", Counter, autoincrement=True, nullable=False),
        sa.Column("operation", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("cart_id", Id, nullable=True),
        sa.Column("item_id", Id, nullable=True),
        sa.Column("order_id", Id, nullable=True),
        sa.Column("hold_id", Id, nullable=True),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.Column("data", Json, nullable=False),
        sa.CheckConstraint("(on_hand = 0 AND held = 0) OR item_id IS NOT NULL", name=op.f("ck_journal_ledger")),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_journal")),
        sa.UniqueConstraint("operation", name=op.f("uq_journal_operation")),
    )
    op.create_index(
        "ix_journal_cart",
        "journal",
        ["cart_id", "position"],
        postgresql_where=sa.text("cart_id IS NOT NULL"),
        sqlite_where=sa.text("cart_id IS NOT NULL"),
    )
    op.create_index(
        "ix_journal_ledger",
        "journal",
        ["item_id", "position"],
        postgresql_where=sa.text("on_hand <> 0 OR held <> 0"),
        sqlite_where=sa.text("on_hand <> 0 OR held <> 0"),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("caller", Id, nullable=False),
        sa.Column("operation", Id, nullable=False),
        sa.Column("key", Id, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("answer", Json, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "operation", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index("ix_idempotency_keys_at", "idempotency_keys", ["at"])
    forbid_changes(_WRITTEN_ONCE)


def downgrade() -> None:
    allow_changes(_WRITTEN_ONCE)
    op.drop_table("idempotency_keys")
    op.drop_table("journal")
    op.drop_table("removals")
