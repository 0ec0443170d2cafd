"""Writing 20,000 changes at 190 calls in 10 seconds and 150 ms an answer: how much of the limit is used.

What was written is then what the unchanged runs of the nights after come upon.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.benchmarks import unchanged
from tests.benchmarks.bars import Figure
from tests.benchmarks.counted import BATCH_READ, BATCH_UPDATE
from tests.benchmarks.sandbox import Portal, sandbox

COMPANIES: Final = 20_000
LIMIT: Final = 190 / 10
PROFILE: Final = str(Path(__file__).with_name("profile.yaml"))


def measure() -> Iterator[Figure]:
    """One backfill of a portal never written before, and two unchanged runs after it."""
    options = ("--companies", str(COMPANIES), "--burst", "190", "--latency-ms", "150")
    with tempfile.TemporaryDirectory() as state, sandbox(*options, state=Path(state)) as portal:
        yield from _backfill(portal)
        yield from unchanged.measure(portal, PROFILE, COMPANIES)


def _backfill(portal: Portal) -> Iterator[Figure]:
    ended, counted = portal.counted("backfill", "--yes", "--profile", PROFILE)
    written = ended.document["applied"]["companies"]
    calls = counted.on(BATCH_READ, BATCH_UPDATE)
    pace = calls / counted.seconds(BATCH_READ, BATCH_UPDATE) / LIMIT
    refused = counted.statuses.get("429", 0) / counted.total
    yield Figure("changes written at the limit", written, COMPANIES, "companies", more_is_better=True)
    yield Figure("150 ms: (batch reads + updates) ÷ seconds ÷ limit", pace, 0.9, "of the limit", more_is_better=True)
    yield Figure("150 ms: answered 429", refused, 0.005, "of all calls")
    yield Figure("150 ms: batch reads + updates ÷ one PATCH a company", calls / written, 1 / 45, "of the calls")
