"""Carts: one active cart per owner; stock is held while an item is in it."""

from shopcore.carts.model import Cart, Hold, Line

__all__ = ["Cart", "Line", "Hold"]
