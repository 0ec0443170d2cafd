"""A profile's own tests: each a company, and what it must come out as."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from icp_sync.companies.frame import ID, company_frame, with_missing_columns
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.profile_tests import ProfileTest
from icp_sync.profile.property_reads import property_names_read
from icp_sync.scoring.outcome import credit_column
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score

Row = Mapping[str, Any]  # a row of a scored frame


@dataclass(frozen=True, slots=True)
class CaseResult:
    """`expected` and `got` hold what the test names and nothing else, so that they can be laid side by side."""

    name: str
    ok: bool
    expected: dict[str, Any]
    got: dict[str, Any]


def run_profile_tests(profile: Profile, as_of: dt.date) -> tuple[CaseResult, ...]:
    """The results of the profile's tests, in its order. A company outside the scope gets null for everything."""
    rows: dict[int, Row] = {}
    for day, companies in case_companies(profile, as_of).items():
        frame = score(companies, compile_profile(profile, day)).frame
        # By the profile alone: nobody takes another's place in a tier.
        rows |= {row[ID]: row | {"tier": row["reached"]} for row in frame.to_dicts()}
    return tuple(compare_case(case, rows.get(n, {})) for n, case in enumerate(profile.tests))


def case_companies(profile: Profile, as_of: dt.date) -> dict[dt.date, pl.DataFrame]:
    """By the day they are judged on, the company frames of the tests; `id` is a test's number, from 0."""
    # A test names the few properties it is about; all others a real company may leave empty too.
    read = property_names_read(profile)
    # Dates are judged by the day, so cases of different days are different programs.
    days: dict[dt.date, dict[int, ProfileTest]] = {}
    for n, case in enumerate(profile.tests):
        days.setdefault(case.as_of or as_of, {})[n] = case
    return {day: with_missing_columns(_case_companies(cases), read) for day, cases in days.items()}


def _case_companies(cases: Mapping[int, ProfileTest]) -> pl.DataFrame:
    named = dict.fromkeys(name for case in cases.values() for name in case.company)
    texts = {name: [case.company.get(name) for case in cases.values()] for name in named}
    return company_frame(list(cases), texts)


def compare_case(case: ProfileTest, row: Row) -> CaseResult:
    """Only what the test names is compared; `tier: null` names it, and asks for none."""
    named = {name: getattr(case.expect, name) for name in sorted(case.expect.model_fields_set)}
    expected = {name: {} if name == "credits" and wanted is None else wanted for name, wanted in named.items()}
    got = {
        name: {key: row.get(credit_column(key)) for key in wanted} if name == "credits" else row.get(name)
        for name, wanted in expected.items()
    }
    return CaseResult(case.name, expected == got, expected, got)
