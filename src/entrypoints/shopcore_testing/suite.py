"""How pytest comes to collect the promises in a file of yours, where your fixtures apply."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

CONTRACT = Path(__file__).with_name("contract")


class Suite(partial[None]):
    """Stands in a test module for the modules of the contract.

    Where the plugin is not loaded, pytest takes this for a test, and it fails: a proof that ran nothing would pass.
    """

    __test__ = True
    modules: tuple[str, ...]


def promises(*parts: str) -> Suite:
    """Tests of a store, collected as if they were written in the test module that gives this a name.

    `parts` choose some, such as `"races"` or `"selling.checkout"`. Raises ValueError for an unknown part.
    """
    known = [".".join(path.relative_to(CONTRACT).with_suffix("").parts) for path in sorted(CONTRACT.rglob("*.py"))]
    known = [name for name in known if not name.endswith("__init__")]
    if unknown := [part for part in parts if not any(_is_in(part, name) for name in known)]:
        raise ValueError(f"no such part: {', '.join(unknown)}; there are {', '.join(known)}")
    suite = Suite(_fail)
    suite.modules = tuple(name for name in known if not parts or any(_is_in(part, name) for part in parts))
    return suite


def collected(suite: Suite, parent: pytest.Module) -> list[pytest.Item | pytest.Collector]:
    """The modules of the contract as if they were written into `parent`."""
    return [
        Promises.from_parent(parent, name=name, path=parent.path, nodeid=f"{parent.nodeid}::{name}")
        for name in suite.modules
    ]


class Promises(pytest.Module):
    """A module of the contract. Its path is that of your file, so that `--last-failed` finds it again."""

    def _getobj(self) -> ModuleType:
        module = import_module(f"shopcore_testing.contract.{self.name}")
        fixtures = import_module("shopcore_testing.fixtures")
        for name in fixtures.__all__:  # nearer than a fixture of yours that happens to have the same name
            vars(module).setdefault(name, getattr(fixtures, name))
        return module


def _is_in(part: str, name: str) -> bool:
    return f"{name}.".startswith(f"{part}.")


def _fail() -> None:
    raise RuntimeError("shopcore's pytest plugin is not loaded: run pytest with -p shopcore_testing.plugin")
