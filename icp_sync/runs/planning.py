"""From portal to plan: preflight, pull, score, draw. Writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from icp_sync.companies.frame import with_absent
from icp_sync.plan.draw import Circumstances, Drawing, draw
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.plan import ToMake
from icp_sync.portal import companies
from icp_sync.portal.account import Account
from icp_sync.runs.job import Job
from icp_sync.runs.listing import FoundLists, find_lists
from icp_sync.runs.preflight import Preflight, preflight
from icp_sync.scoring.score import score
from icp_sync.state.directory import StateDirectory
from icp_sync.state.lists import known_lists
from icp_sync.state.runs import last_read


@dataclass(frozen=True, slots=True)
class Planned:
    """A drawn plan and what was found on the way to it."""

    drawing: Drawing
    preflight: Preflight
    lists: FoundLists


def plan(job: Job, account: Account, state: StateDirectory) -> Planned:
    """Read the portal and draw the plan; a canary (`job.limit`) leaves lists alone."""
    job.watch.stage("preflight", None)
    checked = preflight(job.connection, job.profile, account)
    found = find_lists(job.connection, job.profile, known_lists(state, account.portal_id), job.allow)
    job.watch.stage("pull", None)
    pulled = companies.pull(job.connection, checked.pulled, on_page=job.watch.advance)
    job.watch.stage("score", None)
    frame = with_ownership(with_absent(pulled, checked.absent), job.profile, adopt="adopt" in job.allow)
    scored = score(frame, job.profile, job.day(account))
    canary = job.limit is not None
    given = Circumstances(
        origin=job.origin(account),
        to_make=_to_make(checked.to_make, found, job, canary=canary),
        lists=None if canary else found.live,
        last_read=last_read(state, account.portal_id, job.profile.name),
        allow=job.allow,
        limit=job.limit,
    )
    return Planned(draw(frame, scored, job.profile, given), checked, found)


def _to_make(found: ToMake, lists: FoundLists, job: Job, *, canary: bool) -> ToMake:
    new = any(live.id is None for live in lists.live.values())
    return replace(found, folder=bool(job.profile.lists) and new and lists.folder is None and not canary)
