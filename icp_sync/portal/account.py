"""The account behind the access token: which portal, how many calls today, which scopes."""

from __future__ import annotations

from dataclasses import dataclass

from icp_sync.errors import PortalError, RateLimited
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.routes import ACCOUNT, DAILY_USAGE, TOKEN


@dataclass(frozen=True, slots=True)
class Account:
    """A portal; `time_zone` is an IANA name, `ui_domain` the host people open it under."""

    portal_id: int
    time_zone: str
    ui_domain: str
    account_type: str
    currency: str | None


@dataclass(frozen=True, slots=True)
class DailyUsage:
    """The calls of all apps of the account today; `resets_at` is ISO 8601."""

    limit: int
    used: int
    resets_at: str | None


def get_account(connection: Connection) -> Account:
    """The portal the token belongs to; from then on the connection knows its time zone."""
    told = connection.call(ACCOUNT)
    connection.time_zone = str(told.get("timeZone") or "UTC")
    return Account(
        int(told["portalId"]),
        connection.time_zone,
        str(told.get("uiDomain") or "app.hubspot.com"),
        str(told.get("accountType") or "STANDARD"),
        told.get("companyCurrency"),
    )


def usage(connection: Connection) -> DailyUsage | None:
    """Today's calls, or None where HubSpot does not tell; from then on the connection knows the reset."""
    try:
        results = connection.call(DAILY_USAGE)["results"]
    except PortalError as fault:
        _scope_unknown(fault)
        return None
    told = next((one for one in results if one.get("usageLimit") is not None), None)
    if told is None:
        return None
    connection.resets_at = told.get("resetsAt")
    return DailyUsage(int(told["usageLimit"]), int(told.get("currentUsage") or 0), connection.resets_at)


def scopes(connection: Connection) -> frozenset[str] | None:
    """The scopes of the token, or None where HubSpot does not tell, as it may not for service keys."""
    try:
        told = connection.call(TOKEN, body={"tokenKey": connection.token})
    except PortalError as fault:
        _scope_unknown(fault)
        return None
    granted = told.get("scopes")
    return frozenset(map(str, granted)) if isinstance(granted, list) else None


def _scope_unknown(fault: PortalError) -> None:
    """Neither endpoint is promised to every kind of token: any refusal means only that it does not tell."""
    if isinstance(fault, RateLimited) or fault.status is None or not 400 <= fault.status < 500:
        raise fault
