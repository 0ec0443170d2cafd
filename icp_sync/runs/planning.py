"""From portal to plans: preflight, one pull for all profiles, score, draw. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from icp_sync.companies.frame import with_absent
from icp_sync.plan.draw import Circumstances, Drawing, draw
from icp_sync.plan.ownership import with_ownership
from icp_sync.plan.several import best_profiles
from icp_sync.portal import companies, properties
from icp_sync.portal.account import Account
from icp_sync.runs.job import Job
from icp_sync.runs.listing import FoundLists, find_lists
from icp_sync.runs.preflight import Preflight, preflight
from icp_sync.runs.quarantining import quarantine_of
from icp_sync.scoring.listed import listed
from icp_sync.scoring.score import score
from icp_sync.state.directory import StateDirectory
from icp_sync.state.lists import known_lists
from icp_sync.state.runs import last_read


@dataclass(frozen=True, slots=True)
class Found:
    """The portal's side of a profile: its properties and its lists."""

    preflight: Preflight
    lists: FoundLists


@dataclass(frozen=True, slots=True)
class Planned:
    """A drawn plan and what was found on the way to it."""

    drawing: Drawing
    found: Found


@dataclass(frozen=True, slots=True)
class _Looked:
    """One profile's job and the portal's side of it."""

    job: Job
    state: StateDirectory
    preflight: Preflight
    lists: FoundLists


def plan(jobs: Sequence[Job], account: Account, states: Sequence[StateDirectory]) -> tuple[Planned, ...]:
    """Read the portal once and draw each job's plan; a canary (`job.limit`) leaves lists alone."""
    first = jobs[0]
    first.watch.stage("preflight", None)
    looked = _looked(jobs, account, states)
    first.watch.stage("pull", None)
    wanted = dict.fromkeys(name for one in looked for name in one.preflight.pulled)
    pulled = companies.pull(first.connection, list(wanted), on_page=first.watch.advance)
    first.watch.stage("score", None)
    frames = [_frame(one, pulled) for one in looked]
    scored = [score(frame, one.job.profile, one.job.day(account)) for one, frame in zip(looked, frames, strict=True)]
    named = [(one.job.profile.name, verdicts) for one, verdicts in zip(looked, scored, strict=True)]
    best = best_profiles(named) if len(jobs) > 1 else None
    return tuple(
        Planned(draw(frame, verdicts, one.job.profile, _given(one, frame, best)), Found(one.preflight, one.lists))
        for one, frame, verdicts in zip(looked, frames, scored, strict=True)
    )


def _looked(jobs: Sequence[Job], account: Account, states: Sequence[StateDirectory]) -> list[_Looked]:
    definitions = properties.definitions(jobs[0].connection)
    return [
        _Looked(
            job,
            state,
            preflight(job.profile, account, definitions),
            find_lists(job.connection, job.profile, known_lists(state, account.portal_id), job.allow),
        )
        for job, state in zip(jobs, states, strict=True)
    ]


def _frame(one: _Looked, pulled: pl.DataFrame) -> pl.DataFrame:
    """The company frame of one profile: what it reads and writes, and whose each record is."""
    names = ["id", *(name for name in one.preflight.pulled if name in pulled.columns)]
    whole = with_absent(pulled.select(names), one.preflight.absent)
    return with_ownership(whole, one.job.profile, adopt="adopt" in one.job.allow)


def _given(one: _Looked, frame: pl.DataFrame, best: pl.DataFrame | None) -> Circumstances:
    job, canary = one.job, one.job.limit is not None
    new = any(live.id is None for live in one.lists.live.values())
    folder = bool(job.profile.lists) and new and one.lists.folder is None and not canary
    return Circumstances(
        origin=job.origin(one.preflight.account),
        to_make=replace(one.preflight.to_make, folder=folder),
        lists=None if canary else one.lists.live,
        last_read=last_read(one.state, one.preflight.account.portal_id, job.profile.name),
        allow=job.allow,
        limit=job.limit,
        meeting={} if canary else _meeting(job, frame, job.day(one.preflight.account)),
        best=best if job.first else None,
        quarantine=quarantine_of(job, one.preflight, one.state),
    )


def _meeting(job: Job, frame: pl.DataFrame, day: dt.date) -> dict[str, pl.Series]:
    """List name → ids of the companies that meet its property matches."""
    asking = [target for target in job.profile.lists if target.where.property]
    return {target.name: listed(frame, target.where.property or {}, job.profile, day) for target in asking}
