"""Reviews against the day, the evidence against reviews, and a verdict against both."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from icp_sync.profile.lint import lint_backtest_verdict, lint_on_day
from icp_sync.profile.load import parse_profile
from icp_sync.profile.model.profile import Profile
from tests.profile.example import criterion, profile

TODAY = dt.date(2026, 11, 30)


def reviewed(*days: str, evidence: str = "said by customers") -> Profile:
    reviews = [{"date": day, "by": "Anna"} for day in days]
    header = {"name": "example", "kind": "icp", "reviews": reviews}
    return parse_profile(
        json.dumps(profile(profile=header, criteria=[criterion(evidence=evidence)])), "icp.yaml"
    ).profile


def rules(of: Profile, day: dt.date = TODAY) -> list[str]:
    return [finding.rule for finding in lint_on_day(of, day) if finding.rule in {"not-reviewed", "old-evidence"}]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([], []),
        (["2026-05-31"], []),
        (["2026-05-30"], ["not-reviewed"]),
        (["2026-11-01", "2020-01-01"], []),
        (["2026-12-01"], ["not-reviewed"]),
    ],
    ids=["none", "183 days ago", "184 days ago", "in any order", "in the future"],
)
def test_half_a_year_after_the_last_review_another_is_due(days: list[str], expected: list[str]) -> None:
    assert rules(reviewed(*days)) == expected


@pytest.mark.parametrize(
    ("evidence", "is_old"),
    [
        ("won 61 of 140; first deals 2024-01 to 2026-01", True),
        ("won 61 of 140; first deals 2024-01 to 2026-08", False),
        ("interviews of 2026-02-28", True),
        ("interviews of 2026-02-31", True),
        ("twelve interviews, order 2024-13", False),
    ],
)
def test_evidence_that_two_reviews_have_gone_by_is_old(evidence: str, is_old: bool) -> None:
    findings = rules(reviewed("2026-06-01", "2026-09-01", evidence=evidence))
    assert ("old-evidence" in findings) == is_old
    assert "old-evidence" not in rules(reviewed("2026-09-01", evidence=evidence))


def test_a_verdict_of_wins_less_wants_a_review() -> None:
    verdict = dt.date(2026, 9, 1)
    (finding,) = lint_backtest_verdict(reviewed("2026-08-31"), verdict)
    assert "2026-09-01 that tier 1 wins less" in finding.message
    assert [finding.severity for finding in lint_backtest_verdict(reviewed(), verdict)] == ["warning"]
    assert list(lint_backtest_verdict(reviewed("2026-09-01"), verdict)) == []


def test_reviews_are_no_part_of_the_digest() -> None:
    texts = [json.dumps(profile(profile={"name": "example", "kind": "icp", **more})) for more in (
        {}, {"reviews": [{"date": "2026-01-01", "by": "Anna", "note": "fine"}]},
    )]  # fmt: skip
    first, second = (parse_profile(text, "icp.yaml") for text in texts)
    assert first.digest == second.digest
