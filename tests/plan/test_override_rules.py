"""The table of three-way writes against itself in plain Python, over companies at random."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from icp_sync.companies.history_frame import history_frame
from icp_sync.plan.overrides import decide_writes, ids_needing_history
from icp_sync.plan.value_equality import values_equal
from tests.plan.questions import APP, DAY, FLAG, TIER, entry, frame, question, rules

KINDS = {TIER: "enumeration", FLAG: "bool"}
VALUES = {TIER: ["", "tier_1", "tier_2", "tier_3"], FLAG: ["", "true", "false", "True"]}
PEOPLE = [("CRM_UI", "userId:7", 7), ("MOBILE_IOS", None, None), ("QUANTUM", None, 7)]
AUTOMATION = [("IMPORT", "22", 7), ("INTEGRATION", "2", None), ("QUANTUM", None, None)]
SYSTEM = [("MERGE_COMPANIES", None, 7), ("CALCULATED", None, None)]
OURS = [(*APP, None)]
MOMENTS = st.sampled_from([40 * DAY, 50 * DAY, 60 * DAY])
POLICIES = st.fixed_dictionaries(
    {
        "people": st.sampled_from(["keep", "put_back"]),
        "automation": st.sampled_from(["keep", "put_back"]),
        "expire_days": st.sampled_from([None, 45, 55]),
    }
)


@dataclass(frozen=True)
class Situation:
    """A property of a company, and the newest entry of its history: its source (None: no history), value and time."""

    asked: Mapping[str, Any]
    source: tuple[str, str | None, int | None] | None
    value: str
    at: int

    def same(self, left: str | None, right: str | None) -> bool:
        """Whether two texts are one value; an unknown one is none."""
        return left is not None and right is not None and values_equal(left, right, KINDS[self.asked["property"]])

    @property
    def is_untold(self) -> bool:
        return self.source is None or not self.same(self.asked["live"], self.value)


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    name = draw(st.sampled_from([TIER, FLAG]))
    values = st.sampled_from(VALUES[name])
    is_open = draw(st.booleans())
    live = draw(values)
    asked = question(
        property=name,
        live=live,
        wanted=draw(st.one_of(st.none(), values)),
        base=draw(st.one_of(st.none(), values)),
        stamped=draw(st.sampled_from([True, True, False])),
        **{key: draw(st.sampled_from([False, False, False, True])) for key in ("foreign", "adopted", "locked")},
        override=draw(values) if is_open else None,
        kind=draw(st.sampled_from(["person", "automation", "undo"])) if is_open else None,
        since=draw(MOMENTS) if is_open else None,
        ended_at=draw(st.one_of(st.none(), MOMENTS)),
        touched=draw(st.booleans()),
    )
    source = draw(st.one_of(st.none(), st.sampled_from([*PEOPLE, *AUTOMATION, *SYSTEM, *OURS])))
    return Situation(asked, source, draw(st.one_of(st.just(live), values)), draw(MOMENTS))


MANY = st.lists(situations(), min_size=1, max_size=15)
"""Companies are decided together: a frame costs what one row costs."""


def decided(cases: Sequence[Situation], **policy: Any) -> list[tuple[Situation, dict[str, Any]]]:
    """Each situation with what is decided about it, as companies of their own."""
    questions = [{**case.asked, "id": number} for number, case in enumerate(cases)]
    history = [
        entry(case.value, case.source[:2], id=number, property=case.asked["property"], at=case.at, user=case.source[2])
        for number, case in enumerate(cases)
        if case.source is not None
    ]
    decisions = decide_writes(frame(*questions), history_frame(history), rules(**policy))
    return list(zip(cases, decisions.rows(named=True), strict=True))


def asks(cases: Sequence[Mapping[str, Any]], **policy: Any) -> list[bool]:
    """Whether history is asked for, case by case."""
    ids = ids_needing_history(frame(*({**asked, "id": number} for number, asked in enumerate(cases))), rules(**policy))
    return [number in ids for number in range(len(cases))]


def fitting_rows(case: Situation) -> list[int]:
    """Every row of the table whose condition holds, in its order."""
    asked, same = case.asked, case.same
    live, base, is_open = asked["live"], asked["base"], asked["override"] is not None
    wanted = live if asked["wanted"] is None else asked["wanted"]
    changed = is_open and not same(live, asked["override"])
    person = case.source in PEOPLE
    released = asked["ended_at"] is not None and case.at <= asked["ended_at"]
    is_others = not case.is_untold and case.source not in [*OURS, *SYSTEM]
    set_anew = is_open and asked["touched"] and is_others and case.at > asked["since"]
    conditions = {
        1: (asked["foreign"] and not asked["adopted"]) or asked["locked"],
        2: is_open and not changed and not set_anew,
        3: not is_open and same(live, wanted) and (base is None or same(live, base)),
        4: changed and not case.is_untold and live == "" and person,
        6: not is_open and (same(live, base) or not asked["stamped"]),
        12: case.is_untold,
        8: case.source in OURS or released,
        9: case.source in SYSTEM,
        10: person,
        11: True,
    }
    return [number for number, holds in conditions.items() if holds]


@settings(max_examples=30)
@given(MANY)
def test_the_first_row_that_fits_is_the_row_and_history_is_asked_for_from_row_four_on(cases: list[Situation]) -> None:
    for (case, row), asked in zip(decided(cases), asks([case.asked for case in cases]), strict=True):
        assert row["row"] == fitting_rows(case)[0]
        looked_into = row["row"] == 2 and case.asked["touched"]
        assert asked == (looked_into or row["row"] in {4, 8, 9, 10, 11, 12})


@settings(max_examples=30)
@given(MANY, POLICIES)
def test_a_persons_value_is_written_over_only_where_somebody_gave_it_back(
    cases: list[Situation], policy: dict[str, Any]
) -> None:
    """Released, cleared, expired, or put back by the profile's word; where it is our own last value it is ours."""
    for case, row in decided(cases, **policy):
        if case.source in PEOPLE and not case.is_untold and case.asked["stamped"] and row["write"]:
            is_our_last = row["row"] == 6 and case.same(case.asked["live"], case.asked["base"])
            by_profile = policy["people"] == "put_back" or (row["row"] == 2 and case.asked["kind"] == "automation")
            assert is_our_last or row["cause"] == "released" or (by_profile and row["row"] in {2, 9, 10})


