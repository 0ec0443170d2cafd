"""Hundreds of portals by the real scheduling, their processes simulated: in order, so many at once, each for itself."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from icp_sync.fleet.process_pool import ProcessPool
from icp_sync.fleet.secret_references import SecretResolver
from tests.fleet.simulation import Body, SimulatedProcesses, command_of

DONE = {"tiers": {"tier_1": 3}, "changes": {"companies": 2}}
DEAD = {"error": {"code": "authentication", "message": "the token is dead", "details": []}}


def body(number: int) -> Body:
    """Two in fifty have a dead token, one in fifty is killed; each of the others takes longer than the one before."""
    if number % 50 in (7, 8):
        return Body(1, 1, DEAD)
    return Body(40, -9, None) if number % 50 == 9 else Body(100 + number, 0, DONE)


@pytest.mark.parametrize("at_once", [1, 16])
def test_every_portal_is_worked_on_in_order_and_for_itself(at_once: int, tmp_path: Path) -> None:
    count = 500
    commands = [command_of(number, tmp_path) for number in range(count)]
    names = [command.portal.name for command in commands]
    vault = SecretResolver({f"T{number}": "token" for number in range(count)}, None)
    processes = SimulatedProcesses({name: body(n) for n, name in enumerate(names)}, vault, at_once, count)
    heard: list[str] = []
    crew = ProcessPool(at_once, processes, lambda name, _: heard.append(name))
    ended = {outcome.name: outcome.exit_code for outcome in crew.run_commands(commands)}
    assert processes.begun == names if at_once == 1 else sorted(processes.begun) == names
    # Of several threads two may change places between taking a portal and starting it; none is left behind.
    assert all(abs(processes.begun.index(name) - place) < at_once for place, name in enumerate(names))
    assert processes.most_at_work == at_once
    assert [ended[name] for name in names] == [{1: 1, -9: 5, 0: 0}[body(n).return_code] for n in range(count)]
    assert sorted(heard) == names
    seconds = [body(number).seconds for number in range(count)]
    assert sum(seconds) / at_once <= processes.now <= sum(seconds) / at_once + max(seconds)


def test_portals_without_a_secret_keep_no_place(tmp_path: Path) -> None:
    commands = [command_of(number, tmp_path) for number in range(60)]
    with_secret = [number for number in range(60) if number % 3]
    vault = SecretResolver({f"T{number}": "token" for number in with_secret}, None)
    processes = SimulatedProcesses({c.portal.name: Body(10, 0, DONE) for c in commands}, vault, 4, len(with_secret))
    crew = ProcessPool(4, processes, lambda *_: None)
    codes = Counter(outcome.exit_code for outcome in crew.run_commands(commands))
    assert codes == {0: 40, 2: 20}
    assert processes.now == 100
