"""House rules that are not left to attention."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

from source_tree import ROOT, ROOTS, packages, python_files, shown

LONGEST = 220
CATALOGUES = {"shopcore_sql/schema.py"}  # the tables: one long list of declarations, looked through in one place


def test_a_file_tells_one_story() -> None:
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST and name not in CATALOGUES} == {}


def test_imports_are_absolute() -> None:
    relative = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert relative == []


def test_no_folder_of_tests_is_a_package() -> None:
    """With an __init__.py, tests/http would hide Python's own http from every test."""
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_every_package_is_under_the_import_rules() -> None:
    rules = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert set(packages()) <= set(rules["root_packages"])


def test_the_import_rules_are_kept() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, ROOTS))}

    done = subprocess.run(
        [program, "--no-cache"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
