"""Builds the plan from the company frame and its scores: diff, quarantine, lists and guardrails. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import polars as pl

from icp_sync.companies.parse.unrecognised import Unrecognised
from icp_sync.plan.changes import changes, first_by_score
from icp_sync.plan.columns import IS_CHANGED, OURS, desired, live, live_tier
from icp_sync.plan.diff import desired_from_scores, diff, differs, live_frame
from icp_sync.plan.guardrails import evaluate
from icp_sync.plan.list_diff import Filters, ListChange, diff_active, diff_static, restrict
from icp_sync.plan.measures import GuardrailContext
from icp_sync.plan.members import Members, members
from icp_sync.plan.outputs import OutputContext
from icp_sync.plan.pins import Membership, OpenPins, met_before, update_pins
from icp_sync.plan.plan import MissingObjects, Plan, PlanOrigin
from icp_sync.plan.population import population_of
from icp_sync.plan.quarantine import Quarantine, QuarantineEntry, filter_quarantined
from icp_sync.plan.taken_back import TakenBack
from icp_sync.profile.model.outputs import TargetList
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.score import ScoreResult

_NO_IDS: Final = pl.Series("id", [], dtype=pl.Int64)


@dataclass(frozen=True, slots=True)
class LiveList:
    """A list of the profile in HubSpot now: `id` None = not created yet; member ids (static) or filters (active).

    Of a static list also, as ids: `last` members after our last change, None = unknown; `sent`: whom runs of ours put
    there, as far as that is known; `pins`: who stays on it or off it by hand.
    """

    id: str | None = None
    members: pl.Series = field(default_factory=lambda: _NO_IDS)
    filters: Filters | None = None
    last: pl.Series | None = None
    sent: pl.Series = field(default_factory=lambda: _NO_IDS)
    pins: OpenPins = field(default_factory=OpenPins)


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """A plan and the diff frame it was built from, which holds the names, scores and reasons that previews show.

    `companies`: the company frame; `profile`: the profile it was scored by. `quarantined`: companies whose change is
    left out, because HubSpot refused it before. `released`: quarantined ids that need no change any more. `members`:
    static list name → its desired members. `left_out`: ids of companies whose change is due and no part of the plan,
    since they are quarantined or beyond a canary's limit.
    """

    plan: Plan
    diff: pl.DataFrame
    companies: pl.DataFrame
    profile: Profile
    quarantined: tuple[QuarantineEntry, ...] = ()
    released: frozenset[int] = frozenset()
    members: Mapping[str, Members] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """What a plan depends on besides companies and profile.

    `lists`: profile list name → the live list; None leaves lists alone (a canary). `last_read`: companies read by
    the last complete run, None without one. `limit`: change only the first N companies by fit score. `meeting`: list
    name → Boolean columns of `scoring.list_filter.matching_companies`, for lists that ask for companies' own values.
    `best`: `id` and `best_profile`, None for a profile run alone. `base`: `id` and `base.OUTPUT`, the texts we last
    wrote, None where that is unknown. `quarantine`: companies HubSpot refused before. `taken_back`: what undos took
    back. `cause`: of every change, where the desired texts do not come from scores; `list_changes` are then those of
    the lists. `other_stamps`: see `GuardrailContext`.
    """

    origin: PlanOrigin
    to_make: MissingObjects
    lists: Mapping[str, LiveList] | None
    last_read: int | None
    allow: Collection[str] = ()
    limit: int | None = None
    meeting: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    best: pl.DataFrame | None = None
    base: pl.DataFrame | None = None
    quarantine: Quarantine = field(default_factory=Quarantine)
    other_stamps: int | None = None
    taken_back: TakenBack | None = None
    cause: str | None = None
    list_changes: tuple[ListChange, ...] | None = None


def build_plan(companies: pl.DataFrame, scored: ScoreResult, profile: Profile, inputs: PlanInputs) -> PlanPreview:
    """The plan that brings the records from `companies` (live, after `with_ownership`) to `scored` (desired).

    The composition of `live_frame`, `desired_from_scores`, `diff` and `plan_from`.
    """
    live_texts = live_frame(companies, profile)
    context = OutputContext(profile, inputs.origin.stamp, inputs.origin.created_at)
    wanted = desired_from_scores(live_texts, scored_columns(scored, profile, inputs.best), context)
    rows = diff(inputs.base, live_texts, wanted, profile, adopt="adopt" in inputs.allow)
    return plan_from(rows, companies, profile, inputs, scored.unrecognised)


def plan_from(
    diff: pl.DataFrame,
    companies: pl.DataFrame,
    profile: Profile,
    inputs: PlanInputs,
    unrecognised: Mapping[str, Unrecognised] = MappingProxyType({}),
) -> PlanPreview:
    """The plan that writes what differs in `diff`, the frame of `diff.diff`, whatever its desired texts come from.

    `companies`: the company frame the diff was made of. `unrecognised`: property → texts that could not be parsed.
    """
    found = changes(diff, profile, inputs.origin.stamp)
    if inputs.cause is not None:
        found = found.with_columns(cause=pl.lit(inputs.cause))
    filtered = filter_quarantined(found, companies, profile, inputs.quarantine)
    changed = first_by_score(filtered.changes, diff, inputs.limit)
    diff = diff.with_columns(
        is_changed=_id_in(changed["id"].to_list()),
        quarantined=_id_in(entry.id for entry in filtered.quarantined),
    )
    if profile.write.tier:
        diff = diff.with_columns(_effective_tier())
    if profile.write.changed_at:
        diff = diff.with_columns(_days_since_change(inputs.origin.as_of))
    members_by_list = _members(profile, diff, inputs, companies["id"])
    lists = _with_ours(_list_changes(profile, members_by_list, inputs), diff)
    plan = Plan(
        origin=inputs.origin,
        population=population_of(diff, unrecognised, profile),
        to_make=inputs.to_make,
        changes=changed,
        lists=lists,
        guardrails=evaluate(
            diff,
            GuardrailContext(profile.write, inputs.last_read, inputs.other_stamps, inputs.taken_back, lists),
            profile.guardrails,
            lists,
            inputs.allow,
        ),
        allowed=tuple(sorted(inputs.allow)),
    )
    left_out = frozenset(found["id"]) - frozenset(changed["id"])
    return PlanPreview(
        plan, diff, companies, profile, filtered.quarantined, filtered.released, members_by_list, left_out
    )


def _id_in(ids: Iterable[int]) -> pl.Expr:
    return pl.col("id").is_in(pl.Series(list(ids), dtype=pl.Int64).implode())


def scored_columns(scored: ScoreResult, profile: Profile, best: pl.DataFrame | None) -> pl.DataFrame:
    """The scored frame with the other written values: canonical values (`understood.*`) and `best_profile`."""
    frame = scored.frame
    if profile.write.understood:
        frame = frame.join(scored.understood, on="id", how="left", maintain_order="left")
    if profile.write.best_profile and best is not None:
        return frame.join(best, on="id", how="left", maintain_order="left")
    return frame.with_columns(best_profile=pl.lit(None, pl.String))


def _members(profile: Profile, diff: pl.DataFrame, inputs: PlanInputs, present: pl.Series) -> dict[str, Members]:
    """Static list name → its desired members; empty where lists are left alone. `present`: ids of all companies."""
    if inputs.lists is None:
        return {}
    static = [target for target in profile.lists if target.kind == "static"]
    diff = _with_recorded_outcome(diff, profile) if static else diff
    desired_members: dict[str, Members] = {}
    for target in static:
        live = inputs.lists[target.name]
        matching = members(target, diff, inputs.meeting.get(target.name))
        # Without a memory the records tell whom we put there: those that met the list before this plan.
        ours = _NO_IDS if live.last is not None else pl.concat([live.sent.alias("id"), met_before(target.where, diff)])
        membership = Membership(live.members, live.last, present, ours)
        pins = update_pins(membership, matching.ranked, target.limit, live.pins)
        desired_members[target.name] = matching.pinned(pins)
    return desired_members


def _list_changes(
    profile: Profile, members_by_list: Mapping[str, Members], inputs: PlanInputs
) -> tuple[ListChange, ...]:
    """The change of every list; a `retry-failed` run moves only the quarantined companies and creates no list."""
    if inputs.list_changes is not None:
        return inputs.list_changes
    if inputs.lists is None:
        return ()
    list_changes = [
        _list_change(target, profile, members_by_list.get(target.name), inputs.lists[target.name])
        for target in profile.lists
    ]
    if not inputs.quarantine.retried:
        return tuple(list_changes)
    existing = [change for change in list_changes if change.kind == "static" and change.id is not None]
    return tuple(restrict(change, inputs.quarantine.refused) for change in existing)


def _with_ours(lists: Iterable[ListChange], diff: pl.DataFrame) -> tuple[ListChange, ...]:
    """The changes with how many of the companies added we wrote before."""
    ours = diff.filter(OURS)["id"]
    return tuple(replace(change, add_ours=int(ours.is_in(list(change.add)).sum())) for change in lists)


def _with_recorded_outcome(diff: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The diff with the recorded outcome of quarantined companies, because lists follow the records."""
    if not profile.write.outcome:
        return diff
    recorded = pl.when("quarantined").then(live("outcome").replace("", None)).otherwise("outcome")
    return diff.with_columns(outcome=recorded)


def _list_change(target: TargetList, profile: Profile, wanted: Members | None, live: LiveList) -> ListChange:
    if wanted is None:
        return diff_active(target, profile.write, live.id, live.filters)
    change = diff_static(target, wanted.ids, live.id, live.members)
    return replace(change, pinned=wanted.pins.open.inside.len())


def _days_since_change(as_of: dt.date) -> pl.Expr:
    """Days since the tier or outcome last changed, this plan included; null when it never did."""
    written = pl.when(~pl.col("quarantined")).then(desired("changed_at").replace("", None))
    moment = pl.coalesce(written, "live.changed_at")
    day = moment.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return (pl.lit(as_of) - day).dt.total_days().alias("days_since_change")


def _effective_tier() -> pl.Expr:
    """`effective_tier`, which is the live tier where a canary or the quarantine leaves the change out."""
    left_out = ~IS_CHANGED & differs("tier")
    return pl.when(left_out).then(live_tier()).otherwise("effective_tier").alias("effective_tier")
