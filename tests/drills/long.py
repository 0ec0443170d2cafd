"""The drills at their full length, each with its bar and its table."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.drills import bad_records, faults, nights, others
from tests.drills.histories.length import live_through
from tests.drills.kills import KillDrill, Killed, drawn
from tests.drills.opening import Opening, first_night, later_night
from tests.drills.process import Nest, nest
from tests.postgres import MISSING, Server, binaries, serve
from tests.state.ledger.lease_holder import PLACES
from tests.state.ledger.sleeper import sleep_past_the_lease

SEEDS: Final = 50
SHARED_SEEDS: Final = 20
"""Those of a ledger in PostgreSQL."""
RIGHT_AT_ONCE: Final = 0.8
BAD: Final = 50
STOPS: Final = 50
HISTORIES: Final = 200
STEPS: Final = 20
STOPPED_ON: Final = (
    "GET /crm/objects/companies",
    "POST /crm/objects/companies/batch/read",
    "POST /crm/objects/companies/batch/update",
    "POST /crm/properties",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether a drill passed, and what there is to say at its end."""

    good: bool
    summary: tuple[str, ...]


def kills(_: Path | None = None) -> Outcome:
    """200 kills of a first night, some of a later one, and some with the ledger in PostgreSQL."""
    with nest() as hatching:
        first = _killed(KillDrill(hatching, 5_000), 200)
        later = _killed(KillDrill(hatching, 2_000, later_night(300)), 24)
        shared = _killed_on_postgresql(hatching) if binaries() else []
    all_of_them = (*first, *later, *shared)
    between = sum(one.phase == "between" for one in first)
    wrong = [one for one in all_of_them if one.wrong]
    phases = Counter(one.phase for one in first)
    searched = sum(one.route.endswith("/search") and "companies" in one.route for one in later)
    return Outcome(
        not wrong and between >= 100,
        (
            f"{len(first)} kills of a first night: {dict(phases)}",
            f"{len(later)} kills of a later night, {searched} in its search",
            f"{len(shared)} kills of both with the ledger in PostgreSQL{'' if shared else ', ' + MISSING}",
            f"{len(all_of_them) - len(wrong)} of {len(all_of_them)} ended equal to an undisturbed run",
        ),
    )


def _killed_on_postgresql(hatching: Nest) -> list[Killed]:
    with serve() as server:
        first, later = KillDrill(hatching, 2_000, server=server), KillDrill(hatching, 2_000, later_night(300), server)
        return [*_killed(first, 24), *_killed(later, 12)]


def _killed(drill: KillDrill, count: int) -> list[Killed]:
    whole = drill.undisturbed()
    _row("call", "when", "route", "phase", "calls of the rerun", f"equal (undisturbed: {whole.calls} calls)")
    done = []
    for call, when in drawn(whole.calls, count):
        killed = drill.kill(call, when, whole)
        _row(killed.call, killed.when, killed.route, killed.phase, killed.rerun, "; ".join(killed.wrong) or "yes")
        done.append(killed)
    return done


def faulty(_: Path | None = None) -> Outcome:
    """50 seeds of one call in five failing, over a first night and a later one; and faults that end a run."""
    first, later = _seeds(SEEDS, first_night), _seeds(SEEDS, later_night(300))
    with ExitStack() as stack:
        server = _server(stack)
        shared = _seeds(SHARED_SEEDS, first_night, server) if server else []
    whole = faults.undisturbed(1_000)
    ended = {
        f"{kind} on {route}": faults.ends_at_once(kind, route, 1_000, whole)
        for kind in faults.FINAL
        for route in STOPPED_ON
    }
    for what, wrong in ended.items():
        _row(what, "; ".join(wrong) or "stopped, and finished by the next run")
    good = all(map(_good_seeds, (first, later, shared))) and not any(ended.values())
    on_postgresql = f"first night with the ledger in PostgreSQL: {_right(shared)}{'' if shared else ', ' + MISSING}"
    return Outcome(good, (f"first night: {_right(first)}", f"later night: {_right(later)}", on_postgresql))


def _server(stack: ExitStack) -> Server | None:
    """A PostgreSQL until the stack ends; None where it is not installed."""
    return stack.enter_context(serve()) if binaries() else None


def _seeds(count: int, opening: Opening, server: Server | None = None) -> list[faults.Seed]:
    whole = faults.undisturbed(1_500, opening)
    _row("seed", "runs", "calls", "failed", "wrong")
    done = []
    for number in range(count):
        seeded = faults.seed(number, 1_500, whole, opening, server)
        _row(
            seeded.seed,
            seeded.runs or "never",
            seeded.calls,
            seeded.failed,
            "; ".join([*seeded.wrong, *seeded.printed]) or "nothing",
        )
        done.append(seeded)
    return done


def _good_seeds(seeds: list[faults.Seed]) -> bool:
    at_once = sum(one.runs == 1 for one in seeds)
    return at_once >= RIGHT_AT_ONCE * len(seeds) and all(one.runs and not one.wrong for one in seeds)


