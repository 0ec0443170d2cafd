"""Whatever happens in a portal from night to night: people's tiers stand, lost values cost none, the ledger is true."""

from __future__ import annotations

import pytest

from tests.drills.histories.length import live_through


@pytest.mark.long
@pytest.mark.parametrize(("histories", "steps"), [(2, 10), pytest.param(5, 15, marks=pytest.mark.slow)])
def test_no_history_breaks_a_promise(histories: int, steps: int) -> None:
    live_through(histories, steps)
