"""Two profiles on the same companies and deals: who moves, and whom only one of them calls tier 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.evidence.backtest import SEED, ScoredDeals
from icp_sync.evidence.deal_history import Unit
from icp_sync.evidence.document_types import GROUPS
from icp_sync.evidence.profile_comparison_document import (
    Cell,
    Decisive,
    Example,
    Examples,
    ExampleVerdict,
    PairedAuc,
    PlacementRow,
    TierShare,
)
from icp_sync.evidence.score_ranking import PairedRanking, compare_aucs, compare_clustered_aucs
from icp_sync.evidence.tier_tables import GROUP, add_tier_group
from icp_sync.evidence.win_rate_tests import detectable_difference, fisher_p
from icp_sync.evidence.win_rates import FEWEST, Tally, enough_deals, rate_difference, wilson_interval

OUTSIDE: Final = "outside"
"""What a profile makes of a company outside its scope."""
CHAMPION: Final = "champion"
CHALLENGER: Final = "challenger"
BOTH: Final = "both"
MAX_EXAMPLES: Final = 10
_PLACEMENT: Final = "placement"
_BEST: Final = "tier_1"
_ORDER: Final = (*GROUPS, OUTSIDE)
Side = Literal["champion", "challenger"]


def pair_groups(champion: pl.DataFrame, challenger: pl.DataFrame) -> pl.DataFrame:
    """`id`, and what each makes of it (`champion`, `challenger`): every company in the scope of either, by id.

    Both are score frames; a company in one alone is `outside` of the other.
    """
    left, right = (
        add_tier_group(scores).select(ID, pl.col(GROUP).alias(side))
        for side, scores in ((CHAMPION, champion), (CHALLENGER, challenger))
    )
    joined = left.join(right, on=ID, how="full", coalesce=True).sort(ID)
    return joined.with_columns(pl.col(CHAMPION, CHALLENGER).fill_null(OUTSIDE))


def matrix_cells(groups: pl.DataFrame) -> tuple[Cell, ...]:
    """How many companies go from which tier to which; empty cells are left out."""
    counts = {(old, new): count for old, new, count in groups.group_by(CHAMPION, CHALLENGER).len().iter_rows()}
    pairs = [(old, new) for old in _ORDER for new in _ORDER if (old, new) in counts]
    return tuple(Cell(champion=old, challenger=new, companies=counts[old, new]) for old, new in pairs)


def tier_shares(groups: pl.DataFrame) -> tuple[TierShare, ...]:
    """A row a tier and outcome; shares are of the companies in a profile's scope, null where there are none."""
    counts = {side: dict(groups.group_by(side).len().iter_rows()) for side in (CHAMPION, CHALLENGER)}
    inside = {side: groups.height - counts[side].get(OUTSIDE, 0) for side in counts}

    def share(side: str, group: str) -> float | None:
        return counts[side].get(group, 0) / inside[side] if inside[side] else None

    return tuple(
        TierShare(
            tier=group,
            champion=counts[CHAMPION].get(group, 0),
            challenger=counts[CHALLENGER].get(group, 0),
            champion_share=share(CHAMPION, group),
            challenger_share=share(CHALLENGER, group),
        )
        for group in GROUPS
    )


def count_moved(groups: pl.DataFrame) -> int:
    """How many companies land in another tier or outcome."""
    return groups.filter(pl.col(CHAMPION) != pl.col(CHALLENGER)).height


def count_kept(scores: pl.DataFrame, enter: Mapping[str, float]) -> int:
    """How many companies are in a tier whose `enter` they do not reach: kept, since they are in it or above it now."""
    line = pl.col("tier").replace_strict(enter, default=None, return_dtype=pl.Float64)
    # Summed in another order a score may lie a rounding error below the line it reaches.
    return scores.filter(pl.col("score").round(9) < line).height


def count_tier_1_only(groups: pl.DataFrame) -> tuple[int, int]:
    """How many companies only the champion, and only the challenger, calls tier 1."""
    counts = dict(_tier_1_placements(groups).group_by(_PLACEMENT).len().iter_rows())
    return counts.get(CHAMPION, 0), counts.get(CHALLENGER, 0)


def tier_1_tallies(groups: pl.DataFrame, decided: pl.DataFrame) -> dict[str, Tally]:
    """`both`, `champion`, `challenger` → decided deals of whom both, or only that one, call tier 1."""
    placed = _tier_1_placements(groups).rename({ID: "company"})
    counts = decided.join(placed, on="company").group_by(_PLACEMENT).agg(won=pl.col("won").sum(), decided=pl.len())
    tallies = {where: Tally(float(won), float(total)) for where, won, total in counts.iter_rows()}
    return {where: tallies.get(where, Tally(0, 0)) for where in (BOTH, CHAMPION, CHALLENGER)}


