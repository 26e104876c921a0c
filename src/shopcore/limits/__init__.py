"""Limits: how often one caller may do something, whichever process he meets."""

from shopcore.limits.model import Attempt, Draw, Drawn, Limit, Tally

__all__ = ["Limit", "Draw", "Drawn", "Attempt", "Tally"]
