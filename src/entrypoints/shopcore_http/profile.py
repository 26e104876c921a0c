"""What a user says of himself, on the wire."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from shopcore.accounts.model import Account, Role
from shopcore_http.wire import UserId, Username


class Profile(msgspec.Struct, rename="camel"):
    display_name: Annotated[str | None, Meta(examples=["Ann"])]
    email: Annotated[str | None, Meta(examples=["ann@example.org"])]


class Me(msgspec.Struct):
    id: UserId
    username: Username
    role: Annotated[Role, Meta(examples=["customer"])]
    profile: Profile


def me_of(account: Account) -> Me:
    profile = Profile(display_name=account.display_name, email=account.email)
    return Me(id=account.id, username=account.username, role=account.role, profile=profile)
