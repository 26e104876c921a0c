"""What buyers held at the same time by what they were told: no database is asked, and no clock but theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shopcore_cli.prove.notes import Answer, Attempt, Notes

FOR_GOOD = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Units that were a buyer's beyond doubt: since he was told, until he asked for something else or the deadline."""

    buyer: str
    units: int
    since: float
    until: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """The most units that were promised at one moment, and to how many buyers."""

    units: int = 0
    buyers: int = 0
    at: float = 0.0


def peak(notes: Notes) -> Peak:
    """When the most units were promised at once. More than there are means that some were promised twice."""
    claims = [claim for attempts in notes.values() for claim in claims_of(attempts)]
    changes = [(claim.since, 1, claim) for claim in claims] + [(claim.until, 0, claim) for claim in claims]
    most, units, now = Peak(), 0, list[Claim]()
    for at, begins, claim in sorted(changes, key=lambda change: change[:2]):  # what ends, ends before others begin
        units += claim.units if begins else -claim.units
        if begins:
            now.append(claim)
        else:
            now.remove(claim)
        if units > most.units:
            most = Peak(units=units, buyers=len({claim.buyer for claim in now}), at=at)
    return most


def claims_of(attempts: Sequence[Attempt]) -> Iterator[Claim]:
    """The claims of one buyer. What he asked and was refused changed nothing: he has what he had before."""
    had: Answer | None = None
    for place, attempt in enumerate(attempts):
        if not attempt.told:
            return  # nobody knows what he has from here on
        said = attempt.told[0].answer
        if not said.refusal:
            had = said
        if had is None:
            continue
        if said.order_id:
            yield Claim(buyer=attempt.request.buyer, units=said.units, since=attempt.told[0].at, until=FOR_GOOD)
            had = None
        elif had.held:
            asks_next = attempts[place + 1].asked if place + 1 < len(attempts) else FOR_GOOD
            until = min(asks_next, had.until if had.until is not None else FOR_GOOD)
            if until > attempt.told[0].at:
                yield Claim(buyer=attempt.request.buyer, units=had.held, since=attempt.told[0].at, until=until)
