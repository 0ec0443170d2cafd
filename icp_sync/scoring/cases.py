"""A profile's own tests: each a company, and what it must come out as."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from icp_sync.companies.frame import company_frame, with_absent
from icp_sync.profile.model import Case, Profile
from icp_sync.profile.reads import reads
from icp_sync.scoring.judgement import credit_column
from icp_sync.scoring.score import score

Row = Mapping[str, Any]  # the one row of a scored frame


@dataclass(frozen=True, slots=True)
class CaseResult:
    """`expected` and `got` hold what the test names and nothing else, so that they can be laid side by side."""

    name: str
    ok: bool
    expected: dict[str, Any]
    got: dict[str, Any]


def run_cases(profile: Profile, as_of: dt.date) -> tuple[CaseResult, ...]:
    """The results of the profile's tests, in its order. A company outside the scope gets null for everything."""
    return tuple(_result(case, _company(case, profile, case.as_of or as_of)) for case in profile.tests)


def _company(case: Case, profile: Profile, as_of: dt.date) -> Row:
    """The test's company as scored by the profile alone; empty when it is outside the scope."""
    read = [name for read in reads(profile) for name in read.alternatives]
    texts = {name: [text] for name, text in case.company.items()}
    scored = score(with_absent(company_frame([1], texts), read), profile, as_of).frame
    return {} if scored.is_empty() else scored.row(0, named=True)


def _result(case: Case, row: Row) -> CaseResult:
    """Only what the test names is compared; `tier: null` names it, and asks for none."""
    named = {name: getattr(case.expect, name) for name in sorted(case.expect.model_fields_set)}
    expected = {name: {} if name == "credits" and wanted is None else wanted for name, wanted in named.items()}
    got = {
        name: {key: row.get(credit_column(key)) for key in wanted} if name == "credits" else row.get(name)
        for name, wanted in expected.items()
    }
    return CaseResult(case.name, expected == got, expected, got)
