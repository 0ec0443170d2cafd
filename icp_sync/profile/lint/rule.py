"""A rule of the linter: a question to a profile, how much it matters, and the guide that asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import Final, Generic, ParamSpec

from icp_sync.profile.problem import MOST_OF_A_KIND, Flaw, Severity

P = ParamSpec("P")

GUIDES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "S0": "the founders' ECP and ICP guide",
        "S1": "the ICP glossary",
        "S2": "the ICP marketing guide",
        "S3": "the accelerator's post on narrowing down",
        "S4": "the post on ICP mistakes",
    }
)
"""The documents this project started from."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[P]):
    """`guide`: whose advice it is; ours where it is left out."""

    check: Callable[P, Iterator[Flaw]]
    guide: str | None = None
    severity: Severity = "warning"


def applied(rules: Mapping[str, Rule[P]], *given: P.args, **named: P.kwargs) -> Iterator[Flaw]:
    """Every finding of every rule, named after its rule and saying whose advice it is."""
    for name, rule in rules.items():
        source = f" ({rule.guide}, {GUIDES[rule.guide]})" if rule.guide else ""
        for flaw in islice(rule.check(*given, **named), MOST_OF_A_KIND):
            yield replace(flaw, rule=name, severity=rule.severity, message=f"{flaw.message}{source}")
