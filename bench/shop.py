"""A shop to be put under load: items, shoppers with carts and live sessions, all made through the library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

from shopcore import AddItem, Shop
from shopcore.accounts import rules
from shopcore.accounts.facts import UserAdded
from shopcore.accounts.model import AccessClaims, Session, User
from shopcore.carts.commands import CartCommand, ClearCart
from shopcore.carts.model import Cart
from shopcore.carts.view import CartView
from shopcore.catalog.rules import check_item
from shopcore.checkout.rules import open_cart
from shopcore.facts import Fact
from shopcore.ids import Uuid7
from shopcore.policy import Policy
from shopcore.record import record
from shopcore.store import Transaction
from shopcore.turn import Turn
from shopcore_security import JwtTokens
from shopcore_sql import SqlStore

T = TypeVar("T")
BATCH = 100
STOCK = 100_000_000
HOT = "hot"
DAY = timedelta(days=1)
POLICY = Policy(hold_time=timedelta(hours=10), hold_cap=timedelta(hours=10))
WORDS = ("cotton", "steel", "walnut", "linen", "copper", "glass", "paper", "wool", "clay", "cork")
THINGS = ("mug", "lamp", "chair", "shirt", "notebook", "kettle", "scarf", "bowl", "clock", "basket")

PASSWORD = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5bG9nc2lu$Tm9ib2R5IGxvZ3MgaW4gd2l0aCB0aGlzIHBhc3N3b3Jk"
"""Of the right form, and nobody's: thousands of real ones would take minutes, and the load logs nobody in."""


@dataclass(frozen=True)
class Shopper:
    """`items` are the few that this shopper puts in the cart: carts stay as small as those of real people."""

    owner: str
    token: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class House:
    """A stocked shop. Each kind of scenario has shoppers of its own, who find their carts as they left them."""

    shop: Shop
    items: tuple[str, ...]
    adders: tuple[Shopper, ...]
    buyers: tuple[Shopper, ...]
    readers: tuple[Shopper, ...]
    visitors: tuple[Shopper, ...]


def stocked(url: str, secret: str, *, items: int = 1_000, shoppers: int = 2_000) -> House:
    """A new shop at `url`, which is an empty database: `items`, and `shoppers` of each kind."""
    shop = Shop(SqlStore(url, migrate=True), policy=POLICY)
    ids = tuple(f"item-{number:05}" for number in range(items))
    for some in batches([*ids, HOT]):
        drafts = [
            check_item(
                item_id=item,
                name=f"{WORDS[hash_of(item) % 10]} {THINGS[hash_of(item) // 10 % 10]} {item}",
                price=f"{1 + hash_of(item) % 90}.50",
                currency=POLICY.currency,
                stock=STOCK,
            )
            for item in some
        ]
        for outcome in shop.imports.run(drafts, actor="bench"):
            assert outcome.outcome == "added", outcome
    kinds = [_enrol(shop, kind, ids, secret, shoppers) for kind in ("adder", "buyer", "reader", "visitor")]
    house = House(shop, ids, *kinds)
    fill(shop, house.readers, lines=3)
    return house


def fill(shop: Shop, shoppers: Sequence[Shopper], *, lines: int) -> None:
    """Make every one of these carts hold one unit of each of the first `lines` items of its shopper."""
    for some in batches(shoppers):
        commands: list[CartCommand] = [ClearCart(owner=shopper.owner) for shopper in some]
        commands += [AddItem(owner=shopper.owner, item_id=item) for shopper in some for item in shopper.items[:lines]]
        for outcome in shop.carts.handle(commands):
            outcome.take(CartView)


def hash_of(item: str) -> int:
    """The same in every run, unlike Python's own."""
    return sum(ord(letter) * pow(131, place, 1_000_003) for place, letter in enumerate(item)) % 1_000_003


def _enrol(shop: Shop, kind: str, items: Sequence[str], secret: str, count: int) -> tuple[Shopper, ...]:
    now = datetime.now(UTC).replace(microsecond=0)
    turn = Turn(now=now, actor="bench", policy=POLICY, make_id=Uuid7())
    tokens = JwtTokens([secret.encode()])
    shoppers: list[Shopper] = []
    for names in batches([f"{kind}-{number}" for number in range(count)]):
        users = [
            User(id=turn.make_id(), username=name, name_folded=name, password_hash=PASSWORD, created_at=now)
            for name in names
        ]
        sessions = shop.store.write(partial(_enter, users=users, turn=turn))
        for user, session in zip(users, sessions, strict=True):
            claims = AccessClaims(
                token_id=turn.make_id(), user_id=user.id, session_id=session.id, issued_at=now, expires_at=now + DAY
            )
            number = len(shoppers)
            chosen = tuple(items[(number * 7_919 + place * 104_729) % len(items)] for place in range(5))
            shoppers.append(Shopper(user.id, tokens.issue_access(claims), chosen))
    return tuple(shoppers)


def _enter(tx: Transaction, users: Sequence[User], turn: Turn) -> list[Session]:
    """What a sign-up and a login leave behind, for many at once."""
    facts: list[Fact] = []
    carts: dict[str, Cart] = {}
    for user in users:
        opened = open_cart(user.id, turn)
        carts[opened.cart_id] = Cart.opened(opened)
        facts += [opened, UserAdded(**turn.stamp(f"{user.id}/added"), user_id=user.id, role=user.role)]
    record(tx, facts, carts)
    tx.users.add(users)
    sessions = [
        Session(id=turn.make_id(), user_id=user.id, created_at=turn.now, expires_at=turn.now + DAY) for user in users
    ]
    for session in sessions:
        tx.sessions.add(session, rules.new_token(session.id, session.id, turn.now, DAY))
    return sessions


def batches(many: Sequence[T], size: int = BATCH) -> Iterator[list[T]]:
    rest = iter(many)
    while some := list(islice(rest, size)):
        yield some
