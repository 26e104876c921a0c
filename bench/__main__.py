"""`python -m bench`: run it, print the table, write JSON and a chart."""

from __future__ import annotations

import argparse
import signal
import sys
from dataclasses import replace
from pathlib import Path

from bench import report
from bench.results import Results
from bench.run import BOTH, Options, run


def main() -> int:
    arguments = _arguments()
    options = Options(only=arguments.only)
    if arguments.quick:
        options = replace(options, workers=(2,), connections=(64,), repeats=2, seconds=2.0, shoppers=1_000)
    options = replace(
        options,
        **{
            name: value
            for name in ("stores", "workers", "connections", "repeats", "seconds")
            if (value := getattr(arguments, name))
        },
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl-C: what was started is ended
    results = Results()
    try:
        run(options, results)
    except KeyboardInterrupt:
        print("broken off; this is what there is", file=sys.stderr)
    print(report.table(results))
    if arguments.json:
        results.write(arguments.json)
    if arguments.svg:
        arguments.svg.write_text(report.chart(results), encoding="utf-8")
    return 0 if report.exact(results) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two processes, 64 connections, two repeats")
    parser.add_argument("--only", default="", help="scenarios with this in their name: 'add', 'checkout'")
    parser.add_argument("--stores", type=_words, help=f"comma-separated; default {','.join(BOTH)}")
    parser.add_argument("--workers", type=_numbers, help="server processes; default 1,2")
    parser.add_argument("--connections", type=_numbers, help="default 1,64,256")
    parser.add_argument("--repeats", type=int, help="default 3")
    parser.add_argument("--seconds", type=float, help="of each measurement; default 3")
    parser.add_argument("--json", type=Path, help="write everything that was measured there")
    parser.add_argument("--svg", type=Path, help="write a chart there")
    return parser.parse_args()


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


if __name__ == "__main__":
    sys.exit(main())
