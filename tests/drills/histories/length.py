"""So many histories, the same each time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.drills.histories.machine import Histories
from tests.drills.histories.world import ledger_file


def live_through(histories: int, steps: int, shared: Callable[[], AbstractContextManager[str]] = ledger_file) -> None:
    """Run the machine; AssertionError, with the steps that led there, where a promise is broken.

    `shared`: makes the ledger of hosts without one of their own.
    """

    class Shared(Histories):
        pass

    Shared.shared = staticmethod(shared)
    run_state_machine_as_test(
        Shared,
        settings=settings(
            max_examples=histories,
            stateful_step_count=steps,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
