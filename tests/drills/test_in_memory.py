"""Ten thousand companies, a hundred in each of a hundred worlds: what everybody does to them, and what may come of it.

The pure core runs night after night in memory, over the sandbox's records and their history, without HTTP and disk.
After each run the portal's history, the ledger and a second account in plain Python are held against the promises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from tests.drills.in_memory.world import World

NIGHTS = 12
HAPPENINGS = (
    "plan", "crash", "died", "undo", "release", "lose_disk", "edit_profile", "edit_overrides", "archive", "restore",
    "sleep", "refused", "overtaken",
)  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize(
    ("seeds", "companies"), [([1], 40), pytest.param(range(100), 100, marks=pytest.mark.slow)], ids=["one", "hundred"]
)
def test_no_world_breaks_a_promise(seeds: Sequence[int], companies: int) -> None:
    seen = Counter[str]()
    for seed in seeds:
        world = World(seed, companies)
        assert world.live_through(NIGHTS) == []
        seen += world.seen
    assert len(seeds) == 1 or all(seen[name] > 10 for name in HAPPENINGS), seen
