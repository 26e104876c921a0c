"""The wheel as a stranger meets it: built here, installed into an environment that has nothing else."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from documents import files_of
from source_tree import ROOT, module_names, packages, shown

pytestmark = pytest.mark.wheel


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
    return done.stdout


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A virtual environment, used from a folder in which no source lies around."""

    folder: Path
    wheel: Path

    def run(self, program: str, *arguments: str) -> str:
        return run(self.folder / "bin" / program, *arguments, cwd=self.folder)

    def install(self, extra: str = "") -> None:
        self.run("pip", "install", "--quiet", f"{self.wheel}{extra}")

    def distributions(self) -> set[str]:
        return {entry["name"].lower() for entry in json.loads(self.run("pip", "list", "--format=json"))}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """A clean environment with pip alone, and the wheel beside it."""
    place = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "venv", place / "env", cwd=place)
    run(place / "env" / "bin" / "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", place, ROOT, cwd=place)
    (wheel,) = place.glob("*.whl")
    return Environment(folder=place / "env", wheel=wheel)


@pytest.fixture(scope="module")
def bare(environment: Environment) -> Environment:
    """The wheel without any extra; to be asked for before `served`."""
    environment.install()
    return environment


@pytest.fixture(scope="module")
def served(environment: Environment) -> Environment:
    environment.install("[server,testing]")
    return environment


def test_the_wheel_holds_every_file_and_claims_no_name_but_ours(environment: Environment) -> None:
    ours = {
        shown(path)
        for folder in packages().values()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    names = {name for name in zipfile.ZipFile(environment.wheel).namelist() if ".dist-info/" not in name}

    assert names == ours
    assert {name.partition("/")[0] for name in names} == packages().keys()


def test_the_core_comes_alone_and_works(bare: Environment) -> None:
    brought = bare.distributions() - {"pip", "setuptools"}

    said = bare.run("python", "-I", "-c", "import shopcore; print(shopcore.__name__, len(shopcore.__all__) > 0)")

    assert brought == {"shopcore"}
    assert said == "shopcore True\n"


def test_every_module_can_be_imported_without_a_warning(served: Environment) -> None:
    script = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]"
    served.run("python", "-I", "-W", "error", "-c", script, *module_names())


def test_the_command_says_its_version_and_its_help(served: Environment) -> None:
    (version,) = [part for part in served.wheel.stem.split("-") if part[0].isdigit()]

    assert version in served.run("shopcore", "--version")
    assert "serve" in served.run("shopcore", "--help")


def test_the_suite_proves_a_strangers_store(served: Environment, tmp_path: Path) -> None:
    """All of it, as `docs/writing-a-store.md` shows it, warnings being errors."""
    for name, text in files_of("docs/writing-a-store.md").items():
        (tmp_path / name).write_text(text)

    said = run(served.folder / "bin" / "pytest", "-q", "-W", "error", "-rs", cwd=tmp_path)

    passed = re.search(r"(\d+) passed, \d+ skipped", said)
    assert passed is not None, said
    assert int(passed[1]) > 450
