"""Whose a tier or target flag is: what was remembered, HubSpot's history where that does not tell, and the decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.history_frame import HISTORY
from icp_sync.companies.input_differences import KEY, PROPERTY
from icp_sync.companies.snapshot import epoch_milliseconds, survivors_of_merged
from icp_sync.plan.builder import with_output_values
from icp_sync.plan.diff import desired_from_scores, diff, live_frame
from icp_sync.plan.history_sources import Source, find_own_sources
from icp_sync.plan.output_spec import OutputContext
from icp_sync.plan.overridden_companies import OverriddenIds, overridden_from_decisions
from icp_sync.plan.override_candidates import (
    OVERRIDES,
    ended_by_merge,
    inherit_from_merged,
    locked_unknown_keys,
    overridable_properties,
    overrides_after_merge,
    overrides_of_gone,
    question_frame,
)
from icp_sync.plan.override_rules import OverrideRules
from icp_sync.plan.overrides import DECISIONS, decide_writes, ids_needing_history, ids_to_read_again, keys_to_remember
from icp_sync.plan.run_report import OverrideCounts
from icp_sync.plan.tiers_set_by_others import SET_BY_OTHERS, count_by_author, tiers_set_by_others
from icp_sync.portal.companies.property_history import read_history
from icp_sync.runs.extract.portal_sync import SEARCH_OVERLAP
from icp_sync.runs.last_written_values import ids_possibly_overridden, last_written_values
from icp_sync.runs.plan_prerequisites import PlanSource
from icp_sync.scoring.score import ScoreResult
from icp_sync.state.ledger.overrides import Override

MOST_TOUCHED: Final = 250
"""Companies whose override is looked into though its value stands, in one run: five calls."""


@dataclass(frozen=True, slots=True)
class OverrideDecisions:
    """The decisions about tiers and flags, what stands by them, and the sources that proved to be ours.

    `decisions`: a frame of the schema `DECISIONS`. `merged`: open overrides (`OVERRIDES`) that end with a
    merge; `inherited`: those of them that go on with the survivor, as its own. `asked`: the companies whose history was
    read. `gone`: open overrides (`OVERRIDES`) of companies that are no more.
    `remembered`: how many were open before. `undecided`: `id` and `property` of values of which nobody asked whose they
    are, since they are locked, and of which nothing is remembered. `tiers_set`: the tiers that others set since
    (`SET_BY_OTHERS`).
    """

    decisions: pl.DataFrame = field(default_factory=DECISIONS.to_frame)
    standing: OverriddenIds = field(default_factory=OverriddenIds)
    merged: pl.DataFrame = field(default_factory=OVERRIDES.to_frame)
    inherited: pl.DataFrame = field(default_factory=OVERRIDES.to_frame)
    ours: frozenset[Source] = frozenset()
    asked: int = 0
    gone: pl.DataFrame = field(default_factory=OVERRIDES.to_frame)
    remembered: int = 0
    undecided: pl.DataFrame = field(default_factory=lambda: DECISIONS.to_frame().select(KEY))
    tiers_set: pl.DataFrame = field(default_factory=SET_BY_OTHERS.to_frame)

    @property
    def released(self) -> frozenset[int]:
        """Ids of companies whose override ends, and that get the profile's value again."""
        return frozenset(self.decisions.filter(pl.col("cause") == "released")[ID])

    @property
    def counts(self) -> OverrideCounts:
        """How many are open after the run, and how many it opens and ends, for reports."""
        by_action = dict(self.decisions["action"].drop_nulls().value_counts().iter_rows())
        opened = by_action.get("open", 0) + by_action.get("replace", 0)
        ended = by_action.get("end", 0) + by_action.get("replace", 0) + self.gone.height
        # Those asleep, as under a lock, are open though nothing was decided about them.
        passed_on = self.inherited.height - self.merged.height
        stand = self.remembered + passed_on + opened - ended
        return OverrideCounts(stand, opened, ended, count_by_author(self.tiers_set))

    @property
    def kept_keys(self) -> pl.DataFrame:
        """`id` and `property` of values that stand or wait; what we wrote there must not be forgotten."""
        return keys_to_remember(self.decisions)


