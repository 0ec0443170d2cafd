"""What `check` found, for machines and for people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from icp_sync.errors import ProfileInvalid
from icp_sync.profile.findings import LocatedFinding
from icp_sync.scoring.profile_tests import CaseResult
from icp_sync.views.findings import CheckResult, findings_document, findings_view
from tests.views.rendering import lines

ERROR = LocatedFinding("icp.yaml", 3, "tiers[0].enter", "is 120; give at most 100", "error", "shape")
WARNING = replace(ERROR, severity="warning", message="has no label; add one")
PASSED = CaseResult("fits", ok=True, expected={"tier": "tier_1"}, got={"tier": "tier_1"})
FAILED = CaseResult(
    "too small", ok=False, expected={"tier": None, "score": 10.0}, got={"tier": "tier_2", "score": 10.0}
)


@pytest.mark.parametrize(
    ("problems", "tests", "sentence", "strictly"),
    [
        ((), (), None, None),
        ((), (PASSED,), None, None),
        ((WARNING,), (PASSED,), None, "1 finding"),
        ((ERROR, WARNING), (), "1 finding", "2 findings"),
        ((), (PASSED, FAILED), "1 of 2 tests fail", "1 of 2 tests fail"),
        ((ERROR,), (FAILED,), "1 finding and 1 of 1 tests fail", "1 finding and 1 of 1 tests fail"),
    ],
)
def test_what_is_wrong(
    problems: tuple[LocatedFinding, ...], tests: tuple[CaseResult, ...], sentence: str | None, strictly: str | None
) -> None:
    errors = [CheckResult(problems, tests).error(strict=strict) for strict in (False, True)]
    expected = [one and f"the profile is not good: {one}" for one in (sentence, strictly)]
    assert [error and error.message for error in errors] == expected


def test_the_document() -> None:
    assert findings_document(CheckResult((WARNING,), (FAILED,)), None) == {
        "ok": True,
        "findings": [
            {
                "severity": "warning",
                "line": 3,
                "path": "tiers[0].enter",
                "rule": "shape",
                "message": "has no label; add one",
            }
        ],
        "tests": [{"name": "too small", "ok": False, "expected": FAILED.expected, "got": FAILED.got}],
        "names": [],
    }


def test_a_profile_that_cannot_be_loaded_has_findings_and_an_error() -> None:
    document = findings_document(CheckResult((ERROR,), ()), ProfileInvalid("1 problem", details=[ERROR]))
    assert document["error"] == {
        "code": "profile_invalid",
        "message": "1 problem",
        "details": ["icp.yaml:3: tiers[0].enter: is 120; give at most 100"],
    }
    assert len(document["findings"]) == 1


def test_a_failed_test_shows_only_what_differs() -> None:
    assert lines(findings_view(CheckResult((WARNING,), (PASSED, FAILED)), "icp.yaml", ok=False)) == [
        "warning: icp.yaml:3: tiers[0].enter: has no label; add one",
        "test failed: too small",
        "tier: expected None, got tier_2",
        "icp.yaml is not good: 1 finding, 1 of 2 tests pass",
    ]


def test_a_good_profile_is_one_line() -> None:
    assert lines(findings_view(CheckResult((), (PASSED,)), "icp.yaml", ok=True)) == [
        "icp.yaml is good: 0 findings, 1 of 1 tests pass"
    ]
