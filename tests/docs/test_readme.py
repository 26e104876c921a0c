"""What the README shows is run here as it stands there."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


def example(kind: str) -> str:
    found = re.search(rf"<!-- run: {kind} -->\n```\w+\n(.*?)```", README.read_text(), re.DOTALL)
    assert found is not None, f"the README has no example marked {kind}"
    return found[1]


def run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run with the programs of this very environment first on PATH."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SHOPCORE_")}
    env = inherited | {"PATH": path} | environment
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def served_shop(tmp_path: Path) -> Iterator[str]:
    """The address of a served shop, in the state that the command line example leaves."""
    filled = run(["bash", "-euc", example("sh")], tmp_path)
    assert filled.returncode == 0, filled.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "SHOPCORE_DATABASE_URL": f"sqlite:///{tmp_path}/shop.db"}
    program = str(Path(sys.executable).with_name("shopcore"))
    server = subprocess.Popen([program, "serve", "--port", str(port)], cwd=tmp_path, env=env, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(address)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def wait_until_ready(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError("the server did not become ready")


def test_the_library_example_prints_what_the_readme_says(tmp_path: Path) -> None:
    done = run([sys.executable, "-W", "error", "-c", example("python")], tmp_path)

    assert (done.stdout, done.stderr) == ("only 10 left\n7.50 EUR ['recovered']\n", "")


def test_the_command_line_example_runs(tmp_path: Path) -> None:
    done = run(["bash", "-euc", example("sh")], tmp_path)

    assert done.returncode == 0, done.stderr
    assert "12" in done.stdout
    assert (tmp_path / "removed.csv").read_text().startswith("id,")


def test_the_proof_is_one(tmp_path: Path) -> None:
    done = run(["bash", "-euc", example("proof")], tmp_path)

    assert done.returncode == 0, done.stderr
    assert "violations        0\n" in done.stdout


def test_the_http_example_ends_with_an_order(tmp_path: Path, served_shop: str) -> None:
    script = example("http").replace("http://127.0.0.1:8000", served_shop)

    done = run(["bash", "-euc", script], tmp_path)

    assert done.returncode == 0, done.stderr
    assert '"error"' not in done.stdout
    assert '"total":1' in done.stdout.rpartition('"items":')[0]
    assert '"status":"placed"' in done.stdout
