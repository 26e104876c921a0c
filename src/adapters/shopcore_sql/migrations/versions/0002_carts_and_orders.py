"""Carts and orders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shopcore_sql.room import leave_room
from shopcore_sql.types import Id, Json, Moment
from shopcore_sql.written_once import allow_changes, forbid_changes

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


_WRITTEN_ONCE = ("orders", "order_lines", "order_events")


def upgrade() -> None:
    op.create_table(
        "carts",
        sa.Column("id", Id, nullable=False),
        sa.Column("owner", Id, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removals", sa.Integer(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("changed_at", Moment(), nullable=False),
        sa.Column("order_id", Id, nullable=True),
        sa.CheckConstraint("(status = 'ordered') = (order_id IS NOT NULL)", name=op.f("ck_carts_order")),
        sa.CheckConstraint("status IN ('active', 'ordered', 'abandoned')", name=op.f("ck_carts_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carts")),
    )
    op.create_index("ix_carts_changed", "carts", ["changed_at", "id"])
    op.create_index("ix_carts_owner", "carts", ["owner", "changed_at", "id"])
    op.create_index(
        "uq_carts_active_owner",
        "carts",
        ["owner"],
        unique=True,
        postgresql_where=sa.text("status = 'active'"),
        sqlite_where=sa.text("status = 'active'"),
    )
    op.create_table(
        "cart_lines",
        sa.Column("cart_id", Id, nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("seen_price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("price_revision", sa.Integer(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("lapse", sa.Text(), nullable=True),
        sa.Column("hold_id", Id, nullable=True),
        sa.Column("hold_since", Moment(), nullable=True),
        sa.Column("hold_until", Moment(), nullable=True),
        sa.CheckConstraint("lapse IN ('expired', 'unavailable')", name=op.f("ck_cart_lines_lapse")),
        sa.CheckConstraint("(hold_id IS NULL) = (hold_since IS NULL)", name=op.f("ck_cart_lines_hold")),
        sa.CheckConstraint("hold_until IS NULL OR hold_id IS NOT NULL", name=op.f("ck_cart_lines_hold_until")),
        sa.CheckConstraint("lapse IS NULL OR hold_id IS NULL", name=op.f("ck_cart_lines_lapse_or_hold")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 999", name=op.f("ck_cart_lines_quantity")),
        sa.ForeignKeyConstraint(["cart_id"], ["carts.id"], name=op.f("fk_cart_lines_cart_id")),
        sa.PrimaryKeyConstraint("cart_id", "item_id", name=op.f("pk_cart_lines")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_cart_lines_hold_id")),
    )
    op.create_index(
        "ix_cart_lines_hold_until",
        "cart_lines",
        ["hold_until"],
        postgresql_where=sa.text("hold_until IS NOT NULL"),
        sqlite_where=sa.text("hold_until IS NOT NULL"),
    )
    op.create_index("ix_cart_lines_item", "cart_lines", ["item_id", "hold_until"])
    op.create_table(
        "orders",
        sa.Column("id", Id, nullable=False),
        sa.Column("owner", Id, nullable=False),
        sa.Column("cart_id", Id, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("subtotal", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("discounts", Json, nullable=False),
        sa.CheckConstraint("0 <= discount AND discount <= subtotal", name=op.f("ck_orders_discount")),
        sa.CheckConstraint("total = subtotal - discount", name=op.f("ck_orders_total")),
        sa.ForeignKeyConstraint(["cart_id"], ["carts.id"], name=op.f("fk_orders_cart_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("cart_id", name=op.f("uq_orders_cart_id")),
    )
    op.create_index("ix_orders_created", "orders", ["created_at", "id"])
    op.create_index("ix_orders_owner", "orders", ["owner", "created_at", "id"])
    op.create_table(
        "order_lines",
        sa.Column("order_id", Id, nullable=False),
        sa.Column("item_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sku", Id, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("line_total", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger(), nullable=False),
        sa.Column("hold_id", Id, nullable=True),
        sa.CheckConstraint("0 <= discount AND discount <= line_total", name=op.f("ck_order_lines_discount")),
        sa.CheckConstraint("line_total = unit_price * quantity", name=op.f("ck_order_lines_line_total")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_lines_quantity")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_lines_order_id")),
        sa.PrimaryKeyConstraint("order_id", "item_id", name=op.f("pk_order_lines")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_order_lines_hold_id")),
        sa.UniqueConstraint("order_id", "position", name=op.f("uq_order_lines_order_id_position")),
    )
    op.create_table(
        "order_events",
        sa.Column("order_id", Id, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(status = 'placed') = (position = 1)", name=op.f("ck_order_events_position")),
        sa.CheckConstraint("status IN ('placed', 'cancelled')", name=op.f("ck_order_events_status")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_events_order_id")),
        sa.PrimaryKeyConstraint("order_id", "position", name=op.f("pk_order_events")),
    )
    leave_room(carts=80, cart_lines=80)
    forbid_changes(_WRITTEN_ONCE)


def downgrade() -> None:
    allow_changes(_WRITTEN_ONCE)
    op.drop_table("order_events")
    op.drop_table("order_lines")
    op.drop_table("orders")
    op.drop_table("cart_lines")
    op.drop_table("carts")
