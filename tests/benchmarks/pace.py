"""Writing 20,000 changes at 190 calls in 10 seconds and 100 ms an answer: how much of the limit is used."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.benchmarks.bars import Figure
from tests.benchmarks.sandbox import sandbox

COMPANIES: Final = 20_000
LIMIT: Final = 190 / 10
BATCHES: Final = ("POST /crm/objects/companies/batch/read", "POST /crm/objects/companies/batch/update")
PROFILE: Final = str(Path(__file__).with_name("profile.yaml"))


def measure() -> Iterator[Figure]:
    """One backfill of a portal never written before."""
    options = ("--companies", str(COMPANIES), "--burst", "190", "--latency-ms", "100")
    with tempfile.TemporaryDirectory() as state, sandbox(*options, state=Path(state)) as portal:
        ended = portal.job("backfill", "--yes", "--profile", PROFILE)
        counted = portal.calls()
    spans = [counted["spans"][route] for route in BATCHES]
    seconds = max(span["last"] for span in spans) - min(span["first"] for span in spans)
    calls = sum(span["calls"] for span in spans)
    refused = counted["statuses"].get("429", 0) / counted["total"]
    yield Figure(
        "changes written at the limit",
        ended.document["applied"]["companies"],
        COMPANIES * 0.95,
        "companies",
        more_is_better=True,
    )
    yield Figure(
        "(batch reads + updates) ÷ seconds ÷ limit", calls / seconds / LIMIT, 0.9, "of the limit", more_is_better=True
    )
    yield Figure("answered 429", refused, 0.005, "of all calls")
