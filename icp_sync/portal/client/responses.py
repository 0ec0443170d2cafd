"""The call failure that a response other than HubSpot's 2xx means, with its backoff."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from math import isfinite
from typing import Any, Final

from icp_sync import errors
from icp_sync.portal.client import retry
from icp_sync.portal.client.error_details import error_reasons, required_scopes
from icp_sync.portal.client.proxy_and_certificates import DIRECT, NetworkPath
from icp_sync.portal.client.quota_day import UNKNOWN_DAY, PortalDay
from icp_sync.portal.client.retry import CallFailure

GET_A_KEY: Final = "make a service key in HubSpot (Settings > Integrations) and set HUBSPOT_ACCESS_TOKEN to it"
# Cloudflare's statuses for faults between HubSpot's own machines; 530 is also its answer to a malformed token.
_RARELY_TRANSIENT: Final = frozenset({522, 525, 526, 530})


@dataclass(frozen=True, slots=True)
class CallInfo:
    """What error messages say of a call: route label, host, quota day, proxy and certificates; `secret` is removed."""

    label: str
    host: str
    secret: str
    day: PortalDay = UNKNOWN_DAY
    network_path: NetworkPath = DIRECT

    def redact_token(self, text: str) -> str:
        """Return `text` without the access token, which HubSpot and proxies may quote."""
        return text.replace(self.secret, "[access token]")


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """A response other than 2xx; `body` is empty unless it was a JSON object, `retry_after` is in seconds."""

    status: int
    body: Mapping[str, Any]
    retry_after: float | None = None

    @property
    def correlation_id(self) -> str | None:
        correlation_id = self.body.get("correlationId")
        return str(correlation_id) if correlation_id else None

    @property
    def reason_text(self) -> str:
        return "; ".join(dict.fromkeys(map(str, error_reasons(self.body))))


@dataclass(frozen=True, slots=True)
class BatchPart:
    """What came of a batch read in part: the records, ids said to be absent, and what was said of the others."""

    results: list[Any] = field(repr=False)
    absent: frozenset[str]
    problems: Sequence[Mapping[str, Any]]


class PartialBatchResponse(errors.PortalUnavailable):
    """A batch read came back for a `part` of its inputs, in every attempt; the others are not known to be absent."""

    def __init__(self, message: str, part: BatchPart, *, status: int) -> None:
        super().__init__(message, status=status)
        self.part = part


class EmptyBatchResponse(errors.PortalUnavailable):
    """A batch got neither results nor errors, in every attempt: nothing was read or written."""


def error_response_failure(response: ErrorResponse, call: CallInfo) -> CallFailure:
    """Return the call failure for a response other than 2xx."""
    if response.status == 429:
        return _rate_limit_failure(response, call)
    # 408 timeout, 423 locked after many writes, 477 account moving to another data centre: as transient as a 5xx.
    if response.status in {408, 423, 477} or response.status >= 500:
        return _server_failure(response, call)
    # HubSpot's errors are JSON, except 401 and the web server's 414 for a URL that is too long.
    if not response.body and response.status not in {401, 414}:
        return CallFailure(not_hubspot_failure(response.status, call).error)
    return CallFailure(_permanent_error(response, call))


def not_hubspot_failure(status: int, call: CallInfo) -> CallFailure:
    """Return the call failure for a response that is not from HubSpot's API, such as a proxy's or a login page."""
    message = (
        f"{call.host} answered {call.label} with status {status} and something that is not HubSpot's API; "
        "check HUBSPOT_BASE_URL, and that no proxy or login page stands in between"
    )
    return CallFailure(errors.PortalUnavailable(message, status=status), retry.DOUBTFUL)


def truncated_failure(status: int, call: CallInfo) -> CallFailure:
    """Return the call failure for a JSON body that ends early."""
    message = f"{call.host} kept sending torn answers to {call.label}; try again later"
    return CallFailure(errors.PortalUnavailable(message, status=status), retry.BROKEN)


def empty_batch_failure(status: int, call: CallInfo) -> CallFailure:
    """Return the call failure for a batch with neither results nor errors."""
    message = f"HubSpot answered {call.label} with neither results nor errors; try again later"
    return CallFailure(EmptyBatchResponse(message, status=status), retry.DOUBTFUL)


def partial_failure(status: int, call: CallInfo, part: BatchPart) -> CallFailure:
    """Return the call failure for a batch that was read in part, with HubSpot's word on one of the other records."""
    reason = error_reasons(part.problems[0])[0]
    message = f"HubSpot answered {call.label} for a part of the records only ({reason}); run again later"
    return CallFailure(PartialBatchResponse(message, part, status=status), retry.DOUBTFUL)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a `Retry-After` header, which is a number or a date; None without a usable one."""
    value = headers.get("Retry-After")
    if not value:
        return None
    try:
        seconds = float(value)
    except ValueError:
        until, since = _parse_http_date(value), _parse_http_date(headers.get("Date")) or datetime.now(UTC)
        seconds = (until - since).total_seconds() if until else 0.0
    return seconds if isfinite(seconds) and seconds > 0 else None


def server_date(headers: Mapping[str, str]) -> datetime | None:
    """Return the response's `Date` header as an aware time in UTC; None without a valid one."""
    return _parse_http_date(headers.get("Date"))