def _right(seeds: list[faults.Seed]) -> str:
    runs = Counter(one.runs for one in seeds)
    calls, failed = sum(one.calls for one in seeds), sum(one.failed for one in seeds)
    summary = f"{runs[1]} of {len(seeds)} seeds right in the first run, {runs[2]} in the second, {runs[3]} in the third"
    return f"{summary}, {runs[0]} never; {failed:,} of {calls:,} calls refused or broken off"


def meddled(_: Path | None = None) -> Outcome:
    """Others at work in two nights, twenty seeds, every second one with a search that lags and keeps no order.

    Every fourth pair of them with the ledger in PostgreSQL, where that is installed.
    """
    with ExitStack() as stack:
        return _meddled(_server(stack))


def _meddled(server: Server | None) -> Outcome:
    _row("seed", "search", "done by others", "skipped", "changes of the settling run", "wrong")
    done = []
    for number in range(20):
        odd = number % 2 == 1
        meddling = others.meddle(number, 1_500, odd=odd, server=server if number % 8 in (2, 3) else None)
        acts = ", ".join(f"{name} {count}" for name, count in sorted(meddling.done.items()))
        _row(
            meddling.seed,
            "odd" if odd else "even",
            acts,
            meddling.skipped,
            meddling.settled,
            "; ".join(meddling.wrong) or "nothing",
        )
        done.append(meddling)
    total: Counter[str] = sum((one.done for one in done), Counter())
    skipped = sum(one.skipped for one in done)
    return Outcome(
        not any(one.wrong for one in done),
        (f"{total.total():,} acts of others ({dict(total)}), {skipped} companies skipped for them",),
    )


def refused(_: Path | None = None) -> Outcome:
    """A bad record in each of 50 batches; everything refused; with trace ids heard and not."""
    companies = BAD * 112
    whole = bad_records.undisturbed(companies)
    singles = [bad_records.one_in_each_batch(companies, BAD, whole, deaf=deaf) for deaf in (False, True)]
    alls = [bad_records.everything(companies, after=after, deaf=deaf) for after in (0, 10) for deaf in (False, True)]
    for result in (*singles, *alls):
        _row(
            result.what,
            f"{result.extra} calls more, {result.each:.1f} each of {result.bad}",
            "; ".join(result.wrong) or "right",
        )
    cheap = all(one.each <= bad_records.MOST_EXTRA for one in singles)
    short = all(one.extra <= bad_records.MOST_REFUSED for one in alls)
    return Outcome(
        cheap and short and not any(one.wrong for one in (*singles, *alls)),
        (f"calls per bad record: {', '.join(f'{single.each:.1f}' for single in singles)} (at most 16)",),
    )


def five_nights(source: Path | None = None) -> Outcome:
    """Five nights while people work in the portal."""
    week = nights.week(2_000, source=source)
    _row("night", "edited", "companies", "read", "written", "calls", "exit code")
    for night in week.nights:
        _row(night.number, night.edited, night.companies, night.read, night.written, night.calls, night.code)
    verdict = "; ".join(week.wrong) or "equal to a full read in every column"
    return Outcome(not week.wrong, (f"the snapshot is {verdict}; a repetition had {week.left} changes",))


def random_histories(_: Path | None = None) -> Outcome:
    """200 histories of everybody's edits, losses, crashes, undos, other profiles and two hosts, half on PostgreSQL."""
    try:
        if binaries():
            with serve() as server:
                live_through(HISTORIES, STEPS, server.database)
        else:
            live_through(HISTORIES, STEPS)
    except AssertionError as broken:
        return Outcome(False, (str(broken), *getattr(broken, "__notes__", ())))
    return Outcome(True, (f"{HISTORIES} histories of up to {STEPS} steps, no promise broken",))


def stopped_hosts(_: Path | None = None) -> Outcome:
    """50 runs on a shared ledger, each stopped past its lease and taken over by another."""
    wrong = []
    if not binaries():
        return Outcome(good=True, summary=(f"left out, {MISSING}",))
    with serve() as server:
        for number in range(STOPS):
            where = PLACES[number % len(PLACES)]
            settled = sleep_past_the_lease(server, where)
            _row(number + 1, where, "; ".join(settled) or "right")
            wrong += settled
    return Outcome(not wrong, (f"{STOPS} runs stopped past their lease, {len(wrong)} faults",))


DRILLS: Final[dict[str, Callable[[Path | None], Outcome]]] = {
    "faults": faulty,
    "others": meddled,
    "bad-records": refused,
    "nights": five_nights,
    "histories": random_histories,
    "kills": kills,
    "leases": stopped_hosts,
}


def _row(*cells: object) -> None:
    sys.stdout.write("  ".join(_cells(cells)) + "\n")
    sys.stdout.flush()


def _cells(cells: Iterable[object]) -> Iterable[str]:
    return (str(cell).ljust(6) for cell in cells)
