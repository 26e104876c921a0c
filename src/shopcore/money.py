"""Money as integer minor units of one ISO 4217 currency: exact, comparable, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Self

from shopcore.errors import CurrencyMismatch, InvalidInput

LIMIT = 10**12
"""The largest amount in minor units; sums of a full cart stay exact in 64 bits and in a JSON number."""

# ISO 4217, list one: the currencies whose number of decimals is not two.
_DECIMALS = {
    code: places
    for places, codes in {
        0: (
            *("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"),
            *("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"),
        ),
        3: ("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"),
        4: ("CLF", "UYW"),
    }.items()
    for code in codes
}


def decimals(currency: str) -> int:
    """Number of digits after the point in `currency`.

    Raises InvalidInput where it is no ISO 4217 code by form.
    """
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha() or not currency.isupper():
        raise InvalidInput("currency", "must be an ISO 4217 code such as EUR")
    return _DECIMALS.get(currency, 2)


@lru_cache(maxsize=256)
def _minor_unit(currency: str) -> Decimal:
    """What one minor unit is in major units: a whole number of it has exactly the currency's decimals."""
    return Decimal(1).scaleb(-decimals(currency))


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """`amount` minor units (cents) of `currency`. Arithmetic of two currencies raises CurrencyMismatch."""

    amount: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.amount) is not int:
            raise TypeError("an amount is a whole number of minor units; Money.parse reads major units")

    @classmethod
    def parse(cls, value: Money | Decimal | str | int, currency: str, *, field: str = "price") -> Self:
        """Read major units (`"19.99"`), exactly.

        Raises InvalidInput for a float (it has lost the exact value already), too many decimals, a negative
        amount, NaN, infinity, and anything above LIMIT.
        """
        if isinstance(value, Money):
            return cls(value.amount, value.currency)
        if isinstance(value, bool) or not isinstance(value, Decimal | str | int):
            raise InvalidInput(field, "must be a decimal number, as text, Decimal or int")
        if isinstance(value, str) and (len(value) > 40 or not value.isascii() or "_" in value):
            raise InvalidInput(field, "must be a decimal number")
        try:
            number = Decimal(value)
        except (InvalidOperation, ValueError):
            raise InvalidInput(field, "must be a decimal number") from None
        if not number.is_finite():
            raise InvalidInput(field, "must be a finite number")
        if number < 0:
            raise InvalidInput(field, "must not be negative")
        places = decimals(currency)
        if number > LIMIT:
            raise InvalidInput(field, "is beyond the limit")
        minor = number.scaleb(places)
        if minor != minor.to_integral_value():
            raise InvalidInput(field, f"has more than {places} decimals, {currency} has {places}")
        if minor > LIMIT:
            raise InvalidInput(field, "is beyond the limit")
        return cls(int(minor), currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        return cls(0, currency)

    @property
    def major(self) -> Decimal:
        """The amount in major units, with exactly the currency's decimals."""
        return self.amount * _minor_unit(self.currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, quantity: int) -> Money:
        return Money(self.amount * quantity, self.currency)

    def __str__(self) -> str:
        return f"{self.major:f} {self.currency}"

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(self.currency, other.currency)
        return other.amount
