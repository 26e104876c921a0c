from __future__ import annotations

from collections import Counter
from itertools import count

from bench.load import LOST, Measured, Script, drive
from tiny_server import HANG_UP, answering, ok

ASK = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def asking(heard: list[int], *, times: int = 1_000_000) -> Script:
    for _ in range(times):
        status = yield ASK
        heard.append(status)


def test_every_answer_is_counted_by_its_status_and_told_to_the_script() -> None:
    heard: list[int] = []
    with answering([ok()], [ok(status="409 Conflict")], [ok(status="201 Created")]) as address:
        measured = drive(address, [asking(heard, times=5)], seconds=30)

    assert heard == [200, 409, 201, 201, 201]
    assert measured.statuses == Counter(heard)
    assert (measured.errors, len(measured.latencies)) == (1, 5)


def test_an_answer_in_pieces_is_one_answer() -> None:
    heard: list[int] = []
    whole = ok(b"x" * 500_000)
    with answering([whole[:7], whole[7:60], whole[60:70_000], whole[70_000:-1], whole[-1:]]) as address:
        measured = drive(address, [asking(heard, times=3)], seconds=30)

    assert heard == [200, 200, 200]
    assert measured.statuses == {200: 3}


def test_a_connection_that_breaks_is_an_error_and_the_script_goes_on() -> None:
    heard: list[int] = []
    with answering([ok()], [ok()[:20], HANG_UP]) as address:
        measured = drive(address, [asking(heard, times=4)], seconds=30)

    assert heard == [200, LOST, 200, LOST]
    assert measured.errors == 2


def test_only_what_came_between_warm_up_and_end_is_measured() -> None:
    heard: list[int] = []
    ticks = count()
    with answering([ok()]) as address:
        measured = drive(address, [asking(heard)], seconds=20, warm_up=10, clock=lambda: float(next(ticks)))

    assert measured.seconds == 20
    assert measured.statuses == {200: len(heard)}
    assert 15 <= measured.rate * 20 == len(measured.latencies) <= 20 < len(heard)


def test_what_was_sent_before_the_end_is_waited_for_and_told() -> None:
    heard: list[int] = []
    ticks = count()
    scripts = [asking(heard) for _ in range(8)]
    with answering([ok()]) as address:
        measured = drive(address, scripts, seconds=20, clock=lambda: float(next(ticks)))

    assert measured.statuses == {200: len(heard)}
    assert len(heard) >= len(measured.latencies) + 7, "those in flight at the end are answered, not measured"


def test_all_stop_when_one_has_nothing_left_to_do() -> None:
    brief: list[int] = []
    long: list[int] = []
    with answering([ok()]) as address:
        measured = drive(address, [asking(brief, times=20), asking(long)], seconds=60)

    assert len(brief) == 20
    assert measured.seconds < 60
    assert len(brief) + len(long) == measured.statuses[200]


def test_percentiles_are_those_of_the_sorted_latencies() -> None:
    measured = Measured(seconds=2.0)
    measured.times[200].extend([0.4, 0.1, 0.3, 0.2])

    assert [measured.percentile(share) for share in (0.0, 0.5, 0.99, 1.0)] == [0.1, 0.3, 0.4, 0.4]
    assert measured.rate == 2.0
    assert Measured().percentile(0.5) == 0.0
