"""Carts on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from shopcore.carts.model import CartStatus
from shopcore.carts.view import CartView, LineView, ShownHold
from shopcore.checkout.model import Problem, ProblemCode
from shopcore.money import Money
from shopcore.orders.model import Discount
from shopcore_http.reply import amount, amount_of
from shopcore_http.wire import Amount, CartId, Currency, ItemId, Nothing, Quantity, Total

Until = Annotated[datetime | None, Meta(description="null: for good.", examples=["2026-01-31T12:15:00Z"])]


class HoldOut(msgspec.Struct):
    """`live`: the stock is the shopper's. `expired`, `unavailable`: the shop took it back. `none`: it needs none."""

    state: Annotated[ShownHold, Meta(examples=["live"])]
    until: Until


class ReservationOut(msgspec.Struct):
    state: str
    id: str | None


class LineOut(msgspec.Struct, rename="camel"):
    item_id: ItemId
    name: Annotated[str, Meta(examples=["Mug"])]
    unit_price: Amount
    quantity: Quantity
    line_total: Total
    hold: HoldOut
    reservation: Annotated[
        ReservationOut | None, Meta(description="null: no outside service is asked for this item.", examples=[None])
    ]


class DiscountOut(msgspec.Struct, omit_defaults=True):
    label: str
    amount: Amount
    code: str | None = None
    offer: str | None = None


class ProblemOut(msgspec.Struct, rename="camel", kw_only=True):
    """One reason why checkout would refuse; the other fields are the facts that belong to the code."""

    code: ProblemCode
    item_id: ItemId | UnsetType = UNSET
    requested: Annotated[int, Meta(examples=[9])] | UnsetType = UNSET
    available: Annotated[int, Meta(examples=[2])] | UnsetType = UNSET
    old: Amount | UnsetType = UNSET
    new: Amount | UnsetType = UNSET
    promo_code: Annotated[str, Meta(examples=["SPRING10"])] | UnsetType = UNSET


class CartOut(msgspec.Struct, rename="camel", kw_only=True):
    """A cart at today's prices: subtotal - discount = total, always, exactly."""

    id: CartId
    status: Annotated[CartStatus, Meta(examples=["active"])]
    version: Annotated[int, Meta(examples=[3])]
    currency: Currency
    items: list[LineOut]
    subtotal: Total
    discount: Nothing
    total: Total
    discounts: Annotated[list[DiscountOut], Meta(examples=[[]])]
    problems: Annotated[list[ProblemOut], Meta(examples=[[]])]


def cart_of(cart: CartView) -> CartOut:
    return CartOut(**cart_fields(cart))


def cart_fields(cart: CartView) -> dict[str, Any]:
    """The fields of a CartOut."""
    return {
        "id": cart.id,
        "status": cart.status,
        "version": cart.version,
        "currency": cart.currency,
        "items": [_line(line) for line in cart.lines],
        "subtotal": amount(cart.subtotal),
        "discount": amount(cart.discount),
        "total": amount(cart.total),
        "discounts": [discount_of(discount) for discount in cart.discounts],
        "problems": [_problem(problem) for problem in cart.problems],
    }


def discount_of(discount: Discount) -> DiscountOut:
    return DiscountOut(discount.label, amount(discount.amount), discount.code, discount.offer)


def _line(line: LineView) -> LineOut:
    price = line.unit_price
    return LineOut(
        item_id=line.item_id,
        name=line.name,
        unit_price=amount_of(price.amount, price.currency),
        quantity=line.quantity,
        line_total=amount_of(price.amount * line.quantity, price.currency),
        hold=HoldOut(line.hold, line.until),
        reservation=None,
    )


def _problem(problem: Problem) -> ProblemOut:
    return ProblemOut(
        code=problem.code,
        item_id=_known(problem.item_id),
        requested=_known(problem.requested),
        available=_known(problem.available),
        old=_price(problem.old),
        new=_price(problem.new),
        promo_code=_known(problem.promo_code),
    )


def _known(value: Any) -> Any:
    return UNSET if value is None else value


def _price(money: Money | None) -> Any:
    return UNSET if money is None else amount(money)
