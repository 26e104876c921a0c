"""Carts and what happened to them, as documents and as rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from shopcore.carts.view import CartView, LineView
from shopcore.checkout.model import Problem
from shopcore.journal.model import Entry
from shopcore.money import Money
from shopcore.orders.model import Discount

Names = Mapping[str, str | None]


def cart_document(cart: CartView, names: Names) -> dict[str, Any]:
    """A cart as staff get it from the API."""
    return {
        "id": cart.id,
        "userId": cart.owner,
        "username": names[cart.owner],
        "status": cart.status,
        "version": cart.version,
        "currency": cart.currency,
        "items": [_line_document(line) for line in cart.lines],
        "subtotal": cart.subtotal.major,
        "discount": cart.discount.major,
        "total": cart.total.major,
        "discounts": [discount_document(discount) for discount in cart.discounts],
        "problems": [problem_document(problem) for problem in cart.problems],
        "openedAt": cart.opened_at,
        "changedAt": cart.changed_at,
        "orderId": cart.order_id,
    }


def _line_document(line: LineView) -> dict[str, Any]:
    return {
        "itemId": line.item_id,
        "name": line.name,
        "unitPrice": line.unit_price.major,
        "quantity": line.quantity,
        "lineTotal": line.line_total.major,
        "hold": {"state": line.hold, "until": line.until},
    }


def discount_document(discount: Discount) -> dict[str, Any]:
    source = {"code": discount.code} if discount.code else {"offer": discount.offer}
    return {**source, "label": discount.label, "amount": discount.amount.major}


def problem_document(problem: Problem) -> dict[str, Any]:
    """The code and the facts that belong to it."""
    facts = {
        "code": problem.code,
        "itemId": problem.item_id,
        "requested": problem.requested,
        "available": problem.available,
        "old": problem.old and problem.old.major,
        "new": problem.new and problem.new.major,
        "promoCode": problem.promo_code,
    }
    return {name: value for name, value in facts.items() if value is not None}


def cart_row(cart: CartView, names: Names) -> dict[str, Any]:
    return {
        "id": cart.id,
        "user": names[cart.owner] or cart.owner,
        "status": cart.status,
        "lines": len(cart.lines),
        "units": sum(line.quantity for line in cart.lines),
        "total": cart.total,
        "problems": ", ".join(dict.fromkeys(problem.code for problem in cart.problems)) or None,
        "changed": cart.changed_at,
    }


def line_rows(cart: CartView) -> list[dict[str, Any]]:
    return [
        {
            "item": line.item_id,
            "name": line.name,
            "units": line.quantity,
            "price": line.unit_price,
            "total": line.line_total,
            "hold": _hold(line),
            "until": line.until,
        }
        for line in cart.lines
    ]


def hold_rows(cart: CartView) -> list[dict[str, Any]]:
    return [
        {"item": line.item_id, "name": line.name, "units": line.quantity, "hold": _hold(line), "until": line.until}
        for line in cart.lines
    ]


def _hold(line: LineView) -> str:
    if line.hold == "live" and line.until is not None and line.until <= datetime.now(UTC):
        return "overdue"
    return "not needed" if line.hold == "none" else line.hold


def entry_document(entry: Entry) -> dict[str, Any]:
    """A journalled fact; `onHand` and `held` are what it did to the item's stock, in units."""
    return {
        "kind": entry.kind,
        "at": entry.at,
        "actor": entry.actor,
        "cartId": entry.cart_id,
        "itemId": entry.item_id,
        "orderId": entry.order_id,
        "onHand": entry.on_hand,
        "held": entry.held,
        "facts": _facts(entry.data),
    }


def entry_row(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "what": entry.kind,
        "item": entry.item_id,
        "units": entry.data.get("quantity"),
        "on hand": f"{entry.on_hand:+d}" if entry.on_hand else None,
        "held": f"{entry.held:+d}" if entry.held else None,
        "by": entry.actor,
        "why": entry.data.get("reason"),
    }


def _facts(value: Any) -> Any:
    """What the journal keeps of a fact, as the API has it: it keeps money in minor units, and other names."""
    if isinstance(value, Mapping) and value.keys() == {"amount", "currency"}:
        return Money(value["amount"], value["currency"]).major
    if isinstance(value, Mapping):
        return {_camel(name): _facts(part) for name, part in value.items() if part is not None}
    if isinstance(value, list | tuple):
        return [_facts(part) for part in value]
    return value


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)
