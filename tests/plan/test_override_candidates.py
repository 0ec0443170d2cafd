"""What the diff asks of three-way writes, and what becomes of the answers."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from icp_sync.companies.history_frame import history_frame
from icp_sync.plan.overridden_companies import OverriddenIds, overridden_from_decisions
from icp_sync.plan.override_candidates import (
    OVERRIDES,
    ended_by_merge,
    inherit_from_merged,
    overrides_after_merge,
    question_frame,
)
from icp_sync.plan.overrides import DECISIONS, QUESTIONS, decide_writes
from icp_sync.profile.model.outputs import Write
from icp_sync.scoring import live_tier
from tests.plan.questions import DAY, FLAG, TIER, WRITE, entry, rules

SCHEMA = {
    "id": pl.Int64,
    **{f"{side}.{output}": pl.String for side in ("base", "live", "desired") for output in ("tier", "target_account")},
    **dict.fromkeys(("ours", "foreign", "adopted", live_tier.LOCKED), pl.Boolean),
}


def company(**keys: Any) -> dict[str, Any]:
    """A company of ours in tier 2 and no target account, as the profile wants it; keys are texts of the tier."""
    row = {"id": 1, "base": "tier_2", "live": "tier_2", "desired": "tier_2", "ours": True, **keys}
    tier = {f"{side}.tier": row.pop(side) for side in ("base", "live", "desired")}
    flag = {"base.target_account": "", "live.target_account": "", "desired.target_account": None}
    return {**flag, "foreign": False, "adopted": False, live_tier.LOCKED: False, **tier, **row}


def diff(*companies: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(companies, schema=SCHEMA)


def overrides(*rows: dict[str, Any]) -> pl.DataFrame:
    common = {"id": 1, "property": TIER, "value": "tier_3", "kind": "person", "since": DAY, "ended_at": None}
    return pl.DataFrame([{**common, **row} for row in rows], schema=OVERRIDES)


def asked(*companies: dict[str, Any], known: pl.DataFrame | None = None, write: Write = WRITE) -> list[tuple[int, str]]:
    questions = question_frame(diff(*companies), overrides() if known is None else known, write)
    assert questions.schema == QUESTIONS
    return questions.select("id", "property").rows()


BOTH = [(1, TIER), (1, FLAG)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(company(), [], id="nothing to decide"),
        pytest.param(company(base=None), [], id="nor after a lost disk"),
        pytest.param(company(desired="tier_1"), BOTH, id="to be written"),
        pytest.param(company(base="tier_1"), BOTH, id="touched, though it is what is wanted"),
        pytest.param(company(desired=None, base="tier_1"), BOTH, id="ours, touched and left untouched"),
        pytest.param(company(desired=None, base="tier_1", ours=False), [], id="not ours, and nothing wanted"),
        pytest.param(company(desired="tier_1", live="", base="", ours=False), BOTH, id="the first time"),
        pytest.param(company(**{"live.target_account": "true"}), BOTH, id="a flag touched"),
        pytest.param(
            company(**{"live.target_account": "True", "base.target_account": "true"}), [], id="a flag spelled otherwise"
        ),
    ],
)
def test_only_what_differs_is_asked_for_the_whole_company(row: dict[str, Any], expected: list[tuple[int, str]]) -> None:
    assert asked(row) == expected


def test_a_company_with_an_open_override_is_asked_about_whatever_it_holds() -> None:
    assert asked(company(), known=overrides({})) == BOTH
    assert asked(company(), known=overrides({"ended_at": DAY})) == []


def test_only_kept_properties_are_asked_about() -> None:
    assert asked(company(desired="tier_1"), write=Write.model_validate({"tier": TIER})) == [(1, TIER)]
    assert asked(company(desired="tier_1"), write=Write.model_validate({"score": "icp_fit_score"})) == []


def test_a_question_has_the_open_override_and_the_newest_that_ended() -> None:
    known = overrides({"since": 3 * DAY}, {"ended_at": DAY}, {"ended_at": 2 * DAY}, {"property": FLAG, "ended_at": 9})
    row = question_frame(diff(company()), known, WRITE).row(0, named=True)
    assert [row[key] for key in ("override", "kind", "since", "ended_at")] == ["tier_3", "person", 3 * DAY, 2 * DAY]


@pytest.mark.parametrize(("base", "stamped"), [("tier_2", True), (None, False)])
def test_without_a_stamp_only_a_known_base_shows_that_we_wrote_a_value(base: str | None, *, stamped: bool) -> None:
    write = Write.model_validate({"tier": TIER})
    row = question_frame(diff(company(base=base, desired="tier_1")), overrides(), write).row(0, named=True)
    assert row["stamped"] is stamped


# The way back


def test_what_stands_is_told_by_company_and_what_is_ours_is_written() -> None:
    """1: a person's; 2: ours; 3: nobody knows whose; 4: nothing to decide."""
    rows = diff(
        company(id=1, live="tier_3", desired="tier_1"),
        company(id=2, desired="tier_1"),
        company(id=3, live="tier_3", desired="tier_1"),
        company(id=4),
    )
    questions = question_frame(rows, overrides(), WRITE)
    decisions = decide_writes(questions, history_frame([entry("tier_3", ("CRM_UI", "userId:7"))]), rules())
    assert overridden_from_decisions(decisions, rules()) == OverriddenIds(tiers=frozenset({1}), alone=frozenset({3}))
    assert dict(decisions.filter("write").select("id", "wanted").iter_rows()) == {2: "tier_1"}


