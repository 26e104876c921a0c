"""Servers that run as programs of their own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from source_tree import ROOTS


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(
    tmp_path: Path, *, workers: int = 1, **settings: str
) -> Iterator[tuple[httpx.Client, subprocess.Popen[str]]]:
    port = free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(map(str, ROOTS)),
        "SHOPCORE_DATABASE_URL": f"sqlite:///{tmp_path / 'shop.db'}",
        "SHOPCORE_LOG_FORMAT": "json",
        **settings,
    }
    program = f"from shopcore_http.serve import serve; serve(port={port}, workers={workers})"
    server = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", program], env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            yield client, server
    finally:
        if server.poll() is None:
            server.terminate()  # its workers would outlive it otherwise
        server.communicate(timeout=60)


def wait_until_ready(client: httpx.Client, server: subprocess.Popen[str]) -> None:
    for _ in range(600):
        assert server.poll() is None, f"the server ended: {server.communicate()[1]}"
        try:
            if client.get("/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    pytest.fail("the server did not become ready")
