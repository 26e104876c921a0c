"""What is read at a replica, and when the primary is read instead."""

from __future__ import annotations

import logging
from datetime import timedelta

import psycopg
import pytest

from shopcore.errors import StoreBusy
from shopcore.shop import Shop
from shopcore_sql import SqlReplica, SqlStore
from stores import migrate
from streaming import Follower, OpenShop


def names(shop: Shop) -> list[str]:
    return [item.name for item in shop.catalog.list().items]


def add(shop: Shop, *added: str) -> list[str]:
    return [shop.catalog.add_item(name=name, price="1.00", stock=5).id for name in added]


def test_pages_are_read_at_the_replica_and_everything_else_at_the_primary(
    follower: Follower, open_shop: OpenShop
) -> None:
    shop = open_shop(follower.primary, follower.url)
    add(shop, "Mug")
    follower.pause()
    add(shop, "Cup")

    at_replica = shop.at_replica(names)

    assert at_replica == ["Mug"]
    assert names(shop) == ["Mug", "Cup"]


def test_what_the_replica_does_not_know_yet_is_looked_up(follower: Follower, open_shop: OpenShop) -> None:
    shop = open_shop(follower.primary, follower.url)
    follower.pause()
    [cup] = add(shop, "Cup")

    found = shop.at_replica(lambda shop: shop.catalog.get(cup))

    assert found.name == "Cup"


def test_a_replica_too_far_behind_is_not_read_until_it_has_caught_up(
    follower: Follower, open_shop: OpenShop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "shopcore.replica")
    shop = open_shop(follower.primary, follower.url, most_behind=timedelta(0))
    follow_until_it_is_read(follower, shop, caplog)

    follower.pause()
    add(shop, "Mug")
    follower.send()
    behind = [shop.at_replica(names) for _ in range(3)]
    follower.resume()
    follow_until_it_is_read(follower, shop, caplog)

    assert behind == [["Mug"]] * 3
    assert caplog.messages[-3:] == [
        "reading at the replica",
        "reading at the primary, not at the replica: it is too far behind",
        "reading at the replica",
    ]


def follow_until_it_is_read(follower: Follower, shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    """A server writes a little now and then that nobody asked for, so that once may not be enough."""
    for _ in range(100):
        follower.catch_up()
        shop.at_replica(names)
        if caplog.messages[-1:] == ["reading at the replica"]:
            return
    pytest.fail("the replica is never read")


def test_a_replica_out_of_reach_is_said_once_and_costs_nobody_his_page(
    follower: Follower, open_shop: OpenShop, caplog: pytest.LogCaptureFixture
) -> None:
    shop = open_shop(follower.primary, "postgresql://nobody@127.0.0.1:1/none")
    add(shop, "Mug")

    seen = [shop.at_replica(names) for _ in range(3)]

    assert seen == [["Mug"]] * 3
    assert len(caplog.messages) == 1
    assert "reading at the primary" in caplog.text


def test_a_replica_that_is_lost_between_two_looks_costs_nobody_his_page(
    follower: Follower, open_shop: OpenShop
) -> None:
    shop = open_shop(follower.primary, follower.url, look_seconds=3600)
    add(shop, "Mug")
    follower.pause()
    add(shop, "Cup")
    assert shop.at_replica(names) == ["Mug"]

    follower.tell(
        "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE usename = 'postgres' "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )

    assert shop.at_replica(names) == ["Mug", "Cup"]


def test_another_server_that_follows_nobody_is_no_replica(
    follower: Follower, open_shop: OpenShop, caplog: pytest.LogCaptureFixture
) -> None:
    shop = open_shop(follower.primary, follower.primary)
    add(shop, "Mug")

    assert shop.at_replica(names) == ["Mug"]
    assert "it is no streaming replica" in caplog.text


def test_a_replica_that_lacks_a_migration_is_not_read(empty: Follower, open_shop: OpenShop) -> None:
    empty.pause()
    migrate(empty.primary)
    shop = open_shop(empty.primary, empty.url)
    add(shop, "Mug")

    assert shop.at_replica(names) == ["Mug"]


def test_what_the_replica_breaks_off_is_read_at_the_primary(follower: Follower, open_shop: OpenShop) -> None:
    """The primary removes rows that a reader at the replica still sees: the reader has to give way."""
    shop = open_shop(follower.primary, follower.url)
    broken: list[Exception] = []

    def look(shop: Shop) -> list[str]:
        try:
            with shop.store.read() as tx:
                tx.users.get(["nobody"])
                if isinstance(shop.store, SqlReplica):
                    with psycopg.connect(follower.primary, autocommit=True) as primary:
                        primary.execute("CREATE TABLE gone AS SELECT generate_series(1, 1000) AS n")
                        primary.execute("DELETE FROM gone")
                        primary.execute("VACUUM gone")
                    follower.catch_up()
                return [item.name for item in tx.items.stream()]
        except StoreBusy as error:
            broken.append(error)
            raise

    add(shop, "Mug")
    follower.catch_up()

    assert shop.at_replica(look) == ["Mug"]
    assert len(broken) == 1


def test_an_export_is_read_at_the_replica(follower: Follower, open_shop: OpenShop) -> None:
    shop = open_shop(follower.primary, follower.url)
    [mug] = add(shop, "Mug")
    shop.carts.add_item("ann", mug)
    shop.carts.remove_item("ann", mug)
    follower.pause()
    shop.carts.add_item("bob", mug)
    shop.carts.remove_item("bob", mug)

    exported = [removal.owner for removal in shop.at_replica(lambda shop: shop.removals.export())]

    assert exported == ["ann"]


def test_nothing_is_written_at_a_replica(follower: Follower) -> None:
    store = SqlStore(follower.primary)
    replica = SqlReplica(store, follower.url)

    with pytest.raises(TypeError, match="at a replica"):
        Shop(replica).catalog.add_item(name="Mug", price="1.00")
    replica.close()
    store.close()