def test_the_flag_follows_the_tier_that_stands() -> None:
    """A person took the company out of tier 1, and the profile wants it to stay a target account."""
    flag = {"base.target_account": "true", "live.target_account": "true", "desired.target_account": "true"}
    rows = diff(company(base="tier_1", live="tier_3", desired="tier_1", **flag))
    questions = question_frame(rows, overrides(), WRITE)
    decisions = decide_writes(questions, history_frame([entry("tier_3", ("CRM_UI", "userId:7"))]), rules())
    (follows,) = decisions.filter(property=FLAG).select("wanted", "write").rows()
    assert follows == ("false", True)


def test_without_decisions_nothing_stands() -> None:
    assert overridden_from_decisions(pl.DataFrame(schema=DECISIONS), rules()) == OverriddenIds()


# Merges


def inherited(live: str, *known: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The overrides that company 1 goes on with, of the companies 2 and 3 merged into it."""
    survivors = pl.DataFrame({"id": [2, 3], "survivor": [1, 1]})
    rows = inherit_from_merged(overrides(*known), survivors, diff(company(live=live)), WRITE)
    assert rows.schema == OVERRIDES
    return rows.select("id", "property", "value", "since").rows()


@pytest.mark.parametrize(
    ("live", "known", "expected"),
    [
        pytest.param("tier_3", ({"id": 2},), [(1, TIER, "tier_3", DAY)], id="its value stands"),
        pytest.param("tier_1", ({"id": 2},), [], id="its value does not stand"),
        pytest.param("tier_3", ({"id": 2, "ended_at": DAY},), [], id="ended before"),
        pytest.param("tier_3", ({"id": 2}, {"id": 1}), [], id="the survivor has its own"),
        pytest.param(
            "tier_3",
            ({"id": 2}, {"id": 1, "value": ""}),
            [(1, TIER, "tier_3", DAY)],
            id="the survivor's own is no more",
        ),
        pytest.param("tier_3", ({"id": 4},), [], id="another company's"),
        pytest.param(
            "tier_3", ({"id": 2}, {"id": 3, "since": 2 * DAY}), [(1, TIER, "tier_3", 2 * DAY)], id="the newest of two"
        ),
        pytest.param("tier_3", ({"id": 2, "property": FLAG, "value": ""},), [(1, FLAG, "", DAY)], id="a flag"),
    ],
)
def test_a_survivor_goes_on_with_an_override_whose_value_it_shows(
    live: str, known: tuple[dict[str, Any], ...], expected: list[tuple[Any, ...]]
) -> None:
    assert inherited(live, *known) == expected


def test_an_override_that_the_survivor_shows_no_more_ends_for_the_one_it_inherits() -> None:
    known = overrides({"id": 1, "value": ""}, {"id": 1, "ended_at": DAY}, {"id": 2}, {"id": 3, "value": "tier_2"})
    survivors = pl.DataFrame({"id": [2, 3], "survivor": [1, 1]})
    inherited = inherit_from_merged(known, survivors, diff(company(live="tier_3")), WRITE)
    (own, ended, *of_merged) = known.rows()
    assert sorted(ended_by_merge(known, survivors, inherited).rows()) == sorted([own, *of_merged])
    assert {own, ended} & {*overrides_after_merge(known, inherited).rows()} == {ended}
    assert {*inherited.rows()} <= {*overrides_after_merge(known, inherited).rows()}
