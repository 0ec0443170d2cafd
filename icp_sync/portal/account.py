"""The account behind the access token: portal, daily API usage, scopes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from icp_sync.errors import PortalError, PortalUnavailable, RateLimited
from icp_sync.plan.apply_stages import AnyOf
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.response_shapes import whole_number
from icp_sync.portal.client.routes import ACCOUNT, DAILY_USAGE, TOKEN
from icp_sync.portal.client.timestamps import timestamp_text


@dataclass(frozen=True, slots=True)
class Account:
    """A portal; `time_zone` is an IANA name, `ui_domain` the host of its web pages; `currency` None = unknown."""

    portal_id: int
    time_zone: str
    ui_domain: str
    account_type: str
    currency: str | None


@dataclass(frozen=True, slots=True)
class AccountUsage:
    """API calls of all apps of the account today, and its daily limit; `resets_at` is ISO 8601."""

    limit: int
    used: int
    resets_at: str | None


def fetch_account(connection: Connection) -> Account:
    """Return the token's portal, and set the connection's `time_zone`."""
    response = connection.call(ACCOUNT)
    connection.time_zone = str(response.get("timeZone") or "UTC")
    return Account(
        int(response["portalId"]),
        connection.time_zone,
        str(response.get("uiDomain") or "app.hubspot.com"),
        str(response.get("accountType") or "STANDARD"),
        response.get("companyCurrency"),
    )


def fetch_daily_usage(connection: Connection) -> AccountUsage | None:
    """Return today's usage, None where this token may not read it; sets the connection's `resets_at`."""
    # This count lags: it was seen at 0 while the headers of the same response showed 14 calls used.
    try:
        results = connection.call(DAILY_USAGE)["results"]
    except PortalError as error:
        _raise_unless_denied(error)
        return None
    entry = next((entry for entry in results if whole_number(entry.get("usageLimit")) is not None), None)
    if entry is None:
        return None
    connection.resets_at = timestamp_text(entry.get("resetsAt"))
    return AccountUsage(int(entry["usageLimit"]), whole_number(entry.get("currentUsage")) or 0, connection.resets_at)


def fetch_missing_scopes(connection: Connection, needed: Sequence[AnyOf]) -> list[str] | None:
    """Return the scope to grant for each of `needed` of which the token has none; None where HubSpot does not tell."""
    # For a service key HubSpot is not known to tell the scopes (hubspot-api.md, section 8).
    granted = _fetch_token_scopes(connection)
    return None if granted is None else [scopes[0] for scopes in needed if granted.isdisjoint(scopes)]


def _fetch_token_scopes(connection: Connection) -> frozenset[str] | None:
    try:
        response = connection.call(TOKEN, body={"tokenKey": connection.token})
    except PortalUnavailable as error:
        # HubSpot describes this call nowhere, so that it may cease to answer; nothing but this look depends on it.
        if error.status is None:
            raise
        return None
    except PortalError as error:
        _raise_unless_denied(error)
        return None
    granted = response.get("scopes")
    return frozenset(map(str, granted)) if isinstance(granted, list) else None


def _raise_unless_denied(error: PortalError) -> None:
    """Raise `error` unless it is a 4xx other than a rate limit: not every kind of token may use these endpoints."""
    if isinstance(error, RateLimited) or error.status is None or not 400 <= error.status < 500:
        raise error
