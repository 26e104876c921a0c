"""`shopcore prove oversell`: what holds is proved, and what does not is found."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from leaky import without_a_guard, without_a_lock
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore_cli.prove.oversell import Proof, prove
from shopcore_cli.prove.plan import Plan
from shopcore_settings import Settings, load, open_shop
from shopcore_testing.sound import must_be_sound
from terminal import Terminal, ended, wait_until

SMALL = ("--stock", "6", "--buyers", "12", "--attempts", "150", "--kill", "1", "--seed", "3")
QUICK = ("--stock", "3", "--buyers", "6", "--attempts", "60", "--kill", "0", "--processes", "1", "--seed", "3")
PLAN = Plan(item_id="prove-me", stock=5, buyers=12, attempts=100, processes=2, kills=0, seed=1, hold=5, seconds=60)
GENEROUS = """
    CREATE TRIGGER generous AFTER UPDATE OF held ON stock WHEN new.held > old.held
    BEGIN UPDATE stock SET on_hand = on_hand + new.held - old.held WHERE item_id = new.item_id; END
"""


def proved(settings: Settings, elsewhere: partial[Shop], plan: Plan = PLAN) -> Proof:
    shop = open_shop(settings, migrate=True, logins=False)
    try:
        return prove(shop, elsewhere, plan, actor="test")
    finally:
        shop.close()


@pytest.fixture
def notes_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What buyers note is kept after a violation; here it does no harm."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@dataclass(frozen=True, kw_only=True)
class Raced:
    """A shop that had goods and a shopper before it was raced in; `before` is what these were then."""

    shop: Shop
    told: Any
    before: object

    @property
    def goods(self) -> object:
        return goods(self.shop)


def goods(shop: Shop) -> object:
    return shop.catalog.get("mug"), shop.carts.get("ann"), shop.inventory.explain("mug")


@pytest.fixture(scope="module")
def raced(current_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Raced]:
    folder = tmp_path_factory.mktemp("raced")
    shutil.copy(current_file, folder / "shop.db")
    terminal = Terminal(folder=folder, settings={"SHOPCORE_DATABASE_URL": f"sqlite:///{folder}/shop.db"})
    shop = open_shop(load(terminal.settings), logins=False)
    shop.catalog.add_item(item_id="mug", name="Mug", price="7.50", stock=3)
    shop.carts.add_item("ann", "mug")
    before = goods(shop)
    yield Raced(shop=shop, told=terminal.document("prove", "oversell", *SMALL, "--actor", "builder"), before=before)
    must_be_sound(shop.store)
    shop.close()


def test_a_race_through_to_orders_is_counted_and_adds_up(raced: Raced) -> None:
    told = raced.told

    assert (told["clean"], told["violations"], told["cleared"], told["seed"]) == (True, [], True, 3)
    assert told["attempts"] == told["accepted"] + told["refused"] == 150
    assert told["onHand"] + told["sold"] == told["stock"] == 6
    assert told["soldInOrders"] == told["sold"] > 0
    assert told["ledgerSum"] == told["onHand"] >= told["held"]
    assert told["unitsTaken"] == sum(told[name] for name in ("held", "sold", "unitsGivenBack", "unitsExpired"))
    assert told["refusals"]["INSUFFICIENT_STOCK"] > 0
    assert told["killed"] == 1
    assert 0 < told["mostPromisedAtOnce"] <= 6


def test_shoppers_never_see_the_item_and_nothing_of_it_can_be_had_or_shipped_afterwards(raced: Raced) -> None:
    shop, item_id = raced.shop, raced.told["itemId"]

    assert [item.id for item in shop.catalog.list()] == ["mug"]
    item = shop.catalog.get(item_id, archived=True)
    assert (item.level and (item.level.on_hand, item.level.held), item.price.amount) == ((0, 0), 0)
    assert {order.status for order in shop.orders.list(PageRequest(limit=100))} == {"cancelled"}
    carts = shop.carts.list(PageRequest(limit=100), active_only=True)
    assert [cart.owner for cart in carts if cart.lines] == ["ann"]
    last = shop.inventory.explain(item_id).entries[0]
    assert (last.actor, last.data["reason"]) == ("builder", "prove oversell")


def test_a_shop_that_has_goods_keeps_them_as_they_are(raced: Raced) -> None:
    assert raced.goods == raced.before


def test_a_dry_run_races_somewhere_else(terminal: Terminal, shop: Shop) -> None:
    told = terminal.document("prove", "oversell", *QUICK, "--dry-run")

    assert (told["clean"], told["dryRun"], told["database"]) == (True, True, "a throw-away SQLite file")
    assert told["accepted"] > 0
    assert shop.catalog.find([told["itemId"]]) == {}
    assert shop.carts.list(PageRequest()).total == 0


def test_a_shop_in_memory_cannot_be_raced_for(terminal: Terminal) -> None:
    ended = terminal.run("prove", "oversell", DATABASE_URL="memory://")

    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("Error: a shop in memory lives in one process")


def test_people_get_a_table_and_the_last_word_on_stderr(terminal: Terminal, shop: Shop) -> None:
    ended = terminal.process("prove", "oversell", *QUICK)

    assert ended.code == 0, ended.err
    words = dict(line.split(maxsplit=1) for line in ended.out.splitlines() if line.startswith(("accepted", "refused")))
    assert int(words["accepted"]) > 0
    assert "sold in orders" in ended.out
    assert "violations        0\n" in ended.out
    assert ended.err.splitlines()[0] == "No unit was promised or sold twice, and every answer held."
    assert "stay on record" in ended.err


def test_at_a_terminal_a_bar_comes_and_goes(terminal: Terminal, shop: Shop) -> None:
    ended = terminal.at_a_terminal("prove", "oversell", *QUICK)

    assert ended.code == 0
    assert "Racing" in ended.out
    assert "violations        0\n" in ended.out


def test_a_database_that_makes_units_out_of_nothing_is_found_out(terminal: Terminal, notes_here: Path) -> None:
    with closing(sqlite3.connect(terminal.folder / "shop.db")) as database:
        database.executescript(GENEROUS)

    ended = terminal.run("prove", "oversell", "--stock", "3", "--buyers", "12", "--attempts", "200", "--seed", "3")

    assert ended.code == 1
    [line] = [line for line in ended.out.splitlines() if line.endswith("units of 3")]
    assert re.fullmatch(r"S7: item prove-\w+: oversold: buyers were told that they bought \d+ .*", line)
    assert re.match(
        r"NOT PROVED: \d+ violations\.\nItem prove-\w+, its carts and its orders stay as they are", ended.err
    )
    assert list(notes_here.glob("shopcore-prove-*/*.notes"))


def test_a_store_without_a_guard_oversells_and_is_found_out(terminal: Terminal, notes_here: Path) -> None:
    settings = load(terminal.settings)

    proof = proved(settings, partial(without_a_guard, settings))

    assert "S7: item prove-me: promised twice" in "\n".join(map(str, proof.violations))
    assert proof.folder
    assert proof.folder.is_dir()


def test_a_store_that_reads_and_then_writes_oversells_and_is_found_out(postgres_url: str, notes_here: Path) -> None:
    settings = Settings(database_url=postgres_url)

    proof = proved(settings, partial(without_a_lock, settings))

    assert {"S7", "S3"} <= {violation.rule for violation in proof.violations}


def test_on_postgresql_killed_processes_lose_nothing(postgres_url: str) -> None:
    settings = Settings(database_url=postgres_url)
    plan = Plan(
        item_id="prove-me", stock=10, buyers=20, attempts=400, processes=3, kills=3, seed=2, hold=0.1, seconds=60
    )

    proof = proved(settings, partial(open_shop, settings, migrate=False, logins=False), plan)

    assert [*map(str, proof.violations)] == []
    assert (proof.raced.killed, proof.raced.failed, len(proof.attempts)) == (3, 0, 400)
    assert 0 <= proof.lost_answers_of_done <= proof.lost_answers > 0
    assert proof.repeated > 0
    assert proof.expired > 0


def test_too_little_time_is_said_and_is_no_success(terminal: Terminal, shop: Shop) -> None:
    ended = terminal.run("prove", "oversell", "--attempts", "1000000", "--seconds", "1", "--processes", "1")

    assert ended.code == 1
    assert "of 1000000 attempts were made in 1 seconds; give more --seconds" in ended.err


def test_processes_that_cannot_open_the_shop_are_said(terminal: Terminal, notes_here: Path) -> None:
    settings = load(terminal.settings)

    proof = proved(settings, partial(open_shop, Settings(database_url=f"sqlite:///{notes_here}/no/such.db")))

    assert (proof.raced.failed, proof.attempts) == (2, [])


def test_ctrl_c_says_what_stays_and_leaves_no_process(terminal: Terminal, shop: Shop) -> None:
    racing = terminal.start("prove", "oversell", "--attempts", "1000000", "--seconds", "50")
    wait_until(lambda: shop.orders.list(PageRequest()).total > 0)

    stopped = ended(racing, 2)

    assert stopped.code == 130
    assert "Not finished: item prove-" in stopped.err
    assert "Traceback" not in stopped.err
