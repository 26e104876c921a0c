"""What each scenario asks of the shop, request by request, and what it was promised."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bench.load import Script
from bench.shop import HOT, THINGS, WORDS, House, Shopper


@dataclass
class Promises:
    """What shoppers were told: units of stock that changed hands, and orders."""

    on_hand: int = 0
    held: int = 0
    orders: int = 0


Play = Callable[[House, Sequence[Shopper], Promises, random.Random], Script]


@dataclass(frozen=True)
class Scenario:
    """`lines`: what each of the shoppers has in the cart before; None leaves carts as they are.

    `bare` and `reference`: what of the bare handler and of pgbench it is compared with. A scenario that uses up what
    it finds in carts ends when the first connection has nothing left to do.
    """

    name: str
    play: Play
    shoppers: str
    lines: int | None = None
    writes: bool = True
    bare: str = ""
    reference: str = ""

    def playing(self, house: House, connections: int) -> Sequence[Shopper]:
        """Who takes part; where carts are filled first, no more than that many connections get through."""
        shoppers: tuple[Shopper, ...] = getattr(house, self.shoppers)
        return shoppers if self.lines is None else shoppers[: max(connections, 500) if connections < 16 else None]

    def scripts(
        self, house: House, shoppers: Sequence[Shopper], connections: int, promises: Promises, seed: int
    ) -> list[Script]:
        """One for each connection; no two share a shopper."""
        return [
            self.play(house, shoppers[number::connections], promises, random.Random(seed * 1_000 + number))
            for number in range(connections)
        ]

    @property
    def used_up(self) -> bool:
        return bool(self.lines)


def request(method: str, path: str, shopper: Shopper | None = None, body: object = None) -> bytes:
    head = [f"{method} {path} HTTP/1.1", "Host: shop"]
    if shopper is not None:
        head.append(f"Authorization: Bearer {shopper.token}")
    content = b"" if body is None else json.dumps(body).encode()
    if body is not None:
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join([*head, "", ""]).encode() + content


class Wishes:
    """Requests to add, put together from halves that are made once."""

    def __init__(self, shoppers: Sequence[Shopper], items: Sequence[str]) -> None:
        self._heads = {
            shopper.owner: request("POST", "/api/cart/items", shopper).removesuffix(b"\r\n") for shopper in shoppers
        }
        whole = {item: request("POST", "", None, {"itemId": item, "quantity": 1}) for item in items}
        self._tails = {item: text.partition(b"Host: shop\r\n")[2] for item, text in whole.items()}

    def of(self, shopper: Shopper, item: str) -> bytes:
        return self._heads[shopper.owner] + self._tails[item]


def add(house: House, shoppers: Sequence[Shopper], promises: Promises, chance: random.Random) -> Script:
    wishes = Wishes(shoppers, sorted({item for shopper in shoppers for item in shopper.items}))
    while True:
        shopper = chance.choice(shoppers)
        if (yield wishes.of(shopper, chance.choice(shopper.items))) == 200:
            promises.held += 1


def add_hot(house: House, shoppers: Sequence[Shopper], promises: Promises, chance: random.Random) -> Script:
    wishes = Wishes(shoppers, [HOT])
    while True:
        if (yield wishes.of(chance.choice(shoppers), HOT)) == 200:
            promises.held += 1


def remove(house: House, shoppers: Sequence[Shopper], promises: Promises, chance: random.Random) -> Script:
    for place in range(5):
        for shopper in shoppers:
            if (yield request("DELETE", f"/api/cart/items/{shopper.items[place]}", shopper)) == 200:
                promises.held -= 1


def read_cart(house: House, shoppers: Sequence[Shopper], promises: Promises, chance: random.Random) -> Script:
    looks = [request("GET", "/api/cart", shopper) for shopper in shoppers]
    while True:
        yield chance.choice(looks)


def check_out(units: int) -> Play:
    def play(house: House, shoppers: Sequence[Shopper], promises: Promises, chance: random.Random) -> Script:
        for shopper in shoppers:
            if (yield request("POST", "/api/cart/checkout", shopper, {})) == 201:
                _sold(promises, units)

    return play


def pages(page: int) -> Play:
    def play(house: House, shoppers: Sequence[Shopper], promises: Promises, chance: random.Random) -> Script:
        look = request("GET", f"/api/items?page={page}&limit=20")
        while True:
            yield look

    return play


def search(house: House, shoppers: Sequence[Shopper], promises: Promises, chance: random.Random) -> Script:
    looks = [request("GET", f"/api/items/search?q={one}+{other}&page=1") for one in WORDS for other in THINGS]
    while True:
        yield chance.choice(looks)


def visit(house: House, shoppers: Sequence[Shopper], promises: Promises, chance: random.Random) -> Script:
    """A shopper looks around, puts three items in the cart, takes one out again and buys the others."""
    look = _looks(house, chance)
    wishes = Wishes(shoppers, sorted({item for shopper in shoppers for item in shopper.items}))
    while True:
        shopper = chance.choice(shoppers)
        units = 0
        yield next(look)
        yield next(look)
        for item in shopper.items[:3]:
            yield next(look)
            if (yield wishes.of(shopper, item)) == 200:
                promises.held += 1
                units += 1
        yield request("GET", "/api/cart", shopper)
        if (yield request("DELETE", f"/api/cart/items/{shopper.items[1]}", shopper)) == 200:
            promises.held -= 1
            units -= 1
        yield next(look)
        yield request("GET", "/api/cart", shopper)
        if (yield request("POST", "/api/cart/checkout", shopper, {})) == 201:
            _sold(promises, units)


def _looks(house: House, chance: random.Random) -> Iterator[bytes]:
    while True:
        yield request("GET", f"/api/items?page={chance.randint(1, 10)}&limit=20")
        yield request("GET", f"/api/items/{chance.choice(house.items)}")
        yield request("GET", f"/api/items/search?q={chance.choice(WORDS)}&page=1")


def _sold(promises: Promises, units: int) -> None:
    promises.on_hand -= units
    promises.held -= units
    promises.orders += 1


ADD = Scenario("add, 1,000 items", add, "adders", bare="add", reference="uniform")
ADD_HOT = Scenario("add, one hot item", add_hot, "adders", bare="add", reference="hot")
READ_CART = Scenario("read cart", read_cart, "readers", writes=False, bare="read")
CHECKOUT_5 = Scenario("checkout, 5 lines", check_out(5), "buyers", lines=5)
SCENARIOS = (
    ADD,
    ADD_HOT,
    Scenario("remove", remove, "buyers", lines=5),
    READ_CART,
    Scenario("list, page 1", pages(1), "readers", writes=False),
    Scenario("list, page 40", pages(40), "readers", writes=False),
    Scenario("search", search, "readers", writes=False),
    Scenario("checkout, 1 line", check_out(1), "buyers", lines=1),
    CHECKOUT_5,
    Scenario("mixed visits", visit, "visitors", lines=0),
)
