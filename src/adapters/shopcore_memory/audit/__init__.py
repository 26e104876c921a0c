"""The auditor's books, added up from tables in memory."""

from shopcore_memory.audit.repository import MemoryAudit

__all__ = ["MemoryAudit"]
