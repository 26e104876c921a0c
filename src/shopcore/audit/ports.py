"""What the auditor reads of a store."""

from __future__ import annotations

from typing import Protocol


class AuditRepository(Protocol): ...
