"""Drawing a plan: the company frame and its verdicts against what is live, in one pure step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from icp_sync.companies.parse.unrecognised import Unrecognised
from icp_sync.plan.changes import changes
from icp_sync.plan.diff import CHANGES, INSIDE, LOCKED, OURS, Provenance, diff_frame, differs, live, live_tier
from icp_sync.plan.guardrails import evaluate
from icp_sync.plan.list_diff import Filters, ListChange, diff_active, diff_static, restrict
from icp_sync.plan.members import Members, members
from icp_sync.plan.plan import MissingObjects, Plan, PlanOrigin, Population
from icp_sync.plan.quarantine import Quarantine, QuarantineEntry, filter_quarantined
from icp_sync.profile.model.outputs import TargetList
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import OUTCOMES, TIERS
from icp_sync.scoring.score import ScoreResult

LONGEST_EXAMPLE: Final = 60


@dataclass(frozen=True, slots=True)
class LiveList:
    """A list of the profile as it is live: `id` None = not made yet; member ids (static) or filters (active)."""

    id: str | None = None
    members: pl.Series = field(default_factory=lambda: pl.Series([], dtype=pl.Int64))
    filters: Filters | None = None


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """A plan and the standing frame it was drawn from, where previews find names, scores and reasons.

    `companies`: the company frame, and `profile` the rules it was judged by, for what else a person wants to see.
    `held_back`: companies in quarantine whose change is left out. `healed`: ids in quarantine that need none.
    `members`: static list name → whom it is to hold, and why.
    """

    plan: Plan
    diff: pl.DataFrame
    companies: pl.DataFrame
    profile: Profile
    held_back: tuple[QuarantineEntry, ...] = ()
    healed: frozenset[int] = frozenset()
    members: Mapping[str, Members] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """What a plan depends on besides companies and profile.

    `lists`: profile list name → as it is live; None leaves lists alone (a canary). `last_read`: companies read by
    the last complete run. `limit`: only the first N companies by fit score are changed. `quarantine`: whom HubSpot
    refused before. `meeting`: list name → what `scoring.listed` tells of it, where it asks for companies' own values.
    """

    origin: PlanOrigin
    to_make: MissingObjects
    lists: Mapping[str, LiveList] | None
    last_read: int | None
    allow: Collection[str] = ()
    limit: int | None = None
    meeting: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    best: pl.DataFrame | None = None
    quarantine: Quarantine = field(default_factory=Quarantine)


def build_plan(companies: pl.DataFrame, scored: ScoreResult, profile: Profile, given: PlanInputs) -> PlanPreview:
    """The plan that brings the portal from `companies` (live, with its ownership) to `scored` (wanted)."""
    stamp = Provenance(f"{given.origin.profile_name}@{given.origin.profile_digest}", given.origin.created_at)
    rows = diff_frame(companies, _verdicts(scored, profile, given.best), profile, stamp, adopt="adopt" in given.allow)
    parted = filter_quarantined(changes(rows, profile, stamp.profile), companies, profile, given.quarantine)
    changed = _first_by_score(parted.changes, rows, given.limit)
    rows = rows.with_columns(changes=_among(changed["id"].to_list()), held=_among(one.id for one in parted.quarantined))
    if profile.write.tier:
        rows = rows.with_columns(_effective_tier())
    if profile.write.changed_at:
        rows = rows.with_columns(_days_since_change(given.origin.as_of))
    held = _members(profile, rows, given)
    lists = _list_changes(profile, held, given)
    plan = Plan(
        origin=given.origin,
        population=_population(rows, scored, profile),
        to_make=given.to_make,
        changes=changed,
        lists=lists,
        guardrails=evaluate(
            rows, profile.write, profile.guardrails, lists, last_read=given.last_read, allow=given.allow
        ),
        allowed=tuple(sorted(given.allow)),
    )
    return PlanPreview(plan, rows, companies, profile, parted.quarantined, parted.released, held)


def _among(ids: Iterable[int]) -> pl.Expr:
    return pl.col("id").is_in(pl.Series(list(ids), dtype=pl.Int64).implode())


def _verdicts(scored: ScoreResult, profile: Profile, best: pl.DataFrame | None) -> pl.DataFrame:
    """The scored frame beside what else is written of a company: what was understood, and its best profile."""
    frame = scored.frame
    if profile.write.understood:
        frame = frame.join(scored.understood, on="id", how="left", maintain_order="left")
    if profile.write.best_profile and best is not None:
        return frame.join(best, on="id", how="left", maintain_order="left")
    return frame.with_columns(best_profile=pl.lit(None, pl.String))


def _members(profile: Profile, rows: pl.DataFrame, given: PlanInputs) -> dict[str, Members]:
    """Static list name → whom it is to hold; none where lists are left alone."""
    static = [target for target in profile.lists if target.kind == "static" and given.lists is not None]
    rows = _as_recorded(rows, profile) if static else rows
    return {target.name: members(target, rows, given.meeting.get(target.name)) for target in static}


def _list_changes(profile: Profile, held: Mapping[str, Members], given: PlanInputs) -> tuple[ListChange, ...]:
    """A run over the quarantine touches no membership but of the companies it is over, and makes no list."""
    if given.lists is None:
        return ()
    every = [_list_change(target, profile, held.get(target.name), given.lists[target.name]) for target in profile.lists]
    if not given.quarantine.retried:
        return tuple(every)
    only = given.quarantine.refused
    return tuple(restrict(one, only) for one in every if one.kind == "static" and one.id is not None)


def _as_recorded(rows: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """Of a company held back the record keeps the outcome it has, and lists follow the records."""
    if not profile.write.outcome:
        return rows
    recorded = pl.when("held").then(live("outcome").replace("", None)).otherwise("outcome")
    return rows.with_columns(outcome=recorded)


def _list_change(target: TargetList, profile: Profile, held: Members | None, live: LiveList) -> ListChange:
    if held is None:
        return diff_active(target, profile.write, live.id, live.filters)
    return diff_static(target, held.ids, live.id, live.members)


def _days_since_change(as_of: dt.date) -> pl.Expr:
    """Days since tier or outcome changed, counting what this plan changes; null for a company that never did."""
    wanted = pl.when(~pl.col("held")).then(pl.col("want.changed_at").replace("", None))
    moment = pl.coalesce(wanted, "live.changed_at")
    day = moment.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return (pl.lit(as_of) - day).dt.total_days().alias("days_since_change")


def _first_by_score(changed: pl.DataFrame, rows: pl.DataFrame, limit: int | None) -> pl.DataFrame:
    """A canary: of the companies that change, the first `limit` by fit score, then by id."""
    if limit is None:
        return changed
    scores = rows.select("id", "score")
    best = (
        changed.select("id")
        .join(scores, on="id")
        .sort("score", "id", descending=[True, False], nulls_last=True)
        .head(limit)
    )
    return changed.join(best.select("id"), on="id", how="semi", maintain_order="left")


def _effective_tier() -> pl.Expr:
    """A company that a canary or the quarantine leaves out keeps the tier it has."""
    left_out = ~CHANGES & differs("tier")
    return pl.when(left_out).then(live_tier()).otherwise("stands_tier").alias("stands_tier")


def _examples(unread: Unrecognised) -> tuple[str, ...]:
    """Texts nobody could read, each with the nearest known value where there is one."""
    near = dict(unread.nearest)
    return tuple(repr(_brief(text)) + (f" ({near[text]}?)" if text in near else "") for text in unread.examples)


def _brief(text: str) -> str:
    return text if len(text) <= LONGEST_EXAMPLE else f"{text[: LONGEST_EXAMPLE - 1]}…"


def _population(rows: pl.DataFrame, scored: ScoreResult, profile: Profile) -> Population:
    inside = rows.filter(pl.col("inside"))
    tiers = dict(inside.group_by("stands_tier").len().iter_rows())
    live_tiers: dict[str, int] = {}
    if profile.write.tier:
        counted = rows.filter(INSIDE | (OURS & ~LOCKED)).group_by("live.tier").len()
        live_tiers = {name: dict(counted.iter_rows()).get(name, 0) for name in TIERS}
    outcomes = dict(inside.group_by("outcome").len().iter_rows())
    return Population(
        read=rows.height,
        scored=inside.height,
        foreign=int(rows["foreign"].sum()),
        outcomes={outcome: outcomes.get(outcome, 0) for outcome in OUTCOMES},
        tiers={tier: tiers.get(tier, 0) for tier in TIERS},
        unrecognised={name: value.count for name, value in sorted(scored.unrecognised.items())},
        examples={name: _examples(value) for name, value in sorted(scored.unrecognised.items())},
        live_tiers=live_tiers,
        tier_property=profile.write.tier,
    )
