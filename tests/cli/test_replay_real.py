"""A sample of a real shop's events, on every store."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from event_files import contents, replayed
from shopcore_memory import MemoryStore
from shopcore_settings import Settings, open_shop
from shopcore_testing.sound import must_be_sound
from terminal import Terminal

WITH_PREFILL = {
    **{"prefilled": 372, "added": 786, "raised": 89, "removed": 429, "refused": 234},
    **{"orders": 16, "orderLines": 150, "removedFinal": 63, "removedDraft": 366},
}
WITHOUT = {
    **{"prefilled": 0, "added": 786, "raised": 89, "removed": 165, "refused": 498},
    **{"orders": 12, "orderLines": 42, "removedFinal": 48, "removedDraft": 117},
}
"""Counted independently of this program."""


@pytest.fixture
def events(real_data: Path) -> Path:
    return real_data / "events" / "cosmetics.csv.gz"


def of(document: dict[str, Any], names: dict[str, int]) -> dict[str, int]:
    return {name: document[name] for name in names}


def test_a_replay_comes_to_what_was_counted_independently(terminal: Terminal, events: Path) -> None:
    counts = terminal.document("replay", events, "--prefill")

    assert of(counts, WITH_PREFILL) == WITH_PREFILL
    assert (counts["views"], counts["events"], counts["broken"]) == (1421, 1689, 0)
    assert terminal.document("audit")["clean"] is True


def test_a_replay_without_prefill_refuses_what_no_cart_held(terminal: Terminal, events: Path) -> None:
    counts = terminal.document("replay", events)

    assert of(counts, WITHOUT) == WITHOUT
    assert terminal.document("audit")["clean"] is True


def test_the_same_replay_leaves_the_same_shop_in_every_store(
    terminal: Terminal, events: Path, postgres_url: str
) -> None:
    store = MemoryStore()
    shop, _ = replayed(store, gzip.decompress(events.read_bytes()).decode(), prefill=True)
    expected = contents(shop)
    must_be_sound(store)
    terminal.run("db", "upgrade", DATABASE_URL=postgres_url)

    for url in (terminal.settings["SHOPCORE_DATABASE_URL"], postgres_url):
        terminal.document("replay", events, "--prefill", "--actor", "test", DATABASE_URL=url)
        shop = open_shop(Settings(database_url=url), logins=False)
        found = contents(shop)
        must_be_sound(shop.store)
        shop.close()

        for name, part in expected.items():
            assert found[name] == part, name


def test_what_was_removed_is_counted_and_exported_alike(terminal: Terminal, events: Path) -> None:
    terminal.document("replay", events, "--prefill")

    rows = terminal.run("removed", "export").out.splitlines()
    summary = terminal.document("removed", "summary", "--by", "reason")["items"]

    assert len(rows) - 1 == summary[0]["removals"] == 429