def remembered_standing(companies: pl.DataFrame, remembered: Sequence[Override], tier: str | None) -> OverriddenIds:
    """What stands before anything is asked: tiers with an open override whose value is still there."""
    if tier is None or not remembered:
        return OverriddenIds()
    # Before scoring, since a tier that stands takes its place in capacity from others.
    values = {override.company_id: override.value for override in remembered if override.property == tier}
    rows = companies.filter(pl.col(ID).is_in(list(values))).select(ID, pl.col(tier).fill_null(""))
    return OverriddenIds(frozenset(company_id for company_id, text in rows.iter_rows() if values[company_id] == text))


def decide_overrides(
    source: PlanSource,
    companies: pl.DataFrame,
    scores: ScoreResult,
    differences: pl.DataFrame,
    remembered: Sequence[Override],
) -> OverrideDecisions:
    """Decide what is written and what stands of the tiers and flags that are not as we left them.

    `companies`: the company frame after `with_ownership`. `remembered`: the open overrides. Asks HubSpot for the
    history of values of which it is not known who set them: a call for 50 companies, none where nobody touched any.
    """
    profile, profile_run = source.profile, source.profile_run
    overrides = _open_and_ended_overrides(source, remembered)
    survivors = survivors_of_merged(companies, overrides[ID])
    gone = overrides_of_gone(overrides, survivors, companies[ID])
    if not dict(overridable_properties(profile.write)):
        return OverrideDecisions(gone=gone, remembered=len(remembered))
    doubtful = doubtful_companies(source, companies, differences, remembered)
    rows = _diff_frame(source, doubtful, scores, differences)
    inherited = inherit_from_merged(overrides, survivors, rows, profile.write)
    opened = overrides_after_merge(overrides, inherited)
    questions = question_frame(rows, opened, profile.write, _ids_edited_since_last_run(source, doubtful, opened))
    moment = round(profile_run.session.now.timestamp() * 1000)
    rules = OverrideRules(profile.write, profile.overrides, profile_run.store.own_sources.load(), moment)
    asked = ids_needing_history(questions, rules)
    decisions, rules = _decide(source, questions, asked, rules)
    return OverrideDecisions(
        decisions,
        overridden_from_decisions(decisions, rules),
        ended_by_merge(overrides, survivors, inherited),
        inherited,
        frozenset(rules.ours),
        len(asked),
        gone,
        len(remembered),
        locked_unknown_keys(rows, profile.write),
        tiers_set_by_others(decisions, questions, rules.tier_property),
    )


def with_places_taken(
    decided: OverrideDecisions, source: PlanSource, companies: pl.DataFrame, scores: ScoreResult
) -> OverrideDecisions:
    """The same with what the profile says by `scores` in which the tiers that stand have taken their places.

    `companies`: as in `decide_overrides`.
    """
    concerned = companies.filter(pl.col(ID).is_in(decided.decisions[ID].implode()))
    live_texts = live_frame(source.with_stored_columns(concerned), source.profile)
    rows = live_texts.join(_desired_frame(source, live_texts, scores), on=ID)
    says = [
        rows.select(ID, pl.lit(name).alias(PROPERTY), by_now=pl.coalesce(f"desired.{output}", f"live.{output}"))
        for output, name in overridable_properties(source.profile.write)
    ]
    decisions = decided.decisions.join(pl.concat(says), on=KEY, how="left", maintain_order="left")
    decisions = decisions.with_columns(says=pl.coalesce("by_now", "says")).select(DECISIONS.names())
    return replace(decided, decisions=decisions)


def doubtful_companies(
    source: PlanSource, companies: pl.DataFrame, differences: pl.DataFrame, remembered: Sequence[Override]
) -> pl.DataFrame:
    """The companies whose tier or flag may be somebody else's, whatever they score; of all others it is ours."""
    kept = dict(overridable_properties(source.profile.write))
    overrides = _open_and_ended_overrides(source, remembered)
    survivors = survivors_of_merged(companies, overrides[ID])
    # Of a million companies few are in doubt; the rest is written as ever, without a question made of it.
    ids = ids_possibly_overridden(source, companies, differences, kept.values())
    ids = pl.concat([ids, overrides.filter(pl.col("value").is_not_null())[ID], survivors["survivor"]]).unique()
    return source.with_stored_columns(companies.filter(pl.col(ID).is_in(ids.implode())))


