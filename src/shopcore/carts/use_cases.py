"""A shopper's cart, and what staff see of carts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shopcore.carts.batch import CartBatch
from shopcore.carts.commands import AbandonCart, AddItem, CartCommand, ClearCart, RemoveItem, SetQuantity, ShowCart
from shopcore.carts.desk import Outcome
from shopcore.carts.model import Cart, unheld
from shopcore.carts.ports import CartFilter
from shopcore.carts.view import CartView, view
from shopcore.errors import CartNotFound
from shopcore.journal.model import Entry
from shopcore.paging import Page, PageRequest
from shopcore.store import Store, Transaction


class Carts:
    """One active cart per owner; stock is held while an item is in it.

    An owner is an opaque text of the program's choice. Every method that changes a cart gives it as it is then.
    """

    def __init__(self, store: Store, batch: CartBatch) -> None:
        self._store = store
        self._batch = batch

    def handle(self, commands: Sequence[CartCommand]) -> list[Outcome]:
        """Run commands of any owners, checkouts among them, in one transaction; one outcome each, in order."""
        return self._batch.run(commands)

    def get(self, owner: str) -> CartView:
        """The owner's cart at today's prices; the first look opens one."""
        return self.get_all([owner])[0]

    def get_all(self, owners: Sequence[str]) -> list[CartView]:
        """What `get` gives for each of `owners`, in order, with one look at the store for all of them."""
        shown = self.active(owners)
        new = sorted({owner for owner in owners if owner not in shown})
        if new:
            outcomes = self._batch.run([ShowCart(owner=owner) for owner in new])
            shown |= {owner: outcome.take(CartView) for owner, outcome in zip(new, outcomes, strict=True)}
        return [shown[owner] for owner in owners]

    def add_item(
        self,
        owner: str,
        item_id: str,
        quantity: int = 1,
        *,
        if_version: int | None = None,
        actor: str | None = None,
    ) -> CartView:
        """Put `quantity` (1 to 999) more units in the cart and hold them.

        Raises OutOfStock (with what is available), CustomerLimit, ItemUnavailable, ItemNotFound, OtherCurrency,
        InvalidInput, StaleVersion; the cart is then as it was.
        """
        return self._do(AddItem(owner=owner, item_id=item_id, quantity=quantity, if_version=if_version, actor=actor))

    def set_quantity(
        self,
        owner: str,
        item_id: str,
        quantity: int,
        *,
        if_version: int | None = None,
        actor: str | None = None,
    ) -> CartView:
        """Make the line hold `quantity` units (0 removes it). Raises NotInCart, and what `add_item` raises."""
        return self._do(
            SetQuantity(owner=owner, item_id=item_id, quantity=quantity, if_version=if_version, actor=actor)
        )

    def remove_item(
        self, owner: str, item_id: str, *, if_version: int | None = None, actor: str | None = None
    ) -> CartView:
        """Take the item out and give its stock back; sales see the removal. Raises NotInCart, StaleVersion."""
        return self._do(RemoveItem(owner=owner, item_id=item_id, if_version=if_version, actor=actor))

    def clear(self, owner: str, *, if_version: int | None = None, actor: str | None = None) -> CartView:
        """Take everything out."""
        return self._do(ClearCart(owner=owner, if_version=if_version, actor=actor))

    def abandon(self, owner: str, *, actor: str | None = None) -> CartView:
        """End the owner's cart without an order: its stock is given back, and the next cart is opened.

        What was removed from it stays on record, as `abandoned`. A cart that nothing was done with stays open.
        """
        return self._do(AbandonCart(owner=owner, actor=actor))

    def show(self, cart_id: str) -> CartView:
        """Any cart, closed ones too. Raises CartNotFound."""
        with self._store.read() as tx:
            cart = tx.carts.get([cart_id]).get(cart_id)
            if cart is None:
                raise CartNotFound(cart_id)
            return _views(tx, [cart])[0]

    def list(self, page: PageRequest, *, owner: str | None = None, active_only: bool = False) -> Page[CartView]:
        """Carts, newest first: in the order in which they were opened, whatever happened to them since."""
        with self._store.read() as tx:
            found = tx.carts.page(CartFilter(owner=owner, active_only=active_only), page)
            views = _views(tx, found.items)
        return Page(items=views, page=found.page, limit=found.limit, total=found.total)

    def active(self, owners: Iterable[str]) -> dict[str, CartView]:
        """The active carts of those owners who have one, by owner; none is opened."""
        with self._store.read() as tx:
            carts = tx.carts.active(owners)
            views = _views(tx, list(carts.values()))
        return {shown.owner: shown for shown in views}

    def timeline(self, cart_id: str) -> Sequence[Entry]:
        """Every fact of a cart, in order. Raises CartNotFound."""
        with self._store.read() as tx:
            if cart_id not in tx.carts.get([cart_id]):
                raise CartNotFound(cart_id)
            return tx.journal.of_cart(cart_id)

    def _do(self, command: CartCommand) -> CartView:
        [outcome] = self._batch.run([command])
        return outcome.take(CartView)


def _views(tx: Transaction, carts: Sequence[Cart]) -> Sequence[CartView]:
    wanted = {item_id for cart in carts for item_id in cart.lines}
    items = tx.items.sellables(wanted) if wanted else {}
    wanting = unheld(carts)
    levels = tx.stock.levels(wanting) if wanting else {}
    ordered = [cart.id for cart in carts if cart.status == "ordered"]
    orders = tx.orders.of_carts(ordered) if ordered else {}
    return [view(cart, items, levels, orders.get(cart.id)) for cart in carts]
