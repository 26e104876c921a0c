"""`python -m bench`: run it, print the tables, write them with a chart and everything that was measured.

The default takes about 20 minutes; `--quick --only add` a minute; `--only growth --growth` is how cost grows
to a million of everything; `--from FILE --write-docs` makes docs/performance.md of an earlier run.
"""

from __future__ import annotations

import argparse
import signal
import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType

from bench import docs, report
from bench.chart import chart
from bench.growth import GREAT_SIZES, SIZES
from bench.overload import SECONDS
from bench.results import Results
from bench.run import BOTH, Options, run, say

OUT = Path(".bench")


def main() -> int:
    given = _arguments()
    broken_off = False
    if given.earlier:
        results = Results.read(given.earlier)
    else:
        results = Results()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, _break_off)
        try:
            run(_options(given), results)
        except KeyboardInterrupt:
            say("broken off; this is what there is")
            broken_off = True
        given.out.mkdir(parents=True, exist_ok=True)
        results.write(given.out / "results.json")
        (given.out / "chart.svg").write_text(chart(results), encoding="utf-8")
        (given.out / "tables.md").write_text(report.text(results), encoding="utf-8")
    print(report.text(results))
    if given.write_docs:
        docs.write(results)
    return 130 if broken_off else 0 if report.exact(results) else 1


def _break_off(number: int, frame: FrameType | None) -> None:
    """End everything that was started, once: a second Ctrl-C must not leave servers behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt


def _options(given: argparse.Namespace) -> Options:
    options = Options(only=given.only)
    if given.quick:
        repeats = 2 if given.only else 1
        options = replace(options, workers=(2,), connections=(1, 64), repeats=repeats, seconds=1.5, shoppers=1_000)
    named = ("stores", "workers", "connections", "repeats", "seconds", "shoppers")
    options = replace(options, **{name: value for name in named if (value := getattr(given, name))})
    if given.growth:
        return replace(options, growth=GREAT_SIZES, overload_seconds=0 if given.only else SECONDS)
    if given.only == "overload":
        return replace(options, overload_seconds=5 if given.quick else SECONDS)
    partial = given.quick or (given.only and options.chosen())
    return options if partial else replace(options, growth=SIZES, overload_seconds=0 if given.only else SECONDS)


def _arguments() -> argparse.Namespace:
    first, _, rest = (__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(prog="python -m bench", description=first, epilog=rest)
    parser.add_argument("--quick", action="store_true", help="two processes, 1 and 64 connections, short")
    parser.add_argument("--only", default="", help="scenarios with this in their name; also 'overload' or 'growth'")
    parser.add_argument("--growth", action="store_true", help="to a million items, carts, orders and removals")
    parser.add_argument("--stores", type=_words, help=f"default {','.join(BOTH)}")
    parser.add_argument("--workers", type=_numbers, help="server processes; default 1,2")
    parser.add_argument("--connections", type=_numbers, help="default 1,64,256")
    parser.add_argument("--repeats", type=int, help="default 3")
    parser.add_argument("--seconds", type=float, help="of each measurement; default 2")
    parser.add_argument("--shoppers", type=int, help="of each kind; default 2000")
    parser.add_argument("--out", type=Path, default=OUT, help=f"folder for what was found; default {OUT}")
    parser.add_argument("--from", dest="earlier", type=Path, help="results.json of an earlier run; nothing is run")
    parser.add_argument("--write-docs", action="store_true", help="put tables and chart into docs/performance.md")
    return parser.parse_args()


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(map(int, text.split(",")))


if __name__ == "__main__":
    sys.exit(main())
