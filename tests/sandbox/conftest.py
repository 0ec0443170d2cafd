"""A portal served over loopback, a clock that only moves when told to, and two ways to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import polars as pl
import pytest
import urllib3
from hubspot import HubSpot

from icp_sync.sandbox import SandboxPortal, serve_in_thread


class Clock:
    """Seconds since the epoch; moves by `advance` alone."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, parsed body (bytes when it is HTML, None when there is none), headers in lower case."""

    status: int
    body: Any
    headers: Mapping[str, str]


Ask = Callable[..., Answer]
Open = Callable[..., tuple[SandboxPortal, Ask]]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def opened(clock: Clock) -> Iterator[Open]:
    """Opens a portal with given traits; returns it and a function `ask(method, path, body, **query)`."""
    exits: list[Callable[[], object]] = []

    def open_portal(**traits: Any) -> tuple[SandboxPortal, Ask]:
        portal = SandboxPortal(**{"clock": clock, **traits})
        server = serve_in_thread(portal)
        address = server.__enter__()
        pool = urllib3.PoolManager(retries=False)
        exits.extend((pool.clear, lambda: server.__exit__(None, None, None)))
        return portal, _ask(pool, address.url, address.token)

    yield open_portal
    for leave in exits:
        leave()


@pytest.fixture
def portal_and_ask(opened: Open) -> tuple[SandboxPortal, Ask]:
    """Three companies: Acme, Bolt, Cone."""
    portal, ask = opened()
    portal.add_companies(pl.DataFrame({"id": [101, 102, 103], "name": ["Acme", "Bolt", "Cone"]}))
    return portal, ask


@pytest.fixture
def portal(portal_and_ask: tuple[SandboxPortal, Ask]) -> SandboxPortal:
    return portal_and_ask[0]


@pytest.fixture
def ask(portal_and_ask: tuple[SandboxPortal, Ask]) -> Ask:
    return portal_and_ask[1]


@pytest.fixture
def client(portal: SandboxPortal) -> Iterator[Any]:
    """The official client on a second address of the same portal."""
    with serve_in_thread(portal) as address:
        yield HubSpot(access_token=address.token, host=address.url, retry=False)


def _ask(pool: urllib3.PoolManager, url: str, default_token: str) -> Ask:
    def ask(
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str = default_token,
        patience: float = 10,
        kind: str = "application/json",
        **query: Any,
    ) -> Answer:
        reply = pool.request(
            method,
            url + path,
            fields=query or None,
            body=None if body is None else orjson.dumps(body),
            headers={"Authorization": f"Bearer {token}", "Content-Type": kind},
            timeout=patience,
        )
        headers = {name.lower(): value for name, value in reply.headers.items()}
        html = headers.get("content-type") == "text/html"
        return Answer(reply.status, reply.data if html else orjson.loads(reply.data or b"null"), headers)

    return ask
