"""While a run is at work others edit, create, merge and archive: nothing of theirs is lost, and the nights settle."""

from __future__ import annotations

import pytest

from tests.drills.others import meddle
from tests.postgres import Server


@pytest.mark.long
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 10))])
def test_nobodys_edit_is_overwritten_unseen_and_the_nights_settle(seed: int) -> None:
    meddled = meddle(seed, 600, odd=seed % 2 == 1)
    assert meddled.done.total() > 0
    assert meddled.wrong == ()


@pytest.mark.slow
def test_the_nights_settle_too_with_their_ledger_in_postgresql(server: Server) -> None:
    meddled = meddle(3, 600, odd=True, server=server)
    assert meddled.done.total() > 0
    assert meddled.wrong == ()
