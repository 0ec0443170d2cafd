"""Companies with equal verdicts are judged once: the verdicts make a signature, and all the rest follows from it.

A million companies have some hundred thousand signatures; answers, fit score, potential, coverage, outcome, tier and
reasons are worked out for those, and each company takes the row of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID, with_missing_columns
from icp_sync.companies.parse.unrecognised import UnrecognisedTexts
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import live_tier as live
from icp_sync.scoring import tier_capacity
from icp_sync.scoring import understood_values as canonical
from icp_sync.scoring.evaluation_cache import CachedEvaluations, take_or_evaluate
from icp_sync.scoring.inputs_to_parse import parse_company_inputs
from icp_sync.scoring.operators.geography import CITY_NAME, place_column, with_city_names
from icp_sync.scoring.outcome import apply_steps, credit_column
from icp_sync.scoring.program import PredicateBatch, Program
from icp_sync.scoring.reasons import NOTE, with_reasons
from icp_sync.scoring.unrecognised_values import count_unrecognised, unrecognised_flags
from icp_sync.scoring.verdict_signatures import map_distinct, map_slices, pack_signature, signature_names

_FEW: Final = 256
"""Companies that are evaluated as they stand, all predicates at once.

What Polars takes to begin with a batch, and to find equal rows in it, is more than it saves of them: 70 ms of CPU for
three companies became 60.
"""


def evaluate_predicates(companies: pl.DataFrame, program: Program) -> pl.DataFrame:
    """The company frame with columns `signature.N`, `live:*`, flags of values nobody could read, and what is kept.

    Every predicate is evaluated once for each distinct row of its inputs.
    """
    companies = live.with_live_columns(companies)
    if companies.height <= _FEW:
        return _with_batch_columns(companies, [_evaluate_batch(companies, program.whole, program)], program)
    return _with_batch_columns(companies, _evaluate_batches(companies, program.batches, program), program)


def evaluate_changed(
    companies: pl.DataFrame, program: Program, cached: CachedEvaluations | None
) -> tuple[pl.DataFrame, CachedEvaluations | None]:
    """What `evaluate_predicates` returns, evaluated only where it is not `cached`, and what to cache from there on.

    Nothing is cached of a few companies, which are evaluated faster than compared.
    """
    if companies.height <= _FEW:
        return evaluate_predicates(companies, program), None
    companies = live.with_live_columns(companies)
    dated = [batch for batch in program.batches if batch.reads_dates]
    lasting = [batch for batch in program.batches if not batch.reads_dates]

    def evaluate(some: pl.DataFrame) -> pl.DataFrame:
        return pl.DataFrame([some[ID], *_combine_batch_signatures(_evaluate_batches(some, lasting, program))])

    columns = evaluate(companies) if cached is None else take_or_evaluate(companies, program, cached, evaluate)
    evaluated = _with_batch_columns(
        companies, [columns.drop(ID), *_evaluate_batches(companies, dated, program)], program
    )
    return evaluated, CachedEvaluations(companies, columns)


def _with_batch_columns(companies: pl.DataFrame, parts: Iterable[pl.DataFrame], program: Program) -> pl.DataFrame:
    """The companies with the columns of these parts and their live tier's part of the signature."""
    # The live tier moves thresholds (`leave`), so companies alike in all verdicts may still end in different tiers.
    ranked = companies.select(pack_signature(program.signature, [live.RANK]))
    return companies.with_columns(_combine_batch_signatures([ranked, *parts]))


def _evaluate_batches(
    companies: pl.DataFrame, batches: Sequence[PredicateBatch], program: Program
) -> list[pl.DataFrame]:
    """Each batch's part of the signature, its flags, and what it keeps."""
    # Polars works on one column of text on one core, so several batches are evaluated at once.
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        return list(pool.map(lambda batch: _evaluate_batch(companies, batch, program), batches))


def _evaluate_batch(companies: pl.DataFrame, batch: PredicateBatch, program: Program) -> pl.DataFrame:
    """A batch's part of the signature, its flags, and what it keeps."""
    profile, requirements = program.profile, batch.requirements
    read = {name for kept in batch.kept for name in kept.meta.root_names()}
    cities = [names for names in requirements.places if place_column(names, CITY_NAME) in read]

    def evaluate(texts: pl.DataFrame) -> pl.DataFrame:
        inputs = parse_company_inputs(texts, profile, requirements, program.context.conventions)
        # No predicate reads a city's name, only what `understood` writes does: else the join is left out.
        with_names = with_city_names(inputs, cities) if cities else inputs
        flags = unrecognised_flags(requirements, inputs, profile)
        evaluated = with_names.lazy().select(*batch.verdicts, *batch.kept, *flags)
        return evaluated.with_columns(batch.signature).drop(batch.verdict_names).collect()

    texts = requirements.select_inputs(companies, profile)
    return map_distinct(texts, evaluate) if texts.height > _FEW else evaluate(texts)


def _combine_batch_signatures(parts: Iterable[pl.DataFrame]) -> list[pl.Series]:
    """Each company's signature summed up; all other columns are one batch's alone."""
    # Batches hold different digits of the same numbers, so adding up is putting together; no digit can carry over.
    columns: dict[str, pl.Series] = {}
    for column in (column for part in parts for column in part.get_columns()):
        columns[column.name] = columns[column.name] + column if column.name in columns else column
    return list(columns.values())


