"""Full reads at 300 ms an answer and 190 calls in 10 seconds: against the limit, and against the cursor alone."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from threading import Event
from typing import Final

from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.pagination import scan_companies
from icp_sync.profile.load import parse_profile
from icp_sync.profile.property_reads import property_names_read
from tests.benchmarks.bars import Figure
from tests.benchmarks.counted import BATCH_READ, LIST, SEARCH, Counted
from tests.benchmarks.sandbox import Portal, sandbox

COMPANIES: Final = 40_000
LATENCY: Final = 0.3
LIMIT: Final = 190 / 10
PAGES: Final = 40
PROFILE: Final = Path(__file__).with_name("profile.yaml")


def measure() -> Iterator[Figure]:
    """The cursor alone for some pages, then a first reading of everything, then one with ids known."""
    options = ("--companies", str(COMPANIES), "--burst", "190", "--latency-ms", "300")
    with tempfile.TemporaryDirectory() as state, sandbox(*options, state=Path(state)) as portal:
        alone = _cursor_alone(portal)
        _, first = portal.counted("plan", "--profile", str(PROFILE))
        together = COMPANIES / _reading(first, LIST, SEARCH)
        yield Figure("300 ms: the list's cursor alone", alone, None, "companies/s")
        yield Figure("300 ms: first reading", together, None, "companies/s")
        yield Figure("300 ms: first reading ÷ the cursor alone", together / alone, 2.5, "times", more_is_better=True)
        _, known = portal.counted("plan", "--full", "--profile", str(PROFILE))
        pace = known.on(BATCH_READ) / _reading(known, BATCH_READ) / LIMIT
        yield Figure("300 ms: ids known, batch reads ÷ seconds ÷ limit", pace, 0.9, "of the limit", more_is_better=True)


def _reading(counted: Counted, *routes: str) -> float:
    """Seconds until the last answer."""
    return counted.seconds(*routes) + LATENCY


def _cursor_alone(portal: Portal) -> float:
    """Companies a second of page after page, with the properties the profile reads."""
    profile = parse_profile(PROFILE.read_bytes(), PROFILE.name).profile
    names = list(property_names_read(profile))
    with Connection(portal.environment["HUBSPOT_ACCESS_TOKEN"], portal.url, stop=Event()) as connection:
        pages = scan_companies(connection, names)
        next(pages)
        started = time.monotonic()
        read = sum(len(page) for page in islice(pages, PAGES))
        return read / (time.monotonic() - started)
