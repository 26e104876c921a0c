"""What may be said of an item. Every way in (HTTP, command line, files, your program) passes `check_item`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from shopcore.catalog.attributes import check_attributes
from shopcore.catalog.drafts import ItemDraft
from shopcore.errors import InvalidInput
from shopcore.money import Money, decimals
from shopcore.text import checked, required

T = TypeVar("T")
MAX_STOCK = 10**9
MAX_PER_CUSTOMER = 999
MAX_IMAGES = 20

# Characters that need no quoting in a path, so that every item has a plain address.
_ID = re.compile(r"[A-Za-z0-9._~:-]{1,100}")


def check_item(
    *,
    item_id: object,
    name: object,
    price: object,
    currency: object,
    sku: object = None,
    description: object = None,
    category: object = None,
    image_urls: object = None,
    attributes: object = None,
    stock: object = None,
    max_per_customer: object = None,
    row: int = 0,
) -> ItemDraft:
    """The item that these raw values describe; None, and for `sku` and `category` a blank text, is "not given".

    `price` is in major units of `currency` (text, Decimal or int), or Money; `row` is the line of a file, for
    reports. Raises InvalidInput, whose `errors` list every field that is not acceptable.
    """
    faults: list[Mapping[str, str]] = []
    draft = ItemDraft(
        id=_try(faults, "", _item_id, item_id),
        name=_try(faults, "", _name, name),
        price=_try(faults, Money(0, "EUR"), _price, price, currency),
        sku=_try(faults, None, _label, sku, "sku"),
        description=_try(faults, "", _description, description),
        category=_try(faults, None, _label, category, "category"),
        image_urls=_try(faults, (), _image_urls, image_urls),
        attributes=_try(faults, {}, check_attributes, attributes),
        stock=_try(faults, None, _units, stock, "stock", 0, MAX_STOCK),
        max_per_customer=_try(faults, None, _units, max_per_customer, "max_per_customer", 1, MAX_PER_CUSTOMER),
        row=row,
    )
    if faults:
        raise InvalidInput(faults[0]["field"], faults[0]["reason"], faults)
    return draft


def _try(faults: list[Mapping[str, str]], otherwise: T, rule: Callable[..., T], *values: object) -> T:
    try:
        return rule(*values)
    except InvalidInput as error:
        faults.extend(error.errors or [{"field": error.field, "reason": error.reason}])
        return otherwise


def _item_id(value: object) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _ID.fullmatch(text):
        raise InvalidInput("id", "must have 1 to 100 characters out of letters, digits and ._~:-")
    return text


def _name(value: object) -> str:
    return required(_text(value, "name"), "name", most=200)


def _label(value: object, field: str) -> str | None:
    text = checked(_text(value, field).strip(), field, most=100)
    return text or None


def _description(value: object) -> str:
    return checked(_text(value, "description"), "description", most=20_000)


def _text(value: object, field: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InvalidInput(field, "must be a text")
    return value


def _price(value: object, currency: object) -> Money:
    if isinstance(value, Money):
        return Money.parse(value.major, value.currency)
    if not isinstance(currency, str):
        raise InvalidInput("currency", "must be an ISO 4217 code such as EUR")
    decimals(currency)
    if value is None or (isinstance(value, str) and not value.strip()):
        raise InvalidInput("price", "is missing")
    if isinstance(value, str) and "," in value:
        raise InvalidInput("price", "must be written like 1299.00, without thousands separators")
    if not isinstance(value, str | int | Decimal):
        raise InvalidInput("price", "must be a decimal number")
    return Money.parse(value, currency)


def _image_urls(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise InvalidInput("image_urls", "must be a list of texts")
    if len(value) > MAX_IMAGES:
        raise InvalidInput("image_urls", f"must have at most {MAX_IMAGES} entries")
    return tuple(checked(_text(url, "image_urls"), "image_urls", least=1, most=2_000) for url in value)


def _units(value: object, field: str, least: int, most: int) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise InvalidInput(field, "must be a whole number")
    if not least <= value <= most:
        raise InvalidInput(field, f"must be between {least} and {most}")
    return value
