"""Checkout: all lines of a cart or none."""

from shopcore.checkout.model import Problem

__all__ = ["Problem"]
