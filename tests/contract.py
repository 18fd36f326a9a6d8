"""Whether an API answers as its description says (schemathesis)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance,
    negative_data_rejection,
]  # fmt: skip
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.filter_too_much]


@contextmanager
def _one_connection() -> Iterator[None]:
    """Requests leave the connection open that the test's transaction lives in. Django's own client minds that for
    its own requests, and connects these again after each: so nothing but what is tested goes inside."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    try:
        yield
    finally:
        request_started.connect(close_old_connections)
        request_finished.connect(close_old_connections)


def keeps_to_it(root: str, path: str, headers: Mapping[str, str] | None = None) -> None:
    """The product as a server calls it answers at `path`, of the API at `root`, as described there."""
    with _one_connection():
        schema = schemathesis.openapi.from_wsgi(f"{root}openapi.json?lang=en", get_wsgi_application())
        (method,) = schema[path].keys()

        @settings(max_examples=15, derandomize=True, suppress_health_check=QUIET)
        @given(case=schema[path][method].as_strategy())
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(checks=CHECKS, headers={"Accept-Encoding": "identity", **(headers or {})})

        check()
