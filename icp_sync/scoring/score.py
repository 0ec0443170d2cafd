"""Companies that answer alike are judged once: the answers form a pattern, and all the rest follows from it.

A million companies make some thousand patterns; fit score, potential, coverage, outcome, tier and reasons are
worked out for those and joined back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.readings import Unrecognised
from icp_sync.profile.model import Profile
from icp_sync.scoring import answers, capacity, pattern
from icp_sync.scoring.basis import Basis
from icp_sync.scoring.canonical import understood
from icp_sync.scoring.judgement import credit_column, judged
from icp_sync.scoring.reading import Needs, normalise, unread
from icp_sync.scoring.reasons import NOTE, reasons


@dataclass(frozen=True, slots=True)
class Scored:
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


def score(companies: pl.DataFrame, profile: Profile, as_of: dt.date) -> Scored:
    """Score a company frame with a column for every property the profile reads (see `frame.with_absent`)."""
    needs = Needs.of(profile)
    normalised = normalise(companies, profile, needs)
    outside = normalised.filter(~in_scope(profile, as_of))[ID]
    found = understood(normalised, profile)
    return Scored(judge(normalised, profile, as_of), outside, unread(normalised, profile, needs), found)


def judge(normalised: pl.DataFrame, profile: Profile, as_of: dt.date) -> pl.DataFrame:
    """The companies in scope of a normalised frame, judged."""
    digits = answers.digits(profile)
    codes = pattern.names(digits)
    places = capacity.decides(normalised, profile)
    coded = (
        normalised.lazy()
        .with_columns(in_scope(profile, as_of).alias("in scope"), *answers.answered(profile, as_of))
        .filter("in scope")
        .select(ID, *pattern.codes(digits), *(capacity.columns(profile) if places else ()))
        .collect()
    )
    patterns = judged(coded.lazy().select(codes).unique().with_columns(pattern.decoded(digits)), profile).collect()
    said = patterns.with_columns(pl.lit(None, dtype=pl.String).alias(NOTE)).with_columns(reasons(profile))
    # Inside the lazy chain this one ordered join costs more than all the rest together (Polars 2.1).
    frame = coded.join(said.select(*codes, *_results(profile)), on=codes, how="left", maintain_order="left")
    frame = _placed(frame, patterns, profile) if places else frame.with_columns(tier="reached")
    return frame.select(ID, *_results(profile)[:-1], "tier", "reasons")


def _placed(frame: pl.DataFrame, patterns: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """With `tier` after capacity, and the reasons once more for those of whom there is something to note."""
    frame, codes = capacity.placed(frame, profile), pattern.names(answers.digits(profile))
    noted = frame.lazy().filter(pl.col(NOTE).is_not_null()).select(ID, *codes, NOTE).collect()
    said = noted.select(*codes, NOTE).unique().join(patterns, on=codes, how="left")
    texts = noted.join(said.select(*codes, NOTE, reasons(profile).alias("noted")), on=[*codes, NOTE], how="left")
    # Whose text is another one is told by its place behind all the others: choosing between two columns of text,
    # row by row, costs Polars 2.1 more than all the rest of the scoring.
    place = texts.select(ID, pl.int_range(frame.height, frame.height + pl.len()).alias("place"))
    chosen = frame.select(ID).join(place, on=ID, how="left", maintain_order="left")
    rows = chosen.select(pl.coalesce("place", pl.int_range(pl.len()))).to_series()
    return frame.with_columns(pl.concat([frame["reasons"], texts["noted"]]).gather(rows).alias("reasons"))


def in_scope(profile: Profile, as_of: dt.date) -> pl.Expr:
    """Only a company that certainly misses the scope is outside."""
    if not profile.scope:
        return pl.lit(True)
    return answers.verdict(profile.scope, None, Basis.of(profile, as_of)).fill_null(True)


def _results(profile: Profile) -> list[str]:
    """What follows from a company's pattern alone; the reasons last."""
    credit = [credit_column(criterion.id) for criterion in profile.criteria]
    return [*credit, "disqualified_by", "score", "potential", "coverage", "outcome", "reached", "reasons"]
