"""What users change about themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from shopcore.accounts.model import Account, Login
from shopcore.errors import BadCredentials, InvalidInput, KeyReused, UserNotFound
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.accounts import OTHER, PASSWORD, Watch, alive, at_once, dead, key, raised, shop_over
from shopcore_testing.security import PlainPasswords


def test_a_profile_changes_where_something_is_given(shop: Shop) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD, display_name="Ann", email="ann@shop.example").value

    shop.accounts.change_profile(ann.id, display_name="  ")
    changed = shop.accounts.change_profile(ann.id, email="lee@shop.example")

    assert changed == replace(ann, display_name=None, email="lee@shop.example")
    assert shop.accounts.profile(ann.id) == changed


def test_a_profile_that_makes_no_sense_changes_nothing(shop: Shop) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    assert isinstance(raised(lambda: shop.accounts.change_profile(ann.id, email="nonsense")), InvalidInput)
    assert isinstance(raised(lambda: shop.accounts.change_profile("nobody", email=None)), UserNotFound)
    assert shop.accounts.profile(ann.id) == ann


def test_a_new_password_ends_every_other_session(shop: Shop) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    here, elsewhere = shop.accounts.log_in("ann", PASSWORD), shop.accounts.log_in("ann", PASSWORD)

    shop.accounts.change_password(shop.accounts.authenticate(here.tokens.access_token), PASSWORD, OTHER)

    assert dead(shop, elsewhere)
    assert alive(shop, shop.accounts.refresh(here.tokens.refresh_token))
    assert isinstance(raised(lambda: shop.accounts.log_in("ann", PASSWORD)), BadCredentials)
    assert alive(shop, shop.accounts.log_in("ann", OTHER))


@pytest.mark.parametrize(
    ("current", "new", "field"), [(OTHER, OTHER, "current_password"), (PASSWORD, "x", "new_password")]
)
def test_a_password_change_that_is_refused_changes_nothing(shop: Shop, current: str, new: str, field: str) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    login, other = shop.accounts.log_in("ann", PASSWORD), shop.accounts.log_in("ann", PASSWORD)
    caller = shop.accounts.authenticate(login.tokens.access_token)

    refusal = raised(lambda: shop.accounts.change_password(caller, current, new))

    assert isinstance(refusal, InvalidInput)
    assert refusal.field == field
    assert alive(shop, other)
    assert alive(shop, shop.accounts.log_in("ann", PASSWORD))


def test_a_repeated_password_change_with_its_key_is_answered_again(shop: Shop) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    caller = shop.accounts.authenticate(shop.accounts.log_in("ann", PASSWORD).tokens.access_token)
    shop.accounts.change_password(caller, PASSWORD, OTHER, key=key())
    later = shop.accounts.log_in("ann", OTHER)

    again = shop.accounts.change_password(caller, PASSWORD, OTHER, key=key())

    assert again.replayed
    assert alive(shop, later)
    refusal = raised(lambda: shop.accounts.change_password(caller, OTHER, PASSWORD, key=key()))
    assert isinstance(refusal, KeyReused)


def test_of_two_password_changes_at_once_one_happens(shop: Shop) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    caller = shop.accounts.authenticate(shop.accounts.log_in("ann", PASSWORD).tokens.access_token)
    new = [f"new password {number}" for number in range(4)]

    results = at_once(4, lambda number: shop.accounts.change_password(caller, PASSWORD, new[number]).value)

    assert [isinstance(result, Account) for result in results].count(True) == 1
    winner = next(number for number, result in enumerate(results) if isinstance(result, Account))
    assert alive(shop, shop.accounts.log_in("ann", new[winner]))


def test_the_same_password_change_sent_twice_at_once_is_answered_twice(shop: Shop) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    caller = shop.accounts.authenticate(shop.accounts.log_in("ann", PASSWORD).tokens.access_token)

    results = at_once(4, lambda _: shop.accounts.change_password(caller, PASSWORD, OTHER, key=key()).value)

    assert all(isinstance(result, Account) for result in results)


class Interrupted(PlainPasswords):
    """Something happens right after a password was found to be right."""

    def __init__(self) -> None:
        super().__init__()
        self.then: list[Callable[[], object]] = []

    def verify(self, password_hash: str | None, password: str) -> bool:
        right = super().verify(password_hash, password)
        while self.then:
            self.then.pop()()
        return right


def test_no_session_begins_with_a_password_that_was_changed_meanwhile(store: Store, watch: Watch) -> None:
    passwords = Interrupted()
    shop, elsewhere = shop_over(store, watch, passwords=passwords), shop_over(store, watch)
    shop.accounts.sign_up("ann", PASSWORD)
    caller = shop.accounts.authenticate(shop.accounts.log_in("ann", PASSWORD).tokens.access_token)
    passwords.then = [lambda: elsewhere.accounts.change_password(caller, PASSWORD, OTHER)]

    assert isinstance(raised(lambda: shop.accounts.log_in("ann", PASSWORD)), BadCredentials)

    assert alive(shop, shop.accounts.log_in("ann", OTHER))


def test_no_login_outlives_a_password_change_that_comes_at_the_same_time(shop: Shop) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    caller = shop.accounts.authenticate(shop.accounts.log_in("ann", PASSWORD).tokens.access_token)

    def act(number: int) -> Login | None:
        if number:
            return shop.accounts.log_in("ann", PASSWORD)
        shop.accounts.change_password(caller, PASSWORD, OTHER)
        return None

    results = at_once(8, act)

    assert results[0] is None
    assert all(dead(shop, result) for result in results if isinstance(result, Login))
