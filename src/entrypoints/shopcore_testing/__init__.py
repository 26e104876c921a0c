"""What every store promises, as tests that run on yours. `docs/writing-a-store.md` shows how."""

from shopcore_testing.opened import Opened, OpenStore
from shopcore_testing.suite import promises

__all__ = ["promises", "Opened", "OpenStore"]
