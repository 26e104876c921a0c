"""Requests that cannot be met, whatever the state of the shop: wrong, from nobody, not allowed, about nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shopcore.errors.families import Denied, Invalid, NotFound, Unauthenticated


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
    roles: Sequence[str]

    def __str__(self) -> str:
        return f"this needs the role {' or '.join(self.roles)}"


@dataclass(eq=False)
class SignupClosed(Denied):
    code = "SIGNUP_CLOSED"
    text = "this shop does not take sign-ups"


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
