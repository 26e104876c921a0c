"""The least that a Litestar handler can do for a shopper: check his token. What more the shop does costs more.

It does so as PyJWT's documentation says, each time.
"""

from __future__ import annotations

import gc
import os
from typing import Any, TypeAlias

import jwt
from litestar import Litestar, Request, Response, get, post

Asker: TypeAlias = Request[Any, Any, Any]
SECRET = "BENCH_SECRET"
HEALTH = "/health/live"


def factory() -> Litestar:
    secret = os.environ[SECRET].encode()

    @post("/api/cart/items", status_code=200)
    async def put_in_cart(request: Asker) -> Response[dict[str, str]]:
        return answer(request)

    @get("/api/cart")
    async def show_cart(request: Asker) -> Response[dict[str, str]]:
        return answer(request)

    @get(HEALTH)
    async def alive() -> dict[str, bool]:
        return {"ok": True}

    def answer(request: Asker) -> Response[dict[str, str]]:
        token = request.headers["authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, secret, algorithms=["HS256"], issuer="shopcore", audience="shopcore")
        return Response({"owner": claims["sub"]})

    app = Litestar([put_in_cart, show_cart, alive], openapi_config=None, logging_config=None)
    gc.collect()
    gc.freeze()  # as the shop's own server does
    return app
