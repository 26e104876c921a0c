"""Users by the name or the id that somebody typed, and their names for what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from shopcore_cli.cells import cell
from shopcore_cli.screen import say

if TYPE_CHECKING:
    from shopcore.shop import Shop


def owner_of(shop: Shop, user: str) -> str:
    """The owner of carts, orders and removals that `user` means: an account's id, or else the text itself.

    A shop need not have accounts for its shoppers, so an unknown name is not an error.
    """
    from shopcore.errors import UserNotFound

    try:
        return shop.accounts.find(user).id
    except UserNotFound:
        return user


def wanted_owner(shop: Shop, user: str | None) -> str | None:
    """The owner that `--user` means, None without it. A name that means nobody here is told: it may be mistyped."""
    from shopcore.paging import PageRequest

    if user is None:
        return None
    owner = owner_of(shop, user)
    if (
        owner == user
        and not shop.accounts.get([owner])
        and not shop.carts.list(PageRequest(limit=1), owner=owner).total
    ):
        say(f"There is no user {cell(user)}, and nobody of that name ever had a cart.")
    return owner


def names_of(shop: Shop, owners: Iterable[str]) -> Mapping[str, str | None]:
    """Usernames by owner; None for who has no account, or none any more."""
    wanted = set(owners)
    accounts = shop.accounts.get(wanted)
    return {owner: accounts[owner].username or None if owner in accounts else None for owner in wanted}
