"""Stock of an item, for staff: how much there is, how it came about, and changing it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from shopcore.errors import ItemNotFound, StockHeld, StockUntracked
from shopcore.inventory.model import Level
from shopcore.journal.model import Entry
from shopcore_http.counter import Counter
from shopcore_http.door import SALES, SUPPORT, Asker
from shopcore_http.endpoint import endpoint
from shopcore_http.headers import idempotency_key, replayed
from shopcore_http.reply import Reply, reply
from shopcore_http.wire import CartId, OrderId, Time, UserId

Units = Annotated[int, Meta(examples=[10])]
MAX_CHANGE = 10**9


class ChangeStock(msgspec.Struct, rename="camel", kw_only=True):
    """Either `delta`, units that came or went, or `onHand`, units that were counted.

    Less than is held is refused, unless `release` says from whom units may be taken back.
    """

    delta: Annotated[Annotated[int, Meta(ge=-MAX_CHANGE, le=MAX_CHANGE)] | None, Meta(examples=[5])] = None
    on_hand: Annotated[int, Meta(ge=0, le=MAX_CHANGE)] | None = None
    reason: Annotated[str, Meta(min_length=1, max_length=500, examples=["delivery"])]
    release: (
        Annotated[Literal["newest-first"], Meta(description="Take units back from the carts that took them last.")]
        | None
    ) = None


class LevelOut(msgspec.Struct, rename="camel"):
    on_hand: Units
    held: Annotated[int, Meta(examples=[2])]
    available: Annotated[int, Meta(examples=[8])]


class Equation(msgspec.Struct):
    """Together: received + adjusted + restocked - sold = onHand."""

    received: Annotated[int, Meta(examples=[12])]
    adjusted: Annotated[int, Meta(examples=[-1])]
    restocked: Annotated[int, Meta(examples=[0])]
    sold: Annotated[int, Meta(examples=[1])]


class LedgerEntry(msgspec.Struct, rename="camel", kw_only=True):
    """What changed the level; `onHand` and `held` say by how many units."""

    kind: Annotated[str, Meta(examples=["stock_received"])]
    at: Time
    actor: UserId
    on_hand: Units
    held: Annotated[int, Meta(examples=[0])]
    reason: Annotated[str | None, Meta(examples=["delivery"])]
    cart_id: CartId | None
    order_id: OrderId | None


class StockOut(LevelOut, rename="camel", kw_only=True):
    equation: Equation
    entries: list[LedgerEntry]


@endpoint(
    "POST",
    "/{item_id:str}/stock",
    allow=SUPPORT,
    tag="stock",
    summary="Change an item's stock",
    refuses=[ItemNotFound, StockHeld, StockUntracked],
    keyed=True,
)
async def change_stock(request: Asker, item_id: str, data: ChangeStock, counter: Counter) -> Reply[LevelOut]:
    key = await idempotency_key(request, "change-stock")
    with counter.answering(key):
        answer = await counter.do(
            counter.shop.inventory.change,
            item_id,
            reason=data.reason,
            actor=request.user.user_id,
            delta=data.delta,
            on_hand=data.on_hand,
            release_holds=data.release,
            key=key,
        )
    return reply(_level(answer.value), headers=replayed(answer.replayed))


@endpoint(
    "GET",
    "/{item_id:str}/stock",
    allow=SALES,
    tag="stock",
    summary="How an item's stock came about",
    refuses=[ItemNotFound, StockUntracked],
)
async def show_stock(item_id: str, counter: Counter) -> StockOut:
    """The newest 50 entries of the ledger, and its sums over all time."""
    found = await counter.do(counter.shop.inventory.explain, item_id)
    sums = found.equation
    return StockOut(
        on_hand=found.level.on_hand,
        held=found.level.held,
        available=found.level.available,
        equation=Equation(sums.received, sums.adjusted, sums.restocked, sums.sold),
        entries=[_entry(entry) for entry in found.entries],
    )


def _level(level: Level) -> LevelOut:
    return LevelOut(level.on_hand, level.held, level.available)


def _entry(entry: Entry) -> LedgerEntry:
    return LedgerEntry(
        kind=entry.kind,
        at=entry.at,
        actor=entry.actor,
        on_hand=entry.on_hand,
        held=entry.held,
        reason=entry.data.get("reason"),
        cart_id=entry.cart_id,
        order_id=entry.order_id,
    )


HANDLERS = [change_stock, show_stock]
