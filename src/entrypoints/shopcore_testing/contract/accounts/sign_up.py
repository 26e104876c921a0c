"""Signing up: one user per name, one per key, and no more of him is kept than is needed."""

from __future__ import annotations

import pytest

from shopcore.accounts.model import Account
from shopcore.errors import (
    InvalidInput,
    KeyReused,
    NotConfigured,
    SignupClosed,
    UsernameTaken,
)
from shopcore.paging import PageRequest
from shopcore.policy import Policy
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.accounts import NOON, OTHER, PASSWORD, Watch, at_once, key, raised, shop_over


def test_a_new_user_is_a_customer_with_a_cart(shop: Shop) -> None:
    ann = shop.accounts.sign_up("Ann", PASSWORD, display_name=" Ann Lee ", email="ann@shop.example").value

    assert (ann.username, ann.display_name, ann.email) == ("Ann", "Ann Lee", "ann@shop.example")
    assert (ann.role, ann.status, ann.created_at) == ("customer", "active", NOON)
    assert shop.accounts.profile(ann.id) == shop.accounts.find("ANN") == ann
    with shop.store.read() as tx:
        assert tx.carts.active([ann.id])[ann.id].status == "active"


def test_a_name_that_looks_like_another_is_taken(shop: Shop) -> None:
    shop.accounts.sign_up("Straße", PASSWORD)

    refusal = raised(lambda: shop.accounts.sign_up("ＳＴＲＡＳＳＥ", PASSWORD))  # noqa: RUF001

    assert isinstance(refusal, UsernameTaken)
    assert shop.accounts.list(PageRequest()).total == 1
    assert shop.carts.list(PageRequest()).total == 1


def test_of_many_who_want_one_name_one_gets_it(shop: Shop) -> None:
    results = at_once(8, lambda _: shop.accounts.sign_up("ann", PASSWORD).value)

    assert sum(isinstance(result, Account) for result in results) == 1
    assert sum(isinstance(result, UsernameTaken) for result in results) == 7
    assert shop.carts.list(PageRequest()).total == 1


def test_a_sign_up_that_makes_no_sense_is_refused_with_every_fault(shop: Shop) -> None:
    with pytest.raises(InvalidInput) as refused:
        shop.accounts.sign_up("a", "b", email="c", display_name="d" * 201)
    assert [error["field"] for error in refused.value.errors] == ["username", "password", "display_name", "email"]
    assert shop.accounts.list(PageRequest()).total == 0


def test_a_repeated_sign_up_with_its_key_is_answered_again(shop: Shop) -> None:
    first = shop.accounts.sign_up("ann", PASSWORD, key=key())

    again = shop.accounts.sign_up("ann", PASSWORD, key=key())

    assert (again.value, again.replayed) == (first.value, True)
    assert shop.accounts.list(PageRequest()).total == 1


@pytest.mark.parametrize(("name", "password"), [("bob", PASSWORD), ("ann", OTHER)])
def test_a_key_is_good_for_one_sign_up_only(shop: Shop, name: str, password: str) -> None:
    shop.accounts.sign_up("ann", PASSWORD, key=key())
    assert isinstance(raised(lambda: shop.accounts.sign_up(name, password, key=key())), KeyReused)


def test_the_same_sign_up_sent_twice_at_once_makes_one_user(shop: Shop) -> None:
    results = at_once(6, lambda _: shop.accounts.sign_up("ann", PASSWORD, key=key()).value.id)
    assert len(set(map(str, results))) == 1
    assert shop.accounts.list(PageRequest()).total == 1


def test_what_is_kept_under_a_key_is_no_person_and_no_password(shop: Shop) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD, email="ann@shop.example", key=key()).value
    with shop.store.read() as tx:
        kept = tx.keys.find([key().scope])[key().scope]
    assert kept.answer == ann.id
    assert kept.fingerprint != key().fingerprint


def test_a_closed_shop_takes_no_sign_ups_but_staff_add_users(store: Store, watch: Watch) -> None:
    shop = shop_over(store, watch, policy=Policy(signup_open=False))
    assert isinstance(raised(lambda: shop.accounts.sign_up("ann", PASSWORD)), SignupClosed)
    assert shop.accounts.create("sue", PASSWORD, role="sales", actor="root").role == "sales"


def test_a_shop_without_security_works_but_for_accounts(store: Store) -> None:
    shop = Shop(store)
    assert shop.carts.get("ann").lines == ()
    assert shop.accounts.list(PageRequest()).total == 0
    assert isinstance(raised(lambda: shop.accounts.sign_up("ann", PASSWORD)), NotConfigured)
    assert isinstance(raised(lambda: shop.accounts.log_in("ann", PASSWORD)), NotConfigured)
