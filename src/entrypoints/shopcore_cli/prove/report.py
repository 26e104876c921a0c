"""The proof as a document, as rows, and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shopcore.text import number_of
from shopcore_cli.prove.oversell import Proof


def document(proof: Proof, place: str, *, dry_run: bool) -> dict[str, Any]:
    """Counts are requests, unless they are called units; what is on hand, held and sold is as of before clearing."""
    plan, raced, books = proof.plan, proof.raced, proof.books
    return {
        "clean": not proof.violations,
        "violations": [
            {"rule": violation.rule, "subject": violation.subject, "message": violation.message}
            for violation in proof.violations
        ],
        "database": place,
        "dryRun": dry_run,
        "itemId": plan.item_id,
        "cleared": not proof.violations,
        "seed": plan.seed,
        "stock": plan.stock,
        "buyers": plan.buyers,
        "processes": plan.processes,
        "attempts": len(proof.attempts),
        "accepted": proof.accepted,
        "refused": sum(proof.refusals.values()),
        "refusals": dict(sorted(proof.refusals.items())),
        "killed": raced.killed,
        "lostAnswers": proof.lost_answers,
        "lostAnswersOfDone": proof.lost_answers_of_done,
        "repeated": proof.repeated,
        "unitsTaken": proof.taken,
        "unitsGivenBack": proof.given_back,
        "unitsExpired": proof.expired,
        "onHand": books.on_hand,
        "held": books.held,
        "ledgerSum": books.equation.on_hand,
        "sold": books.equation.sold,
        "orders": len(books.orders),
        "soldInOrders": books.sold_in_orders,
        "mostPromisedAtOnce": proof.peak.units,
        "samples": len(raced.samples),
        "seconds": round(raced.seconds, 3),
        "attemptsPerSecond": round(len(proof.attempts) / raced.seconds, 1) if raced.seconds else None,
    }


def rows(proof: Proof, place: str) -> dict[str, Any]:
    plan, raced, books = proof.plan, proof.raced, proof.books
    made, refused = len(proof.attempts), sum(proof.refusals.values())
    why = ", ".join(f"{count} {code}" for code, count in sorted(proof.refusals.items()))
    speed = f", {made / raced.seconds:,.0f} a second" if raced.seconds else ""
    return {
        "database": place,
        "item": f"{plan.item_id}, {plan.stock} in stock",
        "buyers": plan.buyers,
        "processes": plan.processes,
        "seed": plan.seed,
        "attempts": f"{made} in {raced.seconds:.1f} s{speed}",
        "accepted": proof.accepted,
        "refused": f"{refused} ({why})" if why else refused,
        "killed": f"{number_of(raced.killed, 'time')} a process, with {number_of(proof.lost_answers, 'answer')} lost",
        "asked again": f"{proof.lost_answers} lost ones, {proof.lost_answers_of_done} of them done before; "
        f"{proof.repeated} others",
        "taken": f"{proof.taken} = {books.held} held + {books.equation.sold} sold + {proof.given_back} given back "
        f"+ {proof.expired} expired",
        "on hand": books.on_hand,
        "held": books.held,
        "ledger sum": books.equation.on_hand,
        "sold": books.equation.sold,
        "sold in orders": f"{books.sold_in_orders} in {number_of(len(books.orders), 'order')}",
        "promised at once": f"{proof.peak.units} at most, by what buyers were told",
        "level looked at": number_of(len(raced.samples), "time"),
        "violations": len(proof.violations),
    }


def told(proof: Proof, *, dry_run: bool) -> Iterator[str]:
    """What came of it, and what is left of it."""
    item = proof.plan.item_id
    if proof.violations:
        yield f"NOT PROVED: {number_of(len(proof.violations), 'violation')}."
        if not dry_run:
            yield f"Item {item}, its carts and its orders stay as they are; what buyers were told is in {proof.folder}"
        return
    yield "No unit was promised or sold twice, and every answer held."
    if not dry_run:
        yield f"Item {item} is archived and empty; its cancelled orders, closed carts and removals stay on record."
