"""Whatever the OpenAPI document allows to be sent, or does not, the answers are those that it promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance

from shopcore_memory import MemoryStore
from webshop import Web, webshop

NOT_OURS = [positive_data_acceptance, negative_data_rejection]
"""A request of the right form may be refused (the item is not there), and keys that nobody knows are ignored."""


@pytest.fixture(scope="module")
def served() -> Iterator[Web]:
    with webshop(MemoryStore()) as web:
        web.item(item_id="mug")
        web.order("admin", "mug")
        yield web


@pytest.fixture(scope="module")
def document(served: Web) -> Any:
    async def without_lifespan(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http", "the app is started already"
        await served.client.app(scope, receive, send)

    # Logging out would end the session of all requests that follow.
    return schemathesis.openapi.from_asgi("/schema/openapi.json", without_lifespan).exclude(operation_id="log_out")


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_the_document_and_the_api_agree(document: Any, served: Web, mode: GenerationMode) -> None:
    signed = {"Authorization": f"Bearer {served.token('admin')}"}
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) > 30
    if mode is GenerationMode.NEGATIVE:
        operations = [operation for operation in operations if operation.body or operation.query]

    for operation in operations:

        @settings(
            max_examples=12,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def agree(case: Any) -> None:
            case.call_and_validate(headers=signed, excluded_checks=NOT_OURS)

        agree()
