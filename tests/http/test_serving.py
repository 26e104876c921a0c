"""The server as it is run: real processes, a real socket."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from serving import served, wait_until_ready
from shopcore_http.serve import serve
from shopcore_settings import ConfigurationError


def test_a_server_makes_its_shop_serves_it_and_ends_when_told(tmp_path: Path) -> None:
    with served(tmp_path) as (client, server):
        wait_until_ready(client, server)

        credentials = {"username": "ann", "password": "correct horse"}
        assert client.post("/api/auth/signup", json=credentials).status_code == 201
        token = client.post("/api/auth/login", json=credentials).json()["accessToken"]
        cart = client.get("/api/cart", headers={"Authorization": f"Bearer {token}"})
        large = client.post("/api/auth/login", content=iter([b"x" * 65536] * 32), headers={"Content-Type": "x"})
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=30)

    assert (cart.status_code, large.status_code) == (200, 413)
    assert server.returncode == 0
    assert "Traceback" not in log
    assert '"path": "/api/cart"' in log
    assert token not in log


def test_a_connection_outlives_the_refusal_of_a_request_whose_body_comes_late(tmp_path: Path) -> None:
    def late() -> Iterator[bytes]:
        time.sleep(0.1)
        yield b"{}"

    with served(tmp_path) as (client, server):
        wait_until_ready(client, server)

        refusals = [client.post("/api/cart/items", content=late(), headers={"Content-Length": "2"}) for _ in range(3)]
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)

    assert [refusal.status_code for refusal in refusals] == [401, 401, 401]
    assert [refusal.headers.get("connection") for refusal in refusals] == [None, None, None]


def test_a_client_that_says_nothing_does_not_keep_its_place(tmp_path: Path) -> None:
    with served(tmp_path) as (client, server):
        wait_until_ready(client, server)

        with socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=60) as silent:
            heard = silent.recv(1)
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)

    assert heard == b""


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="needs /proc to tell the worker from its parent")
def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    with served(tmp_path) as (client, server):
        wait_until_ready(client, server)
        [worker] = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()

        os.kill(int(worker), signal.SIGKILL)
        wait_until_ready(client, server)
        [another] = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=30)

    assert another != worker


def test_a_port_that_is_taken_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPCORE_DATABASE_URL", f"sqlite:///{tmp_path / 'shop.db'}")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        with pytest.raises(ConfigurationError, match="cannot listen at"):
            serve(port=taken.getsockname()[1])


def test_a_shop_in_memory_is_not_split_over_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPCORE_DATABASE_URL", "memory://")

    with pytest.raises(ConfigurationError, match="one worker"):
        serve(workers=2)
