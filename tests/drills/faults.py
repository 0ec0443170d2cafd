"""One call in five fails, in every way after which a client may ask again: the portal ends as if none had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tests.drills.opening import Opening, first_night
from tests.drills.routes import writes
from tests.drills.scene import Scene, place, scene
from tests.drills.standing import differing, standing, untrue
from tests.drills.witness import MOMENT, Landing
from tests.postgres import Server

RATE: Final = 0.2
MOST_RUNS: Final = 3
FINAL: Final = ("477", "429_daily")
"""What no client may go on after."""


@dataclass(frozen=True, slots=True)
class Seed:
    """One seed: after how many runs the portal was right (0: never), the calls and failed calls, what was wrong."""

    seed: int
    runs: int
    calls: int
    failed: int
    wrong: tuple[str, ...]
    printed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A run without faults: how the portal stood after it, and what was sent to each company."""

    standing: dict[str, Any]
    sent: Mapping[int, Mapping[str, str]]


def undisturbed(companies: int, opening: Opening = first_night) -> Undisturbed:
    """What every seed is held against."""
    with place() as (state, _), scene(companies) as stage:
        opening(stage, state)
        earlier = len(stage.witness.landed)
        ended = stage.run(state)
        if ended.code != 0:
            raise RuntimeError(f"the undisturbed run ended in {ended.code}: {ended.printed}")
        return Undisturbed(standing(stage.portal), {one.id: one.sent for one in stage.witness.landed[earlier:]})


def seed(
    number: int, companies: int, whole: Undisturbed, opening: Opening = first_night, server: Server | None = None
) -> Seed:
    """Run until the portal is right, three times at most, with faults drawn from `number`."""
    wrong: list[str] = []
    printed: list[str] = []
    with place(server) as (state, url), scene(companies, url=url) as stage:
        opening(stage, state)
        stage.portal.calls.reset()
        stage.portal.faults.add("mixed", rate=RATE, seed=number)
        stage.witness.on_landing = lambda landing: wrong.extend(misplaced(landing, whole))
        runs = 0
        for attempt in range(1, MOST_RUNS + 1):
            ended = stage.run(state)
            printed += [ended.printed] if ended.printed else []
            if ended.code == 0 and not differing(whole.standing, standing(stage.portal)):
                runs = attempt
                break
        if runs:
            wrong += [f"snapshot: {what}" for what in untrue(state, stage.portal, undated=True)]
        calls = stage.portal.calls
        failed = calls.total - calls.statuses[200] - calls.statuses[201] - calls.statuses[204] - calls.statuses[207]
        return Seed(number, runs, calls.total, failed, tuple(wrong[:5]), tuple(printed))


def misplaced(landing: Landing, whole: Undisturbed) -> list[str]:
    """Values written that an undisturbed run would not write to that company."""
    right = whole.sent.get(landing.id, {})
    return [
        f"company {landing.id}: {name} was set to {value!r}, not {right.get(name)!r}"
        for name, value in landing.sent.items()
        if name != MOMENT and value != right.get(name)
    ]


def ends_at_once(kind: str, route: str, companies: int, whole: Undisturbed, server: Server | None = None) -> list[str]:
    """A run that meets `kind` on its third call of `route` stops there, and the next one, without it, finishes."""
    wrong: list[str] = []
    with place(server) as (state, url), scene(companies, url=url) as stage:
        stage.portal.faults.add(kind, route=route, after_calls=2, seconds=3_600)
        stage.witness.on_landing = lambda landing: wrong.extend(misplaced(landing, whole))
        ended = stage.run(state)
        wrong += _stopped(kind, ended.code, stage)
        stage.portal.faults.clear()
        again = stage.run(state)
        wrong += [f"the next run ended in {again.code}: {again.printed}"] if again.code else []
        wrong += [f"{part} differ" for part in differing(whole.standing, standing(stage.portal))]
        wrong += [f"snapshot: {what}" for what in untrue(state, stage.portal, undated=True)]
    return wrong[:5]


def _stopped(kind: str, code: int, stage: Scene) -> list[str]:
    """1 before the first write, 5 after it; and no call was tried again, though those in flight still end."""
    status = 477 if kind == "477" else 429
    met = stage.portal.calls.statuses[status]
    wrote = any(writes(route) and 200 <= answered < 300 for _, route, answered in stage.portal.calls.log)
    right = 5 if wrote else 1
    wrong = [] if code == right else [f"the run that met {kind} ended in {code}, not {right}"]
    return wrong + ([f"{met} calls met {kind}"] if not 1 <= met <= stage.in_flight else [])
