"""Requests that make sense, but not in the current state of the shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from shopcore.errors.families import Conflict

if TYPE_CHECKING:
    from shopcore.checkout.model import Problem


@dataclass(eq=False)
class UsernameTaken(Conflict):
    code = "USERNAME_TAKEN"
    text = "the username {username} is taken"
    username: str


@dataclass(eq=False)
class SkuTaken(Conflict):
    code = "SKU_TAKEN"
    text = "the SKU {sku} belongs to another item"
    sku: str


@dataclass(eq=False)
class IdTaken(Conflict):
    code = "ID_TAKEN"
    text = "the id {item_id} belongs to another item"
    item_id: str


@dataclass(eq=False)
class OutOfStock(Conflict):
    """Too few units are left; nothing was changed."""

    code = "INSUFFICIENT_STOCK"
    text = "item {item_id}: {requested} requested, {available} available"
    item_id: str
    requested: int
    available: int


@dataclass(eq=False)
class CustomerLimit(Conflict):
    """The item is rationed; `allowed` is the most that one customer may hold and have bought."""

    code = "CUSTOMER_LIMIT"
    text = "item {item_id}: {requested} requested, {allowed} allowed a customer, {bought} bought already"
    item_id: str
    requested: int
    allowed: int
    bought: int


@dataclass(eq=False)
class ItemUnavailable(Conflict):
    code = "ITEM_UNAVAILABLE"
    text = "item {item_id} is not sold any more"
    item_id: str


@dataclass(eq=False)
class StockHeld(Conflict):
    """Fewer units were counted than shoppers hold; `shortfall` units would have to be taken from carts."""

    code = "STOCK_HELD"
    text = "item {item_id}: carts hold {held}, {shortfall} more than the level asked for"
    item_id: str
    held: int
    shortfall: int


@dataclass(eq=False)
class StockTracked(Conflict):
    code = "STOCK_TRACKED"
    text = "item {item_id} has a stock ledger and cannot become untracked"
    item_id: str


@dataclass(eq=False)
class StockUntracked(Conflict):
    code = "STOCK_UNTRACKED"
    text = "item {item_id} is untracked: it has no stock to change"
    item_id: str


@dataclass(eq=False)
class OtherCurrency(Conflict):
    code = "OTHER_CURRENCY"
    text = "the cart is in {cart_currency}, item {item_id} is sold in {item_currency}"
    item_id: str
    item_currency: str
    cart_currency: str


@dataclass(eq=False)
class CartClosed(Conflict):
    code = "CART_CLOSED"
    text = "cart {cart_id} is closed"
    cart_id: str


@dataclass(eq=False)
class CheckoutRefused(Conflict):
    """Everything that stands between the cart and its order; the error's own code is that of the first."""

    code = "CHECKOUT_REFUSED"
    problems: Sequence[Problem]

    def __post_init__(self) -> None:
        self.code = self.problems[0].code  # type: ignore[misc]

    def __str__(self) -> str:
        return "checkout refused: " + ", ".join(
            f"{problem.code} ({problem.item_id})" if problem.item_id else problem.code for problem in self.problems
        )

    @property
    def facts(self) -> dict[str, Any]:
        first = self.problems[0]
        known = {field.name: getattr(first, field.name) for field in fields(first) if field.name != "code"}
        return {**{name: fact for name, fact in known.items() if fact is not None}, "problems": self.problems}


@dataclass(eq=False)
class CancelWindowClosed(Conflict):
    code = "CANCEL_WINDOW_CLOSED"
    text = "order {order_id} can no longer be cancelled by its owner"
    order_id: str


@dataclass(eq=False)
class AccountErased(Conflict):
    code = "ACCOUNT_ERASED"
    text = "the account {user} was erased"
    user: str


@dataclass(eq=False)
class StaleVersion(Conflict):
    """The cart has changed since the caller looked at it."""

    code = "STALE_VERSION"
    text = "version {expected} was expected, the cart is at version {version}"
    expected: int
    version: int


@dataclass(eq=False)
class KeyReused(Conflict):
    """An idempotency key came back with another request."""

    code = "IDEMPOTENCY_KEY_REUSED"
    text = "this idempotency key was used for another request"


@dataclass(eq=False)
class InProgress(Conflict):
    """Another request with the same idempotency key is still running; try again in a moment."""

    code = "IN_PROGRESS"
    text = "a request with this idempotency key is still running"
