"""What the demo prints: where it is, who is who, and lines to paste into another terminal."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

from shopcore_cli.demo_shop import Person

DATABASE = "demo.db"
"""Name of the file in the demo's folder."""

_LINES: Sequence[tuple[str, Sequence[tuple[str | None, str, str]]]] = (
    ("what is for sale", ((None, "", "/api/items?page=1&limit=3"), (None, "", "/api/items/search?q=mug&page=1"))),
    (
        "ann shops: her cart, an item in, an item out, checkout",
        (
            ("ann", "", "/api/cart"),
            ("ann", '{"itemId": "can-01", "quantity": 2}', "/api/cart/items"),
            ("ann", "DELETE", "/api/cart/items/mug-02"),
            ("ann", "{}", "/api/cart/checkout"),
        ),
    ),
    (
        "sam in sales sees what was removed, and what became of it",
        (
            ("sam", "", "/api/removed-items?page=1&limit=5"),
            ("sam", "", "/api/removed-items/summary?by=item&page=1"),
            ("sam", "", "/api/removed-items/export?format=csv"),
        ),
    ),
    (
        "ada runs the shop: more stock, and everybody's carts",
        (
            ("ada", '{"delta": 10, "reason": "delivery"}', "/api/items/cal-01/stock"),
            ("ada", "", "/api/carts?page=1&limit=3"),
        ),
    ),
)
"""Headings, and under each: who asks, with which body or method, and for what."""


def guide(address: str, people: Sequence[Person], tokens: Mapping[str, str], folder: Path) -> str:
    """The whole text; writes the header with each token to a file in `folder`, so that the lines stay short."""
    for name, token in tokens.items():
        (folder / name).write_text(f"Authorization: Bearer {token}\n")
    parts = [
        f"\nThe demo shop is open at {address}\nIts API is explained at   {address}/schema\n",
        f"{'username':<10}{'role':<10}password",
        *(f"{person.username:<10}{person.role:<10}{person.password}" for person in people),
        "\nAccess tokens, good for a day:\n",
        *(f"{name}  {token}" for name, token in tokens.items()),
        "\nPaste any of these lines into another terminal:",
    ]
    for heading, lines in _LINES:
        parts += [f"\n# {heading}", *(_curl(address, folder, *line) for line in lines)]
    parts += ["\n# the same shop from the command line", _command(folder, "removed summary --by item")]
    return "\n".join([*parts, "\nCtrl-C here stops the shop and forgets all of it.\n"])


def _command(folder: Path, words: str) -> str:
    return f"SHOPCORE_DATABASE_URL={shlex.quote(f'sqlite:///{folder / DATABASE}')} shopcore {words}"


def _curl(address: str, folder: Path, name: str | None, body: str, path: str) -> str:
    words = ["curl", "-s", "-w", "\\n"]
    words += ["-H", f"@{folder / name}"] if name else []
    if body.startswith("{"):
        words += ["-H", "Content-Type: application/json", "-d", body]
    elif body:
        words += ["-X", body]
    return shlex.join([*words, f"{address}{path}"])