def compare_tier_1_deals(groups: pl.DataFrame, decided: pl.DataFrame, design_effect: float) -> Decisive:
    """What came of the companies that only one of the two calls tier 1."""
    companies = dict(_tier_1_placements(groups).group_by(_PLACEMENT).len().iter_rows())
    counted = tier_1_tallies(groups, decided)
    worth = {where: tally.divide_by_design_effect(design_effect) for where, tally in counted.items()}
    rows = {where: _placement_row(companies.get(where, 0), counted[where], worth[where]) for where in counted}
    ours, theirs = worth[CHAMPION], worth[CHALLENGER]
    difference = rate_difference(theirs, ours) if enough_deals(theirs, ours) else None
    return Decisive(
        both=rows[BOTH],
        only_champion=rows[CHAMPION],
        only_challenger=rows[CHALLENGER],
        difference=difference and difference.value,
        low=difference and difference.low,
        high=difference and difference.high,
        p=fisher_p(theirs, ours) if _has_both_outcomes(theirs + ours) and difference else None,
        detectable_difference=detectable_difference(theirs, ours) if difference else None,
    )


def paired_auc(champion: ScoredDeals, challenger: ScoredDeals, unit: Unit) -> PairedAuc:
    """Whether the challenger's fit score ranks better; a company without a score proved nothing, as 0 does."""
    theirs = challenger.decided.select("deal", theirs=pl.col("score").fill_null(0))
    ours = champion.decided.select("deal", "company", "won", ours=pl.col("score").fill_null(0))
    both = ours.join(theirs, on="deal", maintain_order="left")
    paired = _compare_ranking(both, unit) if _has_both_outcomes(Tally(int(both["won"].sum()), both.height)) else None
    span = paired and paired.difference
    return PairedAuc(
        deals=both.height,
        difference=span and span.value,
        low=span and span.low,
        high=span and span.high,
        p=paired and paired.p,
        too_few=paired is None,
    )


def _compare_ranking(both: pl.DataFrame, unit: Unit) -> PairedRanking | None:
    ours, theirs, won = (both[name].to_numpy() for name in ("ours", "theirs", "won"))
    if unit == "deal":
        return compare_clustered_aucs(ours, theirs, won, both["company"].to_numpy(), SEED)
    return compare_aucs(ours, theirs, won)


def pick_examples(
    groups: pl.DataFrame, companies: pl.DataFrame, champion: pl.DataFrame, challenger: pl.DataFrame
) -> Examples:
    """Companies that only one of the two calls tier 1, with both reasons. `companies`: id, and `name` and `domain`."""
    verdicts = groups
    for side, scores in ((CHAMPION, champion), (CHALLENGER, challenger)):
        own = scores.select(ID, **{f"{side}.score": "score", f"{side}.reasons": "reasons"})
        verdicts = verdicts.join(own, on=ID, how="left")
    named = verdicts.join(companies, on=ID, how="left")
    placed = named.join(_tier_1_placements(groups), on=ID)
    return Examples(only_champion=_examples(placed, CHAMPION), only_challenger=_examples(placed, CHALLENGER))


def _tier_1_placements(groups: pl.DataFrame) -> pl.DataFrame:
    """`id` and `placement` of the companies that either calls tier 1."""
    ours, theirs = (pl.col(side) == _BEST for side in (CHAMPION, CHALLENGER))
    placement = (
        pl.when(ours & theirs).then(pl.lit(BOTH)).when(ours).then(pl.lit(CHAMPION)).otherwise(pl.lit(CHALLENGER))
    )
    return groups.filter(ours | theirs).select(ID, placement.alias(_PLACEMENT))


def _placement_row(companies: int, counted: Tally, worth: Tally) -> PlacementRow:
    interval = wilson_interval(worth) if enough_deals(worth) else None
    return PlacementRow(
        companies=companies,
        decided=int(counted.decided),
        won=int(counted.won),
        rate=interval and interval.value,
        low=interval and interval.low,
        high=interval and interval.high,
        too_few=interval is None,
    )


def _has_both_outcomes(tally: Tally) -> bool:
    """Whether enough deals were won and enough lost for a test."""
    return tally.won >= FEWEST and tally.lost >= FEWEST


def _examples(placed: pl.DataFrame, side: Side) -> tuple[Example, ...]:
    own = placed.filter(pl.col(_PLACEMENT) == side)
    best = own.sort(f"{side}.score", ID, descending=[True, False], nulls_last=True).head(MAX_EXAMPLES)
    return tuple(
        Example(
            id=row[ID],
            name=row.get("name"),
            domain=row.get("domain"),
            **{
                each: ExampleVerdict(tier=row[each], score=row[f"{each}.score"], reasons=row[f"{each}.reasons"])
                for each in (CHAMPION, CHALLENGER)
            },
        )
        for row in best.iter_rows(named=True)
    )
