"""Explaining: one company read from the portal now and scored criterion by criterion. Writes and makes nothing."""

from __future__ import annotations

from icp_sync.companies.frame import with_absent
from icp_sync.errors import CompanyNotFound, NotFound
from icp_sync.portal import companies
from icp_sync.runs.job import Job
from icp_sync.runs.preflight import greet, preflight
from icp_sync.scoring.explain import Explanation, explain


def explain_company(job: Job, wanted: str) -> tuple[Explanation, ...]:
    """The company of that id (all digits), or every company of that domain. Raises CompanyNotFound."""
    account = greet(job.connection, job.expected_portal)
    checked = preflight(job.connection, job.profile, account)
    ids = [int(wanted)] if _is_id(wanted) else companies.ids_of_domain(job.connection, wanted)
    try:
        frame = (
            companies.read_one(job.connection, ids[0], checked.pulled)
            if _is_id(wanted)
            else companies.read(job.connection, ids, checked.pulled)
        )
    except NotFound as error:
        raise CompanyNotFound(f"portal {account.portal_id} has no company with id {wanted}") from error
    if frame.is_empty():
        raise CompanyNotFound(f"portal {account.portal_id} has no company with domain {wanted}")
    return explain(with_absent(frame, checked.absent), job.profile, job.day(account))


def _is_id(wanted: str) -> bool:
    return wanted.isascii() and wanted.isdigit()
