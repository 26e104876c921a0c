"""Which commands read at a replica."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from shopcore.shop import Shop
from source_tree import ROOTS
from streaming import Follower, OpenShop


@pytest.fixture
def sold(follower: Follower, open_shop: OpenShop) -> Shop:
    """Ann's things are known to the replica, Bob's are not."""
    shop: Shop = open_shop(follower.primary, follower.url)
    trade(shop, "ann")
    follower.pause()
    trade(shop, "bob")
    return shop


def trade(shop: Shop, who: str) -> None:
    item = shop.catalog.add_item(name=f"Mug of {who}", price="1.00", stock=5).id
    shop.carts.add_item(who, item, 2)
    shop.carts.set_quantity(who, item, 1)
    shop.checkout.place_order(who)


def said(follower: Follower, *words: str) -> str:
    settings = {"SHOPCORE_DATABASE_URL": follower.primary, "SHOPCORE_REPLICA_URL": follower.url}
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, ROOTS)), **settings}
    command = [sys.executable, "-m", "shopcore_cli", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60).stdout


def test_lists_reports_and_exports_are_read_at_the_replica(sold: Shop, follower: Follower) -> None:
    for command in (
        ["items", "list"],
        ["items", "export"],
        ["carts", "list"],
        ["orders", "list"],
        ["removed", "list"],
        ["removed", "summary", "--by", "customer"],
        ["removed", "export"],
    ):
        answer = said(follower, *command, "--json")

        assert "ann" in answer, command
        assert "bob" not in answer, command


def test_what_is_looked_at_before_something_is_done_is_read_at_the_primary(sold: Shop, follower: Follower) -> None:
    [cup] = [item.id for item in sold.catalog.list().items if item.name == "Mug of bob"]

    assert "bob" in said(follower, "carts", "show", "bob", "--json")
    assert '"onHand": 4' in said(follower, "stock", "explain", cup, "--json")
    assert '"clean": true' in said(follower, "audit", "--json")
