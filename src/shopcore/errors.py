"""What can go wrong, as facts: every error belongs to one of six families and has a code of its own.

An error names what happened and carries the facts as attributes; it knows nothing of HTTP or exit codes.
A front end maps the family (and, where it must, the class) to its own answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from shopcore.checkout.model import Problem


class ShopError(Exception):
    """Root of everything that shopcore raises on purpose."""

    code: ClassVar[str] = "ERROR"
    text: ClassVar[str] = ""

    def __str__(self) -> str:
        return self.text.format_map({field.name: getattr(self, field.name) for field in fields(self)})  # type: ignore[arg-type]

    def __reduce__(self) -> tuple[Any, ...]:
        # An exception is pickled by its positional arguments: facts given by name would be lost between processes.
        return partial(type(self), **{field.name: getattr(self, field.name) for field in fields(self)}), ()  # type: ignore[arg-type]

    @property
    def facts(self) -> dict[str, Any]:
        """What is known about the failure, by name, without what is absent."""
        known = {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]
        return {name: value for name, value in known.items() if value is not None and value != ()}


class Invalid(ShopError):
    """The request itself makes no sense, whatever the state of the shop."""

    code = "INVALID"


class Unauthenticated(ShopError):
    """Nobody knows who is asking."""

    code = "UNAUTHENTICATED"


class Denied(ShopError):
    """The caller is known, and may not."""

    code = "DENIED"


class NotFound(ShopError):
    """There is no such thing, or it is not yours to see."""

    code = "NOT_FOUND"


class Conflict(ShopError):
    """The request makes sense, but not in the current state of the shop."""

    code = "CONFLICT"


class Unavailable(ShopError):
    """A resource is exhausted or out of reach; the same request may succeed later."""

    code = "UNAVAILABLE"


# ---- invalid


@dataclass(eq=False)
class InvalidInput(Invalid):
    """One or more fields are not acceptable; `errors` lists every one that was found."""

    code = "INVALID_INPUT"
    text = "{field}: {reason}"
    field: str
    reason: str
    errors: Sequence[Mapping[str, str]] = ()


@dataclass(eq=False)
class CurrencyMismatch(Invalid):
    code = "CURRENCY_MISMATCH"
    text = "amounts in {left} and {right} cannot be combined"
    left: str
    right: str


# ---- unauthenticated and denied


@dataclass(eq=False)
class BadCredentials(Unauthenticated):
    code = "BAD_CREDENTIALS"
    text = "the username or the password is wrong"


@dataclass(eq=False)
class InvalidToken(Unauthenticated):
    code = "INVALID_TOKEN"
    text = "the token is not valid: {reason}"
    reason: str


@dataclass(eq=False)
class RoleRequired(Denied):
    code = "ROLE_REQUIRED"
    text = "this needs one of the roles {roles}"
    roles: Sequence[str]


@dataclass(eq=False)
class SignupClosed(Denied):
    code = "SIGNUP_CLOSED"
    text = "this shop does not take sign-ups"


# ---- not found


@dataclass(eq=False)
class ItemNotFound(NotFound):
    code = "ITEM_NOT_FOUND"
    text = "there is no item {item_id}"
    item_id: str


@dataclass(eq=False)
class NotInCart(NotFound):
    code = "NOT_IN_CART"
    text = "item {item_id} is not in the cart"
    item_id: str


@dataclass(eq=False)
class CartNotFound(NotFound):
    code = "CART_NOT_FOUND"
    text = "there is no cart {cart_id}"
    cart_id: str


@dataclass(eq=False)
class OrderNotFound(NotFound):
    code = "ORDER_NOT_FOUND"
    text = "there is no order {order_id}"
    order_id: str


@dataclass(eq=False)
class UserNotFound(NotFound):
    code = "USER_NOT_FOUND"
    text = "there is no user {user}"
    user: str


@dataclass(eq=False)
class PromoNotFound(NotFound):
    code = "PROMO_NOT_FOUND"
    text = "there is no promo code {promo_code}"
    promo_code: str


# ---- conflict


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
    text = "item {item_id}: {held} units are held in carts, {shortfall} more than the level asked for"
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


# ---- unavailable


@dataclass(eq=False)
class StoreUnavailable(Unavailable):
    """The store cannot answer now; nothing was changed by this request, unless its answer was lost."""

    code = "STORE_UNAVAILABLE"
    text = "the store is out of reach: {reason}"
    reason: str


@dataclass(eq=False)
class StoreBusy(Unavailable):
    """Others held what was needed for too long; nothing was changed."""

    code = "STORE_BUSY"
    text = "the store is busy, try again"


@dataclass(eq=False)
class StoreOutdated(Unavailable):
    """The database's schema is not the one this program works with."""

    code = "STORE_OUTDATED"
    text = "the database is at version {found}, this program needs {needed}: {remedy}"
    found: str
    needed: str
    remedy: str


@dataclass(eq=False)
class TooManyLogins(Unavailable):
    """More passwords wait to be hashed than the machine can take on; nothing was changed."""

    code = "TOO_MANY_LOGINS"
    text = "too many passwords are being checked, try again"


@dataclass(eq=False)
class NotConfigured(Unavailable):
    code = "NOT_CONFIGURED"
    text = "{what} is not configured: {remedy}"
    what: str
    remedy: str


class LostRace(Exception):
    """Raised by a store when a guard failed: somebody else was first. `Store.write` then runs the work again.

    Never reaches a caller of the shop.
    """
