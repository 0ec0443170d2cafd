"""What one portal, a fleet and a universe cost at a size nobody ran: `make scale-model` prints it.

Every number comes from `scale_constants.toml`, which says where each was measured; here are the formulas.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

CONSTANTS: Final = Path(__file__).with_name("scale_constants.toml")
PORTAL_SIZES: Final = (10_000, 100_000, 1_000_000, 10_000_000)
FLEET_SIZES: Final = (1, 25, 500, 5_000)
UNIVERSE_SIZES: Final = (1_000_000, 20_000_000, 200_000_000, 1_000_000_000)
CORES: Final = 2
"""Of the machine that the tables speak of, and that the numbers were measured on."""
_MEASURED: Final = ((20_000, "20k"), (100_000, "100k"), (1_000_000, "1m"))


@dataclass(frozen=True, slots=True)
class Constant:
    """A number of the model; `how`: measured, documented, simulated or assumed; `source`: where."""

    value: float
    unit: str
    how: str
    source: str


@cache
def constants() -> dict[str, Constant]:
    """The constants by name, in the order of their file."""
    return {name: Constant(**facts) for name, facts in tomllib.loads(CONSTANTS.read_text(encoding="utf-8")).items()}


def number(name: str) -> float:
    """The value of a constant."""
    return constants()[name].value


@dataclass(frozen=True, slots=True)
class Cost:
    """What a job costs: calls, seconds of CPU, megabytes at the peak, seconds on the wall at HubSpot's pace."""

    calls: float
    cpu: float
    peak: float
    wall: float


def _between(name: str, companies: float) -> float:
    """The straight line through the two measurements next to so many companies."""
    (low, lower), (high, higher) = _MEASURED[:2] if companies < _MEASURED[1][0] else _MEASURED[1:]
    start, end = number(f"{name}_{lower}"), number(f"{name}_{higher}")
    return start + (end - start) * (companies - low) / (high - low)


def calls_a_second() -> float:
    """The pace kept to in a portal."""
    return number("burst") / 10 * number("burst_share")


def first_plan(companies: float) -> Cost:
    """Everybody read and judged, nothing written."""
    calls = companies / number("page") + number("fixed_calls")
    cpu = _between("plan_cpu", companies)
    return Cost(calls, cpu, _between("plan_peak", companies), _greeting() + max(calls / calls_a_second(), cpu))


def first_run(companies: float) -> Cost:
    """Everybody read, judged and written."""
    plan, calls, cpu = first_plan(companies), _write_calls(companies), companies * number("write_cpu") / 1000
    return Cost(plan.calls + calls, plan.cpu + cpu, plan.peak, plan.wall + max(calls / calls_a_second(), cpu))


def night(companies: float) -> Cost:
    """What changed is searched for, read and judged, and what differs written."""
    edited = companies * number("edited")
    written = edited * number("changed")
    searches, writes = edited / number("search_page"), _write_calls(written)
    cpu = _between("night_cpu", companies) + written * number("write_cpu") / 1000
    wall = _greeting() + searches / number("search_pace") + writes / calls_a_second() + cpu
    return Cost(searches + writes + number("fixed_calls"), cpu, _between("night_peak", companies), wall)


def _greeting() -> float:
    """Seconds of the calls that every run makes one after another."""
    return number("fixed_calls") * number("latency")


def _write_calls(written: float) -> float:
    return written / number("page") * number("write_calls")


def disk(companies: float) -> tuple[float, float]:
    """Bytes of the snapshot, and of the ledger after a first run and a year of nights."""
    nights = 365 * companies * number("edited") * number("changed")
    return companies * number("snapshot_bytes"), (companies + nights) * number("ledger_bytes")


def portals() -> str:
    """One portal, by its companies."""
    return _table(
        ("companies", "first plan: calls", "CPU", "peak", "wall", "first run: calls", "of a day", "wall",
         "night: calls", "CPU", "peak", "wall", "snapshot", "ledger, a year"),
        (_portal(companies) for companies in PORTAL_SIZES),
    )  # fmt: skip


def _portal(companies: int) -> tuple[str, ...]:
    plan, run, one_night = first_plan(companies), first_run(companies), night(companies)
    snapshot, ledger = disk(companies)
    return (
        f"{companies:,}", f"{plan.calls:,.0f}", time_of(plan.cpu), size_of(plan.peak * 1e6), time_of(plan.wall),
        f"{run.calls:,.0f}", f"{run.calls / number('daily'):.0%}", time_of(run.wall),
        f"{one_night.calls:,.0f}", time_of(one_night.cpu), size_of(one_night.peak * 1e6), time_of(one_night.wall),
        size_of(snapshot), size_of(ledger),
    )  # fmt: skip


def fleets() -> str:
    """Fleets of portals of one size, by how many there are and how many are worked on at once."""
    head = ("portals", "at once", "CPU", "CPU of one core", "night", "memory", "calls in all")
    return _table(head, (_fleet(count, at_once) for count in FLEET_SIZES for at_once in _at_once(count)))


def _at_once(count: int) -> Sequence[int]:
    return (1,) if count == 1 else (4,) if count < 100 else (4, 16)


def _fleet(count: int, at_once: int) -> tuple[str, ...]:
    cost = night(number("portal_companies"))
    wall = max(count * cost.wall / at_once, count * cost.cpu / CORES)
    memory = at_once * cost.peak * 1e6 + count * number("crew_memory") * 1e3
    cpu = count * cost.cpu
    calls = f"{count * cost.calls:,.0f}"
    return f"{count:,}", f"{at_once}", time_of(cpu), f"{cpu / wall:.0%}", time_of(wall), size_of(memory), calls


def universes() -> str:
    """Universes by their rows, scored on one machine and on many."""
    head = ("rows", "CPU", "wall, one process", "cores for one hour", "peak", "peak, --not-in-portal",
            "result on disk", "blocks", "driver, beside itself")  # fmt: skip
    return _table(head, (_universe(rows) for rows in UNIVERSE_SIZES))


def _universe(rows: int) -> tuple[str, ...]:
    cpu, blocks = rows / number("score_rows"), rows / number("block_rows")
    return (
        f"{rows:,}", time_of(cpu), time_of(cpu / number("score_cores")), f"{max(cpu / 3600, 0.1):,.1f}",
        size_of(number("score_peak") * 1e6), size_of(number("score_peak") * 1e6 + rows * number("new_peak")),
        size_of(rows * number("out_bytes")), f"{blocks:,.0f}", size_of(blocks * number("block_memory") * 1e3),
    )  # fmt: skip


def sources() -> str:
    """Every constant and where it comes from."""
    rows = (
        (name.replace("_", " "), f"{constant.value:,g} {constant.unit}", constant.how, constant.source)
        for name, constant in constants().items()
    )
    return _table(("constant", "value", "how", "where"), rows)


def time_of(seconds: float) -> str:
    """Seconds as a person says them."""
    if seconds < 90:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5_400 else f"{seconds / 3600:,.1f} h"


def size_of(count: float) -> str:
    """Bytes with the unit that leaves few digits."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= factor:
            return f"{count / factor:,.1f} {unit}" if count < 10 * factor else f"{count / factor:,.0f} {unit}"
    return f"{count / 1e3:,.0f} KB"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *rows))


TABLES: Final = {
    "scale_portals": portals,
    "scale_fleets": fleets,
    "scale_universes": universes,
    "scale_constants": sources,
}
"""The generated parts of docs/explain/scale.md."""


if __name__ == "__main__":
    sys.stdout.write("\n\n".join(make() for make in TABLES.values()) + "\n")
