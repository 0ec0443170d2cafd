"""A night of 25 portals of 4,000 companies, of which three fail each in its way: the others as if they were alone."""

from __future__ import annotations

import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import polars as pl

from icp_sync.sandbox import SandboxPortal, generate_companies
from icp_sync.sandbox.store.standard_properties import standard_definitions
from tests.benchmarks.bars import Figure
from tests.benchmarks.counted import LIST, SEARCH
from tests.cli.fleets import (
    DAILY_CALLS,
    DEAD,
    HELD,
    KILLED,
    FleetFolder,
    Night,
    calls_by_route,
    fleet_of,
    night_of_failures,
    outputs,
    portals,
    run_alone,
)

PORTALS: Final = 25
COMPANIES: Final = 4_000
AT_ONCE: Final = 4
READING: Final = (LIST, SEARCH)
EXPECTED: Final = {DEAD: 1, HELD: 4, KILLED: 5}
"""Place of a portal → its exit code, where it is not 0."""
PROFILE: Final = Path(__file__).parents[2] / "config" / "icp.yaml"


def measure() -> Iterator[Figure]:
    """The night beside that of a portal alone; then the night after it, of the portal whose worker was killed."""
    companies = _companies()
    (alone,), made = portals(1, companies), portals(PORTALS, companies)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        cpu = _children_cpu()
        run_alone(alone, root / "alone", PROFILE)
        cpu_alone = _children_cpu() - cpu
        with fleet_of(made, root, f", daily_calls: {DAILY_CALLS}", PROFILE) as fleet:
            cpu, started = _children_cpu(), time.perf_counter()
            night = night_of_failures(fleet, "--at-once", str(AT_ONCE))
            seconds, cpu = time.perf_counter() - started, _children_cpu() - cpu
            yield from _figures(night, made, alone)
            yield Figure("CPU of a portal in the fleet", cpu / PORTALS, None, "s")
            yield Figure("CPU of a portal alone", cpu_alone, None, "s")
            yield Figure("the fleet's night, the sandbox on the same cores", seconds, None, "s")
            yield _next_night(fleet, made[KILLED], alone)


def _companies() -> pl.DataFrame:
    portal = SandboxPortal()
    generate_companies(portal, COMPANIES)
    companies = portal.companies_frame(*(definition.name for definition in standard_definitions()))
    filled = [name for name in companies.columns if companies[name].null_count() < companies.height]
    return companies.select(filled)


def _figures(night: Night, made: list[SandboxPortal], alone: SandboxPortal) -> Iterator[Figure]:
    well = [number for number in range(PORTALS) if number not in EXPECTED]
    codes = [row["exit_code"] for row in night.document["portals"]]
    right = [number for number in well if codes[number] == 0 and outputs(made[number]) == outputs(alone)]
    reported = [number for number, code in EXPECTED.items() if codes[number] == code and _error_of(night, number)]
    yield Figure("portals done, and right as the one alone", len(right), len(well), "portals", more_is_better=True)
    yield Figure("portals that failed, each with its own error", len(reported), 3, "portals", more_is_better=True)
    yield Figure("exit code of the fleet − 5", abs(night.exit_code - 5), 0, "")
    calls = calls_by_route(alone)
    yield Figure("calls of a portal alone", sum(calls.values()), None, "calls")
    differing = Counter[str]()
    for number in well:
        differing.update(_differences(calls_by_route(made[number]), calls))
    # A first reading of 3,000 companies or more whose pages take long is helped by searches from the other end, so
    # how many calls it takes follows from how busy this machine is.
    reading = [sum(calls_by_route(made[number]).get(route, 0) for route in READING) for number in well]
    named = "".join(f", {route}" for route in differing if route not in READING)
    others = sum(count for route, count in differing.items() if route not in READING)
    yield Figure(f"calls of the 22 that differ from those alone{named}", others, 0, "calls")
    alone_reading = sum(calls.get(route, 0) for route in READING)
    yield Figure("calls of the first reading, the most of the 22", max(reading), 1.1 * alone_reading, "calls")


def _error_of(night: Night, number: int) -> str:
    error = night.document["portals"][number]["error"] or {}
    return str(error.get("message", ""))


def _differences(some: Mapping[str, int], others: Mapping[str, int]) -> dict[str, int]:
    """Of each route that differs by how many calls."""
    differences = {route: abs(some.get(route, 0) - others.get(route, 0)) for route in {*some, *others}}
    return {route: count for route, count in differences.items() if count}


def _next_night(fleet: FleetFolder, portal: SandboxPortal, alone: SandboxPortal) -> Figure:
    """Whether the portal whose worker was killed is as the one alone after its next night."""
    code = fleet.run("run", "--only", f"p{KILLED:02}", "--quiet").returncode
    right = code == 0 and outputs(portal) == outputs(alone)
    return Figure("portals whose worker was killed, right a night later", int(right), 1, "portal", more_is_better=True)


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
