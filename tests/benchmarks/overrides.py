"""What three-way writes cost: a night with tiers set by hand beside one without, and profile edits of 20,000 companies.

HubSpot gives the history of 50 companies a call, so it must be asked only about values that somebody touched.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import polars as pl

from tests.benchmarks.bars import Figure
from tests.benchmarks.counted import BATCH_READ, Counted
from tests.benchmarks.sandbox import DAY, Ended, Portal, sandbox

COMPANIES: Final = 100_000
EDITED: Final = COMPANIES // 100
BY_HAND: Final = 20
NIGHTS: Final = 2
CHANGED: Final = 20_000
TIER: Final = "hs_ideal_customer_profile"
PROFILE: Final = str(Path(__file__).with_name("profile.yaml"))
SMALL: Final = Path(__file__).parents[1] / "profiles/small.yaml"


def measure() -> Iterator[Figure]:
    """The nights first, then the profile edits."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        with sandbox("--companies", str(COMPANIES), "--searches", "1000", state=state) as portal:
            yield from _nights(portal, state)
    with tempfile.TemporaryDirectory() as folder:
        yield from _profile_edits(Path(folder))


def _nights(portal: Portal, state: Path) -> Iterator[Figure]:
    """Nights without and with edits by hand in turns; the cheapest of each is compared."""
    portal.job("run", "--profile", PROFILE)
    (snapshot,) = state.glob("snapshot.*.parquet")
    ids = pl.read_parquet(snapshot, columns=["id"])["id"].to_list()
    random.Random(1).shuffle(ids)
    found: dict[bool, list[tuple[Ended, Counted]]] = {False: [], True: []}
    for number in range(1, 2 * NIGHTS + 1):
        by_hand, few = number % 2 == 0, ids[number * EDITED : (number + 1) * EDITED]
        portal.change(ahead=DAY * (number - 0.5))
        portal.edit([(one, {"numberofemployees": "700"}) for one in few])
        if by_hand:
            portal.edit([(one, {TIER: "tier_3"}) for one in few[:BY_HAND]])
        portal.change(ahead=DAY * number)
        found[by_hand].append(portal.counted("run", "--profile", PROFILE))
    calls = [min(counted.without_membership for _, counted in found[which]) for which in (True, False)]
    cpu = [min(run.cpu for run, _ in found[which]) for which in (True, False)]
    opened = [run.document["overrides"]["opened"] for run, _ in found[True]]
    yield Figure("tiers set by hand and kept", min(opened), None, "companies")
    yield Figure("night with 20 tiers set by hand, calls more than without", calls[0] - calls[1], 5, "calls")
    yield Figure("night with 20 tiers set by hand, CPU ÷ without", cpu[0] / cpu[1], 1.25, "times")


def _profile_edits(folder: Path) -> Iterator[Figure]:
    """20,000 companies move from tier 1 to tier 2, and back after the disk was lost."""
    frame = {"name": [f"C{row}" for row in range(CHANGED)], "country": ["Deutschland"], "numberofemployees": ["500"]}
    height = len(frame["name"])
    companies, state = folder / "companies.csv", folder / "state"
    pl.DataFrame({name: texts * (height // len(texts)) for name, texts in frame.items()}).write_csv(companies)
    before, after = folder / "before.yaml", folder / "after.yaml"
    text = SMALL.read_text(encoding="utf-8").partition("tests:")[0].replace(
        "write:", "guardrails: {changed: 100%, leaving_tier_1: 100%, leaving_tiers: 100%, list_shrink: 100%,"
        " entering_tier_1: 100%, list_growth: 100%}\nwrite:")  # fmt: skip
    before.write_text(text, encoding="utf-8")
    after.write_text(text.replace("at_least: 100}", "at_least: 1000}"), encoding="utf-8")
    with sandbox("--from", str(companies), "--searches", "1000", state=state) as portal:
        portal.job("run", "--profile", str(before))
        run, counted = portal.counted("run", "--profile", str(after))
        yield Figure(
            "profile edit, changes", run.document["applied"]["companies"], CHANGED, "companies", more_is_better=True
        )
        yield Figure("profile edit, calls for history", _history_calls(run, counted), 0, "calls")
        shutil.rmtree(state)
        run, counted = portal.counted("run", "--profile", str(before))
        yield Figure(
            "the same after a lost disk, changes",
            run.document["applied"]["companies"],
            CHANGED,
            "companies",
            more_is_better=True,
        )
        yield Figure("the same after a lost disk, calls for history", _history_calls(run, counted), 401, "calls")


def _history_calls(run: Ended, counted: Counted) -> int:
    """Batch reads but for those that look at the companies right before they are written, 100 a call."""
    written: int = run.document["applied"]["companies"]
    return counted.on(BATCH_READ) - -(-written // 100)
