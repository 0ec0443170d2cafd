"""Why 10,000 of a million companies change, by 25 criteria of every kind: what working it out costs beside a night.

In a process of its own, so that its peak is its own, which gives back at once what it frees: what building the nights
left to the allocator would hide what this takes.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.plan.stepwise_rescoring import Baseline
from icp_sync.profile.digest import scoring_digest
from icp_sync.profile.load import parse_profile
from tests.benchmarks import language
from tests.benchmarks.bars import Figure
from tests.plan.two_nights import night

COMPANIES: Final = 1_000_000
CHANGES: Final = 10_000
YESTERDAY: Final = dt.date(2026, 11, 20)


def measure() -> Iterator[Figure]:
    """CPU and memory on top of the night's own."""
    here = Path(__file__).parents[2]
    environment = {**os.environ, "_RJEM_MALLOC_CONF": "dirty_decay_ms:0,muzzy_decay_ms:0"}
    ran = subprocess.run([sys.executable, "-m", __name__], cwd=here, env=environment, check=True, capture_output=True)
    measured = json.loads(ran.stdout)
    yield Figure("companies explained", measured["changes"], CHANGES, "companies", more_is_better=True)
    yield Figure("causes with pieces, CPU", measured["cpu"], 2, "s")
    yield Figure("causes with pieces, memory", measured["memory"], 200, "MB")


def _measure_here() -> dict[str, float]:
    read = parse_profile(language.PROFILE.read_bytes(), language.PROFILE.name).profile
    outputs = {"score": "icp_fit_score", "outcome": "icp_fit_outcome", "reasons": "icp_fit_reasons"}
    profile = read.model_copy(update={"write": read.write.model_copy(update=outputs)})
    first = night(language.texts(COMPANIES), profile, YESTERDAY)
    written = first.written_at_once()
    edited = pl.col("id") % (COMPANIES // CHANGES) == 0
    names = ["industry", "web_technologies", "description"]
    differences = (
        written.filter(edited).select("id", *names).unpivot(index="id", variable_name="property", value_name="was")
    )
    emptied = written.with_columns(pl.when(~edited).then(pl.col(names)))
    second = night(emptied, profile, YESTERDAY + dt.timedelta(days=1))
    del first, written, emptied
    baseline = Baseline(YESTERDAY, {scoring_digest(profile): profile}, differences)
    # 5 sets the peak to what is used now.
    Path("/proc/self/clear_refs").write_text("5")
    used, started = _status("VmRSS"), time.process_time()
    explained = second.explained(baseline)
    cpu = time.process_time() - started
    return {"changes": explained.height, "cpu": cpu, "memory": (_status("VmHWM") - used) / 1024}


def _status(name: str) -> int:
    """Kilobytes of this process, as Linux counts them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure_here()))
