"""Orders: what was agreed, for good."""

from shopcore.orders.model import Discount, Order, OrderEvent, OrderLine

__all__ = ["Order", "OrderLine", "OrderEvent", "Discount"]
