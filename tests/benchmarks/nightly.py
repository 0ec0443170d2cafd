"""The nightly job over a million companies: 10,000 edited a day, 2,000 of them so that their outputs change.

The profile is the shipped one with two static lists and one active, over the companies of one size only: some 30,000
to write, so that the first run takes minutes less. Nobody else's calls depend on how many are in scope: the portal
and the snapshot hold the million, and every edit has to be found among them.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl
from ruamel.yaml import YAML

from tests.benchmarks.bars import Figure
from tests.benchmarks.counted import Counted
from tests.benchmarks.sandbox import DAY, Ended, Portal

PROFILE: Final = Path(__file__).parents[2] / "config/icp.yaml"
BAND: Final = "501 - 1,000"
# Unknown is not outside: only a band that is known to be this one is in scope.
SCOPE: Final = {"all": [{"property": "hs_employee_range", **asked} for asked in ({"known": True}, {"is": BAND})]}
LISTS: Final = [
    {"name": "Bench tier 1", "kind": "static", "where": {"tier": ["tier_1"]}, "order_by": "score"},
    {"name": "Bench DACH", "kind": "static", "where": {"tier": ["tier_1", "tier_2"], "hits": ["country"]}},
    {"name": "Bench tiered", "kind": "active", "where": {"tier": ["tier_1", "tier_2", "tier_3"]}},
]
EDITED: Final = 10_000
CHANGED: Final = 2_000
MOMENTS: Final = 10
NIGHTS: Final = 2
CPU: Final = "nightly, CPU"

Edits = list[tuple[int, dict[str, str]]]


def measure(portal: Portal, state: Path) -> Iterator[Figure]:
    """The second of two such nights, so that 2,000 companies were written the night before.

    `state` holds the snapshot of a plan over the same portal by the shipped profile.
    """
    profile = _profile(state)
    portal.job("run", "--profile", profile)
    portal.change(ahead=DAY / 2)
    portal.job("run", "--profile", profile)
    nights = []
    for night, day in enumerate(_days(state), 1):
        for moment, edits in enumerate(_spread(day), 1):
            portal.change(ahead=DAY * (night + moment / MOMENTS / 2))
            portal.edit(edits)
        portal.change(ahead=DAY * (night + 0.9))
        nights.append(portal.counted("run", "--profile", profile))
    (before, _), (run, counted) = nights
    yield from _setting(before, run)
    yield from _figures(run, counted)


def _setting(before: Ended, run: Ended) -> Iterator[Figure]:
    """That the night was the one the bar speaks of."""
    read, night = run.document["companies"]["read"], run.document["applied"]["companies"]
    yield Figure("nightly, companies in the portal", read, 1_000_000, "companies", more_is_better=True)
    yield Figure("nightly, written the night before", before.document["applied"]["companies"], None, "companies")
    yield Figure("nightly, written", night, CHANGED, "companies", more_is_better=True)
    yield Figure("nightly, whole readings", int(run.document["reading"]["whole"]), 0, "readings")


def _figures(run: Ended, counted: Counted) -> Iterator[Figure]:
    yield Figure("nightly, calls", counted.total, 150, "calls")
    yield Figure("nightly, writes among them", counted.writes, 24, "calls")
    yield Figure(CPU, run.cpu, 4, "s")
    yield Figure("nightly, peak memory", run.peak, 900, "MB")


def _profile(directory: Path) -> str:
    """The file of the profile made for this."""
    shipped: dict[str, Any] = YAML(typ="safe").load(PROFILE.read_text(encoding="utf-8"))
    made = {**shipped, "scope": SCOPE, "lists": LISTS, "tests": []}
    path = directory / "nightly.yaml"
    path.write_text(json.dumps(made, default=str), encoding="utf-8")
    return str(path)


def _days(state: Path) -> Iterator[Edits]:
    """Edits day by day: 2,000 companies in scope get the revenue they lacked, 8,000 others another name."""
    (snapshot,) = state.glob("snapshot.*.parquet")
    names = ["id", "annualrevenue", "hs_employee_range"]
    stored = pl.scan_parquet(snapshot).select(names).collect()
    open_ended = stored.filter((pl.col("hs_employee_range") == BAND) & pl.col("annualrevenue").is_null())["id"]
    others = stored["id"].filter(~stored["id"].is_in(open_ended.implode()))
    chance = random.Random(1)
    gaining = chance.sample(open_ended.to_list(), NIGHTS * CHANGED)
    renamed = chance.sample(others.to_list(), NIGHTS * (EDITED - CHANGED))
    for night in range(NIGHTS):
        revenue: Edits = [(one, {"annualrevenue": "50000000"}) for one in gaining[night::NIGHTS]]
        name: Edits = [(one, {"name": f"Renamed {one}"}) for one in renamed[night::NIGHTS]]
        day = revenue + name
        chance.shuffle(day)
        yield day


def _spread(day: Edits) -> Sequence[Edits]:
    """The edits of a day at its several moments."""
    return [day[moment::MOMENTS] for moment in range(MOMENTS)]
