"""Removals as documents and as rows."""

from __future__ import annotations

from typing import Any

from shopcore.removals.export import COLUMNS
from shopcore.removals.model import Removal, SummaryRow


def removal_document(removal: Removal) -> dict[str, Any]:
    """A record as the API shows it, and as exports have it."""
    return {name: value(removal) for name, value in COLUMNS.items()}


def removal_row(removal: Removal) -> dict[str, Any]:
    return {
        "removed": removal.removed_at,
        "user": removal.username or removal.owner,
        "item": removal.item_id,
        "name": removal.item_name,
        "units": removal.quantity,
        "price": removal.unit_price,
        "reason": removal.reason,
        "outcome": removal.outcome,
        "later": ", ".join(
            said
            for said, happened in (("put back", removal.returned_at), ("bought", removal.bought_later_order_id))
            if happened
        )
        or None,
    }


def summary_document(row: SummaryRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "label": row.label,
        "removals": row.removals,
        "quantity": row.quantity,
        "value": row.value.major,
        "currency": row.currency,
        "customers": row.customers,
        "carts": row.carts,
        "lost": row.lost,
        "recovered": row.recovered,
        "boughtLater": row.bought_later,
    }


def summary_row(row: SummaryRow) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": None if row.label in ("", row.key) else row.label,
        "removals": row.removals,
        "units": row.quantity,
        "value": row.value,
        "customers": row.customers,
        "carts": row.carts,
        "lost": row.lost,
        "recovered": row.recovered,
        "bought later": row.bought_later,
    }
