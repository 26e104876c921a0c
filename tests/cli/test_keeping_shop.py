"""Keeping a shop from the command line: its settings, its database, its audit, and its upkeep."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shopcore.carts.commands import AddItem
from shopcore.shop import Shop
from shopcore_settings import load, open_shop
from shopcore_testing.sound import must_be_sound
from terminal import Terminal, ended, wait_until

# ---- settings


def test_settings_are_printed_as_they_are_in_effect_and_without_secrets(nowhere: Terminal) -> None:
    url, secret = "postgresql://ann:hunter2@db/shop", "0123456789abcdef0123456789abcdef"

    table = nowhere.run("settings", DATABASE_URL=url, JWT_SECRET=secret, HOLD_MINUTES="0.5")
    document = nowhere.document("settings", DATABASE_URL=url, JWT_SECRET=secret, HOLD_MINUTES="0.5")

    assert document["SHOPCORE_DATABASE_URL"] == "postgresql://ann:***@db/shop"
    assert (document["SHOPCORE_JWT_SECRET"], document["SHOPCORE_HOLD_MINUTES"]) == ("***", 0.5)
    assert "hunter2" not in table.out
    assert secret not in table.out
    assert document.keys() <= set(table.out.split())


# ---- database


def test_the_status_of_a_database_is_told_whatever_its_version(nowhere: Terminal, current_file: Path) -> None:
    missing = nowhere.document("db", "status")
    assert list(nowhere.folder.iterdir()) == []
    shutil.copy(current_file, nowhere.folder / "shop.db")
    current = nowhere.document("db", "status")
    _set_version(nowhere, "9999")
    newer = nowhere.document("db", "status")

    assert (missing["state"], missing["version"], missing["pending"][-1]) == ("outdated", None, missing["needed"])
    assert (current["state"], current["version"], current["pending"]) == ("current", missing["needed"], [])
    assert (newer["state"], newer["version"], newer["pending"]) == ("newer", "9999", [])


def _set_version(terminal: Terminal, version: str) -> None:
    connection = sqlite3.connect(terminal.folder / "shop.db")
    connection.execute("UPDATE alembic_version SET version_num = ?", [version])
    connection.commit()
    connection.close()


def test_an_upgrade_makes_a_database_current_and_again_does_nothing(nowhere: Terminal) -> None:
    needed = nowhere.document("db", "status")["needed"]

    first = nowhere.document("db", "upgrade")
    again = nowhere.run("db", "upgrade")

    assert first == {"before": None, "after": needed, "dryRun": False}
    assert (again.code, again.err) == (0, "It was up to date.\n")
    shop = open_shop(load(nowhere.settings), migrate=False, logins=False)
    must_be_sound(shop.store)
    shop.close()


def test_a_rehearsed_upgrade_leaves_nothing_behind(nowhere: Terminal) -> None:
    without = nowhere.run("db", "upgrade", "--dry-run")
    assert list(nowhere.folder.iterdir()) == []
    sqlite3.connect(nowhere.folder / "shop.db").close()
    empty = nowhere.run("db", "upgrade", "--dry-run")

    assert (without.code, empty.code) == (0, 0)
    assert "the upgrade works" in empty.err
    assert nowhere.document("db", "status")["version"] is None


def test_a_rehearsed_upgrade_on_postgresql_leaves_nothing_behind(nowhere: Terminal, postgres_url: str) -> None:
    rehearsed = nowhere.run("db", "upgrade", "--dry-run", DATABASE_URL=postgres_url)
    before = nowhere.document("db", "status", DATABASE_URL=postgres_url)
    refused = nowhere.run("items", "list", DATABASE_URL=postgres_url)
    upgraded = nowhere.run("db", "upgrade", DATABASE_URL=postgres_url)

    assert (rehearsed.code, before["version"]) == (0, None)
    assert (refused.code, refused.out) == (3, "")
    assert "run: shopcore db upgrade" in refused.err
    assert upgraded.code == 0
    assert nowhere.run("items", "list", DATABASE_URL=postgres_url).code == 0


def test_a_database_that_is_newer_is_not_upgraded(terminal: Terminal) -> None:
    _set_version(terminal, "9999")

    for words in (["db", "upgrade"], ["db", "upgrade", "--dry-run"]):
        ended = terminal.run(*words)
        assert ended.code == 3
        assert "upgrade the program" in ended.err


def test_a_shop_in_memory_has_no_version(nowhere: Terminal) -> None:
    assert nowhere.run("db", "status", DATABASE_URL="memory://").code == 3


# ---- audit


def test_an_audit_of_a_sound_shop_finds_nothing(terminal: Terminal, shop: Shop) -> None:
    shop.catalog.add_item(item_id="mug", name="Mug", price="7.50", stock=5)
    shop.carts.add_item("ann", "mug")

    ended = terminal.run("audit")

    assert (ended.code, ended.out) == (0, "")
    assert ended.err.endswith("all is well.\n")
    assert terminal.document("audit")["clean"] is True


def test_an_audit_tells_each_violation_on_a_line_and_fails(nowhere: Terminal, current_file: Path) -> None:
    shutil.copy(current_file, nowhere.folder / "shop.db")
    shop = open_shop(load(nowhere.settings), logins=False)
    shop.catalog.add_item(item_id="mug", name="Mug", price="7.50", stock=5)
    shop.close()
    connection = sqlite3.connect(nowhere.folder / "shop.db")
    connection.execute("UPDATE stock SET on_hand = 9")
    connection.commit()
    connection.close()

    ended = nowhere.run("audit")
    document = nowhere.run("audit", "--json")

    assert (ended.code, document.code) == (1, 1)
    assert document.document["clean"] is False
    assert ended.out.splitlines() == [
        f"{each['rule']}: {each['subject']}: {each['message']}" for each in document.document["violations"]
    ]
    assert all("mug" in line for line in ended.out.splitlines())
    assert document.document["found"] == len(ended.out.splitlines()) > 0


# ---- upkeep


@pytest.fixture
def overdue(shop: Shop) -> Shop:
    shop.catalog.add_item(item_id="mug", name="Mug", price="7.50", stock=5)
    shop.carts.handle([AddItem(owner="ann", item_id="mug", at=datetime.now(UTC) - timedelta(hours=1))])
    return shop


def test_one_round_of_upkeep_takes_back_what_is_overdue(terminal: Terminal, overdue: Shop) -> None:
    first = terminal.document("worker", "--once")
    again = terminal.document("worker", "--once")

    assert (first["carts"], again["carts"]) == (1, 0)
    assert overdue.catalog.get("mug").stock == 5


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_works_until_it_is_told_to_stop(terminal: Terminal, overdue: Shop, number: int) -> None:
    worker = terminal.start("worker", "--interval", "0.1", settings={"LOG_FORMAT": "json"})
    wait_until(lambda: overdue.catalog.get("mug").stock == 5)

    stopped = ended(worker, number)

    assert (stopped.code, stopped.out) == (0, "")
    said = [json.loads(line)["message"] for line in stopped.err.splitlines()]
    assert said == [
        "worker started, a round every 0.1 s",
        "took back 1 carts' holds, forgot 0 keys, 0 sessions, 0 tallies",
        "worker stopped",
    ]


def test_two_workers_do_not_hinder_each_other(terminal: Terminal, overdue: Shop) -> None:
    workers = [terminal.start("worker", "--interval", "0.1") for _ in range(2)]
    for worker in workers:
        assert worker.stderr is not None
        assert "worker started" in worker.stderr.readline()
    wait_until(lambda: overdue.catalog.get("mug").stock == 5)

    assert [ended(worker).code for worker in workers] == [0, 0]
