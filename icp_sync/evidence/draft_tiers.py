"""Thresholds for a draft: by the fit scores companies have under it, so that tiers hold the shares wanted."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from typing import Final

import polars as pl

from icp_sync.evidence.discover_document import DraftTier

SHARES: Final = (0.05, 0.15, 0.30)
"""Of the scored companies in tier 1, 2 and 3."""
_LEAST_APART: Final = 5  # closer tiers make companies flap between them


def draft_tiers(scores: pl.Series) -> tuple[DraftTier, ...]:
    """One to three tiers, the highest first, that come closest to the shares; scores are from 0 to 100.

    Few questions give few different scores, and then fewer tiers. Without any score over 0 one tier at 100.
    """
    tiers: list[DraftTier] = []
    lower = float("inf")
    ranked = _company_shares_by_score(scores)
    for wanted in accumulate(SHARES):
        free = [(abs(share - wanted), -value, value, share) for value, share in ranked if value <= lower]
        if not free:
            break
        _, _, value, share = min(free)
        taken = sum(tier.companies for tier in tiers)
        count = round(share * scores.len()) - taken
        tiers.append(DraftTier(tier=f"tier_{len(tiers) + 1}", enter=value, companies=count, share=count / scores.len()))
        lower = value - _LEAST_APART
    return tuple(tiers) or (DraftTier(tier="tier_1", enter=100, companies=0, share=0),)


def _company_shares_by_score(scores: pl.Series) -> list[tuple[float, float]]:
    """Each score over 0, and the share of companies that have it or more."""
    counts = scores.value_counts(sort=False).sort(scores.name, descending=True)
    return list(_cumulative_shares(counts, scores.len()))


def _cumulative_shares(counts: pl.DataFrame, total: int) -> Iterator[tuple[float, float]]:
    reached = 0
    for value, count in counts.iter_rows():
        reached += count
        if value is not None and value > 0:
            yield float(value), reached / total
