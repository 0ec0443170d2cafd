"""Companies are scored again by the profile they were last scored by, where that can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
import pytest

from icp_sync.plan.change_explanation import Piece, Why
from icp_sync.plan.change_frame import iter_changes
from icp_sync.plan.stepwise_rescoring import Baseline
from icp_sync.profile.digest import scoring_digest
from icp_sync.profile.model.profile import Profile
from tests.plan.two_nights import (
    CRITERIA,
    FIRST_NIGHT,
    IDEAL,
    NO_DIFFERENCES,
    PROFILE,
    SMALLER,
    night,
    profile,
    texts_of,
)

TRADE, SIZE, FRESH = CRITERIA
READS_MORE: Final = profile(criteria=[*CRITERIA, {**TRADE, "id": "more", "property": "website"}])
DIGEST: Final = scoring_digest(READS_MORE)
UNKNOWN: Final[Mapping[str, tuple[Mapping[str, Profile] | None, list[str]]]] = {
    "no snapshot": (None, []),
    "no old profile": ({}, []),
    "scored by another vocabulary": ({DIGEST: PROFILE}, []),
    "an input that is not read any more": ({DIGEST: READS_MORE}, ["website"]),
}


def from_more(profiles: Mapping[str, Profile] | None, lacking: Sequence[str]) -> Why | None:
    """Why a company scored by the profile that reads more changes under the other."""
    written = night(texts_of(IDEAL), READS_MORE, FIRST_NIGHT).written().drop(lacking)
    baseline = None if profiles is None else Baseline(FIRST_NIGHT, profiles, NO_DIFFERENCES)
    (change,) = iter_changes(night(written, PROFILE, FIRST_NIGHT).explained(baseline))
    return change.why


@pytest.mark.parametrize(("profiles", "lacking"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_cannot_be_scored_again_is_one_piece_and_the_cause_its_stamp_tells(
    profiles: Mapping[str, Profile] | None, lacking: list[str]
) -> None:
    assert from_more(profiles, lacking) == Why("profile", 66.7, 100.0, (Piece("profile", 33.3),))


def test_what_can_be_is_split() -> None:
    why = from_more({DIGEST: READS_MORE}, [])
    assert why is not None
    assert [(piece.criterion, piece.points) for piece in why.pieces] == [
        ("trade", 16.7), ("fresh", 11.1), ("size", 5.5),
    ]  # fmt: skip


def test_companies_of_several_old_profiles_are_each_explained_by_their_own() -> None:
    other = profile(criteria=[{**TRADE, "weight": 1}, SIZE, FRESH])
    frames = [night(texts_of(IDEAL, SMALLER), old, FIRST_NIGHT).written() for old in (other, PROFILE)]
    frame = pl.concat([frames[0].head(1), frames[1].tail(1)], how="diagonal")
    frame = frame.with_columns(industry=pl.lit("INSURANCE"))
    differences = pl.DataFrame({"id": [1, 2], "property": ["industry"] * 2, "was": ["BANKING"] * 2})
    baseline = Baseline(FIRST_NIGHT, {scoring_digest(other): other}, differences)
    whys = [change.why for change in iter_changes(night(frame, PROFILE, FIRST_NIGHT).explained(baseline))]
    assert [[(piece.step, piece.criterion, piece.points) for piece in why.pieces] for why in whys if why] == [
        [("data", "trade", -25.0), ("profile", "fresh", -16.7), ("profile", "size", -8.3)],
        [("data", "trade", -50.0)],
    ]


def test_a_profile_without_a_stamp_is_explained_by_the_last_one_known() -> None:
    unstamped = profile("tier", "score", "outcome")
    first = night(texts_of(IDEAL), unstamped, FIRST_NIGHT)
    differences = pl.DataFrame({"id": [1], "property": ["industry"], "was": ["BANKING"]})
    frame = first.written().with_columns(industry=pl.lit("INSURANCE"))
    baseline = Baseline(FIRST_NIGHT, {}, differences, digest=scoring_digest(unstamped))
    (change,) = iter_changes(night(frame, unstamped, FIRST_NIGHT).explained(baseline))
    assert change.why == Why("data", 100.0, 50.0, (Piece("data", -50.0, "trade", "industry", "BANKING", "INSURANCE"),))
