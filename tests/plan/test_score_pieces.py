"""The pieces of a change sum to the difference of its scores, whatever the profiles, the edits and the days."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icp_sync.plan import plan_file
from icp_sync.plan.change_explanation import MAX_PIECES, Why
from icp_sync.plan.change_frame import iter_changes
from icp_sync.plan.change_sentence import change_sentence
from icp_sync.plan.score_pieces import PIECES, limit_pieces
from icp_sync.plan.stepwise_rescoring import Baseline
from icp_sync.profile.digest import scoring_digest
from tests.generated.companies import Company, companies, texts
from tests.generated.matches import TEXTS, Written
from tests.generated.profiles import profiles
from tests.generated.whole import loaded
from tests.plan.drawings import PROPERTY
from tests.plan.two_nights import FIRST_NIGHT, SECOND_NIGHT, edited, night, texts_of

GENERATED: Final = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
EDITED: Final = (*TEXTS, PROPERTY["score"], PROPERTY["tier"], PROPERTY["outcome"], PROPERTY["reasons"])
# HubSpot keeps 65,536 characters of a value, and a plan file refuses more.
EDITS: Final = st.dictionaries(st.sampled_from(EDITED), texts.map(lambda text: text[:65_536]), max_size=4)
DAYS: Final = st.sampled_from((FIRST_NIGHT, SECOND_NIGHT, dt.date(2036, 1, 1)))


def adds_up(old: Written, new: Written, some: list[Company], edits: list[dict[str, str]], day: dt.date) -> None:
    """A run by the old profile, edits, and a run by the new one: its pieces sum, and come back from a plan file."""
    before, after = loaded(old).profile, loaded(new).profile
    written = night(texts_of(*some), before, FIRST_NIGHT).written()
    frame, differences = edited(written, dict(enumerate(edits[: len(some)], 1)))
    ended = differences.head(1).select("id", "property")
    baseline = Baseline(FIRST_NIGHT, {scoring_digest(before): before}, differences, ended)
    second = night(frame, after, day)
    changes = second.explained(baseline)
    for change in iter_changes(changes):
        assert change.why is not None
        whole = round((change.why.score_after or 0.0) - (change.why.score_before or 0.0), 1)
        assert sums(change.why) == (0.0 if change.cause == "left_scope" else whole), change
        assert len(change.why.pieces) <= MAX_PIECES + 1
        assert change_sentence(change.why, "tier_1", "")
    plan = replace(second.preview.plan, changes=changes)
    assert list(plan_file.parse_plan_file(plan_file.plan_file_lines(plan)).iter_changes()) == list(plan.iter_changes())


def sums(why: Why) -> float:
    return round(sum(piece.points for piece in why.pieces), 1)


@settings(GENERATED, max_examples=3)
@given(profiles(), profiles(), companies(), st.lists(EDITS, max_size=3), DAYS)
def test_pieces_sum(old: Written, new: Written, some: list[Company], edits: list[dict[str, str]], day: dt.date) -> None:
    adds_up(old, new, some, edits, day)


@pytest.mark.long
@pytest.mark.slow
@settings(GENERATED, max_examples=15)
@given(profiles(), profiles(), companies(), st.lists(EDITS, max_size=4), DAYS)
def test_pieces_sum_at_length(
    old: Written, new: Written, some: list[Company], edits: list[dict[str, str]], day: dt.date
) -> None:
    adds_up(old, new, some, edits, day)


@given(st.lists(st.integers(-1_000, 1_000), max_size=40))
def test_what_is_beyond_the_most_pieces_is_one_rest(tenths: list[int]) -> None:
    frame = pl.DataFrame({"id": [1] * len(tenths), "tenths": tenths}, schema={"id": pl.Int64, "tenths": pl.Int64})
    nulls = [pl.lit(None, kind).alias(name) for name, kind in PIECES.items() if name not in frame.columns]
    rows = limit_pieces(frame.with_columns(nulls).select(PIECES.names()))
    pieces = rows["pieces"].to_list()[0] if tenths else []
    assert len(pieces) == min(len(tenths), MAX_PIECES + 1)
    assert round(sum(piece["points"] for piece in pieces) * 10) == sum(tenths)
    assert [piece["step"] for piece in pieces[MAX_PIECES:]] == ["rest"] * (len(tenths) > MAX_PIECES)
