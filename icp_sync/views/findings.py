"""The result of `check`: findings with their lines, and the results of the profile's tests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from icp_sync.errors import IcpSyncError, ProfileInvalid
from icp_sync.plan.plurals import count_noun
from icp_sync.profile.findings import LocatedFinding
from icp_sync.profile.vocabulary_names import CoveringName
from icp_sync.scoring.profile_tests import CaseResult
from icp_sync.views.error_json import error_document
from icp_sync.views.sanitise import sanitise
from icp_sync.vocabulary.vocabulary_listing import find_entry

_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class TierSizes:
    """How many of the `scored` companies of a portal each tier of a profile would hold, and how many are undecided."""

    profile: str
    scored: int
    tiers: Mapping[str, int]
    undecided: int


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The findings in a profile, the results of its tests, and the names in it that cover other names.

    `sizes`: of the tiers of each profile that was measured in the portal.
    """

    problems: tuple[LocatedFinding, ...]
    tests: tuple[CaseResult, ...]
    names: tuple[CoveringName, ...] = ()
    sizes: tuple[TierSizes, ...] = ()

    def error(self, *, strict: bool) -> ProfileInvalid | None:
        """The error `check` ends with: for an error, a failed test or, if `strict`, a warning; None without any."""
        grave = {"error", "warning"} if strict else {"error"}
        errors = [str(finding) for finding in self.problems if finding.severity in grave]
        failed = [f"test failed: {test.name}" for test in self.tests if not test.ok]
        failures = [
            count_noun(len(errors), "finding") if errors else "",
            f"{len(failed)} of {len(self.tests)} tests fail" if failed else "",
        ]
        message = " and ".join(part for part in failures if part)
        return ProfileInvalid(f"the profile is not good: {message}", details=[*errors, *failed]) if message else None


def findings_document(findings: CheckResult, error: IcpSyncError | None) -> dict[str, Any]:
    """The `--json` document of `check`."""
    document: dict[str, Any] = {
        "ok": error is None,
        "findings": [
            {
                "severity": finding.severity,
                "line": finding.line,
                "path": finding.path,
                "rule": finding.rule,
                "message": finding.message,
            }
            for finding in findings.problems
        ],
        "tests": [
            {"name": test.name, "ok": test.ok, "expected": dict(test.expected), "got": dict(test.got)}
            for test in findings.tests
        ],
        "names": [
            {"path": name.path, "kind": name.kind, "name": name.name, "covers": list(name.covers)}
            for name in findings.names
        ],
    }
    if findings.sizes:
        document["portal"] = [
            {"profile": size.profile, "scored": size.scored, "tiers": dict(size.tiers), "undecided": size.undecided}
            for size in findings.sizes
        ]
    return document if error is None else document | error_document(error)


def findings_view(findings: CheckResult, file: str, *, ok: bool) -> RenderableType:
    """The result of `check` for a terminal."""
    passed = sum(test.ok for test in findings.tests)
    verdict, count = "good" if ok else "not good", count_noun(len(findings.problems), "finding")
    return Group(
        *(sanitise(f"{finding.severity}: {finding}") for finding in findings.problems),
        *_test_failure_lines(findings),
        *(_covered_names_line(name) for name in findings.names if ok),
        *map(_tier_sizes_line, findings.sizes),
        Text(f"{file} is {verdict}: {count}, {passed} of {len(findings.tests)} tests pass"),
    )


def _tier_sizes_line(size: TierSizes) -> Text:
    """So many as thresholds let in: limits on places, locks and people's own tiers are for `plan` to count."""
    tiers = ", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in size.tiers.items())
    return sanitise(
        f"{size.profile} in this portal: {tiers or 'no company'} of {size.scored:,} companies in scope, "
        f"{size.undecided:,} undecided"
    )


def _covered_names_line(name: CoveringName) -> Text:
    shown, more = name.covers[:_SHOWN], len(name.covers) - _SHOWN
    others = f" and {more:,} more" if more > 0 else ""
    shipped = (
        f"; icp-sync vocabulary {name.kind} {name.name} lists them"
        if others and find_entry(name.kind, name.name)
        else ""
    )
    return sanitise(f"{name.name} covers {', '.join(shown)}{others}{shipped}")


def _test_failure_lines(findings: CheckResult) -> Iterator[Text]:
    for test in findings.tests:
        if not test.ok:
            yield sanitise(f"test failed: {test.name}")
            for name, expected in test.expected.items():
                if test.got.get(name) != expected:
                    yield sanitise(f"  {name}: expected {expected}, got {test.got.get(name)}")
