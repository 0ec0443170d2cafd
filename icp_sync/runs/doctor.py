"""Doctor: independent checks of token, portal, state and profile, each with what to do; a failed one stops none."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from icp_sync.errors import DailyLimitReached, IcpSyncError, ScopeMissing
from icp_sync.plan.apply_stages import COMPANY_WRITING, LIST_WRITING
from icp_sync.portal import account as account_api
from icp_sync.portal import lists
from icp_sync.portal.account import Account, AccountUsage
from icp_sync.portal.client.connection import Connection
from icp_sync.portal.client.quota_day import PortalDay
from icp_sync.portal.client.rate_limit import DEFAULT_SHARE
from icp_sync.portal.companies import read as companies
from icp_sync.profile.load import LoadedProfile
from icp_sync.profile.model.profile import Profile
from icp_sync.runs import list_quota
from icp_sync.runs.deal_sync import check_deals_readable
from icp_sync.runs.doctor_contacts import describe_contacts, writes_committee
from icp_sync.runs.doctor_last_run import describe_last_run, describe_overrides_holds_pins
from icp_sync.runs.doctor_state import check_ledger, check_quota, check_snapshot, check_state, probe_snapshot_store
from icp_sync.runs.extract.list_resolution import ResolvedLists, profiles_keeping_lists, resolve_lists
from icp_sync.runs.extract.portal_settings_check import describe_other_currency, describe_time_zone
from icp_sync.runs.extract.preflight import ALWAYS_READ, preflight, required_properties
from icp_sync.runs.extract.property_definitions import fetch_definitions
from icp_sync.runs.portal_session import PortalSession, verify_account
from icp_sync.state.store import StateStore

# HubSpot supports a dated version for eighteen months; v3 is the last one without a date.
SUPPORT_ENDS: Final = {"v3": dt.date(2027, 9, 1), "2026-03": dt.date(2027, 9, 30), "2026-09": dt.date(2028, 3, 31)}
Finding = str | tuple[str, str]
"""The result of a check that passed: a message, and advice where one is due."""
Examination = tuple[str, Callable[[], Finding]]
"""A check by its name; an error it raises is a fault."""
WRITING_SCOPES: Final = (COMPANY_WRITING, ("crm.schemas.companies.write",), LIST_WRITING)


@dataclass(frozen=True, slots=True)
class DoctorCheck:
    """One check: `fix` is empty when there is nothing to do."""

    name: str
    ok: bool
    message: str
    fix: str = ""


def run_all_checks(session: PortalSession, version: str) -> tuple[DoctorCheck, ...]:
    """Run every check for this token and the session's profile; only reads."""
    try:
        # A used-up ceiling must not keep doctor from looking at the rest; it is a check of its own below.
        session.connect(enforce_quota=False)
    except IcpSyncError as error:
        return (DoctorCheck("token and portal", ok=False, message=error.message, fix=_remedy(error)),)
    again = session.repeat_options(session.only_profile())
    return (
        *run_checks(
            [
                ("last run", lambda: describe_last_run(_open_store(session), session.now, again)),
                ("overrides", lambda: describe_overrides_holds_pins(_open_store(session))),
            ]
        ),
        _portal_check(session.account),
        _api_version_check(version, session.now.date()),
        *run_checks(_portal_and_state_checks(session, session.only_profile())),
    )


def run_portal_checks(
    connection: Connection, version: str, expected: int | None, today: dt.date
) -> tuple[DoctorCheck, ...]:
    """The checks that need no profile: token, portal, scopes, limits; only reads."""
    try:
        account = verify_account(connection, expected)
    except IcpSyncError as error:
        return (DoctorCheck("token and portal", ok=False, message=error.message, fix=_remedy(error)),)
    examinations: list[Examination] = [
        ("scopes", lambda: _check_scopes(connection)),
        ("reading companies", lambda: _check_companies_readable(connection, ALWAYS_READ)),
        ("reading lists", lambda: _check_lists_readable(connection)),
        ("list quota", lambda: list_quota.describe_quota(connection, {})),
        ("limits", lambda: _describe_limits(connection, account.time_zone)),
    ]
    return (_portal_check(account), _api_version_check(version, today), *run_checks(examinations))


def _portal_check(account: Account) -> DoctorCheck:
    message = f"portal {account.portal_id} ({account.account_type}), time zone {describe_time_zone(account.time_zone)}"
    return DoctorCheck("token and portal", ok=True, message=message)


def _portal_and_state_checks(session: PortalSession, loaded: LoadedProfile) -> Iterator[Examination]:
    connection, profile = session.connection, loaded.profile

    if session.quota is not None:
        quota = session.quota
        yield "daily ceiling", lambda: check_quota(connection, quota, session.account)
    yield "scopes", lambda: _check_scopes(connection)
    yield "reading companies", lambda: _check_companies_readable(connection, required_properties(profile))
    yield "reading lists", lambda: _check_lists_readable(connection)
    if "outcomes" in profile.model_fields_set and profile.outcomes.deals is not None:
        yield "reading deals", lambda: check_deals_readable(connection)
    yield "properties", lambda: _check_properties(session, profile)
    if writes_committee(profile):
        yield "reading contacts", lambda: describe_contacts(connection, profile)
    yield "currency", lambda: _compare_currencies(profile, session.account)
    yield "limits", lambda: _describe_limits(connection, session.account.time_zone)
    yield "state directory", lambda: _describe_state(session, _open_store(session))
    yield "ledger", lambda: check_ledger(_open_store(session))
    if session.state.snapshots is not None:
        yield "snapshot store", lambda: probe_snapshot_store(_open_store(session))
    yield "snapshot", lambda: check_snapshot(_open_store(session), session.now)
    yield "lists", lambda: _describe_lists(_resolve_lists(session, profile, _open_store(session)))
    yield (
        "list quota",
        lambda: _describe_list_quota(connection, profile, _resolve_lists(session, profile, _open_store(session))),
    )


