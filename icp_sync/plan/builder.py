"""Builds the plan from the company frame and its scores: diff, quarantine, lists and guardrails. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import polars as pl

from icp_sync.companies.frame import with_missing_columns
from icp_sync.companies.parse.unrecognised import UnrecognisedTexts
from icp_sync.plan.champion_challenger_experiment import ARM
from icp_sync.plan.change_frame import changes_from_diff
from icp_sync.plan.desired_lists import count_previously_written, desired_members, diff_lists
from icp_sync.plan.diff import desired_from_scores, diff, diff_candidate_mask, differs, live_frame
from icp_sync.plan.diff_columns import IS_CHANGED, desired, known_tier, live
from icp_sync.plan.guardrail_measures import GuardrailContext
from icp_sync.plan.guardrails import evaluate_guardrails
from icp_sync.plan.list_diff import ListChange
from icp_sync.plan.output_spec import OutputContext
from icp_sync.plan.plan import Plan
from icp_sync.plan.plan_inputs import PlanInputs
from icp_sync.plan.population_counts import count_population
from icp_sync.plan.quarantine import QuarantineEntry, filter_quarantined
from icp_sync.plan.static_list_members import DesiredMembers
from icp_sync.profile.model.outputs import COMMITTEE_OUTPUTS
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring.score import ScoreResult


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """A plan and the diff frame it was built from, which holds the names, scores and reasons that previews show.

    `companies`: the company frame, of all or of those the plan may be about; `read`: the ids of all. `profile`: the
    profile they were scored by. `quarantined`: companies whose change is left out, because HubSpot refused it before.
    `released`: quarantined ids that need no change any more. `members`: static list name → its desired members.
    `left_out`: ids of companies whose change is due and no part of the plan, since they are quarantined or beyond a
    canary's `limit`.
    """

    plan: Plan
    diff: pl.DataFrame
    companies: pl.DataFrame
    read: pl.Series
    profile: Profile
    quarantined: tuple[QuarantineEntry, ...] = ()
    released: frozenset[int] = frozenset()
    members: Mapping[str, DesiredMembers] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()
    limit: int | None = None


def build_plan(companies: pl.DataFrame, scored: ScoreResult, profile: Profile, inputs: PlanInputs) -> PlanPreview:
    """The plan that brings the records from `companies` (live, after `with_ownership`) to `scored` (desired).

    The composition of `diff_candidate_mask`, `live_frame`, `desired_from_scores`, `diff` and `plan_from_diff`.
    """
    live_texts = live_frame(companies, profile, diff_candidate_mask(companies, scored.frame["id"], profile))
    context = OutputContext(profile, inputs.origin.stamp, inputs.origin.created_at)
    columns = with_output_values(scored, profile, inputs.best, inputs.committee, inputs.arms)
    wanted = desired_from_scores(live_texts, columns, context)
    rows = diff(inputs.base, live_texts, wanted, profile, adopt="adopt" in inputs.allow)
    return plan_from_diff(rows, companies, profile, inputs, scored.unrecognised)


def plan_from_diff(
    diff: pl.DataFrame,
    companies: pl.DataFrame,
    profile: Profile,
    inputs: PlanInputs,
    unrecognised: Mapping[str, UnrecognisedTexts] = MappingProxyType({}),
) -> PlanPreview:
    """The plan that writes what differs in `diff`, the frame of `diff.diff`, whatever its desired texts come from.

    `companies`: the company frame the diff was made of, with the companies that no plan is about. `unrecognised`:
    property → texts that could not be parsed.
    """
    due = changes_from_diff(diff, profile, inputs.origin.stamp)
    if inputs.cause is not None:
        due = due.with_columns(cause=pl.lit(inputs.cause))
    filtered = filter_quarantined(due, companies, profile, inputs.quarantine)
    changed = _first_by_score(filtered.changes, diff, inputs.limit)
    diff = diff.with_columns(
        is_changed=_has_id_in(changed["id"].to_list()),
        quarantined=_has_id_in(entry.id for entry in filtered.quarantined),
    )
    if profile.write.tier:
        diff = diff.with_columns(_effective_tier())
    if profile.write.changed_at:
        diff = diff.with_columns(_days_since_change(inputs.origin.as_of))
    read = companies if inputs.read is None else inputs.read
    members_by_list = desired_members(profile, diff, inputs, read)
    lists = count_previously_written(diff_lists(profile, members_by_list, inputs), diff)
    plan = Plan(
        origin=inputs.origin,
        population=count_population(diff, read.height, unrecognised, profile),
        to_make=inputs.to_make,
        changes=changed,
        lists=lists,
        guardrails=evaluate_guardrails(
            diff, _guardrail_context(profile, inputs, lists, read.height), profile.guardrails, lists, inputs.allow
        ),
        allowed=tuple(sorted(inputs.allow)),
    )
    left_out = frozenset(due["id"]) - frozenset(changed["id"])
    return PlanPreview(
        plan,
        diff,
        companies,
        read["id"],
        profile,
        filtered.quarantined,
        filtered.released,
        members_by_list,
        left_out,
        inputs.limit,
    )


def _guardrail_context(
    profile: Profile, inputs: PlanInputs, lists: Collection[ListChange], read: int
) -> GuardrailContext:
    """What guardrails measure by, beside the diff frame."""
    return GuardrailContext(
        profile.write, read, inputs.last_read, inputs.other_stamps, inputs.taken_back, lists, inputs.on_missing_files
    )


def _has_id_in(ids: Iterable[int]) -> pl.Expr:
    return pl.col("id").is_in(pl.Series(list(ids), dtype=pl.Int64).implode())


def with_output_values(
    scored: ScoreResult,
    profile: Profile,
    best: pl.DataFrame | None,
    committee: pl.DataFrame | None = None,
    arms: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """The scored frame with the other written values: canonical, vendors' values, best profile, committee, arm.

    What is not given is null: it is left as it stands.
    """
    frame = scored.frame
    if profile.write.understood or profile.write.enriched:
        # Of those in scope alone: a join looks at every row on its right.
        inside = scored.understood.join(frame.select("id"), on="id", how="semi")
        frame = frame.join(inside, on="id", how="left", maintain_order="left")
    write = profile.write
    for columns in (best if write.best_profile else None, committee, arms if write.experiment else None):
        frame = frame if columns is None else frame.join(columns, on="id", how="left", maintain_order="left")
    written = write.properties()
    return with_missing_columns(
        frame, ("best_profile", *(output for output in (*COMMITTEE_OUTPUTS, ARM) if output in written))
    )


def _days_since_change(as_of: dt.date) -> pl.Expr:
    """Days since the tier or outcome last changed, this plan included; null when it never did."""
    written = pl.when(~pl.col("quarantined")).then(desired("changed_at").replace("", None))
    moment = pl.coalesce(written, "live.changed_at")
    day = moment.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return (pl.lit(as_of) - day).dt.total_days().alias("days_since_change")


def _first_by_score(changed: pl.DataFrame, diff: pl.DataFrame, limit: int | None) -> pl.DataFrame:
    """The first `limit` changes by fit score, then by id (a canary); all of them without a limit."""
    if limit is None:
        return changed
    scores = diff.select("id", "score")
    best = (
        changed.select("id")
        .join(scores, on="id")
        .sort("score", "id", descending=[True, False], nulls_last=True)
        .head(limit)
    )
    return changed.join(best.select("id"), on="id", how="semi", maintain_order="left")


def _effective_tier() -> pl.Expr:
    """`effective_tier`, which is the live tier where a canary or the quarantine leaves the change out."""
    left_out = ~IS_CHANGED & differs("tier")
    return pl.when(left_out).then(known_tier(live("tier"))).otherwise("effective_tier").alias("effective_tier")
