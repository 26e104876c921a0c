"""What handlers are given."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from shopcore.accounts.model import AccessClaims
from shopcore_http.arguments import served
from shopcore_http.door import ADMIN
from shopcore_http.endpoint import endpoint


class Asking:
    """As much of a request as a handler's path needs."""

    path_params = {"item_id": "mug"}  # noqa: RUF012


async def show(request: Any, item_id: str) -> tuple[Any, str]:
    return request, item_id


def test_a_handler_is_given_what_it_names() -> None:
    asking = Asking()

    given = asyncio.run(served(show, "/items/{item_id:str}", None)(asking))

    assert given == (asking, "mug")


def test_a_handler_that_names_what_nobody_has_is_not_declared() -> None:
    with pytest.raises(TypeError, match="there is no item_id at /items"):
        served(show, "/items", None)


def test_a_role_is_looked_at_at_the_door_or_the_handler_is_not_declared() -> None:
    async def change(login: AccessClaims) -> None: ...

    with pytest.raises(TypeError, match="change is not for all who are signed in"):
        endpoint("POST", "/items", allow=ADMIN, tag="catalog", summary="Change")(change)
