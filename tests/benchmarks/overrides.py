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
GUARDRAILS: Final = ("changed", "leaving_tier_1", "leaving_tiers", "list_shrink", "entering_tier_1", "list_growth")
ALLOWED: Final = tuple(word for name in GUARDRAILS for word in ("--allow", name))
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
    nights: dict[bool, list[tuple[Ended, Counted]]] = {False: [], True: []}
    for number in range(1, 2 * NIGHTS + 1):
        by_hand, few = number % 2 == 0, ids[number * EDITED : (number + 1) * EDITED]
        portal.change(ahead=DAY * (number - 0.5))
        portal.edit([(one, {"numberofemployees": "700"}) for one in few])
        if by_hand:
            portal.edit([(one, {TIER: "tier_3"}) for one in few[:BY_HAND]])
        portal.change(ahead=DAY * number)
        nights[by_hand].append(portal.counted("run", "--profile", PROFILE))
    calls = [min(counted.without_membership for _, counted in nights[which]) for which in (True, False)]
    cpu = [min(run.cpu for run, _ in nights[which]) for which in (True, False)]
    opened = [run.document["overrides"]["opened"] for run, _ in nights[True]]
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
    text = SMALL.read_text(encoding="utf-8").partition("tests:")[0]
    before.write_text(text, encoding="utf-8")
    after.write_text(text.replace("at_least: 100}", "at_least: 1000}"), encoding="utf-8")
    with sandbox("--from", str(companies), "--searches", "1000", state=state) as portal:
        portal.job("run", "--profile", str(before))
        yield from _edit("profile edit", portal.counted("run", "--profile", str(after), *ALLOWED), 0)
        shutil.rmtree(state)
        yield from _edit("the same after a lost disk", portal.counted("run", "--profile", str(before), *ALLOWED), 401)


def _edit(name: str, ended: tuple[Ended, Counted], bar: int) -> Iterator[Figure]:
    run, counted = ended
    written: int = run.document["applied"]["companies"]
    # All batch reads but for those that look at the companies right before they are written, 100 a call.
    history = counted.on(BATCH_READ) - -(-written // 100)
    yield Figure(f"{name}, changes", written, CHANGED, "companies", more_is_better=True)
    yield Figure(f"{name}, calls for history", history, bar, "calls")