SCORED: Final[dict[str, pl.DataType]] = {
    "disqualified_by": pl.String(),
    "score": pl.Float64(),
    "potential": pl.Float64(),
    "coverage": pl.Float64(),
    "outcome": pl.String(),
    "reached": pl.String(),
    "tier": pl.String(),
    "reasons": pl.String(),
}
"""The columns of a scored frame behind `id` (Int64) and a `credit.<criterion>` (Float64) for each criterion.

`score` and `potential` are 0–100, `coverage` is a share 0–1. Null: in `disqualified_by`, no disqualifier is certainly
met; in `reached` and `tier`, none. `reached` is the tier by thresholds, `tier` the one there is a place in.
"""
_ROW: Final = "row"
"""The column that says in which row of a table of results those of a company stand."""


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """The companies in scope as judged, the ids outside it, and the values nobody could read.

    `frame` has `id`, `credit.<criterion>` (null = unknown) and the columns of `SCORED`, in the order of the company
    frame. `understood` has `id` and, for each `write.understood` and `write.enriched`, a String column
    `understood.<name>` or `enriched.<name>`, for all companies. `evaluated`: the frame of `evaluate_predicates` they
    were judged on, empty where none was. `cached`: what of it may be taken again, None where it was not asked for.
    """

    frame: pl.DataFrame
    outside: pl.Series
    unrecognised: dict[str, UnrecognisedTexts]
    understood: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={ID: pl.Int64}))
    evaluated: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={ID: pl.Int64}), repr=False)
    cached: CachedEvaluations | None = field(default=None, repr=False)


def score(companies: pl.DataFrame, program: Program) -> ScoreResult:
    """Score a company frame with a column for every property the profile reads (see `frame.with_missing_columns`)."""
    return _score_evaluated(evaluate_predicates(companies, program), program)


def score_changed(companies: pl.DataFrame, program: Program, cached: CachedEvaluations | None) -> ScoreResult:
    """What `score` returns, with `cached` filled in: only companies whose texts changed are evaluated."""
    evaluated, cached = evaluate_changed(companies, program, cached)
    return replace(_score_evaluated(evaluated, program), cached=cached)


def _score_evaluated(evaluated: pl.DataFrame, program: Program) -> ScoreResult:
    frame, outside = score_signatures(evaluated, program)
    written = canonical.written_columns(program.profile)
    unrecognised = count_unrecognised(evaluated, program)
    # Where nobody brought a vendor's file in, such as in a profile's own tests, no vendor's value is written.
    values = with_missing_columns(evaluated, written).select(ID, *written)
    return ScoreResult(frame, outside, unrecognised, values, evaluated)


def score_signatures(evaluated: pl.DataFrame, program: Program) -> tuple[pl.DataFrame, pl.Series]:
    """The companies in scope as judged, and the ids outside it, from a frame `evaluate_predicates` made."""
    profile, names = program.profile, signature_names(program.signature)
    outcomes = _with_outcomes(evaluated.select(names).unique(), program)
    numbered = outcomes.select(*names, pl.int_range(pl.len(), dtype=pl.UInt32).alias(_ROW))
    # `outcomes` has only signatures in scope: a company without a row in it is outside. Joined alone, as a join copies
    # what it is given.
    row = evaluated.select(names).join(numbered, on=names, how="left", maintain_order="left")[_ROW]
    is_inside = row.is_not_null()
    inside = evaluated.select(ID, *tier_capacity.capacity_columns(profile), row).filter(is_inside)
    results, row = _apply_capacity(inside, outcomes, program)
    # From texts in several chunks Polars 2.1 would copy every one of them, byte by byte.
    results = results.select(_result_columns(profile)).rechunk()
    frame = results.select(pl.all().gather(row)).insert_column(0, inside[ID])
    return frame, evaluated[ID].filter(~is_inside)


def _with_outcomes(signatures: pl.DataFrame, program: Program) -> pl.DataFrame:
    """The signatures in scope with their results, as far as these follow from the signature alone."""

    def judge(signatures: pl.DataFrame) -> pl.DataFrame:
        answered = (
            apply_steps(signatures.lazy(), program.unpacked)
            .filter(program.scope)
            .with_columns(program.answers)
            .drop(program.verdicts)
        )
        unnoted = apply_steps(answered, program.outcome).with_columns(
            pl.lit(None, dtype=pl.String).alias(NOTE), tier="reached"
        )
        return with_reasons(unnoted, program.reasons).collect()

    return map_slices(signatures, judge)


def _apply_capacity(inside: pl.DataFrame, outcomes: pl.DataFrame, program: Program) -> tuple[pl.DataFrame, pl.Series]:
    """All results there are after capacity, and for each company the row its own stand in.

    Those of whom there is something to note get rows behind the outcomes, since their reasons say it in front.
    """
    profile, row = program.profile, inside[_ROW]
    if not tier_capacity.has_capacity_or_locked(inside, profile):
        return outcomes, row
    # Capacity ranks companies, not signatures: equals in everything but their id may end up on both sides of the cut.
    reached = outcomes.select(pl.col("score", "reached").gather(row))
    noted = tier_capacity.overflowing_companies(
        inside.select(ID, *tier_capacity.capacity_columns(profile)).hstack(reached), profile
    )
    noted = noted.with_columns(row.gather(noted[tier_capacity.PLACE]))
    notes = noted.select(_ROW, "tier", NOTE).unique()
    behind = outcomes[notes[_ROW]].with_columns(notes["tier"], notes[NOTE])
    behind = with_reasons(behind.lazy(), program.reasons).collect().select(outcomes.columns)
    after = pl.int_range(outcomes.height, outcomes.height + pl.len(), dtype=pl.UInt32)
    moved = noted.join(notes.with_columns(after.alias("after")), on=notes.columns, how="left", nulls_equal=True)
    return pl.concat([outcomes, behind]), row.scatter(moved[tier_capacity.PLACE], moved["after"])


def _result_columns(profile: Profile) -> list[str]:
    """What a scored frame has beside the id, in its order."""
    credit = [credit_column(criterion.id) for criterion in profile.criteria]
    return [*credit, *SCORED]
