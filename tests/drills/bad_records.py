"""Records HubSpot refuses: all others land, and what it costs to find them; a refusal of everything ends soon."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.drills.scene import Ended, Scene, scene
from tests.drills.witness import MOMENT

BATCH: Final = 100
UPDATE: Final = "POST /crm/objects/companies/batch/update"
REFUSED: Final = "icp_fit_reasons"
MOST_EXTRA: Final = 16
MOST_REFUSED: Final = 2 * (2 * BATCH - 1) + 6
"""Calls that halve two batches down to each single company, and the other batches that were in flight."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a refusal cost beyond the undisturbed run, for how many bad records, and what was wrong."""

    what: str
    bad: int
    extra: int
    wrong: tuple[str, ...]

    @property
    def each(self) -> float:
        """Extra calls a bad record."""
        return self.extra / self.bad


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A run nobody refuses anything: its calls, and what was sent to each company."""

    calls: int
    updates: int
    sent: Mapping[int, Mapping[str, str]]


def undisturbed(companies: int) -> Undisturbed:
    """What refusals are held against."""
    with tempfile.TemporaryDirectory() as folder, scene(companies) as stage:
        ended = stage.run(Path(folder))
        sent = {one.id: one.sent for one in stage.witness.landed}
        return Undisturbed(ended.calls, stage.portal.calls.by_route[UPDATE], sent)


def one_in_each_batch(companies: int, batches: int, whole: Undisturbed, *, deaf: bool) -> Refusal:
    """One bad record in each of so many batches; `deaf`: HubSpot refuses the whole batch for it."""
    ids, draw = sorted(whole.sent), random.Random(3)
    bad = [draw.choice(ids[place * BATCH : (place + 1) * BATCH]) for place in range(batches)]

    def refuse(stage: Scene) -> None:
        for company_id in bad:
            stage.portal.faults.reject_company(company_id)

    ended, landed, _ = _run(companies, refuse, deaf=deaf)
    wrong = [] if ended.code == 5 else [f"the run ended in {ended.code}, not 5: {ended.printed}"]
    wrong += [] if _rejected(ended) == set(bad) else ["others than the bad records are reported as rejected"]
    right = {one: _dateless(sent) for one, sent in whole.sent.items() if one not in bad}
    wrong += [] if landed == right else [f"{len(right)} companies should have landed, {len(landed)} did"]
    what = "trace ids not heard" if deaf else "trace ids heard"
    return Refusal(f"a bad record in each batch, {what}", batches, ended.calls - whole.calls, tuple(wrong))


def everything(companies: int, *, after: int, deaf: bool) -> Refusal:
    """From the update `after` on HubSpot refuses one property to everybody; `extra` counts updates nobody gained by."""

    def refuse(stage: Scene) -> None:
        def hook(_: int, route: str, phase: str) -> None:
            if (route, phase) == (UPDATE, "before") and stage.portal.calls.count_received(UPDATE) > after:
                stage.portal.faults.reject_property(REFUSED)

        stage.portal.add_call_hook(hook)

    ended, landed, updates = _run(companies, refuse, deaf=deaf)
    wrong = [] if ended.code == 5 else [f"the run ended in {ended.code}, not 5: {ended.printed}"]
    wrong += [] if len(landed) == after * BATCH else [f"{len(landed)} companies landed, not {after * BATCH}"]
    what = f"everything refused from update {after + 1} on, trace ids {'not ' if deaf else ''}heard"
    return Refusal(what, 1, updates - after, tuple(wrong))


def _run(
    companies: int, refuse: Callable[[Scene], None], *, deaf: bool
) -> tuple[Ended, dict[int, dict[str, str]], int]:
    """The run, what landed, and the batch updates it took."""
    with tempfile.TemporaryDirectory() as folder, scene(companies, deaf=deaf) as stage:
        refuse(stage)
        ended = stage.run(Path(folder))
        landed = {one.id: _dateless(one.sent) for one in stage.witness.landed}
        return ended, landed, stage.portal.calls.by_route[UPDATE]


def _rejected(ended: Ended) -> set[int]:
    return {int(one.id) for one in ended.report.applied.rejected} if ended.report else set()


def _dateless(sent: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in sent.items() if name != MOMENT}
