"""Inventory: how many units there are, and who holds them."""

from shopcore.inventory.model import HeldUnits, Level, StockEquation

__all__ = ["Level", "StockEquation", "HeldUnits"]
