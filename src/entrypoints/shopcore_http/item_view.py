"""Items on the wire: what is sent of them, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from shopcore.catalog.drafts import ItemDraft
from shopcore.catalog.model import Item
from shopcore.catalog.rules import check_item
from shopcore.errors import InvalidInput
from shopcore_http.errors import wire_name
from shopcore_http.reply import amount
from shopcore_http.strict_json import Faults, fault, refuse
from shopcore_http.wire import Amount, Currency, Id, ItemId, Time

Name = Annotated[str, Meta(description="1 to 200 characters.", examples=["Mug"])]
Sku = Annotated[str | None, Meta(examples=["MUG-1"])]
Description = Annotated[str | None, Meta(examples=["Holds a third of a litre."])]
Category = Annotated[str | None, Meta(examples=["kitchen"])]
Images = Annotated[list[str], Meta(examples=[["https://shop.example/mug.jpg"]])]
Stock = Annotated[int | None, Meta(description="null: untracked, without limit.", examples=[10])]
Ration = Annotated[int | None, Meta(description="Units that one customer may hold and have bought.", examples=[5])]


class ItemBody(msgspec.Struct, rename="camel", kw_only=True):
    """An item as staff describe it. Any key that is not named here is an attribute of the shop's own."""

    name: Name
    price: Amount
    currency: Currency | None = None
    sku: Sku = None
    description: Description = None
    category: Category = None
    image_urls: Images | None = None
    stock: Stock | UnsetType = UNSET
    reservation: Literal["external"] | None = None
    max_per_customer: Ration = None
    attributes: dict[str, Any] = {}

    @staticmethod
    def further_faults(values: Mapping[str, Any]) -> Faults:
        """What the shop itself will not have, so that one answer names it all."""
        faults: Faults = []
        if values.get("reservation") is not None:
            faults.append(fault("reservation", "external reservation is not supported by this version"))
        raw = {"price": Decimal(0), "currency": "EUR", **values}
        try:
            _checked("new", raw, raw["currency"] or "EUR")
        except InvalidInput as error:
            faults += [fault(wire_name(each["field"]), each["reason"]) for each in error.errors]
        return faults


class ChangedItemBody(ItemBody, rename="camel", kw_only=True):
    """An item as it was answered, changed where it is to be changed: what is the shop's own may stand there too."""

    id: Id | UnsetType = UNSET
    created_at: Time | UnsetType = UNSET

    def must_be_of(self, item: Item) -> None:
        """Raise InvalidInput where the body would change what nobody can."""
        faults: Faults = []
        if self.id is not UNSET and str(self.id) != item.id:
            faults.append(fault("id", f"cannot be changed, it is {item.id}"))
        if self.created_at is not UNSET and self.created_at != item.created_at:
            faults.append(fault("createdAt", "cannot be changed"))
        refuse(faults)


class ItemOut(msgspec.Struct, rename="camel", kw_only=True):
    """An item, with its attributes among the other keys."""

    id: ItemId
    name: Name
    price: Amount
    currency: Currency
    sku: Sku
    description: Description
    category: Category
    image_urls: Images
    stock: Stock
    created_at: Time
    max_per_customer: Ration = None
    attributes: dict[str, Any] = {}


def draft_of(item_id: str, data: ItemBody, currency: str) -> ItemDraft:
    """Raises InvalidInput with every bad field."""
    return _checked(item_id, msgspec.structs.asdict(data), currency)


def item_json(item: Item) -> Any:
    """An item as it is answered; any JSON object, since attributes stand among its keys."""
    shown = {
        "id": item.id,
        "name": item.name,
        "price": amount(item.price),
        "currency": item.price.currency,
        "sku": item.sku,
        "description": item.description,
        "category": item.category,
        "imageUrls": item.image_urls,
        "stock": item.stock,
        "createdAt": item.created_at,
        **item.attributes,
    }
    return shown if item.max_per_customer is None else {**shown, "maxPerCustomer": item.max_per_customer}


def _checked(item_id: str, values: Mapping[str, Any], currency: str) -> ItemDraft:
    stock = values.get("stock")
    return check_item(
        item_id=item_id,
        name=values.get("name"),
        price=values["price"],
        currency=currency,
        sku=values.get("sku"),
        description=values.get("description"),
        category=values.get("category"),
        image_urls=values.get("image_urls"),
        attributes=values.get("attributes"),
        stock=None if isinstance(stock, UnsetType) else stock,
        max_per_customer=values.get("max_per_customer"),
    )
