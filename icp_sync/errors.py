"""What can go wrong, one class a kind: each carries a code for machines, an exit code, and one sentence for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar


class IcpSyncError(Exception):
    """Base of every failure we report: `message` is one clear sentence, `details` are further lines or records.

    A message never holds a token or a response body.
    """

    code: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, details: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)


class UsageError(IcpSyncError):
    """The command was called in a way that makes no sense."""

    code = "usage"
    exit_code = 2


class ProfileInvalid(IcpSyncError):
    """The profile cannot be used; `details` are its problems."""

    code = "profile_invalid"
    exit_code = 2


class PortalError(IcpSyncError):
    """HubSpot answered with an error, or not at all. `correlation_id` is what HubSpot's support asks for."""

    code = "portal_fault"

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        correlation_id: str | None = None,
        details: Sequence[object] = (),
    ) -> None:
        super().__init__(message, details=details)
        self.status = status
        self.correlation_id = correlation_id


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
    """The portal kept answering that we are too fast."""

    code = "rate_limited"


class DailyLimitReached(RateLimited):
    """The account's calls for today are used up; asking again before the reset is useless."""

    code = "daily_limit"


class NotFound(PortalError):
    """The portal has no such thing."""

    code = "not_found"


class Rejected(PortalError):
    """The portal understood the request and refused it (400, 409 and their like)."""

    code = "rejected"

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
        super().__init__(message, status=status, correlation_id=correlation_id, details=details)
        self.category = category
        self.sub_category = sub_category


class WrongPortal(IcpSyncError):
    """The token belongs to another portal than the one asked for."""

    code = "wrong_portal"


class PreflightFailed(IcpSyncError):
    """The portal does not fit the profile; `details` say what to change where."""

    code = "preflight"


class StateUnusable(IcpSyncError):
    """The state directory cannot be read or written."""

    code = "state"


class LockHeld(IcpSyncError):
    """Another run is at work on the same state directory."""

    code = "lock_held"


class PlanUnusable(IcpSyncError):
    """A plan file is damaged, stale, or made for another portal or profile."""

    code = "plan_unusable"


class CompanyNotFound(IcpSyncError):
    """No company of that id, domain or name is in the portal."""

    code = "company_not_found"


class NameUnknown(IcpSyncError):
    """No vocabulary has the name; `details` are the nearest."""

    code = "name_unknown"


class SeveralCompanies(IcpSyncError):
    """More than one company goes by that name; `details` are their `id`, `name` and `domain`."""

    code = "several_companies"


class ChecksFailed(IcpSyncError):
    """`doctor` found something to fix."""

    code = "fault_found"


class ExtraMissing(IcpSyncError):
    """A part of the software that is installed on demand is not installed."""

    code = "extra_missing"


class GuardrailHeld(IcpSyncError):
    """A guardrail held the plan, which was saved at `plan`; nothing was written; `details` name both."""

    code = "guardrail_held"
    exit_code = 4

    def __init__(self, message: str, *, plan: Path, details: Sequence[object] = ()) -> None:
        super().__init__(message, details=[*details, {"plan": str(plan)}])
        self.plan = plan


class Stopped(IcpSyncError):
    """Someone asked the run to stop (SIGTERM, Ctrl-C) before it had written anything."""

    code = "stopped"


class Interrupted(Stopped):
    """The same by Ctrl-C, which shells expect to end in 130."""

    exit_code = 130


class NotConfirmed(IcpSyncError):
    """The person at the prompt said no."""

    code = "declined"


class PartlyApplied(IcpSyncError):
    """Something was written, but not everything: rejected records, a list not kept, a stop."""

    code = "partly_applied"
    exit_code = 5


class Internal(IcpSyncError):
    """icp_sync itself is at fault; `details` name the crash file. Nothing was written to the portal."""

    code = "internal"


class CrashedAfterWriting(Internal):
    """The same once something was written."""

    exit_code = 5


class OutputFailed(IcpSyncError):
    """What was to be said could not be: the disk behind stdout is full, or its reader is gone."""

    code = "output"


class OutputFailedAfterWriting(OutputFailed):
    """The same once something was written to the portal."""

    exit_code = 5


class QuotaExhausted(PartlyApplied):
    """Something was written, then a daily limit was reached, ours or the account's."""

    code = "daily_limit"
