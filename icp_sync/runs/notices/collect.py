"""Collects what there is to tell of the runs of a session, and what was told before, from results and ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from icp_sync.errors import IcpSyncError, PlanDeclined, StateUnusable
from icp_sync.notify.metrics import RunFigures
from icp_sync.runs.interfaces import NoticeStore
from icp_sync.runs.notices.message_facts import RunNotices, notices_of_error, notices_of_result
from icp_sync.runs.notices.run_metrics import (
    LedgerFigures,
    figures_of_failure,
    figures_of_result,
    read_ledger_figures,
)
from icp_sync.runs.portal_session import PortalSession
from icp_sync.runs.run import RunResult
from icp_sync.state.ledger.overrides import Override
from icp_sync.state.store import StateStore

RecordLink = Callable[[str, int, int], str]
"""Host of the record pages, portal and company → the address of the company's record."""


@dataclass(frozen=True, slots=True)
class PendingNotices:
    """The notices of a run, and the memories of its profiles; none where the ledger cannot be opened."""

    notices: RunNotices
    memories: Sequence[NoticeStore]


def collect_result_notices(
    session: PortalSession, results: Sequence[RunResult], link: RecordLink
) -> list[PendingNotices]:
    """The notices of the runs that have a report; none of one that somebody said no to."""
    return [
        _notices_of_result(session, result, link)
        for result in results
        if not isinstance(result.report.error, PlanDeclined)
    ]


def collect_failure_notices(session: PortalSession | None, files: str, error: IcpSyncError) -> list[PendingNotices]:
    """The notices of an error that ended all runs before a report. `session` None: before profiles were loaded.

    `files`: the profiles' files, for that case.
    """
    profile, portal_id = ", ".join(_profile_names(session)) or files, session.known_portal_id if session else None
    again = session.repeat_options(session.profiles[0]) if session and len(session.profiles) == 1 else ()
    notices = notices_of_error(error, profile, portal_id, again)
    return [PendingNotices(notices, [one.notices for one in _profile_stores(session)])]


def collect_run_figures(
    session: PortalSession | None, files: str, results: Sequence[RunResult] | None, exit_code: int
) -> list[RunFigures]:
    """The figures of each profile for the metrics; `results` None: an error ended all runs before a report."""
    known = _ledger_figures(session)
    if results is None:
        names = _profile_names(session) or [files]
        return [figures_of_failure(name, session, exit_code, known.get(name, LedgerFigures())) for name in names]
    codes = [exit_code if len(results) == 1 else result.report.exit_code for result in results]
    return [
        figures_of_result(result, code, known.get(result.report.plan.origin.profile_name, LedgerFigures()))
        for result, code in zip(results, codes, strict=True)
    ]


def _notices_of_result(session: PortalSession, result: RunResult, link: RecordLink) -> PendingNotices:
    origin = result.report.plan.origin
    (loaded,) = (one for one in session.profiles if one.profile.name == origin.profile_name)
    stores = [store for store in _profile_stores(session) if store.profile == origin.profile_name]
    overrides: list[Override] = []
    with suppress(StateUnusable):  # a ledger that cannot be read is what the message tells of
        overrides = [override for store in stores for override in store.overrides.list_open()]
    notices = notices_of_result(
        result,
        loaded.profile.profile.review_by,
        lambda company: link(result.ui_domain, origin.portal_id, company),
        overrides,
        session.repeat_options(loaded),
    )
    return PendingNotices(notices, [store.notices for store in stores])


def _profile_names(session: PortalSession | None) -> list[str]:
    return list(session.profile_names) if session else []


def _profile_stores(session: PortalSession | None) -> list[StateStore]:
    """The state of each profile; none where it cannot be told whose portal it is about, or it cannot be opened."""
    if session is None:
        return []
    try:
        portals = {name: _portal_id(session, name) for name in _profile_names(session)}
        return [session.state.open(portal_id, name) for name, portal_id in portals.items() if portal_id is not None]
    except IcpSyncError:
        return []


def _portal_id(session: PortalSession, profile: str) -> int | None:
    """The portal of a run; one that failed before it knew is about the only portal the profile has run on."""
    if session.known_portal_id is not None:
        return session.known_portal_id
    portals = session.state.portals(profile)
    # Of several it may be any, and a message about the wrong portal is worse than one that names none.
    return portals[0] if len(portals) == 1 else None


def _ledger_figures(session: PortalSession | None) -> dict[str, LedgerFigures]:
    """Profile → what the ledger tells of it, where it can be read."""
    with suppress(StateUnusable):
        return {store.profile: read_ledger_figures(store) for store in _profile_stores(session)}
    return {}
