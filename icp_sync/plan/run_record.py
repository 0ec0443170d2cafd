"""A run as it is remembered, and what came of each company: values that the ledger keeps and views draw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from icp_sync.plan.change_frame import Change

CUT_SHORT: Final = "then cut short: it was killed, or its end could not be saved"
"""What is known of a run whose row has no exit code: a full disk or a lost database keep it from telling more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run. `ended_at` and `exit_code` are None while it is open; `complete`: it read all and came to its end.

    `of_some`: it was about some companies only, as a canary is, a retry of those refused, and an undo that names
    them.
    `whole` and `digest`: of the profile's text and of what it means for scoring. `plan_of`: the run that planned what
    this one applied; `undoes`: the run it takes back. `read` to `rejected` are numbers of companies. `because`: who
    allowed a held plan says why. `epoch`: of its lease, None without one. `row_id`: of the ledger, None before saving.
    """

    run_id: str
    portal_id: int
    profile: str
    command: str
    started_at: dt.datetime
    host: str
    os_user: str
    version: str
    digest: str
    whole: str
    as_of: dt.date
    ended_at: dt.datetime | None = None
    because: str | None = None
    fingerprint: str | None = None
    plan_of: str | None = None
    undoes: str | None = None
    read: int = 0
    scored: int = 0
    changes: int = 0
    written: int = 0
    already: int = 0
    skipped: int = 0
    rejected: int = 0
    complete: bool = False
    of_some: bool = False
    exit_code: int | None = None
    error: str | None = None
    guardrails: Sequence[Mapping[str, Any]] = ()
    allowed: Sequence[str] = ()
    causes: Mapping[str, int] = field(default_factory=dict)
    calls: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    epoch: int | None = None
    row_id: int | None = field(default=None, compare=False)

    @property
    def blocking_guardrails(self) -> tuple[str, ...]:
        """The guardrails that held its plan, each once although several lists may have passed it.

        Older versions kept of `apply FILE --allow NAME` that NAME blocks.
        """
        blocking = (str(check["name"]) for check in self.guardrails if check.get("blocks"))
        return tuple(dict.fromkeys(name for name in blocking if name not in self.allowed))


@dataclass(frozen=True, slots=True)
class CompanyResult:
    """What a run did to a company, or why it left it alone; tiers are None where the tier was not written."""

    id: int
    batch: int
    cause: str
    result: str
    tier_before: str | None
    tier_after: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class ListChangeRecord:
    """A change of a list; `answered_at` None: unknown whether it arrived. `failed`: why it was not made."""

    name: str
    list_id: str | None
    sent_at: dt.datetime
    answered_at: dt.datetime | None
    added: tuple[int, ...]
    removed: tuple[int, ...]
    failed: str | None


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One change of a company: when its run started, by which run and command, and what came of it.

    `why`: its causes as JSON, None where nothing was sent or it is forgotten.
    """

    at: dt.datetime
    run_id: str
    command: str
    change: CompanyResult
    why: Mapping[str, Any] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ChangeDetails:
    """One company of a run: what was sent, and what came of it.

    `result` is `unknown` where no answer is recorded, `held` where a guardrail kept it from being sent. `why`: its
    causes as JSON.
    """

    change: Change
    result: str
    reason: str | None
    why: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunDetails:
    """A run with all it sent. `left`: companies it sent nothing to, and why; `plan_file`: what it saved when held."""

    run: RunRecord
    changes: tuple[ChangeDetails, ...]
    left: tuple[CompanyResult, ...]
    lists: tuple[ListChangeRecord, ...]
    plan_file: str | None


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """One change of a company, with the sentence that explains it; tiers are None where the run did not write them."""

    at: dt.datetime
    run_id: str
    id: int
    tier_before: str | None
    tier_after: str | None
    cause: str
    result: str
    sentence: str
