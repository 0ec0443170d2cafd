"""Companies whose texts tell the same are judged once: the verdicts form a pattern, and all the rest follows from it.

A million companies make some hundred thousand patterns; answers, fit score, potential, coverage, outcome, tier and
reasons are worked out for those, and each company takes the row of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.parse.conventions import NO_CONVENTIONS, Conventions
from icp_sync.companies.parse.unrecognised import Unrecognised
from icp_sync.profile.model.profile import Profile
from icp_sync.scoring import answers, capacity
from icp_sync.scoring import dedupe as pattern
from icp_sync.scoring import live_tier as live
from icp_sync.scoring import understood as canonical
from icp_sync.scoring.context import EvaluationContext
from icp_sync.scoring.dedupe import map_distinct, map_slices
from icp_sync.scoring.operators.geography import with_city_names
from icp_sync.scoring.outcome import credit_column, with_outcome
from icp_sync.scoring.predicates import VERDICTS, decode_kleene, encode_kleene, predicate_columns
from icp_sync.scoring.program import PredicateBatch, batch_by_inputs
from icp_sync.scoring.reasons import NOTE, with_reasons
from icp_sync.scoring.requirements import parse_inputs
from icp_sync.scoring.unrecognised import count_unrecognised, unrecognised_flags


def signature_columns(profile: Profile) -> dict[str, int]:
    """The columns that decide all else, and how many different values each has; see `pattern`."""
    asked = dict.fromkeys(verdict_columns(profile), VERDICTS)
    return asked | ({live.RANK: live.RANKS} if live.has_hysteresis(profile) else {})


def verdict_columns(profile: Profile) -> list[str]:
    """The columns of all verdicts, those of a group side by side."""
    return [leaf.column for group in batch_by_inputs(profile) for leaf in group.leaves]


def evaluate_predicates(
    companies: pl.DataFrame, profile: Profile, as_of: dt.date, conventions: Conventions = NO_CONVENTIONS
) -> pl.DataFrame:
    """The company frame with the columns of `pattern` and `live`, the flags of what was unread, and what is kept."""
    basis, companies = EvaluationContext.for_profile(profile, as_of, conventions), live.with_live(companies)
    ranked = companies.select(pattern.pack_signature(signature_columns(profile), [live.RANK]))
    # Polars works on one column of text on one core, so several groups are asked at once.
    with ThreadPoolExecutor(pl.thread_pool_size()) as pool:
        parts = pool.map(lambda group: _evaluate_batch(companies, group, profile, basis), batch_by_inputs(profile))
        return companies.with_columns(_sum_signatures([ranked, *parts]))


def _evaluate_batch(
    companies: pl.DataFrame, group: PredicateBatch, profile: Profile, basis: EvaluationContext
) -> pl.DataFrame:
    """A group's part of the columns of `pattern`, its flags, and what it keeps."""
    leaves = [leaf.column for leaf in group.leaves]
    columns = [*encode_kleene(predicate_columns(group.leaves, basis)), *group.kept]
    codes = pattern.pack_signature(signature_columns(profile), leaves)

    def ask(texts: pl.DataFrame) -> pl.DataFrame:
        normalised = parse_inputs(texts, profile, group.needs, basis.conventions)
        beside = with_city_names(normalised, group.needs.places) if group.kept else normalised
        found = beside.lazy().select(*columns, *unrecognised_flags(group.needs, normalised, profile))
        return found.with_columns(codes).drop(leaves).collect()

    return map_distinct(group.needs.select_inputs(companies, profile), ask)


def _sum_signatures(parts: Iterable[pl.DataFrame]) -> list[pl.Series]:
    """Each company's numbers summed up; all other columns are one group's alone."""
    found: dict[str, pl.Series] = {}
    for column in (column for part in parts for column in part.get_columns()):
        found[column.name] = found[column.name] + column if column.name in found else column
    return list(found.values())


_ROW: Final = "row"
"""The column that says in which row of a table of results those of a company stand."""


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """The companies in scope as judged, the ids outside it, and the values nobody could read.

    `frame` has `id`, `credit.<criterion>` (Float64, null = unknown), `disqualified_by`, `score`, `potential`,
    `coverage`, `outcome`, `reached` (the tier by thresholds), `tier` (the one there is a place in), `reasons`, in
    the order of the company frame. `understood` has `id` and, for each `write.understood`, a String column
    `understood.<name>`, for all companies.
    """

    frame: pl.DataFrame
    outside: pl.Series
    unrecognised: dict[str, Unrecognised]
    understood: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema={ID: pl.Int64}))


