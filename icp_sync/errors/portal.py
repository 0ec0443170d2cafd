"""HubSpot refused or did not answer, or what is in the portal does not do."""

from __future__ import annotations

from collections.abc import Sequence

from icp_sync.errors.base import IcpSyncError


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


class PortalUnavailable(PortalError):
    """The portal could not be reached or kept failing."""

    code = "unavailable"


class RateLimited(PortalError):
    """The portal still answered 429 after the last retry."""

    code = "rate_limited"


class DailyLimitReached(RateLimited):
    """The account's API calls for the day are used up; a retry before the reset cannot succeed."""

    code = "daily_limit"


class ObjectNotFound(PortalError):
    """The portal answered 404: no object of that id or name."""

    code = "not_found"


class RequestRejected(PortalError):
    """The portal understood the request and refused it (400, 409 and their like)."""

    code = "rejected"


class WrongPortal(IcpSyncError):
    """The token belongs to another portal than the one asked for."""

    code = "wrong_portal"


class PreflightFailed(IcpSyncError):
    """The portal does not fit the profile; `details` say what to change where."""

    code = "preflight"


class TooFewDeals(IcpSyncError):
    """Too few won or lost companies to compare them."""

    code = "too_few"


class CompanyNotFound(IcpSyncError):
    """No company of that id, domain or name is in the portal."""

    code = "company_not_found"


class AmbiguousCompany(IcpSyncError):
    """More than one company goes by that name; `details` are their `id`, `name` and `domain`."""

    code = "several_companies"
