"""The reference: what PostgreSQL's own pgbench reaches with the bare SQL of an add, one transaction each.

The tables have what an add needs and no more: a level with its CHECK, a line by cart and item, an event with an
increasing number; primary keys are the only indexes. Shoppers draw from five items each, as ours do.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg

from postgres_server import NoPostgres, find_programs

CLIENTS = {"uniform": (16, 32, 64), "hot": (4, 8, 16)}
"""The best of these counts; more or fewer are slower."""

ITEMS = 1_000
CARTS = 2_000
SCHEMA = f"""
CREATE TABLE stock (item integer PRIMARY KEY, on_hand bigint NOT NULL, held bigint NOT NULL,
    CHECK (0 <= held AND held <= on_hand));
CREATE TABLE lines (cart integer, item integer, quantity integer NOT NULL, added_at timestamptz NOT NULL,
    PRIMARY KEY (cart, item));
CREATE TABLE events (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL,
    at timestamptz NOT NULL, cart integer NOT NULL, item integer NOT NULL, held integer NOT NULL);
INSERT INTO stock SELECT number, 1000000000, 0 FROM generate_series(0, {ITEMS}) AS number;
"""
HOT_ITEM = ITEMS
CHOICE = {
    "uniform": rf"\set item (:cart * 7919 + random(0, 4) * 104729) % {ITEMS}",
    "hot": rf"\set item {HOT_ITEM}",
}
SCRIPT = r"""\set cart random(1, {carts})
{choice}
BEGIN;
UPDATE stock SET held = held + 1 WHERE item = :item AND on_hand - held >= 1;
INSERT INTO lines VALUES (:cart, :item, 1, now())
    ON CONFLICT (cart, item) DO UPDATE SET quantity = lines.quantity + 1;
INSERT INTO events (kind, at, cart, item, held) VALUES ('item_added', now(), :cart, :item, 1);
COMMIT;
"""
SUMS = """
SELECT (SELECT sum(held) FROM stock), (SELECT sum(quantity) FROM lines), (SELECT sum(held) FROM events)
"""


class Pgbench:
    """Reference runs in an empty database of its own."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._program = _program()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SCHEMA)
            connection.execute("VACUUM ANALYZE")

    def run(self, kind: str, clients: int, seconds: float) -> float:
        """Transactions a second, without the time to connect."""
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as script:
            script.write(SCRIPT.format(carts=CARTS, choice=CHOICE[kind]))
            script.flush()
            parts = urlsplit(self._url)
            host = parse_qs(parts.query).get("host", [parts.hostname or "127.0.0.1"])[0]
            command = [
                str(self._program),
                "-h",
                host,
                "-p",
                str(parts.port or 5432),
                "-U",
                parts.username or "postgres",
            ]
            command += ["-n", "-M", "prepared", "-f", script.name, "-c", str(clients), "-j", str(min(2, clients))]
            command += ["-T", str(max(1, round(seconds))), parts.path.removeprefix("/")]
            environment = {**os.environ, "PGPASSWORD": parts.password or ""}
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        found = re.search(r"tps = ([\d.]+) \(without initial", done.stdout)
        if done.returncode or found is None:
            raise RuntimeError(f"pgbench failed: {done.stdout}{done.stderr}")
        return float(found[1])

    def exact(self) -> bool:
        """Whether what was held is what was recorded."""
        with psycopg.connect(self._url) as connection:
            row = connection.execute(SUMS).fetchone()
        return row is not None and row[0] == row[1] == row[2]


def _program() -> Path:
    """The pgbench beside the server's programs, or else any that this machine has. Raises NoPostgres."""
    try:
        beside = find_programs(os.environ) / "pgbench"
        if beside.exists():
            return beside
    except NoPostgres:  # the server was named, its programs are elsewhere
        pass
    on_path = shutil.which("pgbench")
    return Path(on_path) if on_path else find_programs({"SHOPCORE_TEST_PG_BIN": "wheel"}) / "pgbench"
