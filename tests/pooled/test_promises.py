"""Through PgBouncer in transaction mode a store keeps the promises that sessions could break."""

from shopcore_testing import promises

contract = promises("races", "transactions", "selling.batches", "selling.checkout", "selling.idempotency", "catalog")
