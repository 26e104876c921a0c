"""Users by the name or the id that somebody typed, and their names for what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

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


def names_of(shop: Shop, owners: Iterable[str]) -> Mapping[str, str | None]:
    """Usernames by owner; None for who has no account, or none any more."""
    wanted = set(owners)
    accounts = shop.accounts.get(wanted)
    return {owner: accounts[owner].username or None if owner in accounts else None for owner in wanted}
