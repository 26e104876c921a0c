"""What stands between a cart and its order, in words, with what would help."""

from __future__ import annotations

from typing import Any

from shopcore.carts.view import CartView
from shopcore.checkout.model import Problem
from shopcore.text import number_of
from shopcore_cli.cart_documents import Names, problem_document


def explanation(cart: CartView, names: Names) -> dict[str, Any]:
    return {
        "cartId": cart.id,
        "userId": cart.owner,
        "username": names[cart.owner],
        "status": cart.status,
        "orderId": cart.order_id,
        "total": cart.total.major,
        "currency": cart.currency,
        "canCheckOut": cart.status == "active" and not cart.problems,
        "promotion": None,
        "problems": [
            {**problem_document(problem), "why": _why(problem, cart), "remedy": _remedy(problem, cart)}
            for problem in cart.problems
        ],
        "holds": [
            {"itemId": line.item_id, "quantity": line.quantity, "state": line.hold, "until": line.until}
            for line in cart.lines
        ],
    }


def summary(cart: CartView, names: Names) -> dict[str, Any]:
    """The explanation for people: a line for each thing to know, numbered problems last."""
    said = {
        "cart": f"{cart.id} of {names[cart.owner] or cart.owner}",
        "checkout": _verdict(cart),
        "total": str(cart.total),
        "promotion": "none",
    }
    for number, problem in enumerate(cart.problems, start=1):
        said[f"problem {number}"] = _why(problem, cart)
        said[f"remedy {number}"] = _remedy(problem, cart)
    return said


def _verdict(cart: CartView) -> str:
    if cart.status == "ordered":
        return f"done, as order {cart.order_id}"
    if cart.status == "abandoned":
        return "never happened: the cart was abandoned"
    return f"refused, for {number_of(len(cart.problems), 'reason')}" if cart.problems else "possible now"


def _why(problem: Problem, cart: CartView) -> str:
    name = _name(problem, cart)
    match problem.code:
        case "CART_EMPTY":
            return "there is nothing in the cart"
        case "INSUFFICIENT_STOCK":
            return f"{name}: {number_of(problem.requested or 0, 'unit')} wanted, {problem.available} can be had"
        case "HOLD_EXPIRED":
            wanted = number_of(problem.requested or 0, "unit")
            return f"{name}: {wanted} were held too long and given back, {problem.available} can be had now"
        case "PRICE_CHANGED":
            return f"{name}: the price rose from {problem.old} to {problem.new} since it was put in the cart"
        case "ITEM_UNAVAILABLE":
            return f"{name} is not sold any more"
        case "PROMO_NOT_FOUND":
            return f"there is no promo code {problem.promo_code}"


def _remedy(problem: Problem, cart: CartView) -> str:
    match problem.code:
        case "CART_EMPTY":
            return "the shopper puts something in it"
        case "INSUFFICIENT_STOCK" | "HOLD_EXPIRED" if problem.available:
            return f"the shopper takes {problem.available}, or more stock comes in"
        case "INSUFFICIENT_STOCK" | "HOLD_EXPIRED":
            return "the shopper takes it out, or more stock comes in"
        case "PRICE_CHANGED":
            return f"the shopper agrees by checking out with the new total, expectedTotal {cart.total.major}"
        case "ITEM_UNAVAILABLE":
            return "the shopper takes it out"
        case "PROMO_NOT_FOUND":
            return "the shopper takes the code out"


def _name(problem: Problem, cart: CartView) -> str:
    return next((line.name for line in cart.lines if line.item_id == problem.item_id), problem.item_id or "the cart")
