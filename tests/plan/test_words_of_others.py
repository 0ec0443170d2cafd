"""Somebody adds an option to the tier's property and gives it to companies: a word that is no tier of ours."""

from __future__ import annotations

import polars as pl

from icp_sync.plan.document.movement_counts import count_moves
from icp_sync.plan.document.ranked_companies import causes_with_best_companies, rank_movers, rank_target_accounts
from icp_sync.plan.tiers_set_by_others import SET_BY_OTHERS
from tests.plan.drawings import BLANK, TIER_1, TIER_2, Company, drawn, profile_of, settled

FOREIGN = {"tier": "prospect"}
LOCKING, LOCKED = profile_of(lock={"property": "locked"}), {"locked": ["true"]}
STANDS: Company = (settled(TIER_2) | FOREIGN, TIER_1)


def test_it_is_no_tier_and_no_target_account() -> None:
    preview = drawn((FOREIGN, TIER_1), (BLANK, TIER_2))
    assert preview.diff["effective_tier"].to_list() == [None, "tier_2"]
    assert [account.id for account in rank_target_accounts(preview.diff)] == ["2"]


def test_the_matrix_has_it_beside_those_without_a_tier() -> None:
    cells = {(move.before, move.after): move.companies for move in count_moves(drawn((FOREIGN, TIER_1)).diff)}
    assert {cell: count for cell, count in cells.items() if count} == {("none", "none"): 1}


def test_a_record_that_keeps_it_makes_no_move() -> None:
    (cause,) = causes_with_best_companies(drawn(STANDS, profile=LOCKING, extra=LOCKED))
    (example,) = cause.examples
    assert (example.before, example.after, example.sentence) == (None, None, "its data changed")


def test_whoever_sets_it_takes_a_company_out_of_its_tier() -> None:
    row = {"id": 1, "before": "tier_2", "after": "prospect", "by": "user 31"}
    movers = rank_movers(drawn(STANDS, profile=LOCKING, extra=LOCKED), pl.DataFrame([row], SET_BY_OTHERS))
    (mover,) = movers.down
    assert (mover.tier_before, mover.tier_after) == ("tier_2", None)
    assert mover.sentence == "Tier 2 → prospect: set by user 31, which stands"
