"""The auditor: whether what is stored keeps the rules of the shop."""

from shopcore.audit.model import AuditReport, Violation

__all__ = ["AuditReport", "Violation"]
