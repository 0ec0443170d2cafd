"""What holds for every test: no settings of the machine's owner, and enough examples for every property."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import settings
from starlette.types import Scope

from icp_sync.sandbox.faults.fault_injection import FaultHit
from icp_sync.sandbox.http.api_types import ApiResponse
from icp_sync.sandbox.http.endpoint import Endpoint
from tests import conformance
from tests.postgres import Server, serve

if TYPE_CHECKING:
    from tests.object_store import s3

OFTEN: Final = 200
"""Calls of one kind that are looked at: a drill sends a hundred thousand that the same code made."""
OURS: Final = (b"accept-encoding", b"gzip")
"""The header by which a call of icp_sync is known; those a test makes itself may be wrong on purpose."""
_LOOKED_AT: Final[Counter[str]] = Counter()

TRAVEL = frozenset(
    name
    for upper in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    for name in (upper, upper.lower())
) | {"SSL_CERT_FILE"}
"""What would send the tests' calls another way than to loopback."""

settings.register_profile("icp_sync", max_examples=200, deadline=None)
settings.register_profile("ci", settings.get_profile("icp_sync"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "icp_sync")
settings.register_profile(
    "short", settings.get_profile(settings.get_current_profile_name()), max_examples=10
)  # `make test`


# Nothing that is collected ever goes: looking for garbage in it costs each worker an eighth of the collection.
gc.disable()


def pytest_collection_finish() -> None:
    """Look for garbage from here on, and only in what the tests themselves leave."""
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def calls_as_hubspot_describes_them(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever icp_sync sends and the sandbox answers in a test keeps to HubSpot's own descriptions, if at hand."""
    described = conformance.load()
    if described is None:
        yield
        return
    problems: list[str] = []
    original = Endpoint._handle_request

    def reply(door: Endpoint, scope: Scope, content: bytes, strike: FaultHit | None) -> ApiResponse:
        given = original(door, scope, content, strike)
        route = f"{scope['method']} {door.route} {given.status} {scope['path'].split('/')[2]}"
        if strike is None and isinstance(given.body, dict | list | None) and _LOOKED_AT[route] < OFTEN:
            _LOOKED_AT[route] += 1
            problems.extend(described.problems(scope["method"], scope["path"], given.status, given.body))
            if given.status < 400 and OURS in [tuple(header) for header in scope["headers"]]:
                query = scope["query_string"].decode()
                problems.extend(described.request_problems(scope["method"], scope["path"], query, content))
        return given

    monkeypatch.setattr(Endpoint, "_handle_request", reply)
    yield
    assert problems == [], "\n".join(problems)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server on loopback, started by the first test that asks for it."""
    with serve() as running:
        yield running


@pytest.fixture(scope="session")
def s3_server() -> Iterator[s3.S3]:
    """An S3 server on loopback, started by the first test that asks for it."""
    from tests.object_store.s3 import serve as serve_s3  # brings flask and moto, which only these tests need

    with serve_s3() as running:
        yield running


@pytest.fixture
def bucket(s3_server: s3.S3, monkeypatch: pytest.MonkeyPatch) -> s3.S3:
    """The server with one empty bucket, `acme`, and its credentials in the environment."""
    s3_server.reset()
    s3_server.make_bucket("acme")
    for name, value in s3_server.environment().items():
        monkeypatch.setenv(name, value)
    return s3_server


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A token or portal of whoever runs the tests is never used."""
    for name in [name for name in os.environ if name.startswith(("HUBSPOT_", "ICP_SYNC_", "AWS_")) or name in TRAVEL]:
        monkeypatch.delenv(name)
