"""Ids: unique, in order, and the same again where that is wanted."""

from __future__ import annotations

import uuid

from shopcore.ids import SeededIds, Uuid7


def test_ids_of_one_process_sort_in_the_order_they_were_made() -> None:
    make_id = Uuid7()

    made = [make_id() for _ in range(5000)]

    assert made == sorted(set(made))
    assert {uuid.UUID(each).version for each in made} == {7}


def test_the_same_seed_gives_the_same_ids_in_the_same_order() -> None:
    ours, again = SeededIds("a file"), SeededIds("a file")

    made = [ours() for _ in range(500)]

    assert made == [again() for _ in range(500)]
    assert made == sorted(set(made))
    assert {(uuid.UUID(each).version, uuid.UUID(each).variant) for each in made} == {(8, uuid.RFC_4122)}


def test_another_seed_shares_no_id() -> None:
    ours, theirs = SeededIds("a file"), SeededIds("another file")

    assert not {ours() for _ in range(500)} & {theirs() for _ in range(500)}
