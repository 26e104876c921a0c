"""The packages as their users see them: what may be imported from where, and with which extra."""

from __future__ import annotations

import sys
import tomllib
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from source_tree import ROOT, imports, packages, python_files, shown

PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
EXTRAS: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]

EXTRA_OF = {
    "shopcore": None,
    "shopcore_memory": None,
    "shopcore_sql": "sql",
    "shopcore_security": "security",
    "shopcore_settings": "server",
    "shopcore_http": "http",
    "shopcore_cli": "cli",
    "shopcore_testing": "testing",
}
MODULE_OF = {"argon2-cffi": "argon2", "pyjwt": "jwt", "prometheus-client": "prometheus_client"}
EXTRA_OF_FILE = {"shopcore_http/serve.py": "server"}  # `shopcore[http]` is an app for somebody's own server
LOADED_BY_NAME = {"psycopg"}  # by SQLAlchemy

each_package = pytest.mark.parametrize("name", packages())
each_init = pytest.mark.parametrize(
    "init", [path for folder in packages().values() for path in sorted(folder.rglob("__init__.py"))], ids=shown
)


def brought_by(extra: str | None) -> set[str]:
    """The import names that `pip install shopcore[extra]` brings on purpose."""
    found: set[str] = set()
    for requirement in EXTRAS[extra] if extra else ():
        name, _, rest = requirement.partition("[")
        if name == "shopcore":
            found |= {module for other in rest.rstrip("]").split(",") for module in brought_by(other)}
        else:
            distribution = name.split(">")[0].strip()
            found.add(MODULE_OF.get(distribution, distribution))
    return found


def libraries(path: Path, *, at_import: bool = False) -> set[str]:
    """What a file imports that is neither Python's nor ours; `at_import`: and needs at once, not on some call."""
    found = {name for name, at_once in imports(path) if at_once or not at_import}
    return found - set(sys.stdlib_module_names) - packages().keys()


def public_names(module: ModuleType) -> set[str]:
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not isinstance(value, ModuleType) and name != "annotations"
    }


@each_package
def test_a_package_is_typed(name: str) -> None:
    assert (packages()[name] / "py.typed").is_file()


@each_package
def test_every_folder_of_a_package_is_a_package(name: str) -> None:
    """Without an __init__.py its modules can be imported, but the import rules do not see them."""
    folders = {path.parent for path in packages()[name].rglob("*.py")}
    without = [shown(folder) for folder in folders if not (folder / "__init__.py").is_file()]
    assert [folder for folder in without if "migrations" not in folder] == []


@each_init
def test_a_table_of_contents_lists_all_that_it_offers_and_nothing_else(init: Path) -> None:
    if "migrations" in shown(init):
        pytest.skip("migrations are Alembic's to load")
    module = import_module(shown(init.parent).replace("/", "."))

    listed = getattr(module, "__all__", [])

    assert len(listed) == len(set(listed))
    assert [name for name in listed if not hasattr(module, name)] == []
    assert public_names(module) - set(listed) == set()


@each_package
def test_a_package_needs_nothing_that_its_extra_does_not_bring(name: str) -> None:
    every_extra = {module for extra in EXTRAS for module in brought_by(extra)}

    for path in packages()[name].rglob("*.py"):
        own_extra = brought_by(EXTRA_OF_FILE.get(shown(path), EXTRA_OF[name]))
        assert libraries(path, at_import=True) - own_extra == set(), shown(path)
        assert libraries(path) - every_extra == set(), shown(path)


@each_package
def test_an_extra_brings_nothing_that_is_not_used(name: str) -> None:
    used = {module for path in python_files() for module in libraries(path)}
    assert brought_by(EXTRA_OF[name]) - used <= LOADED_BY_NAME


def test_the_core_needs_python_and_nothing_else() -> None:
    assert PYPROJECT["project"]["dependencies"] == []
    assert {module for path in packages()["shopcore"].rglob("*.py") for module in libraries(path)} == set()
