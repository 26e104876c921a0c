"""Removals: what was taken out of carts, and what became of it."""

from shopcore.removals.model import Removal, RemovalFilter, SummaryRow

__all__ = ["Removal", "RemovalFilter", "SummaryRow"]
