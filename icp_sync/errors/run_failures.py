"""How a run ended when it did not end well: held, stopped, applied in part, crashed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from icp_sync.errors.base import HELD, INTERRUPTED, PARTLY_DONE, IcpSyncError


class ChecksFailed(IcpSyncError):
    """`doctor` found something to fix."""

    code = "fault_found"


class GuardrailHeld(IcpSyncError):
    """A guardrail blocked the plan; nothing was written.

    `plan`: the file it was saved to; `command`: what applies it all the same; `details` name file and guardrails.
    """

    code = "guardrail_held"
    exit_code = HELD

    def __init__(self, message: str, *, plan: Path, command: str = "", details: Sequence[object] = ()) -> None:
        super().__init__(message, details=[*details, {"plan": str(plan)}])
        self.plan, self.command = plan, command


class RunStopped(IcpSyncError):
    """The run was stopped (SIGTERM, Ctrl-C) before it had written anything."""

    code = "stopped"


class RunInterrupted(RunStopped):
    """The run was stopped by Ctrl-C; shells expect exit code 130."""

    exit_code = INTERRUPTED


class PlanDeclined(IcpSyncError):
    """The person at the prompt said no."""

    code = "declined"


class PartlyApplied(IcpSyncError):
    """Something was written, but not everything: rejected records, a list not updated, a stop."""

    code = "partly_applied"
    exit_code = PARTLY_DONE


class QuotaExhausted(PartlyApplied):
    """Something was written, then a daily limit was reached: ICP_SYNC_DAILY_CALLS or the account's."""

    code = "daily_limit"


class FleetProcessDied(IcpSyncError):
    """The process of one of a fleet's portals was killed or crashed; what it had written by then is in the ledger."""

    code = "child_died"
    exit_code = PARTLY_DONE


class InternalError(IcpSyncError):
    """A bug in icp_sync; `details` name the crash file. Nothing was written to the portal."""

    code = "internal"


class CrashedAfterWriting(InternalError):
    """A bug in icp_sync, after something was written to the portal."""

    exit_code = PARTLY_DONE


class OutputFailed(IcpSyncError):
    """The output could not be written: the disk behind stdout is full, or its reader is gone."""

    code = "output"


class OutputFailedAfterWriting(OutputFailed):
    """The output could not be written, after something was written to the portal."""

    exit_code = PARTLY_DONE


class EngineFailed(IcpSyncError):
    """Ray cannot be reached, is of another version, or gave up."""

    code = "engine"
