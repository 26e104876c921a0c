"""Words that the bodies of many endpoints share."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from shopcore_http.examples import CART, ITEM, ORDER, USER

Id: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)] | int
"""An id as clients send it; `str` of it is the id."""

ItemId = Annotated[str, Meta(examples=[ITEM])]
CartId = Annotated[str, Meta(examples=[CART])]
OrderId = Annotated[str, Meta(examples=[ORDER])]
UserId = Annotated[str, Meta(examples=[USER])]
Username = Annotated[str, Meta(examples=["ann"])]
Amount = Annotated[Decimal, Meta(description="In major units.", examples=[7.5])]
Total = Annotated[Decimal, Meta(description="In major units.", examples=[15.0])]
Nothing = Annotated[Decimal, Meta(description="In major units.", examples=[0.0])]
Currency = Annotated[str, Meta(description="ISO 4217.", examples=["EUR"])]
Quantity = Annotated[int, Meta(ge=1, le=999, examples=[2])]
Time = Annotated[datetime, Meta(examples=["2026-01-31T12:00:00Z"])]


class Done(msgspec.Struct):
    ok: Annotated[bool, Meta(examples=[True])] = True
