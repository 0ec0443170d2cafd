"""What nobody runs here: 5,000 portals by the scheduling of a fleet, their bodies replaced by their measured times.

The scheduling, the outcomes, the table, the document and the notice are the real ones; only the processes and their
clock are not. Each measure is a process of its own, so that its peak is its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from icp_sync.fleet.outcome import PortalOutcome
from icp_sync.fleet.process_pool import ProcessPool
from icp_sync.fleet.secret_references import SecretResolver
from icp_sync.runs.notices.fleet import fleet_notices
from icp_sync.runs.notices.fleet_memory import FleetMemory
from icp_sync.views.fleet import fleet_document, fleet_view
from tests.benchmarks.bars import Figure
from tests.benchmarks.memory import own_peak
from tests.fleet.simulation import Body, SimulatedProcesses, command_of
from tests.views.rendering import lines
from tools.scale_model import night

PORTALS: Final = 5_000
FEW: Final = 50
AT_ONCE: Final = 16
SIZES: Final = (2_000, 5_000, 10_000, 20_000, 50_000, 200_000, 1_000_000)
"""Companies of the portals, in turn; few portals are large, and those take longest."""
WEIGHTS: Final = (30, 25, 20, 15, 7, 2, 1)
DEAD, KILLED, HELD = 7, 42, 77
"""Of each hundred portals the place of one whose token is dead, one whose process is killed, one that is held."""
CODES: Final = {DEAD: 1, KILLED: 5, HELD: 4}


def measure() -> Iterator[Figure]:
    """The night of 5,000 portals, beside one of 50, whose peak is that of the program alone."""
    few, many = _in_a_process(FEW), _in_a_process(PORTALS)
    yield Figure(f"simulated: portals of {PORTALS:,} begun in the order of the file", many["in_order"], 1, "", True)
    yield Figure("simulated: at work at once", many["most"], AT_ONCE, "portals")
    yield Figure("simulated: portals with the exit code of their own body", many["right"], PORTALS, "portals", True)
    yield Figure("simulated: the night", many["night"] / 3600, None, "h")
    yield Figure("simulated: the night, by the shortest that places allow", many["night"] / many["shortest"], 1.1, "×")
    yield Figure("simulated: CPU of the scheduling", many["cpu"], None, "s")
    yield Figure("simulated: peak of the fleet's own process", many["peak"], 500, "MB")
    grown = (many["peak"] - few["peak"]) * 1000 / (PORTALS - FEW)
    yield Figure("simulated: memory of the fleet's own process", grown, None, "KB a portal")


def _in_a_process(count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.simulated_fleet", str(count)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer


def _night_of(count: int) -> dict[str, float]:
    commands = [command_of(number, Path("fleet")) for number in range(count)]
    bodies = {command.portal.name: _body(number) for number, command in enumerate(commands)}
    vault = SecretResolver({f"T{number}": f"pat-eu1-{number:032}" for number in range(count)}, None)
    processes = SimulatedProcesses(bodies, vault, AT_ONCE, count)
    began = time.process_time()
    outcomes = list(ProcessPool(AT_ONCE, processes, lambda *_: None).run_commands(commands))
    cpu = time.process_time() - began
    by_name = {outcome.name: outcome for outcome in outcomes}
    _shown([by_name[command.portal.name] for command in commands])
    places = {name: place for place, name in enumerate(processes.begun)}
    seconds = [body.seconds for body in bodies.values()]
    return {
        "in_order": all(abs(places[command.portal.name] - n) < AT_ONCE for n, command in enumerate(commands)),
        "most": processes.most_at_work,
        "right": sum(by_name[c.portal.name].exit_code == CODES.get(n % 100, 0) for n, c in enumerate(commands)),
        "night": processes.now,
        "shortest": max(sum(seconds) / AT_ONCE, *seconds),
        "cpu": cpu,
        "peak": own_peak(),
    }


def _shown(outcomes: list[PortalOutcome]) -> None:
    """What the command makes of them: a row and a document each, one notice."""
    assert len(lines(fleet_view(outcomes))) > len(outcomes)
    assert len(fleet_document(outcomes)["portals"]) == len(outcomes)
    names = [outcome.name for outcome in outcomes]
    with TemporaryDirectory() as root:
        assert fleet_notices(outcomes, names, Path("fleet.yaml"), FleetMemory(Path(root))).notices.facts.what["run"]


def _body(number: int) -> Body:
    """The night of a portal as long as the model has it; a thousand refused records are a long document."""
    code = CODES.get(number % 100, 0)
    if code == CODES[DEAD]:
        return Body(2.0, code, {"error": {"code": "authentication", "message": "the token is dead", "details": []}})
    companies = next(size for size, upto in zip(SIZES, _upto(), strict=True) if number * 37 % 100 < upto)
    seconds = night(companies).wall
    if code == CODES[KILLED]:
        return Body(seconds / 2, -9)
    refused = [{"id": str(one), "reason": "x" * 60} for one in range(1_000)] if number % 100 == 1 else []
    return Body(
        seconds, code, {"tiers": {"tier_1": 40}, "changes": {"companies": 40}, "rejected": refused} | _blocked(code)
    )


def _blocked(code: int) -> dict[str, Any]:
    error = {"code": "guardrail_held", "message": "held by leaving_tier_1", "details": []}
    return {"guardrails": [{"name": "leaving_tier_1", "held": True}], "error": error} if code else {}


def _upto() -> Iterator[int]:
    """The running sum of the weights."""
    total = 0
    for weight in WEIGHTS:
        total += weight
        yield total


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_night_of(int(sys.argv[1]))))
