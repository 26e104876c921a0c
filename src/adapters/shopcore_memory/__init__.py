"""A store in memory: for tests, for trying things out, and for programs that need nothing kept."""

from shopcore_memory.store import MemoryStore

__all__ = ["MemoryStore"]
