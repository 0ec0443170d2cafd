"""Brakes: what each counts, at, under and beyond its limit (design: "Guardrails")."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from icp_sync.plan import guardrails
from icp_sync.plan.guardrail_measures import Share
from icp_sync.plan.guardrails import GUARDRAILS, NAMES, Guardrail, GuardrailCheck
from icp_sync.plan.plan_inputs import LiveList
from icp_sync.profile.model.outputs import Guardrails
from tests.plan.drawings import (
    BLANK,
    LEAVES,
    NO_TIER,
    OUTSIDE,
    PROFILE,
    STAYS,
    TIER_1,
    TIERLESS,
    Company,
    drawn,
    judged,
    profile_of,
    settled,
    unchanged_list,
)


@pytest.mark.parametrize(
    ("name", "limit", "part", "whole", "is_blocking"),
    [
        ("changed", "0.10", 10, 100, False),
        ("changed", "0.10", 11, 100, True),
        ("changed", "0.10", 0, 100, False),
        ("changed", "0", 0, 100, False),
        ("changed", "0", 1, 100, True),
        ("changed", "0.07", 7, 100, False),
        ("changed", "0.10", 5, None, False),
        ("read_at_least", "0.90", 90, 100, False),
        ("read_at_least", "0.90", 89, 100, True),
        ("read_at_least", "0.90", 0, None, False),
        ("read_at_least", "1", 120, 100, False),
    ],
)
def test_equal_is_not_beyond(name: str, limit: str, part: int, whole: int | None, is_blocking: bool) -> None:
    assert GuardrailCheck(name, Decimal(limit), part, whole).blocks is is_blocking


def test_an_allowed_guardrail_is_beyond_but_does_not_hold() -> None:
    guardrail = GuardrailCheck("changed", Decimal("0.1"), 50, 100, allowed=True)
    assert (guardrail.is_beyond_limit, guardrail.blocks, guardrail.actual) == (True, False, 0.5)


@pytest.mark.parametrize(("height", "whole"), [(19, None), (20, 20)])
def test_a_share_of_under_twenty_is_not_judged(height: int, whole: int | None) -> None:
    checks = [judged(name, *[LEAVES] * height) for name in ("changed", "leaving_tier_1")]
    assert [one.whole for one in checks] == [whole, whole]
    assert [one.blocks for one in checks] == [whole is not None] * 2


def test_leaving_the_scope_without_a_tier_is_a_change_too() -> None:
    profile = profile_of("score", "profile")
    live = settled(TIER_1, profile)
    assert judged("changed", *[(live, OUTSIDE)] * 20, profile=profile).part == 20


def test_adopting_holds_nothing() -> None:
    foreign: Company = ({"tier": "tier_1", "target_account": "true"}, NO_TIER)
    plan = drawn(*[foreign] * 30, allow={"adopt"}).plan
    assert plan.changes.height == 30
    assert {one.whole for one in plan.guardrails} == {None}


@pytest.mark.parametrize("limit", [5, None])
def test_a_first_run_and_a_canary_are_never_held(limit: int | None) -> None:
    plan = drawn(*[STAYS] * 20, *[(BLANK, TIER_1)] * 400, limit=limit, last_read=420).plan
    assert plan.changes.height == (limit or 400)
    assert plan.blocked_by == ()


def test_only_companies_of_the_canary_count_as_changed() -> None:
    assert judged("changed", *[LEAVES] * 30, limit=2).part == 2


def test_without_a_stamp_a_live_outcome_or_tier_stands_for_it() -> None:
    profile = profile_of("outcome", "score")
    live = settled(TIER_1, profile)
    check = judged("changed", *[(live, NO_TIER)] * 3, *[(live, TIER_1)] * 18, (BLANK, TIER_1), profile=profile)
    assert (check.part, check.whole) == (3, 21)


def test_without_a_stamp_a_live_score_does_not_stand_for_it() -> None:
    profile = profile_of("score")
    assert judged("changed", *[(settled(TIER_1, profile), TIER_1)] * 30, profile=profile).whole is None


@pytest.mark.parametrize(
    ("last_read", "whole", "is_blocking"), [(None, None, False), (0, None, False), (11, 11, False), (12, 12, True)]
)
def test_reading_is_judged_by_the_last_complete_run(
    last_read: int | None, whole: int | None, is_blocking: bool
) -> None:
    check = judged("read_at_least", *[STAYS] * 10, last_read=last_read)
    assert (check.part, check.whole, check.blocks) == (10, whole, is_blocking)


def shrinking(members: int, stay: int, **given: Any) -> GuardrailCheck:
    lists = [{"name": "L", "kind": "static", "where": {"tier": ["tier_1"]}}]
    live = {"L": unchanged_list("7", pl.Series(range(1, members + 1)))}
    companies: list[Company] = [STAYS if n < stay else TIERLESS for n in range(members)]
    return judged("list_shrink", *companies, profile=profile_of(lists=lists), lists=live, **given)


@pytest.mark.parametrize(
    ("members", "stay", "whole", "is_blocking"),
    [(20, 16, 20, False), (20, 15, 20, True), (19, 0, None, False), (100, 80, 100, False), (100, 79, 100, True)],
)
def test_a_list_may_shrink_so_far(members: int, stay: int, whole: int | None, is_blocking: bool) -> None:
    check = shrinking(members, stay)
    assert (check.list_name, check.part, check.whole, check.blocks) == ("L", members - stay, whole, is_blocking)


@pytest.mark.parametrize(
    ("members", "added", "first", "whole", "blocks"),
    [(20, 10, 0, 20, False), (20, 11, 0, 20, True), (20, 10, 90, 20, False), (19, 30, 0, None, False)],
)
def test_a_list_may_gain_half_as_many_of_ours_as_it_has(
    members: int, added: int, first: int, whole: int | None, blocks: bool
) -> None:
    lists = [{"name": "L", "kind": "static", "where": {"tier": ["tier_1"]}}]
    live = {"L": unchanged_list("7", pl.Series(range(1, members + 1)))}
    portal: list[Company] = [*[STAYS] * (members + added), *[(BLANK, TIER_1)] * first]
    check = judged("list_growth", *portal, profile=profile_of(lists=lists), lists=live)
    assert (check.list_name, check.part, check.whole, check.blocks) == ("L", added, whole, blocks)


@pytest.mark.parametrize(
    ("left", "taken", "whole", "blocks"), [(10, 10, 20, False), (9, 11, 20, True), (3, 16, None, False)]
)
def test_half_of_a_list_may_be_taken_off_by_hand(left: int, taken: int, whole: int | None, blocks: bool) -> None:
    lists = [{"name": "L", "kind": "static", "where": {"tier": ["tier_1"]}}]
    now = replace(unchanged_list("7", pl.Series(range(1, left + 1))), last=pl.Series("id", range(1, left + taken + 1)))
    check = judged("list_taken_off", *[STAYS] * (left + taken), profile=profile_of(lists=lists), lists={"L": now})
    assert (check.part, check.whole, check.blocks) == (taken, whole, blocks)


def test_allowing_a_guardrail_by_name_lets_that_one_pass() -> None:
    assert shrinking(20, 0, allow={"list_shrink"}).allowed
    assert not shrinking(20, 0, allow={"changed"}).allowed


def test_an_active_list_has_no_such_guardrail() -> None:
    lists = [{"name": "L", "kind": "active", "where": {"tier": ["tier_1"]}}]
    plan = drawn(STAYS, profile=profile_of(lists=lists), lists={"L": LiveList("7")}).plan
    assert [one.name for one in plan.guardrails] == [name for name in NAMES if not name.startswith("list_")]


def test_limits_come_from_the_profile() -> None:
    profile = profile_of(guardrails={"changed": "50%"})
    assert judged("changed", STAYS, profile=profile).limit == Decimal("0.5")
    assert judged("changed", STAYS, profile=PROFILE).limit == Decimal("0.10")


def test_each_row_has_its_limit_in_the_profile_unless_it_allows_none() -> None:
    assert [name for name, row in GUARDRAILS.items() if not row.none_allowed] == [*Guardrails.model_fields]


def test_a_guardrail_without_a_limit_blocks_at_the_first_company(monkeypatch: pytest.MonkeyPatch) -> None:
    again = Guardrail(
        "companies", lambda diff, _: Share(int(diff["is_changed"].sum()), 1), judged_from=1, none_allowed=True
    )
    monkeypatch.setattr(guardrails, "GUARDRAILS", {"again": again})
    assert (judged("again", STAYS).blocks, judged("again", STAYS, LEAVES).blocks) == (False, True)
    assert judged("again", STAYS, LEAVES).sentence == "again: 1, none"


def test_what_cannot_be_measured_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Guardrail("companies", lambda *_: None, none_allowed=True)
    monkeypatch.setattr(guardrails, "GUARDRAILS", {"again": row})
    assert judged("again", LEAVES).whole is None


@pytest.mark.parametrize(("judged_by", "whole"), [(99, None), (100, 40)])
def test_a_share_may_be_judged_by_another_number(
    judged_by: int, whole: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Guardrail("companies", lambda *_: Share(1, 40, judged_by), judged_from=100)
    monkeypatch.setattr(guardrails, "GUARDRAILS", {"changed": row})
    assert judged("changed", STAYS).whole == whole
