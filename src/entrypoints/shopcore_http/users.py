"""What a user changes about himself."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from shopcore.accounts.use_cases import KEEP, Keep
from shopcore.errors import TooManyLogins
from shopcore_http.counter import Counter
from shopcore_http.door import SIGNED_IN, Asker
from shopcore_http.endpoint import endpoint
from shopcore_http.headers import idempotency_key, replayed
from shopcore_http.profile import Me, me_of
from shopcore_http.reply import Reply, reply
from shopcore_http.wire import Done


class NewProfile(msgspec.Struct, rename="camel"):
    """A field that is left out stays as it is; null takes it away."""

    display_name: Annotated[str | None, Meta(examples=["Ann"])] | UnsetType = UNSET
    email: Annotated[str | None, Meta(examples=["ann@example.org"])] | UnsetType = UNSET


class ChangeProfile(msgspec.Struct):
    profile: NewProfile


class ChangePassword(msgspec.Struct, rename="camel"):
    current_password: Annotated[str, Meta(examples=["correct horse battery"])]
    new_password: Annotated[str, Meta(description="8 to 128 characters.", examples=["staple gun 4 ever"])]


@endpoint("PUT", "/users/me", allow=SIGNED_IN, tag="accounts", summary="Change my profile")
async def change_profile(request: Asker, data: ChangeProfile, counter: Counter) -> Me:
    account = await counter.do(
        counter.shop.accounts.change_profile,
        request.user.user_id,
        display_name=_kept(data.profile.display_name),
        email=_kept(data.profile.email),
    )
    return me_of(account)


@endpoint(
    "POST",
    "/users/me/change-password",
    allow=SIGNED_IN,
    tag="accounts",
    summary="Change my password",
    refuses=[TooManyLogins],
    keyed=True,
)
async def change_password(request: Asker, data: ChangePassword, counter: Counter) -> Reply[Done]:
    """Every other session of the user ends. A wrong current password counts as a failed login."""
    key = await idempotency_key(request, "change-password")
    with counter.answering(key):
        answer = await counter.guess(
            request.user.username,
            counter.shop.accounts.change_password,
            request.user,
            data.current_password,
            data.new_password,
            key=key,
        )
    return reply(Done(), headers=replayed(answer.replayed))


def _kept(value: str | UnsetType | None) -> str | Keep | None:
    return KEEP if isinstance(value, UnsetType) else value


HANDLERS = [change_profile, change_password]
