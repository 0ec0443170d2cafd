"""Companies that answer alike are judged once: the answers form a pattern, and all the rest follows from it.

A million companies make some thousand patterns; fit score, potential, coverage, outcome, tier and reasons are
worked out for those and joined back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from icp_sync.companies.frame import ID
from icp_sync.companies.readings import Unrecognised, read, unrecognised
from icp_sync.profile.model import Profile
from icp_sync.scoring import answers, pattern
from icp_sync.scoring.judgement import credit_column, judged
from icp_sync.scoring.reasons import reasons


@dataclass(frozen=True, slots=True)
class Scored:
    """The companies in scope as judged, the ids outside it, and the values nobody could read.

    `frame` has `id`, `credit.<criterion>` (Float64, null = unknown), `disqualified_by`, `score`, `potential`,
    `coverage`, `outcome`, `tier`, `reasons`, in the order of the company frame.
    """

    frame: pl.DataFrame
    outside: pl.Series
    unrecognised: dict[str, Unrecognised]


def score(companies: pl.DataFrame, profile: Profile, as_of: dt.date) -> Scored:  # noqa: ARG001 - for dates
    """Score a company frame with a column for every property the profile reads (see `frame.with_absent`)."""
    normalised = normalise(companies, profile)
    outside = normalised.filter(~in_scope(profile))[ID]
    return Scored(judge(normalised, profile), outside, unrecognised(normalised, answers.needs(profile)))


def normalise(companies: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The company frame with every reading the profile needs."""
    return read(companies, answers.needs(profile))


def judge(normalised: pl.DataFrame, profile: Profile) -> pl.DataFrame:
    """The companies in scope of a normalised frame, judged."""
    questions = answers.questions(profile)
    codes = pattern.names(questions)
    asked = normalised.lazy().filter(in_scope(profile)).select(ID, *map(answers.answer, questions))
    coded = asked.select(ID, *pattern.codes(questions)).collect()
    patterns = coded.lazy().select(codes).unique().with_columns(pattern.decoded(questions))
    results = judged(patterns, profile).with_columns(reasons(profile)).select(*codes, *_columns(profile))
    # Inside the lazy chain this one ordered join costs more than all the rest together (Polars 2.1).
    return coded.join(results.collect(), on=codes, how="left", maintain_order="left").drop(codes)


def in_scope(profile: Profile) -> pl.Expr:
    """Only a company that certainly misses the scope is outside."""
    return answers.verdict(profile.scope, None).fill_null(True) if profile.scope else pl.lit(True)


def _columns(profile: Profile) -> list[str]:
    credit = [credit_column(criterion.id) for criterion in profile.criteria]
    return [*credit, "disqualified_by", "score", "potential", "coverage", "outcome", "tier", "reasons"]
