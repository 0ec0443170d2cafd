"""What came of one portal: its numbers from the document its process printed, and how that process ended."""

from __future__ import annotations

import datetime as dt
import signal
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from icp_sync.errors import FleetProcessDied, IcpSyncError, InternalError, RunInterrupted, RunStopped

Document = Mapping[str, Any]
ENDED_BY_US: Final = {signal.SIGINT: RunInterrupted, signal.SIGTERM: RunStopped}
"""Signal → the error of a process that it ended before it could say so itself."""


@dataclass(frozen=True, slots=True)
class PortalOutcome:
    """How one portal ended. `exit_code` None: nothing has ended yet, which only `status` says.

    `tiers`: companies by tier, summed over the portal's profiles, as are `changes` (companies). `guardrails`: names of
    those that hold a plan. `seconds`: of its process. `error`: `code`, `message` and `details`. `last_run` and
    `last_success`: only of `status`.
    """

    name: str
    portal_id: int | None
    exit_code: int | None
    tiers: Mapping[str, int] = field(default_factory=dict)
    changes: int = 0
    guardrails: tuple[str, ...] = ()
    seconds: float = 0.0
    error: Document | None = None
    last_run: dt.datetime | None = None
    last_success: dt.datetime | None = None

    def map_error_texts(self, words: Callable[[str], str]) -> PortalOutcome:
        """The outcome with the words of its error, message and details, as the function puts them."""
        if self.error is None:
            return self
        details = [words(detail) if isinstance(detail, str) else detail for detail in self.error.get("details") or ()]
        return replace(
            self, error={**self.error, "message": words(str(self.error.get("message", ""))), "details": details}
        )

    @property
    def busy(self) -> bool:
        """Whether another run was at work on the portal."""
        return bool(self.error and self.error.get("code") == "lock_held")


def highest_exit_code(outcomes: Iterable[PortalOutcome]) -> int:
    """The exit code of a fleet: the highest of its portals'."""
    return max((outcome.exit_code or 0 for outcome in outcomes), default=0)


def error_outcome(name: str, portal_id: int | None, error: IcpSyncError, seconds: float = 0.0) -> PortalOutcome:
    """The outcome of a portal whose process was not started, or left no document."""
    details = [str(detail) for detail in error.details]
    document = {"code": error.code, "message": error.message, "details": details}
    return PortalOutcome(name, portal_id, error.exit_code, seconds=seconds, error=document)


def ended_outcome(
    name: str, portal_id: int | None, return_code: int, document: Document | None, seconds: float, sent: Sequence[int]
) -> PortalOutcome:
    """The outcome of a process; `return_code` is negative where a signal ended it, `sent` are the signals we sent."""
    if document is None or return_code < 0:
        return error_outcome(name, portal_id, _death_error(return_code, sent), seconds)
    error = _error_with_fixes(document)
    if error is not None and error.get("code") == InternalError.code:
        return_code = FleetProcessDied.exit_code
    profiles: list[Document] = document.get("profiles") or [document]
    return PortalOutcome(
        name,
        portal_id or next((one["portal_id"] for one in profiles if one.get("portal_id")), None),
        return_code,
        sum_tiers(one.get("tiers") or {} for one in profiles),
        sum((one.get("changes") or {}).get("companies", 0) for one in profiles),
        tuple(dict.fromkeys(name for one in profiles for name in _blocking_guardrails(one.get("guardrails") or ()))),
        seconds,
        error,
    )


def _error_with_fixes(document: Document) -> Document | None:
    """The error of a document; of `doctor` with what is wrong and what mends it, which stands in its checks."""
    error: Document | None = document.get("error")
    faults = [check for check in document.get("checks") or () if not check["ok"]]
    if error is None or not faults:
        return error
    return {**error, "details": [_failed_check_sentence(check) for check in faults]}


def _failed_check_sentence(check: Document) -> str:
    message, fix = str(check["message"]), str(check.get("fix") or "")
    return f"{check['name']}: {message}" if fix in message else f"{check['name']}: {message}; {fix}"


def sum_tiers(tiers: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Companies by tier over several profiles."""
    total: Counter[str] = Counter()
    for counts in tiers:
        total.update(counts)
    return dict(total)


def _blocking_guardrails(guardrails: Iterable[Document]) -> Iterable[str]:
    return (str(check["name"]) for check in guardrails if check.get("held") and not check.get("allowed"))


def _death_error(return_code: int, sent: Sequence[int]) -> IcpSyncError:
    if return_code < 0 and -return_code in sent and (kind := ENDED_BY_US.get(signal.Signals(-return_code))):
        return kind("stopped before it began; nothing was written")
    how = f"was killed by {_signal_name(-return_code)}" if return_code < 0 else f"crashed with exit code {return_code}"
    return FleetProcessDied(f"its process {how}; what it wrote is in the ledger, and the next run does what is left")


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
