"""How many batches are written at once."""

from __future__ import annotations

import pytest

from icp_sync.runs.apply.write_companies import AdaptiveConcurrency


@pytest.mark.parametrize(
    ("batches", "now"),
    [("", 8), ("l", 4), ("ll", 2), ("llllll", 1), ("lo", 5), ("looooooo", 8), ("o", 8)],
)
def test_a_lock_halves_it_and_a_good_batch_gives_one_back(batches: str, now: int) -> None:
    width = AdaptiveConcurrency.start_at_max(8)
    for batch in batches:
        width.adjust(locked=batch == "l")
    assert width.now == now
