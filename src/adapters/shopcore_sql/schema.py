"""The tables of a shop. What `docs` and the migrations call a rule marked D stands here as a constraint.

`metadata` is what the migrations must lead to; a test compares the two.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.types import TypeEngine

from shopcore_sql.types import Counter, Id, Json, Moment

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

users = Table(
    "users",
    metadata,
    Column("id", Id, primary_key=True),
    Column("username", Text, nullable=False),
    Column("name_folded", Id, unique=True),
    Column("display_name", Text),
    Column("email", Text),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    CheckConstraint("role IN ('customer', 'support', 'sales', 'admin')", name="role"),
    CheckConstraint("status IN ('active', 'disabled', 'erased')", name="status"),
    CheckConstraint("(status = 'erased') = (name_folded IS NULL)", name="erased"),
)
Index("ix_users_created", users.c.created_at, users.c.id)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("user_id", Id, ForeignKey("users.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("ended_at", Moment),
)
Index("ix_sessions_user", sessions.c.user_id)
Index("ix_sessions_expires", sessions.c.expires_at)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", Id, primary_key=True),
    Column("session_id", Id, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False),
    Column("issued_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)
Index("ix_refresh_tokens_session", refresh_tokens.c.session_id)
Index("ix_refresh_tokens_expires", refresh_tokens.c.expires_at)

items = Table(
    "items",
    metadata,
    Column("number", Counter, primary_key=True, autoincrement=True),
    Column("id", Id, nullable=False, unique=True),
    Column("sku", Id, unique=True),
    Column("name", Text, nullable=False),
    Column("price", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("price_revision", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("max_per_customer", Integer),
    Column("description", Text, nullable=False),
    Column("category", Id),
    Column("image_urls", Json, nullable=False),
    Column("attributes", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("sort_name", Id, nullable=False, comment="the folded name"),
    Column("sort_price", BigInteger, nullable=False, comment="ten-thousandths of the major unit, any currency"),
    Column("search_text", Text, nullable=False, comment="folded words; an index of them is made by the migrations"),
    CheckConstraint("price >= 0", name="price"),
    CheckConstraint("status IN ('listed', 'finishing', 'recalled')", name="status"),
    CheckConstraint("max_per_customer > 0", name="max_per_customer"),
)
for _column in ("created_at", "sort_name", "sort_price"):
    for _name, _columns in (
        (f"ix_items_listed_{_column}", (_column, "id")),
        (f"ix_items_category_{_column}", ("category", _column, "id")),
    ):
        Index(
            _name,
            *(items.c[_name] for _name in _columns),
            postgresql_include=["number"],  # on SQLite it is in every index
            postgresql_where=text("status = 'listed'"),
            sqlite_where=text("status = 'listed'"),
        )

catalog = Table(
    "catalog",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False, comment="another number with each change of items, at random"),
    Column("block_size", Integer, nullable=False, comment="items in a block, about; see shopcore_sql.blocks"),
    CheckConstraint("id = 1", name="one"),
    CheckConstraint("block_size > 0", name="block_size"),
    comment="one row, which whoever changes items changes too, so that they take turns",
)


def _blocks(order: str, kind: TypeEngine[Any]) -> Table:
    """Listed items counted in one order: a block holds those from its own start to that of the next."""
    return Table(
        f"blocks_by_{order}",
        metadata,
        Column("number", Counter, primary_key=True, autoincrement=True),
        Column("from_key", kind, nullable=False),
        Column("from_id", Id, nullable=False),
        Column("listed", Integer, nullable=False),
        UniqueConstraint("from_key", "from_id"),
        CheckConstraint("listed >= 0", name="listed"),
    )


blocks_by_created_at = _blocks("created_at", Moment())
blocks_by_name = _blocks("name", Id)
blocks_by_price = _blocks("price", BigInteger())

stock = Table(
    "stock",
    metadata,
    Column("item_id", Id, ForeignKey("items.id"), primary_key=True),
    Column("on_hand", BigInteger, nullable=False),
    Column("held", BigInteger, nullable=False),
    CheckConstraint("0 <= held AND held <= on_hand", name="level"),
)

sold_out = Table(
    "sold_out",
    metadata,
    Column("number", Counter, primary_key=True, autoincrement=False),
    comment="numbers of listed items of which nothing is available; kept by triggers, see shopcore_sql.sold_out",
)

carts = Table(
    "carts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Id, nullable=False),
    Column("status", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("removals", Integer, nullable=False),
    Column("currency", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("order_id", Id),
    CheckConstraint("status IN ('active', 'ordered', 'abandoned')", name="status"),
    CheckConstraint("(status = 'ordered') = (order_id IS NOT NULL)", name="order"),
)
Index(
    "uq_carts_active_owner",
    carts.c.owner,
    unique=True,
    postgresql_where=text("status = 'active'"),
    sqlite_where=text("status = 'active'"),
)
# No index has a column that each add changes: such a row is updated in place, and its indexes are left alone.
Index("ix_carts_owner", carts.c.owner, carts.c.opened_at, carts.c.id)
Index("ix_carts_opened", carts.c.opened_at, carts.c.id)

cart_lines = Table(
    "cart_lines",
    metadata,
    Column("cart_id", Id, ForeignKey("carts.id"), primary_key=True),
    Column("item_id", Id, primary_key=True),
    Column("quantity", Integer, nullable=False),
    Column("seen_price", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("price_revision", Integer, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("lapse", Text),
    Column("hold_id", Id, unique=True),
    Column("hold_since", Moment),
    Column("hold_until", Moment),
    CheckConstraint("quantity BETWEEN 1 AND 999", name="quantity"),
    CheckConstraint("lapse IN ('expired', 'unavailable')", name="lapse"),
    CheckConstraint("lapse IS NULL OR hold_id IS NULL", name="lapse_or_hold"),
    CheckConstraint("(hold_id IS NULL) = (hold_since IS NULL)", name="hold"),
    CheckConstraint("hold_until IS NULL OR hold_id IS NOT NULL", name="hold_until"),
)
Index(
    "ix_cart_lines_hold_until",
    cart_lines.c.hold_until,
    postgresql_where=text("hold_until IS NOT NULL"),
    sqlite_where=text("hold_until IS NOT NULL"),
)
Index("ix_cart_lines_item", cart_lines.c.item_id, cart_lines.c.hold_until)

orders = Table(
    "orders",
    metadata,
    Column("id", Id, primary_key=True),
    Column("owner", Id, nullable=False),
    Column("cart_id", Id, ForeignKey("carts.id"), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("currency", Text, nullable=False),
    Column("subtotal", BigInteger, nullable=False),
    Column("discount", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("discounts", Json, nullable=False),
    CheckConstraint("0 <= discount AND discount <= subtotal", name="discount"),
    CheckConstraint("total = subtotal - discount", name="total"),
)
Index("ix_orders_owner", orders.c.owner, orders.c.created_at, orders.c.id)
Index("ix_orders_created", orders.c.created_at, orders.c.id)

order_lines = Table(
    "order_lines",
    metadata,
    Column("order_id", Id, ForeignKey("orders.id"), primary_key=True),
    Column("item_id", Id, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("sku", Id),
    Column("name", Text, nullable=False),
    Column("unit_price", BigInteger, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("line_total", BigInteger, nullable=False),
    Column("discount", BigInteger, nullable=False),
    Column("hold_id", Id, unique=True),
    UniqueConstraint("order_id", "position"),
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint("line_total = unit_price * quantity", name="line_total"),
    CheckConstraint("0 <= discount AND discount <= line_total", name="discount"),
)

order_events = Table(
    "order_events",
    metadata,
    Column("order_id", Id, ForeignKey("orders.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("status", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    CheckConstraint("status IN ('placed', 'cancelled')", name="status"),
    CheckConstraint("(status = 'placed') = (position = 1)", name="position"),
)

removals = Table(
    "removals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("cart_id", Id, ForeignKey("carts.id"), nullable=False),
    Column("owner", Id, nullable=False),
    Column("item_id", Id, nullable=False),
    Column("sku", Id),
    Column("item_name", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("added_at", Moment, nullable=False),
    Column("removed_at", Moment, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("order_id", Id),
    Column("returned_at", Moment),
    Column("bought_later_order_id", Id),
    CheckConstraint("quantity > 0", name="quantity"),
    CheckConstraint(
        "reason IN ('removed', 'decreased', 'cleared', 'expired', 'unavailable', 'merged', 'stock_correction')",
        name="reason",
    ),
    CheckConstraint("outcome IN ('open', 'recovered', 'lost', 'abandoned')", name="outcome"),
    CheckConstraint("(order_id IS NOT NULL) = (outcome IN ('recovered', 'lost'))", name="draft"),
)
Index("ix_removals_removed_at", removals.c.removed_at, removals.c.id)
Index("ix_removals_cart", removals.c.cart_id)
Index("ix_removals_owner", removals.c.owner, removals.c.removed_at, removals.c.id)
Index("ix_removals_item", removals.c.item_id, removals.c.removed_at, removals.c.id)

journal = Table(
    "journal",
    metadata,
    Column("position", Counter, primary_key=True, autoincrement=True),
    Column("operation", Id, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("cart_id", Id),
    Column("item_id", Id),
    Column("order_id", Id),
    Column("hold_id", Id),
    Column("on_hand", BigInteger, nullable=False),
    Column("held", BigInteger, nullable=False),
    Column("data", Json, nullable=False),
    CheckConstraint("(on_hand = 0 AND held = 0) OR item_id IS NOT NULL", name="ledger"),
)
Index(
    "ix_journal_cart",
    journal.c.cart_id,
    journal.c.position,
    postgresql_where=text("cart_id IS NOT NULL"),
    sqlite_where=text("cart_id IS NOT NULL"),
)
Index(
    "ix_journal_ledger",
    journal.c.item_id,
    journal.c.position,
    postgresql_where=text("on_hand <> 0 OR held <> 0"),
    sqlite_where=text("on_hand <> 0 OR held <> 0"),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("caller", Id, primary_key=True),
    Column("operation", Id, primary_key=True),
    Column("key", Id, primary_key=True),
    Column("fingerprint", Text, nullable=False),
    Column("answer", Json, nullable=False),
    Column("at", Moment, nullable=False),
)
Index("ix_idempotency_keys_at", idempotency_keys.c.at)

tallies = Table(
    "tallies",
    metadata,
    Column("subject", Id, primary_key=True),
    Column("times", Json, nullable=False),
    Column("until", Moment, nullable=False),
    comment="what limits remember of callers and names; past `until` a row means nothing",
)
Index("ix_tallies_until", tallies.c.until)
