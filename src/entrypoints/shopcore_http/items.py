"""The catalog: browse, find, and for staff add, change and withdraw."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, UnsetType

from shopcore.catalog.model import ItemFilter, Sort, SortOrder
from shopcore.errors import ItemNotFound, SkuTaken, StockHeld, StockTracked
from shopcore_http.counter import Counter
from shopcore_http.door import ADMIN, ANYBODY, Asker
from shopcore_http.endpoint import endpoint
from shopcore_http.headers import idempotency_key, replayed
from shopcore_http.item_view import ChangedItemBody, ItemBody, ItemOut, draft_of, item_json
from shopcore_http.paging import Paged, PageOf, page_reply
from shopcore_http.replica import Replica
from shopcore_http.reply import Reply, reply
from shopcore_http.wire import Done

Price = Annotated[Decimal, Meta(description="In major units.", examples=[5.0])]


class ItemsQuery(Paged, rename="camel", kw_only=True):
    min_price: Price | None = None
    max_price: Price | None = None
    in_stock: bool | None = None
    category: Annotated[str, Meta(max_length=100, examples=["kitchen"])] | None = None
    sort: Sort = "createdAt"
    order: SortOrder = "asc"

    @property
    def filter(self) -> ItemFilter:
        return ItemFilter(
            category=self.category,
            min_price=self.min_price,
            max_price=self.max_price,
            in_stock=self.in_stock,
            sort=self.sort,
            order=self.order,
        )


class SearchQuery(ItemsQuery, rename="camel", kw_only=True):
    q: Annotated[str, Meta(max_length=200, description="Each word begins some word of an item.", examples=["mug"])]


class WithdrawQuery(msgspec.Struct):
    mode: Annotated[
        Literal["finish", "recall"],
        Meta(description="`finish` lets those who hold it check out; `recall` takes it back from every cart."),
    ] = "finish"


@endpoint("GET", "/", allow=ANYBODY, tag="catalog", summary="Browse items", query=ItemsQuery)
async def list_items(request: Asker, asked: ItemsQuery, replica: Replica) -> Reply[PageOf[ItemOut]]:
    page = await replica.do(lambda shop: shop.catalog.list(asked.filter, asked.request))
    return page_reply(request, page, item_json)


@endpoint("GET", "/search", allow=ANYBODY, tag="catalog", summary="Find items by their words", query=SearchQuery)
async def search_items(request: Asker, asked: SearchQuery, replica: Replica) -> Reply[PageOf[ItemOut]]:
    page = await replica.do(lambda shop: shop.catalog.search(asked.q, asked.filter, asked.request))
    return page_reply(request, page, item_json)


@endpoint("GET", "/{item_id:str}", allow=ANYBODY, tag="catalog", summary="See an item", refuses=[ItemNotFound])
async def show_item(item_id: str, replica: Replica) -> Reply[ItemOut]:
    return reply(item_json(await replica.do(lambda shop: shop.catalog.get(item_id))))


@endpoint("POST", "/", allow=ADMIN, tag="catalog", summary="Add an item", status=201, refuses=[SkuTaken], keyed=True)
async def add_item(request: Asker, data: ItemBody, counter: Counter) -> Reply[ItemOut]:
    """Keys that are not named here are attributes: they are kept, and answered at the top level."""
    key = await idempotency_key(request, "add-item")
    draft = draft_of(counter.make_id(), data, data.currency or counter.shop.policy.currency)
    with counter.answering(key):
        answer = await counter.do(counter.shop.catalog.add, draft, actor=request.user.user_id, key=key)
    address = f"{request.scope['path'].rstrip('/')}/{answer.value.id}"
    return reply(item_json(answer.value), headers={"Location": address, **replayed(answer.replayed)})


@endpoint(
    "PUT",
    "/{item_id:str}",
    allow=ADMIN,
    tag="catalog",
    summary="Change an item",
    refuses=[ItemNotFound, SkuTaken, StockHeld, StockTracked],
)
async def change_item(request: Asker, item_id: str, data: ChangedItemBody, counter: Counter) -> Reply[ItemOut]:
    """The item is then as the body says. Without `stock`, tracking and level stay as they are; so does the currency.

    An item may be sent back as it was answered: `id` and `createdAt` are accepted as they are, and refused otherwise.
    """
    current = await counter.do(counter.shop.catalog.get, item_id)
    data.must_be_of(current)
    draft = draft_of(current.id, data, data.currency or current.price.currency)
    keep_stock = isinstance(data.stock, UnsetType)
    item = await counter.do(counter.shop.catalog.change, draft, actor=request.user.user_id, keep_stock=keep_stock)
    return reply(item_json(item))


@endpoint(
    "DELETE",
    "/{item_id:str}",
    allow=ADMIN,
    tag="catalog",
    summary="Withdraw an item",
    refuses=[ItemNotFound],
    query=WithdrawQuery,
)
async def archive_item(
    request: Asker,
    item_id: str,
    asked: WithdrawQuery,
    counter: Counter,
) -> Done:
    """The item is archived: it is not listed any more; carts, orders and reports that name it stay readable."""
    await counter.do(counter.shop.catalog.archive, item_id, actor=request.user.user_id, mode=asked.mode)
    return Done()


HANDLERS = [list_items, search_items, show_item, add_item, change_item, archive_item]
