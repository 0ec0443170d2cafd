"""What an answer that is not a success means: which failure of ours, and whether to try again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from math import isfinite
from typing import Any, Final

import orjson

from icp_sync import errors
from icp_sync.portal.client import retry as retrying
from icp_sync.portal.client.error_details import error_reasons, required_scopes
from icp_sync.portal.client.network import DIRECT, NetworkPath
from icp_sync.portal.client.quota_day import format_local, next_midnight
from icp_sync.portal.client.retry import CallFailure
from icp_sync.portal.client.routes import Route


def parse_success(route: Route, status: int, data: bytes, call: CallInfo) -> Any:
    """The JSON value of a 2xx, or the Failure it amounts to."""
    if not data and route.answers is None:
        return {}
    try:
        answer = _parsed(data)
    except ValueError:
        return truncated(status, call) if data.lstrip()[:1] == b"{" else not_hubspot(status, call)
    if not isinstance(answer, dict) or (route.answers is not None and route.answers not in answer):
        return not_hubspot(status, call)
    if route.batch and answer.get("errors"):
        answer["errors"] = orjson.loads(call.clean(orjson.dumps(answer["errors"]).decode()))
    elif route.batch and not answer["results"]:
        return empty_batch(status, call)
    return answer


def _parsed(data: bytes) -> Any:
    """A text cut in the middle of an emoji is no JSON to a strict parser; it must not cost its whole page."""
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError:
        lenient = json.loads(data)
        return orjson.loads(json.dumps(lenient, ensure_ascii=False).encode("utf-8", "replace"))


GET_A_KEY: Final = "make a service key in HubSpot (Settings > Integrations) and set HUBSPOT_ACCESS_TOKEN to it"
# Faults between HubSpot's own machines, and the 530 it is known to answer a token in a wrong form with.
_SELDOM_CURED: Final = frozenset({522, 525, 526, 530})


@dataclass(frozen=True, slots=True)
class PortalDay:
    """What is known of the account's day: its time zone, when its count starts anew (ISO 8601), calls allowed."""

    time_zone: str | None = None
    resets_at: str | None = None
    limit: int | None = None

    def ends(self) -> str:
        """When the count starts anew, in the portal's time zone where that is known."""
        if self.time_zone is None:
            return self.resets_at or "midnight in the portal's time zone"
        try:
            moment = datetime.fromisoformat(self.resets_at or "")
        except ValueError:
            moment = next_midnight(datetime.now(UTC), self.time_zone)
        return format_local(moment if moment.tzinfo else moment.replace(tzinfo=UTC), self.time_zone)


@dataclass(frozen=True, slots=True)
class CallInfo:
    """Which call was answered, by which host, the secret it carried, what is known of the account's day, its way."""

    label: str
    host: str
    secret: str
    day: PortalDay = PortalDay()
    way: NetworkPath = DIRECT

    def clean(self, text: str) -> str:
        """`text` without the access token, whoever put it there."""
        return text.replace(self.secret, "[access token]")


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """An answer other than 2xx; `body` is empty unless it was a JSON object, `retry_after` is in seconds."""

    status: int
    body: Mapping[str, Any]
    retry_after: float | None = None

    @property
    def correlation_id(self) -> str | None:
        said = self.body.get("correlationId")
        return str(said) if said else None

    @property
    def words(self) -> str:
        return "; ".join(dict.fromkeys(map(str, error_reasons(self.body))))


class EmptyBatchResponse(errors.Unavailable):
    """A batch was answered with neither results nor errors, again and again: nothing came of it."""


def from_error_response(reply: ErrorResponse, call: CallInfo) -> CallFailure:
    """The failure that an answer other than 2xx means."""
    if reply.status == 429:
        return _rate_limited(reply, call)
    if reply.status in {408, 423, 477} or reply.status >= 500:
        return _unavailable(reply, call)
    if not reply.body and reply.status not in {401, 414}:
        return CallFailure(not_hubspot(reply.status, call).error)
    return CallFailure(_permanent(reply, call))


def not_hubspot(status: int, call: CallInfo) -> CallFailure:
    """An answer that is not HubSpot's API speaking: torn on its way, or of another server altogether."""
    message = (
        f"{call.host} answered {call.label} with status {status} and something that is not HubSpot's API; "
        "check HUBSPOT_BASE_URL, and that no proxy or login page stands in between"
    )
    return CallFailure(errors.Unavailable(message, status=status), retrying.DOUBTFUL)


def truncated(status: int, call: CallInfo) -> CallFailure:
    """An answer that ends in the middle."""
    message = f"{call.host} kept sending torn answers to {call.label}; try again later"
    return CallFailure(errors.Unavailable(message, status=status), retrying.BROKEN)