def _decide(
    source: PlanSource, questions: pl.DataFrame, asked: Collection[int], rules: OverrideRules
) -> tuple[pl.DataFrame, OverrideRules]:
    """The decisions, and the rules with the sources that the history of the companies `asked` proved to be ours."""
    # History is 50 companies a call and costs what nobody else's edit is worth, so it is the last to be asked.
    history, rules = _read_history(source, asked, rules)
    decisions = decide_writes(questions, history, rules)
    # Between the search that read a value and the history that tells of it somebody may have edited it again.
    if again := ids_to_read_again(decisions, history):
        newer, rules = _read_history(source, again, rules)
        history = pl.concat([history.filter(~pl.col(ID).is_in(again)), newer])
        decisions = decide_writes(questions, history, rules)
    return decisions, rules


def _read_history(source: PlanSource, ids: Collection[int], rules: OverrideRules) -> tuple[pl.DataFrame, OverrideRules]:
    """The history of tiers, flags and stamps of companies, and the rules with the sources it proves to be ours."""
    if not ids or source.profile_run.session.offline:
        return HISTORY.to_frame(), rules
    # The stamp is asked for in the same call: who wrote `NAME@DIGEST` there is us, whatever HubSpot calls a key.
    stamp = rules.write.profile
    names = [name for name in (rules.tier_property, rules.flag_property, stamp) if name]
    history = read_history(source.profile_run.connection, ids, names)
    proved = find_own_sources(history, stamp, source.profile.profile.name) if stamp else frozenset()
    return history, replace(rules, ours=frozenset(rules.ours) | proved)


def _open_and_ended_overrides(source: PlanSource, remembered: Sequence[Override]) -> pl.DataFrame:
    """The open overrides and the last ends of others, as `OVERRIDES`."""
    opened = [(one.company_id, one.property, one.value, one.kind, _epoch_ms(one.since), None) for one in remembered]
    store = source.profile_run.store.overrides
    released = store.released_undos()
    ended = [(*key, released.get(key), None, None, _epoch_ms(at)) for key, at in store.last_end_times().items()]
    return pl.concat(pl.DataFrame(rows, schema=OVERRIDES, orient="row") for rows in (opened, ended))


def _ids_edited_since_last_run(source: PlanSource, companies: pl.DataFrame, overrides: pl.DataFrame) -> pl.Series:
    """Ids of companies with an open override that were edited since the last complete run; of many a share by the day.

    The last run's own writes count too: at the cost of a call they are found to be ours. Where something edits many
    every night, each has its turn; one that was edited in a night of others only has it when it is edited again.
    """
    last = source.profile_run.store.runs.last_complete()
    if last is None:
        return overrides[ID].clear()
    opened = overrides.filter(pl.col("ended_at").is_null())
    edited = companies.filter(epoch_milliseconds() >= _epoch_ms(last.started_at - SEARCH_OVERLAP))
    ids = edited.join(opened, on=ID, how="semi")[ID].sort()
    turns = max(1, -(-ids.len() // MOST_TOUCHED))
    return ids.gather_every(turns, source.profile_run.session.day.toordinal() % turns)


def _diff_frame(
    source: PlanSource, companies: pl.DataFrame, scores: ScoreResult, differences: pl.DataFrame
) -> pl.DataFrame:
    """The diff frame of some companies, with what we wrote last as `base.*`."""
    live_texts = live_frame(companies, source.profile)
    base = last_written_values(source, companies, differences, dict(overridable_properties(source.profile.write)))
    wanted = _desired_frame(source, live_texts, scores)
    return diff(base, live_texts, wanted, source.profile, adopt="adopt" in source.profile_run.allowed_names)


def _desired_frame(source: PlanSource, live_texts: pl.DataFrame, scores: ScoreResult) -> pl.DataFrame:
    """What the profile says of the companies of `live_texts`."""
    profile, origin = source.profile, source.profile_run.new_plan_origin()
    scored = with_output_values(scores, profile, None).join(live_texts, on=ID, how="semi", maintain_order="left")
    return desired_from_scores(live_texts, scored, OutputContext(profile, origin.stamp, origin.created_at))


def _epoch_ms(moment: dt.datetime) -> int:
    return round(moment.timestamp() * 1000)