def score(
    companies: pl.DataFrame, profile: Profile, as_of: dt.date, conventions: Conventions = NO_CONVENTIONS
) -> ScoreResult:
    """Score a company frame with a column for every property the profile reads (see `frame.with_absent`).

    `conventions`: how the portal's values are read.
    """
    known = evaluate_predicates(companies, profile, as_of, conventions)
    frame, outside = score_signatures(known, profile, as_of)
    written = [canonical.column_of(name) for name in profile.write.understood]
    return ScoreResult(frame, outside, count_unrecognised(known, profile), known.select(ID, *written))


def score_signatures(known: pl.DataFrame, profile: Profile, as_of: dt.date) -> tuple[pl.DataFrame, pl.Series]:
    """The companies in scope as judged, and the ids outside it, from a frame as `told` makes it."""
    codes = pattern.signature_names(signature_columns(profile))
    patterns = _with_outcomes(known.select(codes).unique(), profile, as_of)
    numbered = patterns.select(*codes, pl.int_range(pl.len(), dtype=pl.UInt32).alias(_ROW))
    rows = known.select(ID, *codes, *capacity.columns(profile)).join(
        numbered, on=codes, how="left", maintain_order="left"
    )
    inside = rows.filter(pl.col(_ROW).is_not_null())
    results, row = _apply_capacity(inside, patterns, profile)
    # From texts in several chunks Polars 2.1 would copy every one of them, byte by byte.
    results = results.select(_results(profile)).rechunk()
    frame = results.select(pl.all().gather(row)).insert_column(0, inside[ID])
    return frame, rows.filter(pl.col(_ROW).is_null())[ID]


def in_scope(profile: Profile, as_of: dt.date) -> pl.Expr:
    """Only a company that certainly misses the scope is outside."""
    if not profile.scope:
        return pl.lit(True)
    return answers.match_expr(profile.scope, None, EvaluationContext.for_profile(profile, as_of)).fill_null(True)


def _with_outcomes(codes: pl.DataFrame, profile: Profile, as_of: dt.date) -> pl.DataFrame:
    """The patterns in scope with their results, as far as these follow from the pattern alone."""
    verdicts = verdict_columns(profile)

    def judge_slice(codes: pl.DataFrame) -> pl.DataFrame:
        answered = (
            codes.lazy()
            .with_columns(pattern.unpack_signature(signature_columns(profile)))
            .with_columns(decode_kleene(verdicts))
            .filter(in_scope(profile, as_of))
            .with_columns(answers.answer_columns(profile, as_of))
            .drop(verdicts)
        )
        unnoted = with_outcome(answered, profile).with_columns(
            pl.lit(None, dtype=pl.String).alias(NOTE), tier="reached"
        )
        return with_reasons(unnoted, profile).collect()

    return map_slices(codes, judge_slice)


def _apply_capacity(inside: pl.DataFrame, patterns: pl.DataFrame, profile: Profile) -> tuple[pl.DataFrame, pl.Series]:
    """All results there are after capacity, and for each company the row its own stand in.

    Those of whom there is something to note get rows behind the patterns, since their reasons say it in front.
    """
    row = inside[_ROW]
    if not capacity.applies(inside, profile):
        return patterns, row
    reached = patterns.select(pl.col("score", "reached").gather(row))
    noted = capacity.overflow(inside.select(ID, *capacity.columns(profile)).hstack(reached), profile)
    noted = noted.with_columns(row.gather(noted[capacity.PLACE]))
    said = noted.select(_ROW, "tier", NOTE).unique()
    behind = patterns[said[_ROW]].with_columns(said["tier"], said[NOTE])
    behind = with_reasons(behind.lazy(), profile).collect().select(patterns.columns)
    after = pl.int_range(patterns.height, patterns.height + pl.len(), dtype=pl.UInt32)
    moved = noted.join(said.with_columns(after.alias("after")), on=said.columns, how="left", nulls_equal=True)
    return pl.concat([patterns, behind]), row.scatter(moved[capacity.PLACE], moved["after"])


def _results(profile: Profile) -> list[str]:
    """What a scored frame has beside the id, in its order."""
    credit = [credit_column(criterion.id) for criterion in profile.criteria]
    return [*credit, "disqualified_by", "score", "potential", "coverage", "outcome", "reached", "tier", "reasons"]
