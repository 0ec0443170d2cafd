"""The steps from the last verdict on a company to this one: the day, the inputs, the profile; each is scored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.input_differences import KEY, NOW, PROPERTY, WAS, restore_old_texts, with_current_texts
from icp_sync.plan.change_explanation import Step
from icp_sync.plan.ownership import STAMP_DIGEST
from icp_sync.profile.digest import scoring_digest
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.inputs_to_parse import Requirements
from icp_sync.scoring.program import Program, compile_profile
from icp_sync.scoring.score import evaluate_predicates, score_signatures

STEPS: Final[tuple[Step, ...]] = ("time", "data", "lost", "profile")
"""In the order they are taken: the new day, other inputs, inputs whose hold ended, the new profile."""
_DIGEST: Final = "digest"
_NO_INPUTS: Final = {ID: pl.Int64(), PROPERTY: pl.String()}


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the last verdicts stood on.

    `day`: the day of the last complete run. `profiles`: digest → the profile as it was under it. `differences`: `id`,
    `property`, `was`: the old text of every property that changed since ("" or null is empty). `ended`: `id`,
    `property` of inputs whose hold ended. `digest`: the one companies without a stamp were last scored by, None when
    that is not known.
    """

    day: dt.date
    profiles: Mapping[str, Profile]
    differences: pl.DataFrame
    ended: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_NO_INPUTS))
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class ScoredSteps:
    """Companies last scored by one profile, with the results before and after each of `STEPS`.

    `results`: five scored frames with a row for each of the same ids in the same order, null for a company outside
    the scope. `ranks`: their `live_tier.RANK`. `inputs`: `id`, `property`, `was`, `now`, `ended` (Boolean) of every
    input that changed.
    """

    old: Profile
    new: Profile
    results: tuple[pl.DataFrame, ...]
    ranks: pl.Series
    inputs: pl.DataFrame


def properties_to_rescore(profile: Profile) -> frozenset[str]:
    """The properties without which this profile's scores cannot be worked out again."""
    scoring = _scoring_only_profile(profile)
    return frozenset(name for name, _ in Requirements.for_profile(scoring).source_inputs(scoring))


def score_steps(
    companies: pl.DataFrame, stamps: pl.DataFrame, baseline: Baseline, program: Program
) -> Iterator[ScoredSteps]:
    """Score companies again at each step, those of one old profile together.

    `companies`: the frame the plan was scored from. `stamps`: `id` and `profile`, the stamp on the record. Left out
    are companies whose old profile is not known, was scored by another vocabulary, or reads what the frame lacks.
    """
    profiles = {scoring_digest(program.profile): program.profile, **baseline.profiles}
    digest = pl.col("profile").str.extract(STAMP_DIGEST).fill_null(pl.lit(baseline.digest, pl.String))
    digests = stamps.select(ID, digest.alias(_DIGEST)).drop_nulls()
    for (old_digest,), group in digests.partition_by(_DIGEST, as_dict=True).items():
        old = profiles.get(str(old_digest))
        known = old is not None and scoring_digest(old) == old_digest
        if old is not None and known and properties_to_rescore(old) <= {*companies.columns}:
            frame = companies.join(group.select(ID), on=ID, how="semi", maintain_order="left")
            yield _score_each_step(frame, old, baseline, program)


def _score_each_step(companies: pl.DataFrame, old: Profile, baseline: Baseline, program: Program) -> ScoredSteps:
    # No place, no lock: the tier that is given is a step of its own, after these.
    companies = companies.drop(live.FIXED, live.LOCKED, strict=False)
    context, before, after = program.context, _scoring_only_profile(old), _scoring_only_profile(program.profile)
    today = compile_profile(before, context.as_of, context.conventions)
    inputs = _changed_inputs(companies, today, baseline)
    ended = inputs.filter("ended")
    then = restore_old_texts(companies, inputs)
    kept = restore_old_texts(_companies_with_changed_inputs(companies, inputs), ended)
    timed, fed, lost = _score_frames([then, kept, _companies_with_changed_inputs(companies, ended)], today)
    first, edited = timed, None
    if baseline.day != context.as_of:
        (first,) = _score_frames([then], compile_profile(before, baseline.day, context.conventions))
    fed = _replace_results(timed, fed)
    lost = _replace_results(fed, lost)
    if before != after:
        (edited,) = _score_frames([companies], compile_profile(after, context.as_of, context.conventions))
    results = (first, timed, fed, lost, lost if edited is None else edited)
    ranks = live.with_live_columns(companies)[live.RANK]
    return ScoredSteps(old, program.profile, results, ranks, inputs)


def _changed_inputs(companies: pl.DataFrame, program: Program, baseline: Baseline) -> pl.DataFrame:
    """The `inputs` of `ScoredSteps`: differences in what the old profile reads, empty texts null, beside the new."""
    names = program.requirements.source_properties(program.profile)
    rows = baseline.differences.filter(pl.col(PROPERTY).is_in(list(names)))
    texts = with_current_texts(rows.select(*KEY, pl.col(WAS).cast(pl.String).replace("", None)), companies)
    ended = baseline.ended.select(*KEY, ended=pl.lit(value=True)).unique()
    changed = texts.filter(pl.col(WAS).ne_missing(pl.col(NOW))).join(ended, on=KEY, how="left")
    return changed.with_columns(pl.col("ended").fill_null(value=False)).sort(KEY)


def _score_frames(frames: Sequence[pl.DataFrame], program: Program) -> list[pl.DataFrame]:
    """The scored frame of each company frame, a row for each company, null outside the scope.

    All are scored at one time, so that what they share is read once.
    """
    stacked = pl.concat(frames)
    numbered = stacked.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ID))
    # Not `score`, which also looks for what unreadable values could mean: half of its time for few companies.
    scored, _ = score_signatures(evaluate_predicates(numbered, program), program)
    results = numbered.select(ID).join(scored, on=ID, how="left", maintain_order="left").with_columns(stacked[ID])
    ends = list(accumulate(frame.height for frame in frames))
    return [results[end - frame.height : end] for frame, end in zip(frames, ends, strict=True)]


def _companies_with_changed_inputs(companies: pl.DataFrame, inputs: pl.DataFrame) -> pl.DataFrame:
    """The companies whose inputs these are."""
    return companies.join(inputs, on=ID, how="semi", maintain_order="left")


def _replace_results(scored: pl.DataFrame, again: pl.DataFrame) -> pl.DataFrame:
    """The results `scored` with those of some companies `again`, in place of theirs."""
    if again.is_empty():
        return scored
    both = pl.concat([scored.join(again, on=ID, how="anti"), again])
    return scored.select(ID).join(both, on=ID, how="left", maintain_order="left")


def _scoring_only_profile(profile: Profile) -> Profile:
    """The profile as far as it scores one company: without lists, places, locks and the values it writes beside."""
    tiers = tuple(tier.model_copy(update={"capacity": None}) for tier in profile.tiers)
    updates = {"tiers": tiers, "lists": (), "lock": None, "write": profile.write.without_understood_and_enriched()}
    return profile.model_copy(update=updates)
