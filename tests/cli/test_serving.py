"""Serving from the command line: the shop itself, and one to play with."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from shopcore.shop import Shop
from terminal import PATIENCE, Terminal, ended, wait_until

pytest.importorskip("granian")
CURL = pytest.mark.skipif(shutil.which("curl") is None, reason="no curl to paste lines for")


@pytest.fixture
def port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


def asked(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
        return json.load(answer)


def answers(url: str) -> bool:
    try:
        asked(url)
    except OSError:
        return False
    return True


@contextmanager
def listening(port: int) -> Iterator[None]:
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


def test_a_shop_is_served_until_ctrl_c(terminal: Terminal, shop: Shop, port: int) -> None:
    shop.catalog.add_item(item_id="mug", name="Mug", price="7.50")
    server = terminal.start("serve", "--port", str(port))
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/health/ready"))

    item = asked(f"http://127.0.0.1:{port}/api/items/mug")
    stopped = ended(server, signal.SIGINT)

    assert item["name"] == "Mug"
    assert (stopped.code, stopped.out) == (0, "")
    assert "Traceback" not in stopped.err


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_a_port_that_is_taken_is_one_clear_line(terminal: Terminal, port: int, command: str) -> None:
    with listening(port):
        done = terminal.process(command, "--port", str(port))

    assert (done.code, done.out) == (3, "")
    assert done.err == f"Error: cannot listen at 127.0.0.1:{port}: Address already in use; choose another port\n"


# ---- demo


def folder_of(guide: str) -> Path:
    found = re.search(r"@(\S+)/ann ", guide)
    assert found is not None
    return Path(found[1])


def read_guide(demo: subprocess.Popen[str]) -> str:
    """What the demo says once it is open."""
    assert demo.stdout is not None
    lines: list[str] = []
    until = time.monotonic() + PATIENCE
    while not lines or "Ctrl-C" not in lines[-1]:
        lines.append(demo.stdout.readline())
        assert time.monotonic() < until
    return "".join(lines)


def run(line: str) -> str:
    done = subprocess.run(shlex.split(line), capture_output=True, text=True, check=True, timeout=PATIENCE)
    return done.stdout


@CURL
def test_every_line_of_the_demo_works_when_it_is_pasted(nowhere: Terminal, port: int) -> None:
    demo = nowhere.start("demo", "--port", str(port), settings={"CURRENCY": "JPY"})
    guide = read_guide(demo)

    lines = [line for line in guide.splitlines() if line.startswith("curl ")]
    answered = [run(line) for line in lines]
    stopped = ended(demo, signal.SIGINT)

    assert len(lines) > 8
    assert f"http://127.0.0.1:{port}" in guide
    assert [answer for answer in answered if '"error"' in answer] == []
    documents = [json.loads(answer) for answer in answered if answer.startswith("{")]
    assert documents[0]["items"][0]["currency"] == "EUR"
    [order] = [document["order"] for document in documents if "order" in document]
    assert order["status"] == "placed"
    assert stopped.code == 0
    assert "The demo shop is gone." in stopped.err
    assert not folder_of(guide).exists()
    assert list(nowhere.folder.iterdir()) == []


def test_the_demo_has_removals_of_every_fate_and_nothing_unsound(nowhere: Terminal, port: int) -> None:
    demo = nowhere.start("demo", "--port", str(port))
    guide = read_guide(demo)
    url = f"sqlite:///{folder_of(guide) / 'demo.db'}"

    removals = nowhere.document("removed", "list", "--limit", "100", DATABASE_URL=url)["items"]
    items = nowhere.document("items", "list", DATABASE_URL=url)["total"]
    categories = {
        item["category"] for item in nowhere.document("items", "list", "--limit", "100", DATABASE_URL=url)["items"]
    }
    audit = nowhere.document("audit", DATABASE_URL=url)
    ended(demo)

    assert {removal["outcome"] for removal in removals} == {"open", "recovered", "lost", "abandoned"}
    assert {removal["reason"] for removal in removals} == {"removed", "decreased", "cleared"}
    assert any(removal["boughtLaterOrderId"] for removal in removals)
    assert any(removal["returnedAt"] for removal in removals)
    assert items >= 40
    assert len(categories) >= 5
    assert audit["clean"] is True


def test_a_demo_that_is_terminated_leaves_nothing_behind(nowhere: Terminal, port: int) -> None:
    demo = nowhere.start("demo", "--port", str(port))
    folder = folder_of(read_guide(demo))

    ended(demo, signal.SIGTERM)

    assert not folder.exists()
