"""An outage that empties the industry of a fifth of a million companies, beside a night that edits as many.

Reading and writing are the same on both nights, so only what is worked out in between is measured: differences,
holds, scores and the plan. Each night in a process of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.companies.input_differences import NO_DIFFERENCES, update_differences
from icp_sync.plan.held_inputs import NO_HOLDS, hold_lost_inputs
from icp_sync.plan.ownership import with_ownership
from icp_sync.profile.load import parse_profile
from icp_sync.scoring.program import compile_profile
from tests.benchmarks import language
from tests.benchmarks.bars import Figure
from tests.plan.two_nights import night

COMPANIES: Final = 1_000_000
SHARE: Final = 5
FIRST: Final = dt.datetime(2026, 11, 20, 2, tzinfo=dt.UTC)
TEXTS: Final = {"edited": "BANKING", "emptied": None}


def measure() -> Iterator[Figure]:
    """CPU of both nights, and what the outage changed."""
    edited, emptied = (_run(which) for which in TEXTS)
    yield Figure("outage, companies held", emptied["held"], None, "companies")
    yield Figure("outage, tiers changed", emptied["tiers"], 0, "tiers")
    yield Figure("outage, CPU ÷ a night with as many edits", emptied["cpu"] / edited["cpu"], 1.3, "times")


def _run(which: str) -> dict[str, float]:
    here = Path(__file__).parents[2]
    ran = subprocess.run([sys.executable, "-m", __name__, which], cwd=here, check=True, capture_output=True)
    measured: dict[str, float] = json.loads(ran.stdout)
    return measured


def _measure_here(which: str) -> dict[str, float]:
    read = parse_profile(language.PROFILE.read_bytes(), language.PROFILE.name).profile
    # Whoever has a score is ours, and only what is ours is held.
    outputs = {"score": "icp_fit_score", "outcome": "icp_fit_outcome", "reasons": "icp_fit_reasons"}
    profile = read.model_copy(update={"scope": None, "write": read.write.model_copy(update=outputs)})
    before = night(language.texts(COMPANIES), profile, FIRST.date()).written_at_once()
    text = pl.lit(TEXTS[which], pl.String)
    after = before.with_columns(industry=pl.when(pl.col("id") % SHARE == 0).then(text).otherwise("industry"))
    # On the same day, since time alone moves tiers too.
    moment = FIRST + dt.timedelta(hours=1)
    program = compile_profile(profile, moment.date())
    started = time.process_time()
    differences = update_differences(NO_DIFFERENCES, before, after, moment)
    owned = with_ownership(after, profile, adopt=False)
    holding = hold_lost_inputs(owned, differences, NO_HOLDS, program, moment)
    changes = night(holding.companies, profile, moment.date()).preview.plan.changes
    cpu = time.process_time() - started
    tier = f"after.{profile.write.tier}"
    return {"cpu": cpu, "held": holding.figures.companies, "tiers": changes[tier].count()}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure_here(sys.argv[1])))
