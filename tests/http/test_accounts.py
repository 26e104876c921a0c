"""Accounts over HTTP."""

from __future__ import annotations

import pytest

from shopcore.policy import Policy
from shopcore_memory import MemoryStore
from shopcore_testing.accounts import PASSWORD
from webshop import Web, error_of, faults_of, webshop

ANN = {"username": "ann", "password": PASSWORD}


def test_a_stranger_becomes_a_shopper_with_a_cart(any_web: Web) -> None:
    signed = any_web.post("/api/auth/signup", {**ANN, "displayName": "Ann", "email": "ann@example.org"})
    session = any_web.post("/api/auth/login", ANN)

    assert signed.status_code == 201
    assert session.status_code == 200
    body = session.json()
    assert body["user"] == signed.json()["user"] == {"id": signed.json()["user"]["id"], "username": "ann"}
    assert (body["tokenType"], body["expiresIn"]) == ("Bearer", 3600)
    token = {"Authorization": f"Bearer {body['accessToken']}"}
    me = any_web.get("/api/auth/me", **token).json()
    assert me == {
        "id": body["user"]["id"],
        "username": "ann",
        "role": "customer",
        "profile": {"displayName": "Ann", "email": "ann@example.org"},
    }
    assert any_web.get("/api/cart", **token).json()["status"] == "active"


def test_a_taken_name_is_409_however_it_is_written(web: Web) -> None:
    web.post("/api/auth/signup", ANN)

    answer = web.post("/api/auth/signup", {"username": "\uff21\uff2e\uff2e", "password": PASSWORD})

    assert (answer.status_code, error_of(answer)["code"]) == (409, "USERNAME_TAKEN")


def test_a_sign_up_tells_all_its_faults(table: Web) -> None:
    body = {"username": "x", "password": "short", "displayName": "\x07", "email": "nowhere"}

    assert set(faults_of(table.post("/api/auth/signup", body))) == {"username", "password", "displayName", "email"}


def test_a_closed_shop_takes_no_sign_ups() -> None:
    with webshop(MemoryStore(), policy=Policy(signup_open=False)) as web:
        assert web.post("/api/auth/signup", ANN).status_code == 403


def test_a_wrong_password_and_an_unknown_name_are_told_the_same(web: Web) -> None:
    web.post("/api/auth/signup", ANN)

    wrong = web.post("/api/auth/login", {**ANN, "password": "wrong horse"})
    unknown = web.post("/api/auth/login", {**ANN, "username": "nobody"})

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("password", ["", "x" * 5000, "correct\x00horse"])
def test_a_password_that_nobody_can_have_is_just_wrong(table: Web, password: str) -> None:
    answer = table.post("/api/auth/login", {"username": "ann", "password": password})

    assert answer.status_code == (400 if "\x00" in password else 401)


def test_a_refresh_token_works_once_and_seen_again_ends_its_family(any_web: Web) -> None:
    any_web.post("/api/auth/signup", ANN)
    first = any_web.post("/api/auth/login", ANN).json()

    second = any_web.post("/api/auth/refresh", {"refreshToken": first["refreshToken"]})
    stolen = any_web.post("/api/auth/refresh", {"refreshToken": first["refreshToken"]})
    after = any_web.post("/api/auth/refresh", {"refreshToken": second.json()["refreshToken"]})

    assert second.status_code == 200
    assert second.json().keys() == first.keys()
    assert (stolen.status_code, after.status_code) == (401, 401)
    token = {"Authorization": f"Bearer {second.json()['accessToken']}"}
    assert any_web.get("/api/auth/me", **token).status_code == 401


def test_an_access_token_is_no_refresh_token(web: Web) -> None:
    assert web.post("/api/auth/refresh", {"refreshToken": web.token("ann")}).status_code == 401


def test_after_logout_the_sessions_token_is_worth_nothing(web: Web) -> None:
    assert web.post("/api/auth/logout", by="ann").json() == {"ok": True}

    assert web.get("/api/auth/me", by="ann").status_code == 401


def test_a_token_ends_with_its_time(web: Web) -> None:
    web.token("ann")

    web.watch.on(minutes=61)

    assert web.get("/api/auth/me", by="ann").status_code == 401


def test_a_profile_keeps_what_is_left_out_and_loses_what_is_null(web: Web) -> None:
    def change(**fields: str | None) -> dict[str, str | None]:
        answer = web.call("PUT", "/api/users/me", {"profile": fields}, by="ann")
        profile: dict[str, str | None] = answer.json()["profile"]
        return profile

    assert change(displayName="Ann", email="a@example.org") == {"displayName": "Ann", "email": "a@example.org"}
    assert change(email=None) == {"displayName": "Ann", "email": None}
    assert change() == {"displayName": "Ann", "email": None}


def test_a_new_password_ends_every_other_session(web: Web) -> None:
    other = {"Authorization": f"Bearer {web.token('ann')}"}
    web.log_in("ann")

    body = {"currentPassword": PASSWORD, "newPassword": "battery staple"}
    changed = web.post("/api/users/me/change-password", body, by="ann", key="k")

    assert changed.json() == {"ok": True}
    assert web.get("/api/auth/me", by="ann").status_code == 200
    assert web.get("/api/auth/me", **other).status_code == 401
    assert web.post("/api/auth/login", ANN).status_code == 401
    assert web.post("/api/auth/login", {**ANN, "password": "battery staple"}).status_code == 200
    again = web.post("/api/users/me/change-password", body, by="ann", key="k")
    assert (again.status_code, again.headers["idempotency-replayed"]) == (200, "true")


def test_a_wrong_current_password_is_told_by_the_name_of_the_field(web: Web) -> None:
    body = {"currentPassword": "wrong horse", "newPassword": "battery staple"}

    assert set(faults_of(web.post("/api/users/me/change-password", body, by="ann"))) == {"currentPassword"}
