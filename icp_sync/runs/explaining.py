"""Explaining: one company read from the portal now and scored criterion by criterion. Writes and makes nothing."""

from __future__ import annotations

from urllib.parse import urlsplit

import polars as pl

from icp_sync.companies.frame import with_absent
from icp_sync.errors import CompanyNotFound, NotFound
from icp_sync.plan.ownership import with_ownership
from icp_sync.portal import companies, properties
from icp_sync.profile.model import Profile
from icp_sync.runs.job import Job
from icp_sync.runs.preflight import Preflight, greet, preflight
from icp_sync.scoring.explain import Explanation, explain


def explain_company(job: Job, wanted: str) -> tuple[Explanation, ...]:
    """The company of that id (all digits), or every company of that domain. Raises CompanyNotFound."""
    account = greet(job)
    checked = preflight(job.profile, account, properties.definitions(job.connection))
    frame = with_ownership(with_absent(_found(job, wanted, checked), checked.absent), job.profile, adopt=False)
    return explain(frame, job.profile, job.day(account), _live_tiers(frame, job.profile))


def _found(job: Job, wanted: str, checked: Preflight) -> pl.DataFrame:
    portal = f"portal {checked.account.portal_id}"
    if _is_id(wanted):
        try:
            return companies.read_one(job.connection, int(wanted), checked.pulled)
        except NotFound as error:
            raise CompanyNotFound(f"{portal} has no company with id {wanted}") from error
    ids = companies.ids_of_domain(job.connection, _domain(wanted))
    if not ids:
        raise CompanyNotFound(f"{portal} has no company with domain {wanted}; try its record id")
    return companies.read(job.connection, ids, checked.pulled)


def _live_tiers(frame: pl.DataFrame, profile: Profile) -> dict[int, str | None]:
    """Company id → the tier on its record, whoever wrote it."""
    return dict(frame.select("id", profile.write.tier).iter_rows()) if profile.write.tier else {}


def _domain(wanted: str) -> str:
    """The domain of an address as people copy it: `https://www.example.com/about` is `example.com`."""
    host = urlsplit(wanted if "//" in wanted else f"//{wanted}").hostname or wanted
    return host.removeprefix("www.")


def _is_id(wanted: str) -> bool:
    return wanted.isascii() and wanted.isdigit()