def empty_batch(status: int, call: CallInfo) -> CallFailure:
    """A batch that was answered without a word on any of its inputs."""
    message = f"HubSpot answered {call.label} with neither results nor errors; try again later"
    return CallFailure(EmptyBatchResponse(message, status=status), retrying.DOUBTFUL)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds a `Retry-After` asks for, as a number or as a moment; None where it says neither."""
    asked = headers.get("Retry-After")
    if not asked:
        return None
    try:
        seconds = float(asked)
    except ValueError:
        until, since = _moment(asked), _moment(headers.get("Date")) or datetime.now(UTC)
        seconds = (until - since).total_seconds() if until else 0.0
    return seconds if isfinite(seconds) and seconds > 0 else None


def server_date(headers: Mapping[str, str]) -> datetime | None:
    """When the server says it answered (`Date`), in UTC; None where it does not say."""
    return _moment(headers.get("Date"))


@lru_cache(maxsize=8)
def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _rate_limited(reply: ErrorResponse, call: CallInfo) -> CallFailure:
    policy = str(reply.body.get("policyName") or reply.body.get("message") or "").upper()
    if "DAILY" in policy:
        calls = f"{call.day.limit:,} calls" if call.day.limit else "calls"
        message = (
            f"HubSpot's own limit is reached: the account has used up its {calls} for today, all its apps together; "
            f"it counts anew at {call.day.ends()}; the next run continues"
        )
        return CallFailure(errors.DailyLimitReached(message, status=reply.status, correlation_id=reply.correlation_id))
    message = "HubSpot kept answering that we are too fast; is another program using this access token?"
    ten_seconds = "TEN" in policy or "SECONDLY" not in policy
    patience = retrying.TEN_SECONDLY if ten_seconds else retrying.SECONDLY
    return CallFailure(
        errors.RateLimited(message, status=reply.status, correlation_id=reply.correlation_id),
        patience,
        reply.retry_after,
    )


def _unavailable(reply: ErrorResponse, call: CallInfo) -> CallFailure:
    status, wait = reply.status, reply.retry_after
    patience = retrying.DOUBTFUL if status in _SELDOM_CURED else retrying.BROKEN
    message = f"HubSpot kept failing at {call.label} (status {status}); try again later, and see status.hubspot.com"
    if status == 423:
        message = f"HubSpot kept the account locked at {call.label} after many writes (423); try again later"
        patience = retrying.LOCKED
    elif status == 530:
        message = f"{call.host} answered 530, as HubSpot does for a token in a wrong form; {GET_A_KEY}"
    error = errors.Unavailable(message, status=status, correlation_id=reply.correlation_id)
    return CallFailure(_migrating(reply)) if status == 477 else CallFailure(error, patience, wait)


def _migrating(reply: ErrorResponse) -> errors.Unavailable:
    when = (
        f"try again in {reply.retry_after:.0f} seconds (Retry-After)"
        if reply.retry_after
        else "this takes up to 24 hours"
    )
    message = f"HubSpot is moving this portal to another data centre (477); {when}"
    return errors.Unavailable(message, status=477, correlation_id=reply.correlation_id)


def _permanent(reply: ErrorResponse, call: CallInfo) -> errors.PortalError:
    """The refusals that no second try changes."""
    if reply.status == 401:
        return errors.AuthenticationFailed(
            f"HubSpot refused the access token; {GET_A_KEY}",
            status=reply.status,
            correlation_id=reply.correlation_id,
        )
    if reply.status == 403:
        return _scope_missing(reply, call)
    if reply.status == 404:
        return errors.NotFound(
            f"the portal has no such thing at {call.label}: {reply.words}",
            status=reply.status,
            correlation_id=reply.correlation_id,
        )
    return errors.Rejected(
        f"HubSpot refused {call.label} ({reply.status}): {reply.words}",
        category=reply.body.get("category"),
        sub_category=reply.body.get("subCategory"),
        details=error_reasons(reply.body),
        status=reply.status,
        correlation_id=reply.correlation_id,
    )


def _scope_missing(reply: ErrorResponse, call: CallInfo) -> errors.ScopeMissing:
    scopes = required_scopes(reply.body)
    lacks = f"lacks {' or '.join(scopes)}" if scopes else f"may not do this: {reply.words}"
    return errors.ScopeMissing(
        f"the access token {lacks} ({call.label}); add the scope to the service key in HubSpot",
        status=403,
        correlation_id=reply.correlation_id,
        details=scopes,
    )
