"""What a test finds that begins after a run another test made."""

from __future__ import annotations

from pathlib import Path

from icp_sync.sandbox import SandboxPortal
from tests.cli.twins import Twins


def test_an_edit_is_later_than_the_writes_of_the_run_that_was_kept(tmp_path: Path) -> None:
    twins, times = Twins(tmp_path), iter(range(2))

    def begin() -> tuple[SandboxPortal, int]:
        portal, number = SandboxPortal(clock=lambda: 1_800_000_000.0), next(times)
        state = tmp_path / f"state-{number}"

        def run() -> int:
            state.mkdir()
            # A run that jumped over a wait of a minute; the clock of the next test stands where this one's began.
            portal.ahead += 60
            return portal.now()

        return portal, twins.begin("run", portal, state, run)

    begin()
    portal, written_at = begin()
    assert portal.now() > written_at
