"""Signing up, logging in, staying in and logging out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from shopcore.accounts import rules
from shopcore.accounts.model import Account, Login
from shopcore.errors import BadCredentials, InvalidToken, SignupClosed, TooManyLogins, UsernameTaken
from shopcore_http.counter import Counter
from shopcore_http.door import ANYBODY, SIGNED_IN, Asker
from shopcore_http.endpoint import endpoint
from shopcore_http.headers import idempotency_key, replayed
from shopcore_http.profile import Me, me_of
from shopcore_http.reply import Reply, reply
from shopcore_http.strict_json import Faults, fault
from shopcore_http.wire import Done, UserId, Username

NewUsername = Annotated[str, Meta(description="3 to 64 characters.", examples=["ann"])]
NewPassword = Annotated[str, Meta(description="8 to 128 characters.", examples=["correct horse battery"])]
Token = Annotated[str, Meta(examples=["eyJhbGciOiJIUzI1NiIs..."])]


class SignUp(msgspec.Struct, rename="camel", kw_only=True):
    username: NewUsername
    password: NewPassword
    display_name: Annotated[str, Meta(examples=["Ann"])] | None = None
    email: Annotated[str, Meta(examples=["ann@example.org"])] | None = None

    @staticmethod
    def further_faults(values: Mapping[str, Any]) -> Faults:
        found = {
            "username": rules.username_fault(values.get("username", "")),
            "password": rules.password_fault(values.get("password", "")),
            "displayName": rules.display_name_fault(values.get("display_name")),
            "email": rules.email_fault(rules.tidy(values.get("email"))),
        }
        return [fault(field, reason) for field, reason in found.items() if reason]


class Credentials(msgspec.Struct):
    username: Username
    password: Annotated[str, Meta(examples=["correct horse battery"])]


class Refresh(msgspec.Struct, rename="camel"):
    refresh_token: Token


class UserName(msgspec.Struct):
    id: UserId
    username: Username


class SignedUp(msgspec.Struct):
    user: UserName


class Session(msgspec.Struct, rename="camel", kw_only=True):
    access_token: Token
    refresh_token: Annotated[str, Meta(examples=["3q2-7w..."])]
    token_type: Annotated[str, Meta(examples=["Bearer"])]
    expires_in: Annotated[int, Meta(description="Seconds.", examples=[3600])]
    user: UserName


@endpoint(
    "POST",
    "/auth/signup",
    allow=ANYBODY,
    tag="accounts",
    summary="Make an account",
    status=201,
    refuses=[UsernameTaken, SignupClosed, TooManyLogins],
    keyed=True,
)
async def sign_up(request: Asker, data: SignUp, counter: Counter) -> Reply[SignedUp]:
    """The user has an active cart from then on."""
    key = await idempotency_key(request, "signup")
    with counter.answering(key):
        answer = await counter.do_with_password(
            counter.shop.accounts.sign_up,
            data.username,
            data.password,
            display_name=data.display_name,
            email=data.email,
            key=key,
        )
    return reply(SignedUp(_name(answer.value)), headers=replayed(answer.replayed))


@endpoint(
    "POST",
    "/auth/login",
    allow=ANYBODY,
    tag="accounts",
    summary="Begin a session",
    refuses=[BadCredentials, TooManyLogins],
)
async def log_in(data: Credentials, counter: Counter) -> Session:
    """A wrong password and an unknown name have the same answer, after the same work.

    Too many failed logins of one username are answered with 429, whatever the password.
    """
    log_in = counter.shop.accounts.log_in
    return _session(await counter.guess(data.username, log_in, data.username, data.password))


@endpoint(
    "POST",
    "/auth/refresh",
    allow=ANYBODY,
    tag="accounts",
    summary="Exchange a refresh token for new tokens",
    refuses=[InvalidToken],
)
async def refresh(data: Refresh, counter: Counter) -> Session:
    """Works once for each refresh token. A used one that is seen again ends its session."""
    return _session(await counter.do(counter.shop.accounts.refresh, data.refresh_token))


@endpoint("POST", "/auth/logout", allow=SIGNED_IN, tag="accounts", summary="End the session")
async def log_out(request: Asker, counter: Counter) -> Done:
    """None of the session's tokens works any more."""
    await counter.do(counter.shop.accounts.log_out, request.user)
    return Done()


@endpoint("GET", "/auth/me", allow=SIGNED_IN, tag="accounts", summary="Who am I")
async def me(request: Asker, counter: Counter) -> Me:
    return me_of(await counter.do(counter.shop.accounts.profile, request.user.user_id))


def _name(account: Account) -> UserName:
    return UserName(account.id, account.username)


def _session(login: Login) -> Session:
    return Session(
        access_token=login.tokens.access_token,
        refresh_token=login.tokens.refresh_token,
        token_type="Bearer",  # noqa: S106 (a scheme, not a secret)
        expires_in=login.tokens.expires_in,
        user=_name(login.account),
    )


HANDLERS = [sign_up, log_in, refresh, log_out, me]
