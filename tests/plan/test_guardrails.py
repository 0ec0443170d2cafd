"""Brakes: what each counts, at, under and beyond its limit (design: "Guardrails")."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import polars as pl
import pytest

from icp_sync.plan import guardrails
from icp_sync.plan.builder import LiveList
from icp_sync.plan.guardrails import GUARDRAILS, NAMES, Guardrail, GuardrailCheck, Share
from icp_sync.profile.model.outputs import Guardrails
from tests.plan.drawings import (
    BLANK,
    NO_TIER,
    OUTSIDE,
    PROFILE,
    TIER_1,
    TIER_2,
    Company,
    drawn,
    profile_of,
    settled,
    verdict,
)

OURS_1, OURS_2 = settled(TIER_1), settled(TIER_2)
STAYS: Company = (OURS_1, TIER_1)
LEAVES: Company = (OURS_1, TIER_2)
TIERLESS: Company = (settled(NO_TIER), NO_TIER)


def judged(name: str, *companies: Company, **given: Any) -> GuardrailCheck:
    plan = drawn(*companies, **given).plan
    (found,) = [one for one in plan.guardrails if one.name == name]
    return found


@pytest.mark.parametrize(
    ("name", "limit", "part", "whole", "held"),
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
def test_equal_is_not_beyond(name: str, limit: str, part: int, whole: int | None, held: bool) -> None:
    assert GuardrailCheck(name, Decimal(limit), part, whole).blocks is held


def test_an_allowed_guardrail_is_beyond_but_does_not_hold() -> None:
    guardrail = GuardrailCheck("changed", Decimal("0.1"), 50, 100, allowed=True)
    assert (guardrail.beyond, guardrail.blocks, guardrail.actual) == (True, False, 0.5)


@pytest.mark.parametrize(("height", "whole"), [(19, None), (20, 20)])
def test_a_share_of_under_twenty_is_not_judged(height: int, whole: int | None) -> None:
    found = [judged(name, *[LEAVES] * height) for name in ("changed", "leaving_tier_1")]
    assert [one.whole for one in found] == [whole, whole]
    assert [one.blocks for one in found] == [whole is not None] * 2


CHANGED: dict[str, tuple[Company, int, int]] = {
    "a tier that changes": (LEAVES, 1, 21),
    "an outcome that changes": ((settled(NO_TIER), verdict(None, "insufficient_data", 10.0)), 1, 21),
    "leaving the scope": ((OURS_1, OUTSIDE), 1, 21),
    "a score that changes": ((OURS_1, verdict(score=91.0)), 0, 21),
    "nothing that changes": (STAYS, 0, 21),
    "a first score": ((BLANK, TIER_1), 0, 20),
    "a foreign tier": (({"tier": "tier_2"}, TIER_1), 0, 20),
}


@pytest.mark.parametrize(("company", "part", "whole"), CHANGED.values(), ids=CHANGED)
def test_what_counts_as_changed(company: Company, part: int, whole: int) -> None:
    found = judged("changed", company, *[STAYS] * 20)
    assert (found.part, found.whole) == (part, whole)


LEAVING: dict[str, tuple[Company, int, int]] = {
    "a lower tier": (LEAVES, 1, 21),
    "no tier": ((OURS_1, NO_TIER), 1, 21),
    "out of scope": ((OURS_1, OUTSIDE), 1, 21),
    "staying": (STAYS, 0, 21),
    "another tier's company": ((OURS_2, NO_TIER), 0, 20),
    "a foreign tier_1": (({"tier": "tier_1"}, TIER_2), 0, 20),
}


@pytest.mark.parametrize(("company", "part", "whole"), LEAVING.values(), ids=LEAVING)
def test_who_leaves_tier_1(company: Company, part: int, whole: int) -> None:
    found = judged("leaving_tier_1", company, *[STAYS] * 20)
    assert (found.part, found.whole) == (part, whole)


OUT: Final = verdict(None, "disqualified", 0.0)
DISQUALIFIED: dict[str, tuple[Company, int, int]] = {
    "a tier before": ((OURS_1, OUT), 1, 21),
    "no fit before": ((settled(NO_TIER), OUT), 1, 21),
    "disqualified before": ((settled(OUT), OUT), 0, 21),
    "disqualified before and no longer": ((settled(OUT), TIER_1), 0, 21),
    "no outcome on the record": ((OURS_1 | {"outcome": ""}, OUT), 0, 21),
    "leaving the scope": ((OURS_1, OUTSIDE), 0, 21),
    "a first score": ((BLANK, OUT), 0, 20),
    "a foreign tier": (({"tier": "tier_2"}, OUT), 0, 20),
}


@pytest.mark.parametrize(("company", "part", "whole"), DISQUALIFIED.values(), ids=DISQUALIFIED)
def test_who_becomes_disqualified(company: Company, part: int, whole: int) -> None:
    found = judged("disqualified", company, *[STAYS] * 20)
    assert (found.part, found.whole) == (part, whole)


@pytest.mark.parametrize(("outputs", "part", "whole"), [(("tier", "profile"), 2, 20), (("score", "profile"), 0, None)])
def test_without_an_outcome_a_lost_tier_tells_who_becomes_disqualified(
    outputs: tuple[str, ...], part: int, whole: int | None
) -> None:
    profile = profile_of(*outputs)
    live = settled(TIER_1, profile)
    found = judged("disqualified", *[(live, OUT)] * 2, *[(live, TIER_1)] * 18, profile=profile)
    assert (found.part, found.whole) == (part, whole)


@pytest.mark.parametrize(("out", "blocks"), [(5, False), (6, True)])
def test_at_most_a_twentieth_becomes_disqualified(out: int, blocks: bool) -> None:
    assert judged("disqualified", *[(settled(NO_TIER), OUT)] * out, *[STAYS] * (100 - out)).blocks is blocks


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
    found = judged("changed", *[(live, NO_TIER)] * 3, *[(live, TIER_1)] * 18, (BLANK, TIER_1), profile=profile)
    assert (found.part, found.whole) == (3, 21)


def test_without_a_stamp_a_live_score_does_not_stand_for_it() -> None:
    profile = profile_of("score")
    assert judged("changed", *[(settled(TIER_1, profile), TIER_1)] * 30, profile=profile).whole is None


@pytest.mark.parametrize(
    ("last_read", "whole", "held"), [(None, None, False), (0, None, False), (11, 11, False), (12, 12, True)]
)
def test_reading_is_judged_by_the_last_complete_run(last_read: int | None, whole: int | None, held: bool) -> None:
    found = judged("read_at_least", *[STAYS] * 10, last_read=last_read)
    assert (found.part, found.whole, found.blocks) == (10, whole, held)


def shrinking(members: int, stay: int, **given: Any) -> GuardrailCheck:
    lists = [{"name": "L", "kind": "static", "where": {"tier": ["tier_1"]}}]
    live = {"L": LiveList("7", pl.Series(range(1, members + 1)))}
    companies: list[Company] = [STAYS if n < stay else TIERLESS for n in range(members)]
    return judged("list_shrink", *companies, profile=profile_of(lists=lists), lists=live, **given)


@pytest.mark.parametrize(
    ("members", "stay", "whole", "held"),
    [(20, 16, 20, False), (20, 15, 20, True), (19, 0, None, False), (100, 80, 100, False), (100, 79, 100, True)],
)
def test_a_list_may_shrink_so_far(members: int, stay: int, whole: int | None, held: bool) -> None:
    found = shrinking(members, stay)
    assert (found.list_name, found.part, found.whole, found.blocks) == ("L", members - stay, whole, held)


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
    again = Guardrail(lambda diff, _: Share(int(diff["is_changed"].sum()), 1), judged_from=1, none_allowed=True)
    monkeypatch.setattr(guardrails, "GUARDRAILS", {"again": again})
    assert (judged("again", STAYS).blocks, judged("again", STAYS, LEAVES).blocks) == (False, True)
    assert judged("again", STAYS, LEAVES).sentence == "again: 1, none"


def test_what_cannot_be_measured_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Guardrail(lambda *_: None, none_allowed=True)
    monkeypatch.setattr(guardrails, "GUARDRAILS", {"again": row})
    assert judged("again", LEAVES).whole is None


@pytest.mark.parametrize(("judged_by", "whole"), [(99, None), (100, 40)])
def test_a_share_may_be_judged_by_another_number(
    judged_by: int, whole: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Guardrail(lambda *_: Share(1, 40, judged_by), judged_from=100)
    monkeypatch.setattr(guardrails, "GUARDRAILS", {"changed": row})
    assert judged("changed", STAYS).whole == whole
