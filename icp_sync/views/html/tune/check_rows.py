"""The profile's tests and the linter's findings as rows of the what-if page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from icp_sync.profile.edits.query_pairs import edits_to_pairs
from icp_sync.profile.findings import LocatedFinding
from icp_sync.scoring.profile_tests import CaseResult
from icp_sync.views.html.tune.control_types import element_id
from icp_sync.views.html.tune.whatif_answer import WhatIfAnswer


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a test says and what came out, as texts; `name` and `value` are the edit that makes it expect `wanted`."""

    key: str
    expected: str
    got: str
    wanted: str
    name: str
    value: str
    checked: bool

    @property
    def id(self) -> str:
        """The id of its tick box."""
        return element_id(self.name)


@dataclass(frozen=True, slots=True)
class TestRow:
    """A test that fails, or that was made to expect something else; `is_new`: it passes with the file as it is."""

    name: str
    ok: bool
    is_new: bool
    differences: tuple[Expectation, ...]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding of the linter; `is_new`: the file as it is has it not."""

    severity: str
    place: str
    message: str
    is_new: bool


def test_rows(answer: WhatIfAnswer) -> list[TestRow]:
    """The tests that fail, those that failed in the file last; then those that expect something else from now on."""
    edited = {str(place[1]) for place in answer.edits if place[0] == "tests"}
    rows = [_test_row(answer, test) for test in answer.tests if not test.ok or test.name in edited]
    return sorted(rows, key=lambda row: (row.ok, not row.is_new))


def _test_row(answer: WhatIfAnswer, test: CaseResult) -> TestRow:
    return TestRow(test.name, test.ok, test.name not in answer.failed_before, tuple(_expectations(answer, test)))


def _expectations(answer: WhatIfAnswer, test: CaseResult) -> Iterator[Expectation]:
    for steps, expected, got in _expected_and_actual(test):
        path = ("tests", test.name, "expect", *steps)
        if expected != got or path in answer.edits:
            wanted = answer.edits.get(path, got)
            name, value = edits_to_pairs({path: wanted})[0]
            key = " ".join(steps)
            yield Expectation(
                key,
                _value_text(expected),
                _value_text(got),
                f"{key} {_value_text(wanted)}",
                name,
                value,
                checked=path in answer.edits,
            )


def _expected_and_actual(test: CaseResult) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    """Each thing a test expects: its key, what was expected, what came out."""
    for key, expected in test.expected.items():
        if key == "credits":
            yield from (((key, name), credit, test.got[key].get(name)) for name, credit in expected.items())
        else:
            yield (key,), expected, test.got.get(key)


def _value_text(value: object) -> str:
    return "nothing" if value is None else str(value)


def finding_rows(answer: WhatIfAnswer) -> list[FindingRow]:
    """The linter's findings, new ones first."""
    rows = [_finding(answer, finding) for finding in answer.findings]
    return sorted(rows, key=lambda row: not row.is_new)


def _finding(answer: WhatIfAnswer, finding: LocatedFinding) -> FindingRow:
    return FindingRow(
        finding.severity, f"line {finding.line}", finding.message, finding.message not in answer.known_findings
    )
