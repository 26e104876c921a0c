"""Sessions: who gets in, how long he stays, and what ends it."""

from __future__ import annotations

import pytest

from shopcore.accounts.model import Login
from shopcore.accounts.rules import token_hash
from shopcore.carts.commands import AddItem, PlaceOrder, ShowCart
from shopcore.carts.view import CartView
from shopcore.errors import (
    BadCredentials,
    InvalidToken,
)
from shopcore.shop import Shop
from shopcore.store import Store
from shopcore_testing.accounts import OTHER, PASSWORD, Watch, alive, at_once, dead, raised, shop_over
from shopcore_testing.security import PlainPasswords
from shopcore_testing.selling import item


def test_whoever_logs_in_is_known_by_his_token(shop: Shop) -> None:
    ann = shop.accounts.sign_up("Ann", PASSWORD).value

    login = shop.accounts.log_in("aNN", PASSWORD)

    caller = shop.accounts.authenticate(login.tokens.access_token)
    assert login.account == ann
    assert login.tokens.expires_in == 3600
    assert (caller.user_id, caller.username, caller.role) == (ann.id, "Ann", "customer")


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ann", OTHER),
        ("bob", PASSWORD),
        ("ann", ""),
        ("", PASSWORD),
        ("ann", "p" * 999),
        ("ann", "\ud800" * 8),
        ("\x00", "x"),
    ],
)
def test_a_wrong_name_and_a_wrong_password_are_told_the_same(shop: Shop, name: str, password: str) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    refusal = raised(lambda: shop.accounts.log_in(name, password))
    assert isinstance(refusal, BadCredentials)
    assert refusal.facts == {}


def test_an_old_hash_is_renewed_at_the_next_login(store: Store, watch: Watch) -> None:
    shop_over(store, watch).accounts.sign_up("ann", PASSWORD)
    stronger = PlainPasswords(cost=2)
    shop = shop_over(store, watch, passwords=stronger)

    results = at_once(4, lambda _: shop.accounts.log_in("ann", PASSWORD))

    assert all(isinstance(result, Login) for result in results)
    with store.read() as tx:
        kept = tx.users.by_name(["ann"])["ann"].password_hash
    assert not stronger.needs_rehash(kept)
    assert alive(shop, shop.accounts.log_in("ann", PASSWORD))


def test_an_access_token_works_for_an_hour(shop: Shop, watch: Watch) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    token = shop.accounts.log_in("ann", PASSWORD).tokens.access_token
    watch.on(minutes=59)
    shop.accounts.authenticate(token)
    watch.on(minutes=1)
    assert isinstance(raised(lambda: shop.accounts.authenticate(token)), InvalidToken)


def test_many_tokens_are_judged_each_by_itself(shop: Shop) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    good, ended = (shop.accounts.log_in("ann", PASSWORD).tokens.access_token for _ in range(2))
    shop.accounts.log_out(shop.accounts.authenticate(ended))

    found = shop.accounts.authenticate_all([good, "nonsense", ended, good])

    assert [isinstance(one, InvalidToken) for one in found] == [False, True, True, False]
    assert found[0] == found[3]


def test_a_logout_ends_one_session_and_no_other(shop: Shop) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    one, other = shop.accounts.log_in("ann", PASSWORD), shop.accounts.log_in("ann", PASSWORD)

    shop.accounts.log_out(shop.accounts.authenticate(one.tokens.access_token))

    assert dead(shop, one)
    assert alive(shop, other)


def test_a_refresh_gives_new_tokens_of_the_same_session(shop: Shop, watch: Watch) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    first = shop.accounts.log_in("ann", PASSWORD)
    watch.on(hours=2)

    second = shop.accounts.refresh(first.tokens.refresh_token)

    assert second.tokens.refresh_token != first.tokens.refresh_token
    assert alive(shop, second)
    assert alive(shop, shop.accounts.refresh(second.tokens.refresh_token))


def test_a_used_token_that_comes_again_ends_its_whole_family(shop: Shop) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    elsewhere = shop.accounts.log_in("ann", PASSWORD)
    stolen = shop.accounts.log_in("ann", PASSWORD)
    thief = shop.accounts.refresh(stolen.tokens.refresh_token)

    assert isinstance(raised(lambda: shop.accounts.refresh(stolen.tokens.refresh_token)), InvalidToken)

    assert dead(shop, stolen)
    assert dead(shop, thief)
    assert alive(shop, elsewhere)


