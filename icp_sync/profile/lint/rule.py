"""A rule of the linter: a check over a profile, and the severity of its findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Generic, ParamSpec

from icp_sync.profile.findings import MAX_PER_RULE, Finding, Severity

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Rule(Generic[P]):
    """A function that yields findings, and the severity they get."""

    check: Callable[P, Iterator[Finding]]
    severity: Severity = "warning"


def run_rules(rules: Mapping[str, Rule[P]], *args: P.args, **kwargs: P.kwargs) -> Iterator[Finding]:
    """Yields the findings of every rule, at most `MAX_PER_RULE` each, with the rule's name and severity.

    The arguments after `rules` are passed on to each rule.
    """
    for name, rule in rules.items():
        for finding in islice(rule.check(*args, **kwargs), MAX_PER_RULE):
            yield replace(finding, rule=name, severity=rule.severity)