def _describe_state(session: PortalSession, store: StateStore) -> tuple[str, str]:
    return check_state(store), session.state.describe_former_state(store, session.profile_names)


def _open_store(session: PortalSession) -> StateStore:
    return session.state.open(session.account.portal_id, session.only_profile().profile.name)


def run_checks(examinations: Iterable[Examination]) -> Iterator[DoctorCheck]:
    """Make the checks one after the other; a fault in one stops no other."""
    for name, examination in examinations:
        try:
            finding = examination()
            message, fix = (finding, "") if isinstance(finding, str) else finding
            yield DoctorCheck(name, ok=True, message=message, fix=fix)
        except IcpSyncError as error:
            yield DoctorCheck(name, ok=False, message=error.message, fix=_remedy(error))


def _remedy(error: IcpSyncError) -> str:
    if isinstance(error, ScopeMissing) and error.details:
        return f"add the scopes {', '.join(map(str, error.details))} to the service key"
    return "; ".join(str(detail) for detail in error.details) or error.message.partition("; ")[2] or error.message


def _compare_currencies(profile: Profile, account: Account) -> str:
    """The two currencies compared: amounts are not converted, so profile and portal must use the same one."""
    ours, theirs = profile.profile.currency, account.currency
    same = f"the profile names {ours or 'no currency'}, the portal {theirs or 'none'}"
    return describe_other_currency(profile, account) or same


def _api_version_check(version: str, today: dt.date) -> DoctorCheck:
    ends = SUPPORT_ENDS[version]
    left = (ends - today).days
    newest = max(SUPPORT_ENDS, key=lambda known: SUPPORT_ENDS[known])
    fix = "update icp_sync" if version == newest else f"set HUBSPOT_API_VERSION={newest}"
    return DoctorCheck(
        "API version",
        left > 0,
        f"{version}, supported by HubSpot until {ends:%B %Y} ({left} days)",
        # Half a year's notice: HubSpot brings a version every March and September (hubspot-api.md, section 10).
        "" if left > 180 else fix,
    )


def _check_scopes(connection: Connection) -> str:
    missing = account_api.fetch_missing_scopes(connection, WRITING_SCOPES)
    if missing is None:
        return (
            "HubSpot does not tell the scopes of this kind of token; reading is checked below, writing by the first run"
        )
    if missing:
        raise ScopeMissing(f"the token lacks {', '.join(missing)}", details=missing)
    return f"all {len(WRITING_SCOPES)} writing scopes granted"


def _check_companies_readable(connection: Connection, names: Sequence[str]) -> str:
    """Read one page with all the properties of a run: a key may read companies and yet lack some properties."""
    companies.probe_properties(connection, names)
    return f"companies can be read, with {len(names)} properties"


def _check_lists_readable(connection: Connection) -> str:
    lists.find_by_name(connection, "icp_sync")
    return "lists can be read"


def _check_properties(session: PortalSession, profile: Profile) -> str:
    checked = preflight(profile, session.account, fetch_definitions(session.connection, [profile]))
    missing = checked.to_make.properties
    creations = f"; apply makes {', '.join(missing)}" if missing else ""
    return f"{len(checked.pulled)} properties of the profile are there{creations}"


def _describe_limits(connection: Connection, time_zone: str) -> str:
    usage = account_api.fetch_daily_usage(connection)
    burst = f"{connection.burst_limit()} calls in 10 s (icp_sync uses {DEFAULT_SHARE:.0%})"
    line = f"{burst}; {_describe_daily_usage(usage, time_zone)}"
    if usage and usage.used >= usage.limit:
        raise DailyLimitReached(f"{line}; wait until then, or ask which other app of the account calls so much")
    return line


def _describe_daily_usage(usage: AccountUsage | None, time_zone: str) -> str:
    if usage is None:
        return "HubSpot does not tell this kind of token its daily use"
    left = max(0, usage.limit - usage.used)
    resets = PortalDay(time_zone, usage.resets_at).format_reset()
    return f"{usage.used:,} of the account's {usage.limit:,} calls used today, {left:,} left until {resets}"


def _describe_lists(resolved: ResolvedLists) -> str:
    existing = sum(live.id is not None for live in resolved.live.values())
    return "; ".join([f"{existing} of {len(resolved.live)} lists of the profile are there", *resolved.notes])


def _describe_list_quota(connection: Connection, profile: Profile, resolved: ResolvedLists) -> tuple[str, str]:
    # HubSpot limits active and static lists apart, each by the account's subscription.
    needed = Counter(target.kind for target in profile.lists if resolved.live[target.name].id is None)
    return list_quota.describe_quota(connection, needed)


def _resolve_lists(session: PortalSession, profile: Profile, store: StateStore) -> ResolvedLists:
    known, allow = store.lists.records(), session.options.allow
    return resolve_lists(session.connection, profile, known, allow, None, profiles_keeping_lists(store, known))