@lru_cache(maxsize=8)
def _parse_http_date(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _rate_limit_failure(response: ErrorResponse, call: CallInfo) -> CallFailure:
    # Every key of a 429 body is optional: older ones name the policy in `message` only.
    policy = str(response.body.get("policyName") or response.body.get("message") or "").upper()
    if "DAILY" in policy:
        calls = f"{call.day.limit:,} calls" if call.day.limit else "calls"
        message = (
            f"HubSpot's own limit is reached: the account has used up its {calls} for today, all its apps together; "
            f"it counts anew at {call.day.format_reset()}; the next run continues"
        )
        return CallFailure(
            errors.DailyLimitReached(message, status=response.status, correlation_id=response.correlation_id)
        )
    message = "HubSpot kept answering that we are too fast; is another program using this access token?"
    ten_seconds = "TEN" in policy or "SECONDLY" not in policy
    backoff = retry.TEN_SECONDLY if ten_seconds else retry.SECONDLY
    return CallFailure(
        errors.RateLimited(message, status=response.status, correlation_id=response.correlation_id),
        backoff,
        response.retry_after,
    )


def _server_failure(response: ErrorResponse, call: CallInfo) -> CallFailure:
    status, retry_after_s = response.status, response.retry_after
    backoff = retry.DOUBTFUL if status in _RARELY_TRANSIENT else retry.BROKEN
    message = f"HubSpot kept failing at {call.label} (status {status}); try again later, and see status.hubspot.com"
    if status == 423:
        message = f"HubSpot kept the account locked at {call.label} after many writes (423); try again later"
        backoff = retry.LOCKED
    elif status == 530:
        message = f"{call.host} answered 530, as HubSpot does for a token in a wrong form; {GET_A_KEY}"
    error = errors.PortalUnavailable(message, status=status, correlation_id=response.correlation_id)
    return (
        CallFailure(_data_centre_move_error(response)) if status == 477 else CallFailure(error, backoff, retry_after_s)
    )


def _data_centre_move_error(response: ErrorResponse) -> errors.PortalUnavailable:
    when = (
        f"try again in {response.retry_after:.0f} seconds (Retry-After)"
        if response.retry_after
        else "this takes up to 24 hours"
    )
    message = f"HubSpot is moving this portal to another data centre (477); {when}"
    return errors.PortalUnavailable(message, status=477, correlation_id=response.correlation_id)


def _permanent_error(response: ErrorResponse, call: CallInfo) -> errors.PortalError:
    """The errors that no retry changes: 401, 403, 404 and all other 4xx."""
    if response.status == 401:
        return errors.AuthenticationFailed(
            f"HubSpot refused the access token; {GET_A_KEY}",
            status=response.status,
            correlation_id=response.correlation_id,
        )
    if response.status == 403:
        return _scope_error(response, call)
    if response.status == 404:
        return errors.ObjectNotFound(
            f"the portal has no such thing at {call.label}: {response.reason_text}",
            status=response.status,
            correlation_id=response.correlation_id,
        )
    return errors.RequestRejected(
        f"HubSpot refused {call.label} ({response.status}): {response.reason_text}",
        category=response.body.get("category"),
        sub_category=response.body.get("subCategory"),
        details=error_reasons(response.body),
        status=response.status,
        correlation_id=response.correlation_id,
    )


def _scope_error(response: ErrorResponse, call: CallInfo) -> errors.ScopeMissing:
    scopes = required_scopes(response.body)
    lacks = f"lacks {' or '.join(scopes)}" if scopes else f"may not do this: {response.reason_text}"
    remedy = "add the scope to the service key in HubSpot" if scopes else "have an administrator allow it in HubSpot"
    return errors.ScopeMissing(
        f"the access token {lacks} ({call.label}); {remedy}",
        status=403,
        correlation_id=response.correlation_id,
        details=scopes,
    )
