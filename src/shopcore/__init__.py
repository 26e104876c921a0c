"""shopcore: a shopping cart, checkout and inventory engine for any Python program.

shop = Shop(MemoryStore())
mug = shop.catalog.add_item(name="Mug", price="7.50", stock=10)
shop.carts.add_item("ann", mug.id, quantity=2)
order = shop.checkout.place_order("ann")
"""

from shopcore.carts.commands import (
    AbandonCart,
    AddItem,
    CartCommand,
    ClearCart,
    PlaceOrder,
    RemoveItem,
    SetQuantity,
    ShowCart,
)
from shopcore.carts.desk import Outcome
from shopcore.carts.view import CartView, LineView
from shopcore.catalog.model import Item, ItemFilter
from shopcore.checkout.model import Problem
from shopcore.errors import (
    CheckoutRefused,
    Conflict,
    Denied,
    Invalid,
    InvalidInput,
    NotFound,
    OutOfStock,
    ShopError,
    Unauthenticated,
    Unavailable,
)
from shopcore.idempotency import Key
from shopcore.inventory.model import Level
from shopcore.money import Money
from shopcore.orders.model import Order, OrderLine
from shopcore.paging import Page, PageRequest
from shopcore.policy import Policy
from shopcore.removals.model import Removal, RemovalFilter, SummaryRow
from shopcore.shop import Shop
from shopcore.store import Store, Transaction

__all__ = [
    "Shop",
    "Policy",
    "Store",
    "Transaction",
    "Money",
    "Page",
    "PageRequest",
    "Key",
    "Item",
    "ItemFilter",
    "Level",
    "CartView",
    "LineView",
    "Problem",
    "CartCommand",
    "ShowCart",
    "AddItem",
    "SetQuantity",
    "RemoveItem",
    "ClearCart",
    "AbandonCart",
    "PlaceOrder",
    "Outcome",
    "Order",
    "OrderLine",
    "Removal",
    "RemovalFilter",
    "SummaryRow",
    "ShopError",
    "Invalid",
    "InvalidInput",
    "Unauthenticated",
    "Denied",
    "NotFound",
    "Conflict",
    "OutOfStock",
    "CheckoutRefused",
    "Unavailable",
]
