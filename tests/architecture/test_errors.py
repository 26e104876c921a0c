"""Every error of the shop: one family, a code of its own, and facts that say what happened."""

from __future__ import annotations

import copy
import pickle
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from typing import Any

import pytest

from shopcore.checkout.model import Problem
from shopcore.errors import Conflict, Denied, Invalid, NotFound, ShopError, Unauthenticated, Unavailable
from source_tree import module_names

FAMILIES: tuple[type[ShopError], ...] = (Invalid, Unauthenticated, Denied, NotFound, Conflict, Unavailable)

SAMPLES: dict[str, Any] = {
    "str": "a word",
    "int": 7,
    "Sequence[str]": ("sales", "admin"),
    "Sequence[Mapping[str, str]]": ({"field": "price", "reason": "is negative"},),
    "Sequence[Problem]": (Problem(code="INSUFFICIENT_STOCK", item_id="mug", requested=3, available=1),),
}


def subclasses(root: type[ShopError]) -> Iterator[type[ShopError]]:
    for child in root.__subclasses__():
        if child.__module__.startswith("shopcore"):
            yield child
            yield from subclasses(child)


@pytest.fixture(scope="module")
def errors() -> list[type[ShopError]]:
    """Every concrete error, wherever it is defined."""
    for name in module_names():
        import_module(name)
    return sorted(set(subclasses(ShopError)) - set(FAMILIES), key=lambda error: error.__qualname__)


def example(error: type[ShopError]) -> tuple[ShopError, dict[str, Any]]:
    given = {field.name: SAMPLES[str(field.type)] for field in fields(error)}  # type: ignore[arg-type]
    return error(**given), given


@pytest.mark.usefixtures("errors")
def test_there_are_six_families_and_nothing_beside_them() -> None:
    assert set(ShopError.__subclasses__()) == set(FAMILIES)


def test_an_error_belongs_to_exactly_one_family(errors: list[type[ShopError]]) -> None:
    assert len(errors) > len(FAMILIES)
    assert [error for error in errors if sum(issubclass(error, family) for family in FAMILIES) != 1] == []


def test_no_two_errors_share_a_code_and_each_is_a_constant(errors: list[type[ShopError]]) -> None:
    codes = Counter(error.code for error in [*FAMILIES, *errors])

    assert [code for code, times in codes.items() if times > 1] == []
    assert [code for code in codes if not (code.isupper() and code.replace("_", "").isalpha())] == []


def test_an_error_says_what_happened_in_words(errors: list[type[ShopError]]) -> None:
    said = {error: str(example(error)[0]) for error in errors}
    assert [error for error, words in said.items() if not words or "{" in words] == []


def test_an_error_carries_its_facts_by_name(errors: list[type[ShopError]]) -> None:
    for error_class in errors:
        error, given = example(error_class)
        assert given.items() <= error.facts.items()
        assert {name: getattr(error, name) for name in given} == given


def test_an_error_survives_the_way_to_another_process(errors: list[type[ShopError]]) -> None:
    for error_class in errors:
        error, given = example(error_class)
        for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
            assert type(twin) is error_class
            assert str(twin) == str(error)
            assert {name: getattr(twin, name) for name in given} == given