@settings(max_examples=30)
@given(MANY, POLICIES)
def test_what_a_decision_says_fits_together(cases: list[Situation], policy: dict[str, Any]) -> None:
    for case, row in decided(cases, **policy):
        is_open = row["action"] in {"keep", "open", "replace"}
        assert not (row["write"] and is_open), "nothing is written over a value that stands"
        assert not (row["write"] and case.same(case.asked["live"], row["wanted"]))
        assert [row[key] is not None for key in ("value", "kind", "since")] == [is_open] * 3
        ends = row["action"] in {"end", "replace"}
        assert [row[key] is not None for key in ("ended_by", "ended_at")] == [ends] * 2
        assert (case.asked["override"] is not None) or row["action"] in {None, "open"}
        assert row["cause"] is None or row["write"]
        assert row["row"] != 1 or (row["write"], row["action"]) == (False, None)
        assert not (is_open and row["row"] != 12) or case.same(row["value"], case.asked["live"])


def night_after(case: Situation, row: Mapping[str, Any]) -> dict[str, Any]:
    """The same company when the plan was applied: what was written is our last value, so is what nobody else set."""
    is_open = row["action"] in {"keep", "open", "replace"}
    live = row["wanted"] if row["write"] else case.asked["live"]
    base = case.asked["base"] if is_open else live
    override = {key: row[name] for key, name in (("override", "value"), ("kind", "kind"), ("since", "since"))}
    after = {"live": live, "base": base, "stamped": True, "wanted": row["wanted"], "touched": False}
    return {**case.asked, **after, **override}


@settings(max_examples=30)
@given(MANY, POLICIES)
def test_a_plan_that_was_applied_leaves_nothing_to_write_or_to_ask(
    cases: list[Situation], policy: dict[str, Any]
) -> None:
    deciding = [(case, row) for case, row in decided(cases, **policy) if row["row"] not in {1, 12}]
    after = [Situation(night_after(case, row), case.source, case.value, case.at) for case, row in deciding]
    assert not any(asks([case.asked for case in after], **policy))
    assert not any(row["write"] for _, row in decided(after, **policy))
