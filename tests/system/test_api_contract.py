"""The API against its own description: invented requests are never a fault of ours (promise 46)."""

from __future__ import annotations

import os
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

#: Invented requests for each operation; a longer run may ask for more.
EXAMPLES = int(os.environ.get("HALKLA_TEST_EXAMPLES", "6"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def described(app: Any, session: Any, token_of: Any) -> Any:
    """The description as an administrator gets it, bound to the application."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/_openapi", app, headers=token_of("mudur"))
    # The switch comes with a key of its own; tests/frontdesk tries its messages.
    return schema.exclude(path="/api/v1/call/live"), token_of("mudur")


def test_no_invented_request_is_a_fault_or_breaks_the_description(described: Any) -> None:
    schema, headers = described
    faults: list[str] = []
    answers: Counter[int] = Counter()
    seen = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @given(case=operation.as_strategy())
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def probe(case: Any) -> None:
            answer = case.call_and_validate(headers=headers, checks=CHECKS)
            answers[answer.status_code] += 1

        try:
            probe()
        except AssertionError as fault:
            faults.append(f"{operation.label}: {fault}")
        except BaseExceptionGroup as faults_of_one:
            faults.append(f"{operation.label}: {faults_of_one.exceptions[:2]}")
        seen += 1
    assert seen > 60
    # Without the right token everything would be refused at the door and prove nothing.
    assert answers[401] == 0
    assert min(answers[200], answers[400] + answers[404], answers[422]) > 20, answers
    assert not faults, "\n\n".join(faults)[:6_000]
