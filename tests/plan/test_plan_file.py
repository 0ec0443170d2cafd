"""A plan file says exactly what the plan said, or is refused."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import replace

import orjson
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from icp_sync.errors import PlanUnusable
from icp_sync.plan import plan_file
from icp_sync.plan.change_explanation import WHY as WHY_TYPE
from icp_sync.plan.change_explanation import Piece, Threshold, Why, why_to_row
from icp_sync.plan.plan import MissingObjects, Plan
from icp_sync.plan.plan_inputs import LiveList
from tests.plan.drawings import BLANK, NO_TIER, OUTSIDE, TIER_1, drawn, profile_of, settled, unchanged_list, verdict

LISTS = [
    {"name": "Tier 1", "kind": "static", "where": {"tier": ["tier_1"]}},
    {"name": "Tiered", "kind": "active", "where": {"tier": ["tier_1", "tier_2"]}},
]
PROFILE = profile_of(lists=LISTS)
OURS = settled(TIER_1, PROFILE)
PLAN = drawn(
    (BLANK, verdict(reasons='"fits"; größer\nals 🏭')),
    (OURS, NO_TIER),
    (OURS, OUTSIDE),
    (OURS, TIER_1),
    (OURS, verdict(score=91.0)),
    profile=PROFILE,
    to_make=MissingObjects(group=True, properties=("icp_fit_score",), options={"icp_fit_outcome": ("tiered",)}),
    lists={"Tier 1": unchanged_list("7", pl.Series([2, 3])), "Tiered": LiveList()},
    last_read=5,
    allow={"list_shrink"},
).plan
LINES = list(plan_file.plan_file_lines(PLAN))


def parse(*lines: bytes) -> Plan:
    return plan_file.parse_plan_file(lines)


def edited(line: bytes, **changed: object) -> bytes:
    return json.dumps({**orjson.loads(line), **changed}).encode()


def test_what_is_read_back_is_what_was_written() -> None:
    read = parse(*LINES)
    for name in (
        "origin",
        "population",
        "to_make",
        "lists",
        "guardrails",
        "allowed",
        "blocked_by",
        "has_pending_writes",
    ):
        assert getattr(read, name) == getattr(PLAN, name), name
    assert_frame_equal(read.changes, PLAN.changes, check_column_order=False)
    assert list(read.iter_changes()) == list(PLAN.iter_changes())
    assert (read.fingerprint, list(plan_file.plan_file_lines(read))) == (PLAN.fingerprint, LINES)


def test_the_file_is_json_lines_by_numeric_id_without_what_is_not_written() -> None:
    header, *changes = [orjson.loads(line) for line in LINES]
    assert (header["icp_sync_plan"], header["changes"]) == (2, 4)
    assert [one["id"] for one in changes] == ["1", "2", "3", "5"]
    assert changes[3] == {
        "id": "5",
        "why": {"cause": "data"},
        "before": {"icp_fit_score": "90.0"},
        "after": {"icp_fit_score": "91.0"},
    }


def test_a_plan_of_nothing_is_a_header() -> None:
    nothing = drawn((OURS, TIER_1)).plan
    lines = list(plan_file.plan_file_lines(nothing))
    assert len(lines) == 1
    assert not parse(*lines).has_pending_writes


def test_a_plan_longer_than_one_reading_comes_back_whole() -> None:
    height = plan_file.LINES_A_FRAME + 1
    long = drawn(
        *[({}, TIER_1)] * (height - 1), (OURS, verdict(score=91.0)), profile=profile_of("score", "reasons")
    ).plan
    assert parse(*plan_file.plan_file_lines(long)).fingerprint == long.fingerprint
    assert long.changes.height == height


DAMAGED: dict[str, Iterable[bytes]] = {
    "empty": [],
    "no header": LINES[1:],
    "cut after a line": LINES[:-1],
    "cut within a line": [*LINES[:-1], LINES[-1][:20]],
    "a line twice": [*LINES, LINES[-1]],
    "out of order": [LINES[0], LINES[2], LINES[1], *LINES[3:]],
    "an empty line": [*LINES, b"\n"],
    "a value edited": [LINES[0], edited(LINES[1], after={"icp_fit_score": "99"}), *LINES[2:]],
    "a value that stood there left out": [*LINES[:2], edited(LINES[2], before={}), *LINES[3:]],
    "another company": [LINES[0], *LINES[1:-1], edited(LINES[-1], id="6")],
    "an id that is no id": [LINES[0], edited(LINES[1], id="one"), *LINES[2:]],
    "an id too long": [LINES[0], edited(LINES[1], id="9" * 19), *LINES[2:]],
    "nothing to write": [LINES[0], edited(LINES[1], after={}), *LINES[2:]],
    "a property no portal has": [LINES[0], edited(LINES[1], after={"../x": "1"}), *LINES[2:]],
    "a key too many": [LINES[0], edited(LINES[1], note="x"), *LINES[2:]],
    "a header key too many": [edited(LINES[0], note="x"), *LINES[1:]],
    "a list edited": [edited(LINES[0], lists=[]), *LINES[1:]],
    "an override added": [edited(LINES[0], allowed=["changed"]), *LINES[1:]],
    "not text": [b"\xff\xfe"],
    "a list instead": [b"[]"],
}  # fmt: skip


@pytest.mark.parametrize("lines", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_or_edited_file_is_refused(lines: Iterable[bytes]) -> None:
    with pytest.raises(PlanUnusable, match="make a new one"):
        plan_file.parse_plan_file(lines)


@pytest.mark.parametrize("after", [{"icp_sync_plan": 1}, {"icp_sync_plan": 3, "new": "key"}])
def test_another_format_is_named_as_such(after: dict[str, object]) -> None:
    with pytest.raises(PlanUnusable, match=r"format [13], this version reads 2"):
        parse(edited(LINES[0], **after), *LINES[1:])


def nested(levels: int) -> dict[str, object]:
    tree: dict[str, object] = {}
    for _ in range(levels):
        tree = {"filters": tree}
    return tree


HEADER = orjson.loads(LINES[0])
HOSTILE: dict[str, dict[str, object]] = {
    "no time zone": {"origin": {**HEADER["origin"], "created_at": "2026-11-21T03:00:00"}},
    "before the calendar": {"origin": {**HEADER["origin"], "created_at": "0001-01-01T00:00:00+14:00"}},
    "after the calendar": {"origin": {**HEADER["origin"], "created_at": "9999-12-31T23:59:59-12:00"}},
    "a limit that is no number": {"guardrails": [{**HEADER["guardrails"][0], "limit": "NaN"}]},
    "a guardrail nobody knows": {"guardrails": [{**HEADER["guardrails"][0], "name": "moon"}]},
    "a filter without end": {"lists": [{**HEADER["lists"][1], "filters": nested(900)}]},
    "an id beyond any": {"lists": [{**HEADER["lists"][0], "add": [10**40]}]},
    "an id in words": {"lists": [{**HEADER["lists"][0], "add": ["1" * 40]}]},
}


@pytest.mark.parametrize("changed", HOSTILE.values(), ids=HOSTILE)
def test_what_no_plan_says_is_refused_before_its_fingerprint_is_looked_at(changed: dict[str, object]) -> None:
    with pytest.raises(PlanUnusable, match="damaged or not a plan"):
        parse(edited(LINES[0], **changed), *LINES[1:])


def test_a_refusal_says_where_and_does_not_repeat_what_stands_there() -> None:
    with pytest.raises(PlanUnusable, match=r"why\.cause") as refusal:
        parse(LINES[0], edited(LINES[1], why={"cause": "s3cret" * 20}), *LINES[2:])
    assert "s3cret" not in refusal.value.message


WHY: dict[str, object] = {"cause": "data", "score_before": 90.0, "score_after": 72.0, "pieces": []}
PIECE: dict[str, object] = {"step": "data", "points": -18.0}


def of_pieces(*pieces: dict[str, object]) -> dict[str, object]:
    return {**WHY, "pieces": list(pieces)}


HOSTILE_WHY: dict[str, object] = {
    "no cause": {},
    "a cause nobody knows": {"cause": "data changed"},
    "a key too many": {**WHY, "note": "x"},
    "a list": [WHY],
    "fourteen pieces": of_pieces(*[PIECE] * 14),
    "a text too long": of_pieces({**PIECE, "was": "x" * 121}),
    "a criterion too long": of_pieces({**PIECE, "criterion": "x" * 121}),
    "a text that is a number": of_pieces({**PIECE, "was": 1}),
    "points beyond any number": of_pieces({**PIECE, "points": 1e999}),
    "points in words": of_pieces({**PIECE, "points": "1"}),
    "points that are none": of_pieces({**PIECE, "points": None}),
    "a step nobody takes": of_pieces({**PIECE, "step": "magic"}),
    "an edit nobody makes": of_pieces({**PIECE, "edit": "magic"}),
    "a key too many in a piece": of_pieces({**PIECE, "note": "x"}),
    "a score beyond any number": {**WHY, "score_after": -1e999},
    "a tier nobody has": {**WHY, "thresholds": [{"tier": "tier_9", "was": 1.0, "now": 2.0}]},
    "four thresholds": {**WHY, "thresholds": [{"tier": "tier_1", "was": 1.0, "now": 2.0}] * 4},
}


@pytest.mark.parametrize("why", HOSTILE_WHY.values(), ids=HOSTILE_WHY)
def test_a_why_no_plan_gives_is_refused_before_its_fingerprint_is_looked_at(why: object) -> None:
    with pytest.raises(PlanUnusable, match="damaged or not a plan"):
        parse(LINES[0], edited(LINES[1], why=why), *LINES[2:])


def test_a_why_is_kept_with_all_it_says() -> None:
    pieces = (Piece("data", -18.0, "trade", "industry", "SOFTWARE", ""), *[Piece("rest", 0.1)] * 12)
    why = Why("data", 90.0, 73.2, pieces, (Threshold("tier_1", None, 90.0),))
    changes = PLAN.changes.head(1).with_columns(
        pl.lit("data").alias("cause"), why=pl.Series([why_to_row(why)], dtype=WHY_TYPE)
    )
    plan = replace(PLAN, changes=changes)
    assert [change.why for change in parse(*plan_file.plan_file_lines(plan)).iter_changes()] == [why]


def is_unusable(lines: Iterable[bytes]) -> bool:
    try:
        plan_file.parse_plan_file(lines)
    except PlanUnusable:
        return True
    return False


@given(st.lists(st.binary(max_size=60), max_size=4) | st.lists(st.sampled_from(LINES) | st.binary(max_size=9)))
@example([b"1"])
@example([b"{}"])
@example([b'{"icp_sync_plan":true}'])
def test_any_bytes_are_a_plan_or_unusable(lines: list[bytes]) -> None:
    assert is_unusable(lines) is (lines != LINES)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(sorted(HEADER)), JSON)
def test_any_json_in_the_header_is_a_plan_or_unusable(key: str, value: object) -> None:
    lines = [edited(LINES[0], **{key: value}), *LINES[1:]]
    assert is_unusable(lines) or value == HEADER[key]


def test_a_moment_in_another_zone_is_the_same_moment() -> None:
    there = dt.timezone(dt.timedelta(hours=5))
    origin = {**HEADER["origin"], "created_at": PLAN.origin.created_at.astimezone(there).isoformat()}
    assert parse(edited(LINES[0], origin=origin), *LINES[1:]).origin == PLAN.origin
