"""The auditor's books, added up in SQL."""

from shopcore_sql.audit.repository import SqlAudit

__all__ = ["SqlAudit"]
