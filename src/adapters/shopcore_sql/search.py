"""Full-text search over folded words, with the same answers from FTS5 and from tsvector.

The words were folded and split before (`shopcore.text.fold`), so neither database's own idea of a word comes in:
the tsvector is made of the words as they are, and FTS5's tokenizer is left nothing to strip.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, cast, column, literal, select, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from shopcore_sql.schema import items

_fts = table("items_fts", column("rowid"), column("items_fts"))


def matching(words: str, dialect: str) -> ColumnElement[bool]:
    """Items each of whose folded `words` begins some word of the item."""
    if dialect == "postgresql":
        query = " & ".join(f"'{word}':*" for word in words.split())
        return column("search_vector", TSVECTOR).op("@@")(cast(literal(query), TSQUERY))
    query = " ".join(f'"{word}"*' for word in words.split())
    return items.c.number.in_(select(_fts.c.rowid).where(_fts.c.items_fts.op("MATCH")(query)))
