"""Companies of different days in one frame come out as each does alone on its day."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.evaluation_context import DAY
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score

DAYS = [dt.date(2024, 2, 28) + dt.timedelta(days=step) for step in (0, 1, 2, 183, 366, 367, 731)]
SEEN = ["2024-02-29", "2023-12-01", "2024-02-27", "", "2025-02-28", "1999", "2026-02-27"]


def dated(*matches: dict[str, object]) -> Profile:
    criteria = [{"id": f"c{n}", "property": "seen", "weight": 1, "match": match} for n, match in enumerate(matches)]
    header = {"schema": 1, "profile": {"name": "p", "kind": "icp"}, "write": {"score": "icp_fit_score"}}
    return Profile.model_validate({**header, "criteria": criteria, "tiers": [{"tier": "tier_1", "enter": 50}]})


@pytest.mark.parametrize("copies", [1, 60], ids=["few", "many"])
def test_every_company_is_judged_by_its_own_day(copies: int) -> None:
    profile = dated({"within_days": 90}, {"older_than_days": 365}, {"age_years": [1, 24]})
    rows = [(day, seen) for day in DAYS for seen in SEEN] * copies
    companies = company_frame(range(len(rows)), {"seen": [seen for _, seen in rows]})
    own = companies.with_columns(pl.Series(DAY, [day for day, _ in rows]))
    together = score(own, compile_profile(profile, DAYS[0], own_days=True)).frame
    alone = [score(own.filter(pl.col(DAY) == day).drop(DAY), compile_profile(profile, day)).frame for day in DAYS]
    assert together.equals(pl.concat(alone).sort("id"))
    assert together["score"].n_unique() > 2
