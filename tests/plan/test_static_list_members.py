"""Who belongs on a static list, and how many each clause of its `where` lets through (design: "Lists")."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest

from icp_sync.plan.static_list_members import choose_list_members
from icp_sync.profile.model.lists import TargetList
from tests.plan.drawings import BLANK, NO_TIER, OUTSIDE, TIER_1, TIER_2, drawn, settled, verdict

ROWS = drawn(
    (BLANK, TIER_1),
    (BLANK, verdict("tier_1", score=95.0)),
    (BLANK, TIER_2),
    (BLANK, NO_TIER),
    (settled(TIER_1), OUTSIDE),
    ({"tier": "tier_1"}, NO_TIER),
    ({"tier": "tier_3"}, TIER_1),
    (BLANK, verdict(fit=0.0)),
    (BLANK, verdict(fit=None)),
).diff
ASKED = pl.DataFrame(
    {"id": range(1, 10), "property.size": [False, *[True] * 8], "match.all[0]": [True] * 8 + [False]},
    schema_overrides={"id": pl.Int64},
)
SIZED = {"property": {"size": {"at_least": 5}}, "match": {"all": [{"region": "Midwest"}]}}


def target(where: Mapping[str, object] | None = None, **rest: object) -> TargetList:
    return TargetList.model_validate({"name": "L", "kind": "static", "where": where or {"tier": ["tier_1"]}, **rest})


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ({"tier": ["tier_1"]}, {1, 2, 6, 8, 9}),
        ({"tier": ["tier_2", "tier_3"]}, {3, 7}),
        ({"outcome": ["not_icp"]}, {4, 6}),
        ({"outcome": ["tiered"], "tier": ["tier_3"]}, {7}),
        ({"tier": ["tier_1"], "hits": ["fit"]}, {1, 2, 6}),
        ({"tier": ["tier_1"], "outcome": ["disqualified"]}, set()),
    ],
)
def test_members_by_the_tier_that_will_stand(where: Mapping[str, object], ids: set[int]) -> None:
    """6 and 7 carry somebody else's tier, 5 has left the scope, 8 missed the criterion, 9 left it unanswered."""
    assert set(choose_list_members(target(where), ROWS).ids) == ids


@pytest.mark.parametrize(
    ("hits", "ids"),
    [
        (["fit", "other"], [1, 2, 4]),
        ({"any": ["fit", "other"]}, [1, 2, 4]),
        ({"all": ["fit", "other"]}, [1, 4]),
        ({"any": ["fit", "other"], "full": True}, [2, 4]),
        ({"all": ["fit", "other"], "full": True}, [4]),
        ({"all": ["other"], "full": False}, [1, 4]),
    ],
)
def test_hits_ask_for_any_or_all_of_some_criteria_and_for_whole_ones(hits: object, ids: list[int]) -> None:
    """1 has partial credit for both, 2 one in full and missed the other, 3 knows nothing, 4 has both in full."""
    fit = {"credit.fit": [0.5, 1.0, None, 1.0], "credit.other": [0.5, 0.0, None, 1.0]}
    rows = ROWS.head(4).with_columns(pl.Series(name, some, dtype=pl.Float64) for name, some in fit.items())
    assert sorted(choose_list_members(target({"hits": hits}), rows).ids) == ids


@pytest.mark.parametrize(("limit", "ids"), [(1, [2]), (2, [2, 1]), (3, [2, 1, 8]), (99, [2, 1, 8, 9, 6])])
def test_a_limit_keeps_the_best_by_score_then_the_lowest_id(limit: int, ids: list[int]) -> None:
    members = choose_list_members(target(limit=limit, order_by="score"), ROWS)
    assert (members.ids.to_list(), members.match_count) == (ids, 5)


def test_a_window_keeps_those_whose_tier_changed_lately() -> None:
    rows = ROWS.with_columns(days_since_change=pl.when(pl.col("id") == 1).then(7).when(pl.col("id") == 2).then(8))
    assert choose_list_members(target({"changed_within_days": 7}), rows).ids.to_list() == [1]


def test_what_is_asked_of_the_companies_themselves_narrows_a_list() -> None:
    assert choose_list_members(target({"tier": ["tier_1"], **SIZED}), ROWS, ASKED).ids.to_list() == [2, 8, 6]


def test_each_clause_says_how_many_in_scope_it_lets_through_by_itself() -> None:
    members = choose_list_members(
        target({"tier": ["tier_1"], "hits": {"all": ["fit"], "full": True}, **SIZED}), ROWS, ASKED
    )
    assert [(one.place, one.says, one.companies) for one in members.clauses] == [
        ("tier", "in tier 1", 5),
        ("hits", "meets fit in full", 6),
        ("property.size", "size is at least 5", 7),
        ("match.all[0]", "the company lies in Midwest", 7),
    ]
    assert members.match_count == 2


def test_nobody_read_is_nobody_let_through() -> None:
    members = choose_list_members(target({"tier": ["tier_1"], **SIZED}), ROWS.clear(), ASKED.clear())
    assert (members.ids.to_list(), [one.companies for one in members.clauses]) == ([], [0, 0, 0])
