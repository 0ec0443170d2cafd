"""What one output is: how HubSpot stores it, and how its desired text is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from icp_sync.plan.diff_columns import IN_SCOPE, OURS
from icp_sync.plan.value_equality import PropertyType
from icp_sync.profile.model.profile import Profile

Options = tuple[tuple[str, str], ...]
Written = Literal["where it differs", "beside any change", "beside a move"]


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """How one output is stored: HubSpot's type and field type, label and help text, the options it needs."""

    type: PropertyType
    field_type: str
    label: str
    help: str
    options: Options = ()


@dataclass(frozen=True, slots=True)
class OutputContext:
    """What a desired text may depend on besides the company: the profile, its `name@digest`, the time of the run."""

    profile: Profile
    stamp: str
    moment: dt.datetime

    @property
    def changed_at(self) -> str:
        """ISO 8601 in UTC with milliseconds, the form HubSpot reads in every API version."""
        return self.moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{self.moment.microsecond // 1000:03d}Z"


def _empty_text(_: OutputContext) -> pl.Expr:
    return pl.lit("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Output(OutputSpec):
    """One output: its spec and its desired text.

    `desired`: the text of a company in scope, an expression over the scored columns beside `live.*` and the ownership
    columns; null = leave untouched. `cleared`: the text of a record of ours that left the scope. `kept`: where the
    record's own value is left alone. `written`: where it differs from the record's, or only beside a change of any
    other output, or of the tier or outcome ("beside a move").
    """

    desired: Callable[[OutputContext], pl.Expr]
    cleared: Callable[[OutputContext], pl.Expr] = _empty_text
    kept: pl.Expr | None = None
    written: Written = "where it differs"

    def desired_text(self, context: OutputContext) -> pl.Expr:
        """The desired text: in scope, of a record of ours that left it, or null for any other record."""
        return pl.when(IN_SCOPE).then(self.desired(context)).when(OURS).then(self.cleared(context))
