"""Night after night while people work in the portal: at the end the snapshot is what a full read would find."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from icp_sync.companies.frame import ID
from icp_sync.sandbox import load_company_file
from icp_sync.state import snapshot
from tests.drills.population import COUNTRIES, DAY, INDUSTRIES, company
from tests.drills.scene import Ended, Scene, scene
from tests.drills.standing import kept, untrue

NIGHTS: Final = 5
EDITED: Final = 0.01
COMING_AND_GOING: Final = 0.001


@dataclass(frozen=True, slots=True)
class Night:
    """One night: companies edited before it and in the portal, read by it and written, its calls, its exit code."""

    number: int
    edited: int
    companies: int
    read: int
    written: int
    calls: int
    code: int


@dataclass(frozen=True, slots=True)
class Week:
    """The nights, the changes left to a repetition of the last, and what was wrong."""

    nights: tuple[Night, ...]
    left: int
    wrong: tuple[str, ...]


def week(companies: int, *, nights: int = NIGHTS, source: Path | None = None, seed: int = 1) -> Week:
    """A first run and so many nights after it, over made-up companies or those of a file."""
    with tempfile.TemporaryDirectory() as folder, scene(0 if source else companies) as stage:
        if source is not None:
            load_company_file(stage.portal, source)
        state, other = Path(folder) / "nightly", Path(folder) / "full"
        draw = random.Random(seed)
        seen = [_night(0, 0, stage, stage.run(state))]
        for number in range(1, nights + 1):
            stage.clock.pass_by(DAY / 2)
            edited = work(stage, draw, number)
            stage.clock.pass_by(DAY / 2)
            seen.append(_night(number, edited, stage, stage.run(state)))
        again = stage.run(state)
        wrong = [f"night {one.number} ended in {one.code}" for one in seen if one.code]
        wrong += ["the repetition still had something to do"] if again.pending else []
        wrong += [f"snapshot: {what}" for what in untrue(state, stage.portal)]
        # The same memory: what was lost and still counts, and what people set, no portal tells a stranger.
        shutil.copytree(state, other)
        full = stage.run(other, full=True)
        wrong += [f"a full read ended in {full.code}: {full.printed}"] if full.code else []
        wrong += list(_unlike(kept(state, stage.portal), kept(other, stage.portal)))
        return Week(tuple(seen), again.changes, tuple(wrong))


def _night(number: int, edited: int, stage: Scene, ended: Ended) -> Night:
    report = ended.report
    read = report.extract.companies if report and report.extract else 0
    written = report.applied.companies if report else 0
    return Night(
        number, edited, len(stage.portal.records.live_ids_and_rows()[0]), read, written, ended.calls, ended.code
    )


def _unlike(
    nightly: snapshot.Snapshot | snapshot.NoSnapshot, full: snapshot.Snapshot | snapshot.NoSnapshot
) -> Iterator[str]:
    """The columns in which the snapshot of the nights is not that of a full read."""
    if isinstance(nightly, snapshot.NoSnapshot) or isinstance(full, snapshot.NoSnapshot):
        yield "a snapshot is missing"
        return
    ours, theirs = nightly.companies, full.companies
    if set(ours.columns) != set(theirs.columns) or not ours[ID].equals(theirs[ID]):
        yield "the snapshot has other columns or companies than a full read"
        return
    yield from (f"{name} is not what a full read finds" for name in ours.columns if not ours[name].equals(theirs[name]))


def work(stage: Scene, draw: random.Random, number: int) -> int:
    """A day of the people in the portal: edits in a hundredth of it, a thousandth each comes, goes, is merged."""
    portal = stage.portal
    ids: list[int] = portal.companies_frame()[ID].to_list()
    few = max(1, round(len(ids) * COMING_AND_GOING))
    chosen = draw.sample(ids, round(len(ids) * EDITED) + 3 * few)
    edited, rest = chosen[3 * few :], chosen[: 3 * few]
    owners = [option.value for option in portal.schema.definitions["hubspot_owner_id"].options]
    for company_id in edited:
        portal.edit_company(company_id, _edit(draw, owners))
        stage.clock.pass_by(1)
    portal.archive(*rest[:few])
    for company_id, other in zip(rest[few : 2 * few], rest[2 * few :], strict=True):
        portal.merge(company_id, other, new_id=draw.random() < 0.2)
    portal.create_companies([company(draw, 1_000_000 * number + place) for place in range(few)])
    return len(edited)


def _edit(draw: random.Random, owners: list[str]) -> dict[str, str]:
    """What somebody changes: mostly what the profile reads, sometimes what it writes."""
    edits = (
        {"country": draw.choice(COUNTRIES)},
        {"numberofemployees": str(draw.randrange(1, 4_000))},
        {"industry": draw.choice(INDUSTRIES)},
        {"hubspot_owner_id": draw.choice(owners)},
        {"city": "Ulm"},
        {"hs_ideal_customer_profile": draw.choice(("tier_1", "tier_2", "tier_3", ""))},
        {"icp_fit_reasons": "somebody's own words"},
        {"icp_fit_lock": draw.choice(("true", "false"))},
    )
    return draw.choice(edits)
