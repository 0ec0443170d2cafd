"""A rule of the linter: a question to a profile, and how much it matters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Generic, ParamSpec

from icp_sync.profile.findings import MOST_OF_A_KIND, Finding, Severity

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Rule(Generic[P]):
    """What is asked, and how grave it is when the answer is no."""

    check: Callable[P, Iterator[Finding]]
    severity: Severity = "warning"


def applied(rules: Mapping[str, Rule[P]], *given: P.args, **named: P.kwargs) -> Iterator[Finding]:
    """Every finding of every rule, named after its rule."""
    for name, rule in rules.items():
        for flaw in islice(rule.check(*given, **named), MOST_OF_A_KIND):
            yield replace(flaw, rule=name, severity=rule.severity)
