"""Explaining: one company read from the portal now and scored criterion by criterion. Writes and makes nothing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import polars as pl

from icp_sync.companies import snapshot as replica
from icp_sync.companies.frame import ID, with_absent
from icp_sync.errors import CompanyNotFound, NotFound, SeveralCompanies
from icp_sync.plan.ownership import with_ownership
from icp_sync.portal.companies import read as companies
from icp_sync.profile.model.profile import Profile
from icp_sync.runs.context import ProfileRun
from icp_sync.runs.extract.definitions import definitions_for
from icp_sync.runs.extract.preflight import Preflight, connect_account, preflight
from icp_sync.scoring.explain import Explanation, explain
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from icp_sync.state import snapshot
from icp_sync.state.snapshot import NoSnapshot, Snapshot


@dataclass(frozen=True, slots=True)
class Explained:
    """The companies explained, and where people open their records.

    `as_of`: when the snapshot was read that told which tiers are full; None without one.
    """

    companies: tuple[Explanation, ...]
    as_of: dt.datetime | None
    ui_domain: str
    portal_id: int


def explain_company(job: ProfileRun, wanted: str) -> Explained:
    """The company of that id (all digits) or name, or every company of that domain.

    Raises CompanyNotFound, and SeveralCompanies where a name is not enough.

    Whether a tier with a capacity has a place for it is told by the snapshot of all the others, where there is one.
    """
    account = connect_account(job)
    job = job.by_portal_clock()
    checked = preflight(job.profile, account, definitions_for(job.connection, [job.profile]))
    found = _found(job, wanted, checked)
    frame = _whole(found, job.profile, checked)
    program = compile_profile(job.profile, job.day(account), checked.conventions)
    explained = explain(frame, program, _live_tiers(frame, job.profile))
    others = _others(job, checked)
    if others is None:
        return Explained(explained, None, account.ui_domain, account.portal_id)
    known = replica.upsert(replica.select_present(others.companies, checked.pulled), found)
    scored = score(_whole(known, job.profile, checked), program).frame
    told = {row[ID]: row for row in scored.filter(pl.col(ID).is_in(found[ID].implode())).to_dicts()}
    placed = tuple(
        replace(one, tier=told[one.id]["tier"], reasons=told[one.id]["reasons"]) if one.id in told else one
        for one in explained
    )
    return Explained(placed, others.read_from, account.ui_domain, account.portal_id)


def _whole(companies: pl.DataFrame, profile: Profile, checked: Preflight) -> pl.DataFrame:
    return with_ownership(with_absent(companies, checked.absent), profile, adopt=False)


def _others(job: ProfileRun, checked: Preflight) -> Snapshot | None:
    """The snapshot, where places are counted and it holds what they are counted by."""
    if not any(tier.capacity for tier in job.profile.tiers):
        return None
    portal_id = checked.account.portal_id
    held = snapshot.load(job.state_of(portal_id), portal_id, job.profile.name)
    if isinstance(held, NoSnapshot) or held.after is not None or {*checked.pulled} - {*held.companies.columns}:
        return None
    return held


def _found(job: ProfileRun, wanted: str, checked: Preflight) -> pl.DataFrame:
    portal = f"portal {checked.account.portal_id}"
    if not wanted:
        raise CompanyNotFound("no company is named; give its record id, domain or name")
    if _is_id(wanted):
        try:
            return companies.read_one(job.connection, int(wanted), checked.pulled)
        except NotFound as error:
            raise CompanyNotFound(f"{portal} has no company with id {wanted}") from error
    ids = companies.ids_of_domain(job.connection, _domain(wanted))
    if ids:
        return companies.read(job.connection, ids, checked.pulled)
    ids = companies.ids_of_name(job.connection, wanted)
    if not ids:
        raise CompanyNotFound(f"{portal} has no company with domain or name {wanted}; try its record id")
    found = companies.read(job.connection, ids, checked.pulled)
    if found.height > 1:
        known = [{"id": str(row[ID]), "name": row["name"], "domain": row["domain"]} for row in found.to_dicts()]
        raise SeveralCompanies(
            f"{portal} has {found.height:,} companies that go by {wanted}; name one by its id", details=known
        )
    return found


def _live_tiers(frame: pl.DataFrame, profile: Profile) -> dict[int, str | None]:
    """Company id → the tier on its record, whoever wrote it."""
    return dict(frame.select("id", profile.write.tier).iter_rows()) if profile.write.tier else {}


def _domain(wanted: str) -> str:
    """The domain of an address as people copy it: `https://www.example.com/about` is `example.com`."""
    try:
        host = urlsplit(wanted if "//" in wanted else f"//{wanted}").hostname
    except ValueError:  # a name with brackets in it is no address
        host = None
    return (host or wanted).removeprefix("www.")


def _is_id(wanted: str) -> bool:
    return wanted.isascii() and wanted.isdigit()
