"""Removals on the wire."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from shopcore.facts import Reason
from shopcore.removals.model import Outcome, Removal, SummaryRow
from shopcore_http.reply import amount
from shopcore_http.wire import Amount, CartId, Currency, ItemId, Quantity, Time, Total, UserId

RemovalId = Annotated[str, Meta(examples=["019a3f1f-2b2b-7aaa-8bbb-ccccddddeeee"])]
Units = Annotated[int, Meta(examples=[2])]
MaybeOrder = Annotated[str | None, Meta(examples=[None])]
MaybeTime = Annotated[datetime | None, Meta(examples=[None])]


class RemovalOut(msgspec.Struct, rename="camel", kw_only=True):
    """`quantity` units left a cart. `isDraft` until that very cart is checked out, then `orderId` names its order."""

    id: RemovalId
    item_id: ItemId
    sku: Annotated[str | None, Meta(examples=["MUG-1"])]
    item_name: Annotated[str, Meta(examples=["Mug"])]
    quantity: Quantity
    unit_price: Amount
    currency: Currency
    reason: Annotated[Reason, Meta(examples=["removed"])]
    removed_at: Time
    added_at: Time
    user_id: UserId
    username: Annotated[str | None, Meta(examples=["ann"])]
    cart_id: CartId
    is_draft: Annotated[bool, Meta(examples=[True])]
    order_id: MaybeOrder
    outcome: Annotated[Outcome, Meta(examples=["open"])]
    returned_at: MaybeTime
    bought_later_order_id: MaybeOrder


class SummaryOut(msgspec.Struct, rename="camel", kw_only=True):
    key: ItemId
    label: Annotated[str, Meta(examples=["Mug"])]
    currency: Currency
    removals: Units
    quantity: Units
    value: Total
    customers: Units
    carts: Units
    lost: Units
    recovered: Units
    bought_later: Units


def removal_of(removal: Removal) -> RemovalOut:
    return RemovalOut(
        id=removal.id,
        item_id=removal.item_id,
        sku=removal.sku,
        item_name=removal.item_name,
        quantity=removal.quantity,
        unit_price=amount(removal.unit_price),
        currency=removal.unit_price.currency,
        reason=removal.reason,
        removed_at=removal.removed_at,
        added_at=removal.added_at,
        user_id=removal.owner,
        username=removal.username,
        cart_id=removal.cart_id,
        is_draft=removal.is_draft,
        order_id=removal.order_id,
        outcome=removal.outcome,
        returned_at=removal.returned_at,
        bought_later_order_id=removal.bought_later_order_id,
    )


def row_of(row: SummaryRow) -> SummaryOut:
    return SummaryOut(
        key=row.key,
        label=row.label,
        currency=row.currency,
        removals=row.removals,
        quantity=row.quantity,
        value=amount(row.value),
        customers=row.customers,
        carts=row.carts,
        lost=row.lost,
        recovered=row.recovered,
        bought_later=row.bought_later,
    )
