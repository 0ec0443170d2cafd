"""Random tables of won and lost deals, edges included, for judging our statistics by other people's packages."""

from __future__ import annotations

import numpy as np

from icp_sync.evidence.win_rates import Tally


def tallies(seed: int, count: int, highest: int = 400) -> list[Tally]:
    """Tallies of 1 to `highest` deals; every fourth is won or lost whole, and as many have under five deals."""
    chance = np.random.default_rng(seed)
    decided = chance.integers(1, highest + 1, size=count)
    decided[1::4] = chance.integers(1, 5, size=decided[1::4].size)
    won = chance.binomial(decided, chance.uniform(0.01, 0.99, size=count))
    won[::8] = 0
    won[4::8] = decided[4::8]
    return [Tally(float(wins), float(deals)) for wins, deals in zip(won, decided, strict=True)]
