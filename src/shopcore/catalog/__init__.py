"""The catalog: what is for sale."""

from shopcore.catalog.model import Item, ItemFilter, Sellable

__all__ = ["Item", "Sellable", "ItemFilter"]
