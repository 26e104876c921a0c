"""Request headers that change what a request means."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from litestar.connection import ASGIConnection, Request

from shopcore.errors import InvalidInput
from shopcore.idempotency import Key, fingerprint
from shopcore_http.strict_json import parse

_TAG = re.compile(r'(W/)?"([\x21\x23-\x7e]*)"')
_GIVEN = "shopcore_headers"
NO_VERSION = -1
"""What no cart is ever at."""


def given(scope: Any) -> dict[bytes, bytes]:
    """The request's headers by name, in lower case; of one that comes twice, the first."""
    found: dict[bytes, bytes] | None = scope.get(_GIVEN)
    if found is None:
        found = scope[_GIVEN] = dict(reversed(list(scope["headers"])))
    return found


def header(request: ASGIConnection[Any, Any, Any, Any], name: bytes) -> str | None:
    """What the request says by that header, if anything."""
    value = given(request.scope).get(name)
    return None if value is None else value.decode("latin-1")


def if_match(request: Request[Any, Any, Any]) -> int | None:
    """The version that the client wants changed, None where any will do.

    A tag that this API never gave matches nothing. Raises InvalidInput where the header is not one entity tag.
    """
    wanted = header(request, b"if-match")
    if wanted is None or wanted.strip() == "*":
        return None
    found = _TAG.fullmatch(wanted.strip())
    if found is None:
        raise InvalidInput("If-Match", 'must be one entity tag, such as "3", or *')
    weak, text = found.groups()
    plain = not weak and text.isascii() and text.isdigit() and len(text) < 18
    return int(text) if plain else NO_VERSION


def etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}


async def idempotency_key(request: Request[Any, Any, Any], operation: str) -> Key | None:
    """The request's Idempotency-Key, scoped to the caller and `operation`.

    Bodies that say the same, however they are spaced and ordered, are the same request. Raises InvalidInput.
    """
    key = header(request, b"idempotency-key")
    if key is None:
        return None
    raw = await request.body()
    meant = {"path": request.scope["path_params"], "body": parse(raw) if raw else None}
    canonical = msgspec.json.encode(meant, order="sorted")
    caller = request.scope.get("user")
    return Key(
        caller=caller.user_id if caller else "anonymous",
        operation=operation,
        value=key,
        fingerprint=fingerprint(canonical),
    )


def replayed(was: bool) -> dict[str, str]:
    """Tells a client that it gets an answer that was given before."""
    return {"Idempotency-Replayed": "true"} if was else {}