def test_of_many_who_hold_one_refresh_token_at_most_one_exchanges_it(shop: Shop) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    login = shop.accounts.log_in("ann", PASSWORD)

    results = at_once(6, lambda _: shop.accounts.refresh(login.tokens.refresh_token))

    winners = [result for result in results if isinstance(result, Login)]
    assert len(winners) == 1
    assert all(isinstance(result, InvalidToken) for result in results if result not in winners)
    assert dead(shop, winners[0])


def test_a_session_lives_thirty_days_from_its_last_refresh(shop: Shop, watch: Watch) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    idle, used = shop.accounts.log_in("ann", PASSWORD), shop.accounts.log_in("ann", PASSWORD)
    watch.on(days=20)
    used = shop.accounts.refresh(used.tokens.refresh_token)

    watch.on(days=20)

    assert dead(shop, idle)
    assert alive(shop, shop.accounts.refresh(used.tokens.refresh_token))


@pytest.mark.parametrize("token", ["", "nonsense", "\ud800", "x" * 100_000])
def test_a_refresh_token_that_never_was_is_refused(shop: Shop, token: str) -> None:
    assert isinstance(raised(lambda: shop.accounts.refresh(token)), InvalidToken)


def test_neither_kind_of_token_passes_for_the_other(shop: Shop) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    tokens = shop.accounts.log_in("ann", PASSWORD).tokens
    assert isinstance(raised(lambda: shop.accounts.refresh(tokens.access_token)), InvalidToken)
    assert isinstance(raised(lambda: shop.accounts.authenticate(tokens.refresh_token)), InvalidToken)


def test_only_hashes_of_passwords_and_refresh_tokens_are_kept(shop: Shop) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    secret = shop.accounts.log_in("ann", PASSWORD).tokens.refresh_token

    with shop.store.read() as reading:
        assert PASSWORD not in reading.users.get([ann.id])[ann.id].password_hash
    kept = shop.store.write(lambda tx: (tx.sessions.lock_token(secret), tx.sessions.lock_token(token_hash(secret))))
    assert kept[0] is None
    assert kept[1] is not None


def test_what_is_over_is_forgotten_a_little_at_a_time(shop: Shop, watch: Watch) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    kept = shop.accounts.log_in("ann", PASSWORD)
    for _ in range(3):
        shop.accounts.log_in("ann", PASSWORD)
    watch.on(days=29)
    kept = shop.accounts.refresh(kept.tokens.refresh_token)
    assert shop.accounts.forget_sessions(limit=100) == 0
    watch.on(days=2)

    assert [shop.accounts.forget_sessions(limit=2) for _ in range(3)] == [4, 1, 0]

    assert alive(shop, shop.accounts.refresh(kept.tokens.refresh_token))


def test_a_command_is_refused_once_its_login_has_ended_and_those_beside_it_are_not(shop: Shop) -> None:
    mug = item(shop, stock=9).id
    ann, bob = (shop.accounts.sign_up(name, PASSWORD).value.id for name in ("ann", "bob"))
    tokens = [shop.accounts.log_in(name, PASSWORD).tokens.access_token for name in ("ann", "ann", "bob")]
    stands, over, disabled = map(shop.accounts.read_token, tokens)
    shop.accounts.log_out(shop.accounts.authenticate(tokens[1]))
    shop.accounts.disable("bob", actor="staff")

    outcomes = shop.carts.handle(
        [
            AddItem(owner=ann, item_id=mug, login=over),
            AddItem(owner=ann, item_id=mug, quantity=2, login=stands),
            AddItem(owner=bob, item_id=mug, login=disabled),
            AddItem(owner=bob, item_id=mug, login=stands),
            PlaceOrder(owner=ann, login=over),
            ShowCart(owner=ann),
        ]
    )

    refused = [isinstance(outcome.answer, InvalidToken) for outcome in outcomes]
    assert refused == [True, False, True, True, True, False]
    assert [line.quantity for line in outcomes[5].take(CartView).lines] == [2]
