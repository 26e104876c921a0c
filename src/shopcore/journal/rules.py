"""How a ledger adds up."""

from __future__ import annotations

from collections.abc import Mapping

from shopcore.facts import HoldCommitted, StockAdjusted, StockReceived, StockRestocked
from shopcore.inventory.model import StockEquation


def equation_of(on_hand_by_kind: Mapping[str, int]) -> StockEquation:
    """The stock equation of an item, from the sum of `on_hand` over its entries of each kind."""
    return StockEquation(
        received=on_hand_by_kind.get(StockReceived.kind, 0),
        adjusted=on_hand_by_kind.get(StockAdjusted.kind, 0),
        restocked=on_hand_by_kind.get(StockRestocked.kind, 0),
        sold=-on_hand_by_kind.get(HoldCommitted.kind, 0),
    )
