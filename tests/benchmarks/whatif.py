"""What-if edits on 100,000 generated companies: how long the server takes for an answer, beside what `score` says.

Each of six templates gets 200 random edits, moved bounds included; every answer is compared with scoring the same
companies by the edited profile, company by company.
"""

from __future__ import annotations

import datetime as dt
import resource
import time
from collections.abc import Iterator
from random import Random
from statistics import quantiles
from typing import Final

import polars as pl

from icp_sync.profile import templates
from icp_sync.profile.edits.edited_profile import apply_edits_with_warnings
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from icp_sync.scoring.verdict_comparison import compare_verdicts
from icp_sync.scoring.whatif import Verdict, WhatIf
from tests.benchmarks.bars import Figure, Line
from tests.scoring.random_edits import generated_companies, random_edit

COMPANIES: Final = 100_000
EDITS: Final = 200
AS_OF: Final = dt.date(2026, 11, 29)
COLUMNS: Final = ("id", "score", "potential", "coverage", "outcome", "reached", "tier")


def measure(edits: int = EDITS, companies: int = COMPANIES) -> Iterator[Line]:
    """The median and the 95th of each template, and the most memory of all, the comparison's own included."""
    for name in templates.template_names():
        loaded, random = parse_profile(templates.template_text(name), f"{name}.yaml"), Random(name)
        frame = generated_companies(loaded.profile, companies, random)
        whatif = WhatIf(frame, loaded.profile, AS_OF)
        before = whatif.judge(loaded.profile)
        times = [_answer(loaded, random, frame, whatif, before) for _ in range(edits)]
        cuts = quantiles([wall for wall, _ in times], n=20)
        yield Figure(f"{name}: a what-if answer, median of {edits}", cuts[9] * 1000, 80, "ms")
        yield Figure(f"{name}: a what-if answer, 95th of 100", cuts[18] * 1000, 300, "ms")
        cpu = quantiles([cpu for _, cpu in times], n=20)
        yield Figure(f"{name}: its CPU on all cores, median ({cpu[18] * 1000:.0f} the 95th)", cpu[9] * 1000, None, "ms")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Figure("what-if and the scoring it is held against, memory", memory, None, "MB")


def _answer(
    loaded: LoadedProfile, random: Random, frame: pl.DataFrame, whatif: WhatIf, before: Verdict
) -> tuple[float, float]:
    """Seconds, and seconds of CPU, from the edits to all that a page shows.

    Raises AssertionError where an answer is not what scoring says.
    """
    edits, _ = random_edit(loaded, random)
    started, worked = time.perf_counter(), time.process_time()
    profile, _ = apply_edits_with_warnings(loaded, edits)
    verdict = whatif.judge(profile)
    compared = compare_verdicts(before, verdict)
    whatif.reasons(verdict, [mover.id for mover in (*compared.up, *compared.down)])
    seconds = time.perf_counter() - started, time.process_time() - worked
    expected = score(frame, compile_profile(profile, AS_OF)).frame.select(COLUMNS)
    if not verdict.companies.filter(pl.col("outcome").is_not_null()).select(COLUMNS).equals(expected):
        raise AssertionError(f"{loaded.file} with {edits} is not judged as it is scored")
    return seconds
