"""A server that answers as its test wants, on a thread of its own."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

HANG_UP = b""
PAUSE = 0.01
"""Seconds after each of several pieces, so that they come one by one."""


@contextmanager
def answering(*answers: Sequence[bytes]) -> Iterator[tuple[str, int]]:
    """Gives the address. The n-th request of a connection gets the n-th answer, the last one again and again.

    An answer is sent piece by piece; HANG_UP closes the connection instead.
    """
    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=_welcome, args=(door, answers), daemon=True).start()
        yield door.getsockname()


def ok(body: bytes = b"{}", *, status: str = "200 OK") -> bytes:
    return b"HTTP/1.1 %b\r\ncontent-length: %d\r\nx: y\r\n\r\n%b" % (status.encode(), len(body), body)


def _welcome(door: socket.socket, answers: Sequence[Sequence[bytes]]) -> None:
    while True:
        try:
            guest, _ = door.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(guest, answers), daemon=True).start()


def _serve(guest: socket.socket, answers: Sequence[Sequence[bytes]]) -> None:
    with guest:
        guest.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in range(1_000_000):
            if not guest.recv(65_536):
                return
            answer = answers[min(number, len(answers) - 1)]
            for piece in answer:
                if piece == HANG_UP:
                    return
                guest.sendall(piece)
                time.sleep(PAUSE if len(answer) > 1 else 0)
