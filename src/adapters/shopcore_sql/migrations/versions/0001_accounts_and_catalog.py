"""Accounts and catalog."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shopcore_sql.room import leave_room
from shopcore_sql.sold_out import note_what_is_sold_out, stop_noting
from shopcore_sql.types import Counter, Id, Json, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


_SEARCH_SQLITE = (
    # Only what is listed is indexed: the view is what FTS5 believes it indexes, the triggers keep it in step.
    # `ascii` takes every other character for a part of a word: the words are cut apart, and folded, before they come
    # here. The prefixes make short words, which stand for many, as quick as long ones.
    "CREATE VIEW items_searched AS SELECT number, search_text FROM items WHERE status = 'listed'",
    """CREATE VIRTUAL TABLE items_fts USING fts5(
        search_text, content='items_searched', content_rowid='number', tokenize='ascii', detail='none',
        columnsize=0, prefix='1 2 3 4'
    )""",
    """CREATE TRIGGER items_fts_insert AFTER INSERT ON items WHEN new.status = 'listed' BEGIN
        INSERT INTO items_fts (rowid, search_text) VALUES (new.number, new.search_text);
    END""",
    """CREATE TRIGGER items_fts_update AFTER UPDATE OF search_text, status ON items
    WHEN old.search_text <> new.search_text OR (old.status = 'listed') <> (new.status = 'listed') BEGIN
        INSERT INTO items_fts (items_fts, rowid, search_text)
            SELECT 'delete', old.number, old.search_text WHERE old.status = 'listed';
        INSERT INTO items_fts (rowid, search_text)
            SELECT new.number, new.search_text WHERE new.status = 'listed';
    END""",
)
_SEARCH_POSTGRESQL = (
    """ALTER TABLE items ADD COLUMN search_vector tsvector
        GENERATED ALWAYS AS (array_to_tsvector(array_remove(string_to_array(search_text, ' '), ''))) STORED""",
    "CREATE INDEX ix_items_search ON items USING gin (search_vector) WHERE status = 'listed'",
)


# The first block of each order begins before every item.
_BLOCKS: dict[str, tuple[Any, str]] = {
    "blocks_by_created_at": (Moment(), "'1000-01-01T00:00:00.000000Z'"),
    "blocks_by_name": (Id, "''"),
    "blocks_by_price": (sa.BigInteger(), "0"),
}


def upgrade() -> None:
    op.create_table(
        "users",
        sa.Column("id", Id, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("name_folded", Id, nullable=True),
        sa.Column("display_name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("(status = 'erased') = (name_folded IS NULL)", name=op.f("ck_users_erased")),
        sa.CheckConstraint("role IN ('customer', 'support', 'sales', 'admin')", name=op.f("ck_users_role")),
        sa.CheckConstraint("status IN ('active', 'disabled', 'erased')", name=op.f("ck_users_status")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name_folded", name=op.f("uq_users_name_folded")),
    )
    op.create_index("ix_users_created", "users", ["created_at", "id"])
    op.create_table(
        "sessions",
        sa.Column("id", Id, nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_expires", "sessions", ["expires_at"])
    op.create_index("ix_sessions_user", "sessions", ["user_id"])
    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", Id, nullable=False),
        sa.Column("session_id", Id, nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_refresh_tokens_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_refresh_tokens")),
    )
    op.create_index("ix_refresh_tokens_expires", "refresh_tokens", ["expires_at"])
    op.create_index("ix_refresh_tokens_session", "refresh_tokens", ["session_id"])
    op.create_table(
        "items",
        sa.Column("number", Counter, autoincrement=True, nullable=False),
        sa.Column("id", Id, nullable=False),
        sa.Column("sku", Id, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("price_revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("max_per_customer", sa.Integer(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", Id, nullable=True),
        sa.Column("image_urls", Json, nullable=False),
        sa.Column("attributes", Json, nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("sort_name", Id, nullable=False, comment="the folded name"),
        sa.Column(
            "sort_price", sa.BigInteger(), nullable=False, comment="ten-thousandths of the major unit, any currency"
        ),
        sa.Column(
            "search_text", sa.Text(), nullable=False, comment="folded words; an index of them is made by the migrations"
        ),
        sa.CheckConstraint("status IN ('listed', 'finishing', 'recalled')", name=op.f("ck_items_status")),
        sa.CheckConstraint("max_per_customer > 0", name=op.f("ck_items_max_per_customer")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_items_price")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_items")),
        sa.UniqueConstraint("id", name=op.f("uq_items_id")),
        sa.UniqueConstraint("sku", name=op.f("uq_items_sku")),
    )
    for column in ("created_at", "sort_name", "sort_price"):
        for name, columns in (
            (f"ix_items_listed_{column}", [column, "id"]),
            (f"ix_items_category_{column}", ["category", column, "id"]),
        ):
            op.create_index(
                name,
                "items",
                columns,
                postgresql_include=["number"],
                postgresql_where=sa.text("status = 'listed'"),
                sqlite_where=sa.text("status = 'listed'"),
            )
    op.create_table(
        "catalog",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "version", sa.BigInteger(), nullable=False, comment="another number with each change of items, at random"
        ),
        sa.Column(
            "block_size", sa.Integer(), nullable=False, comment="items in a block, about; see shopcore_sql.blocks"
        ),
        sa.CheckConstraint("block_size > 0", name=op.f("ck_catalog_block_size")),
        sa.CheckConstraint("id = 1", name=op.f("ck_catalog_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog")),
        comment="one row, which whoever changes items changes too, so that they take turns",
    )
    op.execute("INSERT INTO catalog (id, version, block_size) VALUES (1, 0, 1000)")
    for table, (kind, least) in _BLOCKS.items():
        op.create_table(
            table,
            sa.Column("number", Counter, autoincrement=True, nullable=False),
            sa.Column("from_key", kind, nullable=False),
            sa.Column("from_id", Id, nullable=False),
            sa.Column("listed", sa.Integer(), nullable=False),
            sa.CheckConstraint("listed >= 0", name=op.f(f"ck_{table}_listed")),
            sa.PrimaryKeyConstraint("number", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("from_key", "from_id", name=op.f(f"uq_{table}_from_key_from_id")),
        )
        op.execute(f"INSERT INTO {table} (from_key, from_id, listed) VALUES ({least}, '', 0)")  # noqa: S608 (our own words)
    op.create_table(
        "stock",
        sa.Column("item_id", Id, nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("0 <= held AND held <= on_hand", name=op.f("ck_stock_level")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_stock_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_stock")),
    )
    op.create_table(
        "sold_out",
        sa.Column("number", Counter, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_sold_out")),
        comment="numbers of listed items of which nothing is available; kept by triggers, see shopcore_sql.sold_out",
    )
    note_what_is_sold_out()
    leave_room(stock=50, **dict.fromkeys(_BLOCKS, 50))
    for statement in _SEARCH_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SEARCH_SQLITE:
        op.execute(statement)


def downgrade() -> None:
    stop_noting()
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE items_fts")
        op.execute("DROP VIEW items_searched")
    for table in ("sold_out", *_BLOCKS):
        op.drop_table(table)
    op.drop_table("catalog")
    op.drop_table("stock")
    op.drop_table("items")
    op.drop_table("refresh_tokens")
    op.drop_table("sessions")
    op.drop_table("users")
