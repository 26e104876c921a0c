"""Removals counted per item, customer, reason or day."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Text, cast, distinct, func, select
from sqlalchemy.dialects.postgresql import TIMESTAMP

from shopcore.money import Money
from shopcore.paging import Page, PageRequest
from shopcore.removals.model import SummaryBy, SummaryRow
from shopcore_sql.paging import fetch_page
from shopcore_sql.types import Id


def fetch_summary(connection: Connection, by: SummaryBy, which: Select[Any], page: PageRequest) -> Page[SummaryRow]:
    """Rows over the removals that `which` selects, by falling count; days newest first; ties by key and currency."""
    rows = which.subquery("which")
    key = _key(by, rows.c, connection.dialect.name).label("key")
    removals = func.count().label("removals")
    query = select(
        key,
        rows.c.currency,
        removals,
        func.sum(rows.c.quantity).label("quantity"),
        func.sum(rows.c.quantity * rows.c.unit_price).label("value"),
        func.count(distinct(rows.c.owner)).label("customers"),
        func.count(distinct(_cart_key(rows.c))).label("carts"),
        func.count().filter(rows.c.outcome == "lost").label("lost"),
        func.count().filter(rows.c.outcome == "recovered").label("recovered"),
        func.count(rows.c.bought_later_order_id).label("bought_later"),
        _label(by, rows.c, key).label("label"),
    ).group_by(key, rows.c.currency)
    first = key.desc() if by == "day" else removals.desc()
    return fetch_page(connection, query.order_by(first, key, rows.c.currency), page, _row)


def _key(by: SummaryBy, columns: Any, dialect: str) -> Any:
    match by:
        case "item":
            return columns.item_id
        case "customer":
            return columns.owner
        case "reason":
            return cast(columns.reason, Id)
        case "day" if dialect == "postgresql":
            day = func.timezone("UTC", columns.removed_at, type_=TIMESTAMP())
            return cast(func.to_char(day, "YYYY-MM-DD"), Id)
        case "day":
            return func.substr(columns.removed_at, 1, 10, type_=Text())


def _cart_key(columns: Any) -> Any:
    return columns.owner + "\x1f" + columns.item_id + "\x1f" + columns.cart_id


def _label(by: SummaryBy, columns: Any, key: ColumnElement[str]) -> Any:
    match by:
        case "item":
            return func.max(cast(columns.item_name, Id))  # the greatest by code point, whatever the database's language
        case "customer":
            return func.coalesce(func.max(columns.username), "")
        case _:
            return key


def _row(row: Row[Any]) -> SummaryRow:
    return SummaryRow(
        key=row.key,
        label=row.label,
        currency=row.currency,
        removals=row.removals,
        quantity=int(row.quantity),
        value=Money(int(row.value), row.currency),
        customers=row.customers,
        carts=row.carts,
        lost=row.lost,
        recovered=row.recovered,
        bought_later=row.bought_later,
    )
