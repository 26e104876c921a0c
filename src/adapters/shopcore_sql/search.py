"""Full-text search over folded words, with the same answers from FTS5 and from tsvector.

The words were folded and split before (`shopcore.text.fold`), so neither database's own idea of a word comes in:
the tsvector is made of the words as they are, and FTS5's tokenizer takes all but the blanks between them.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, cast, column, func, literal_column, select, table
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from shopcore_sql.blocks import LISTED
from shopcore_sql.schema import items, sold_out

_fts = table("items_fts", column("rowid"), column("items_fts"))
_vector = column("search_vector", TSVECTOR)


def having(words: str, dialect: str) -> ColumnElement[bool]:
    """Of listed items those each of whose folded `words` begins some word of the item, looked up in an index."""
    if dialect == "postgresql":
        return _vector.op("@@")(_query(words))
    return items.c.number.in_(select(_fts.c.rowid).where(_match(words)))


def has(words: str, dialect: str) -> ColumnElement[bool]:
    """The same of one item that is at hand already."""
    if dialect == "postgresql":
        return _vector.op("@@")(_query(words))
    text: ColumnElement[str] = literal_column("' '") + items.c.search_text
    return and_(*(func.instr(text, f" {word}") > 0 for word in words.split()))


def counting(words: str, dialect: str, *, sold_out_only: bool = False) -> Select[Any]:
    """How many listed items have the words. SQLite need not look at the items: only listed ones are indexed."""
    number: ColumnElement[int] = _fts.c.rowid
    found = select(func.count()).select_from(_fts).where(_match(words))
    if dialect == "postgresql":
        number = items.c.number
        found = select(func.count()).select_from(items).where(LISTED, having(words, dialect))
    if sold_out_only:
        return found.where(select(sold_out.c.number).where(sold_out.c.number == number).exists())
    return found


def _match(words: str) -> ColumnElement[bool]:
    return _fts.c.items_fts.op("MATCH")(" ".join(f'"{word}"*' for word in words.split()))


def _query(words: str) -> ColumnElement[Any]:
    """Written into the statement, as how it is best run depends on how common the words are."""
    query = " & ".join(f"'{word}':*" for word in words.split())
    return cast(bindparam(None, query, literal_execute=True), TSQUERY)
