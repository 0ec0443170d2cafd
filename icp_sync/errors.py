"""The errors icp_sync reports: each class has a `code` for machines and an exit code, each error a message."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar


class IcpSyncError(Exception):
    """Base of every reported error: `message` is one sentence, `details` are further lines or JSON-ready records.

    A message never holds a token or a response body.
    """

    code: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, details: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)


class UsageError(IcpSyncError):
    """The command line, a setting or an argument is wrong."""

    code = "usage"
    exit_code = 2


class ProfileInvalid(IcpSyncError):
    """The profile cannot be used; `details` are the findings."""

    code = "profile_invalid"
    exit_code = 2


class FleetInvalid(IcpSyncError):
    """A fleet file cannot be used; `details` are the findings."""

    code = "fleet_invalid"
    exit_code = 2


class SecretMissing(IcpSyncError):
    """A secret that a fleet file refers to is not where it says."""

    code = "secret_missing"
    exit_code = 2


class ChildDied(IcpSyncError):
    """The process of one of a fleet's portals was killed or crashed; what it had written by then is in the ledger."""

    code = "child_died"
    exit_code = 5


class EditRefused(IcpSyncError):
    """A value of a profile cannot be moved, or not placed safely in its file; `details` say which, with the line."""

    code = "edit_refused"
    exit_code = 2


class ProfileChanged(IcpSyncError):
    """The profile's file was changed by somebody else since it was read; it was not written over."""

    code = "profile_changed"


class PortalError(IcpSyncError):
    """HubSpot answered with an error, or not at all.

    `status`: the HTTP status, None without a response; `correlation_id`: the id that HubSpot's support asks for;
    `category`, `sub_category`: HubSpot's name of the error, where it gives one.
    """

    code = "portal_fault"

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        correlation_id: str | None = None,
        category: str | None = None,
        sub_category: str | None = None,
        details: Sequence[object] = (),
    ) -> None:
        super().__init__(message, details=details)
        self.status, self.correlation_id = status, correlation_id
        self.category, self.sub_category = category, sub_category


class AuthenticationFailed(PortalError):
    """The token is missing, malformed, expired or revoked."""

    code = "authentication"


class ScopeMissing(PortalError):
    """The token is good but lacks a scope; `details` are the scopes to grant."""

    code = "missing_scope"


class Unavailable(PortalError):
    """The portal could not be reached or kept failing."""

    code = "unavailable"


class RateLimited(PortalError):
    """The portal still answered 429 after the last retry."""

    code = "rate_limited"


class DailyLimitReached(RateLimited):
    """The account's API calls for the day are used up; a retry before the reset cannot succeed."""

    code = "daily_limit"


class NotFound(PortalError):
    """The portal answered 404: no object of that id or name."""

    code = "not_found"


class Rejected(PortalError):
    """The portal understood the request and refused it (400, 409 and their like)."""

    code = "rejected"


class WrongPortal(IcpSyncError):
    """The token belongs to another portal than the one asked for."""

    code = "wrong_portal"


class PreflightFailed(IcpSyncError):
    """The portal does not fit the profile; `details` say what to change where."""

    code = "preflight"


class StateUnusable(IcpSyncError):
    """The state directory or the ledger cannot be read or written."""

    code = "state"


class ReportUnusable(IcpSyncError):
    """The document of a run is damaged, or of another format."""

    code = "report_unusable"


class LockHeld(IcpSyncError):
    """Another run is at work on the same state directory, or on the same portal and profile of a shared ledger."""

    code = "lock_held"


class TableUnusable(IcpSyncError):
    """A file of companies cannot be read, or nothing the profile asks for is in it."""

    code = "table_unusable"
    exit_code = 2


class PlanUnusable(IcpSyncError):
    """A plan file is damaged, stale, or made for another portal or profile."""

    code = "plan_unusable"


class UnknownRun(IcpSyncError):
    """No run of that id in the ledger, several that begin so, or one of another portal or profile."""

    code = "unknown_run"


class NothingRead(IcpSyncError):
    """No reading of the portal is remembered that the profile could be scored on without a call."""

    code = "nothing_read"


class TooFewDeals(IcpSyncError):
    """Too few won or lost companies to compare them."""

    code = "too_few"


class CompanyNotFound(IcpSyncError):
    """No company of that id, domain or name is in the portal."""

    code = "company_not_found"


class NothingToRelease(IcpSyncError):
    """No override, held input or pin of that kind stands."""

    code = "nothing_to_release"


class NothingToUndo(IcpSyncError):
    """The run wrote nothing, nothing to that company or list, or has not ended yet."""

    code = "nothing_to_undo"


class NameUnknown(IcpSyncError):
    """No vocabulary has the name; `details` are the nearest names."""

    code = "name_unknown"


class SeveralCompanies(IcpSyncError):
    """More than one company goes by that name; `details` are their `id`, `name` and `domain`."""

    code = "several_companies"


class ChecksFailed(IcpSyncError):
    """`doctor` found something to fix."""

    code = "fault_found"


class ExtraMissing(IcpSyncError):
    """An optional dependency (a pip extra) is not installed."""

    code = "extra_missing"


class GuardrailHeld(IcpSyncError):
    """A guardrail blocked the plan; nothing was written.

    `plan`: the file it was saved to; `command`: what applies it all the same; `details` name file and guardrails.
    """

    code = "guardrail_held"
    exit_code = 4

    def __init__(self, message: str, *, plan: Path, command: str = "", details: Sequence[object] = ()) -> None:
        super().__init__(message, details=[*details, {"plan": str(plan)}])
        self.plan, self.command = plan, command


class Stopped(IcpSyncError):
    """The run was stopped (SIGTERM, Ctrl-C) before it had written anything."""

    code = "stopped"


class Interrupted(Stopped):
    """The run was stopped by Ctrl-C; shells expect exit code 130."""

    exit_code = 130


class NotConfirmed(IcpSyncError):
    """The person at the prompt said no."""

    code = "declined"


class PartlyApplied(IcpSyncError):
    """Something was written, but not everything: rejected records, a list not updated, a stop."""

    code = "partly_applied"
    exit_code = 5


class Internal(IcpSyncError):
    """A bug in icp_sync; `details` name the crash file. Nothing was written to the portal."""

    code = "internal"


class CrashedAfterWriting(Internal):
    """A bug in icp_sync, after something was written to the portal."""

    exit_code = 5


class OutputFailed(IcpSyncError):
    """The output could not be written: the disk behind stdout is full, or its reader is gone."""

    code = "output"


class OutputFailedAfterWriting(OutputFailed):
    """The output could not be written, after something was written to the portal."""

    exit_code = 5


class QuotaExhausted(PartlyApplied):
    """Something was written, then a daily limit was reached: ICP_SYNC_DAILY_CALLS or the account's."""

    code = "daily_limit"


class EngineFailed(IcpSyncError):
    """Ray cannot be reached, is of another version, or gave up."""

    code = "engine"
