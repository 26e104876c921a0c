"""What staff do with users."""

from __future__ import annotations

from shopcore.accounts.model import Account, Login
from shopcore.errors import (
    BadCredentials,
    InvalidInput,
    InvalidToken,
    UserNotFound,
)
from shopcore.paging import PageRequest
from shopcore.shop import Shop
from shopcore_testing.accounts import PASSWORD, Watch, at_once, dead, ended, raised


def test_a_role_counts_from_the_next_request_on(shop: Shop) -> None:
    shop.accounts.sign_up("ann", PASSWORD)
    token = shop.accounts.log_in("ann", PASSWORD).tokens.access_token

    shop.accounts.set_role("ANN", "support", actor="root")

    assert shop.accounts.authenticate(token).role == "support"
    assert isinstance(raised(lambda: shop.accounts.set_role("ann", "king", actor="root")), InvalidInput)  # type: ignore[arg-type]
    assert isinstance(raised(lambda: shop.accounts.set_role("eve", "sales", actor="root")), UserNotFound)


def test_a_disabled_user_is_out_at_once_and_stays_out(shop: Shop) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    login = shop.accounts.log_in("ann", PASSWORD)

    caller = shop.accounts.authenticate(login.tokens.access_token)

    shop.accounts.disable("ann", actor="root")

    assert dead(shop, login)
    assert ended(shop, caller)
    assert isinstance(raised(lambda: shop.accounts.log_in("ann", PASSWORD)), BadCredentials)
    assert shop.accounts.disable(ann.id, actor="root").status == "disabled"


def test_an_id_is_never_taken_for_somebodys_name(shop: Shop) -> None:
    ann = shop.accounts.sign_up("ann", PASSWORD).value
    impostor = shop.accounts.sign_up(ann.id, PASSWORD).value

    shop.accounts.disable(ann.id, actor="root")

    assert shop.accounts.profile(impostor.id).status == "active"


def test_users_are_listed_oldest_first(shop: Shop, watch: Watch) -> None:
    for name in ("zoe", "ann", "bob"):
        shop.accounts.sign_up(name, PASSWORD)
        watch.on(seconds=1)
    page = shop.accounts.list(PageRequest(page=1, limit=2))
    assert ([user.username for user in page.items], page.total) == (["zoe", "ann"], 3)
    assert [user.username for user in shop.accounts.list(PageRequest(page=2, limit=2)).items] == ["bob"]
    assert not shop.accounts.list(PageRequest(page=3, limit=2)).items


def test_no_login_outlives_a_disabling_that_comes_at_the_same_time(shop: Shop) -> None:
    for turn in range(3):
        ann = shop.accounts.sign_up(f"ann{turn}", PASSWORD).value
        kept = shop.accounts.log_in(ann.username, PASSWORD)

        def act(number: int, ann: Account = ann, kept: Login = kept) -> Login | None:
            if number == 0:
                shop.accounts.disable(ann.id, actor="root")
                return None
            if number == 1:
                return shop.accounts.refresh(kept.tokens.refresh_token)
            return shop.accounts.log_in(ann.username, PASSWORD)

        results = at_once(6, act)

        logins = [kept, *(result for result in results if isinstance(result, Login))]
        assert all(isinstance(result, Login | BadCredentials | InvalidToken) for result in results[1:])
        assert all(dead(shop, login) for login in logins)
