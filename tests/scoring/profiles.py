"""Small profiles for the tests of scoring, written as the YAML would be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import polars as pl

from icp_sync.companies.frame import company_frame
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import ScoreResult, score

TODAY = dt.date(2026, 11, 21)
TIERS = [{"tier": "tier_1", "enter": 80}, {"tier": "tier_2", "enter": 60}, {"tier": "tier_3", "enter": 40}]


def profile_of(*criteria: Mapping[str, object], **rest: object) -> Profile:
    """A profile of these criteria; `weight: 1` unless one says otherwise."""
    header = {"name": "test", "kind": "icp"}
    weighted = [{"weight": 1, **criterion} for criterion in criteria]
    whole = {"schema": 1, "profile": header, "criteria": weighted, "tiers": TIERS, "write": {}, **rest}
    return Profile.model_validate(whole)


def scored(profile: Profile, **columns: Sequence[str | None]) -> ScoreResult:
    """Companies 1, 2, … with these texts, scored."""
    height = len(next(iter(columns.values())))
    return score(company_frame(range(1, height + 1), columns), compile_profile(profile, TODAY))


def scored_live(
    profile: Profile, live: Mapping[str, Sequence[str | bool | None]], **columns: Sequence[str | None]
) -> ScoreResult:
    """The same with `live:` columns beside the texts."""
    height = len(next(iter(columns.values())))
    frame = company_frame(range(1, height + 1), columns)
    beside = [pl.Series(name, values, dtype=live_type(name)) for name, values in live.items()]
    return score(frame.with_columns(beside), compile_profile(profile, TODAY))


def live_type(name: str) -> pl.DataType:
    """The type of a `live:` column."""
    return pl.Boolean() if name in {"live:fixed", "live:locked"} else pl.String()


def credit_of(match: Mapping[str, object], text: str | None, **criterion: object) -> float | None:
    """The credit of one criterion on property `p` for one company."""
    profile = profile_of({"id": "c", "property": "p", "match": match, **criterion})
    credit: float | None = scored(profile, p=[text]).frame["credit.c"].item()
    return credit


def credits_of(match: Mapping[str, object], texts: Sequence[str | None]) -> list[float | None]:
    """The credits of one criterion on property `p`, one for a company with each of the texts."""
    profile = profile_of({"id": "c", "property": "p", "match": match})
    return scored(profile, p=list(texts)).frame["credit.c"].to_list()


def only_row(frame: pl.DataFrame) -> dict[str, object]:
    """The one row of a frame."""
    return frame.row(0, named=True)
