"""The README's two commands, and that the project itself uses the one that tests."""

from __future__ import annotations

import re
import subprocess

from source_tree import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    return [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]


def test_the_readme_starts_with_one_command_to_run_and_one_to_test() -> None:
    assert commands()[:2] == [
        "python3 -m venv .venv && .venv/bin/pip install -q '.[server]' && .venv/bin/shopcore demo",
        "python3 -m venv .venv && .venv/bin/pip install -q nox && .venv/bin/nox",
    ]


def test_continuous_integration_runs_the_readmes_own_test_command() -> None:
    printed = subprocess.run(
        [ROOT / ".ci" / "run", "--print"], capture_output=True, text=True, check=True, timeout=60
    ).stdout

    assert printed == commands()[1] + "\n"
