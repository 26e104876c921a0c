"""What a shop carries, side by side in one run: `nox -s bench`, or `python -m bench --help`.

`python -m bench --quick --only add` takes a minute: while you tune, that is enough. Each module tells one part:
`load` asks, `servers` answer, `pgbench` is the reference, `shop` and `scenarios` are what is asked of what, `cells`
measure, `run` takes turns, `summary` and `report` say what came out.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # the tests' own PostgreSQL serves here too
