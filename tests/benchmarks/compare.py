"""`icp-sync compare` as a user runs it, from the local state of 100,000 companies and 50,000 deals."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.benchmarks.bars import Figure
from tests.benchmarks.sandbox import sandbox

COMPANIES: Final = 100_000
DEALS: Final = 50_000
PROFILE: Final = Path(__file__).parents[2] / "config" / "icp.yaml"


def measure() -> Iterator[Figure]:
    """CPU, memory and calls of the command: start, reading the state, both profiles scored, the deals against both."""
    with tempfile.TemporaryDirectory() as folder:
        state, champion, challenger = Path(folder) / "state", str(PROFILE), Path(folder) / "challenger.yaml"
        challenger.write_text(_challenger(), encoding="utf-8")
        with sandbox("--companies", str(COMPANIES), "--deals", str(DEALS), state=state) as portal:
            portal.job("plan", "--profile", champion)
            portal.job("backtest", "--profile", champion)
            run, counted = portal.counted("compare", str(challenger), "--profile", champion)
    name = f"compare of {COMPANIES:,} companies and {DEALS:,} deals"
    yield Figure(f"{name}, decided deals", run.document["ranking"]["deals"], 10_000, "deals", more_is_better=True)
    yield Figure(f"{name}, CPU", run.cpu, 8, "s")
    yield Figure(f"{name}, peak memory", run.peak, 1_000, "MB")
    yield Figure(f"{name}, calls", counted.total, 0, "calls")


def _challenger() -> str:
    """The shipped profile with other weights and thresholds, and no country required."""
    text = PROFILE.read_text(encoding="utf-8").partition("\ntests:")[0]
    text = text.replace("required: [country]", "").replace("name: s0-icp", "name: challenger")
    return text.replace("enter: 80, leave: 75", "enter: 70").replace("weight: 15", "weight: 30")
