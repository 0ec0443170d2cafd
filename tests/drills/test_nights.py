"""Five nights while people work in the portal: the snapshot is what a full read finds."""

from __future__ import annotations

import pytest

from tests.drills.nights import EDITED, week


@pytest.mark.long
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_five_nights_end_in_the_snapshot_of_a_full_read(seed: int) -> None:
    lived = week(1_000, seed=seed)
    assert lived.wrong == ()
    assert lived.left == 0
    assert [one.edited for one in lived.nights[1:]] == [round(1_000 * EDITED)] * 5
