"""Patterns: companies counted by what they answer, so that what a portal would become is judged for few rows.

300,000 generated companies have 100 to 6,500 patterns, a third of that undecided: to judge them all takes 8 ms.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import polars as pl

from icp_sync.scoring import answers
from icp_sync.scoring import live_tier as live
from icp_sync.scoring.answers import UNKNOWN
from icp_sync.scoring.outcome import apply_steps
from icp_sync.scoring.program import Program
from icp_sync.scoring.verdict_signatures import signature_names

COMPANIES: Final = "companies"
"""How many companies answer so (Float64): parts of one where what they answer is assumed at a rate."""
UNDECIDED: Final = pl.col("outcome") == "insufficient_data"


def criterion_answer(criterion_id: str) -> pl.Expr:
    """The answers to a criterion."""
    return pl.col(f"answer.{criterion_id}")


def pattern_columns(program: Program) -> list[str]:
    """The columns that make a pattern: one of answers (UInt8) a question, and `live:rank` where thresholds read it."""
    asked = [answers.answer_column(question) for question in answers.questions_of_profile(program.profile)]
    return [*asked, *(name for name in [live.RANK] if name in program.signature)]


def answer_signatures(evaluated: pl.DataFrame, program: Program) -> pl.DataFrame:
    """The signatures in scope of a frame `evaluate_predicates` made, with their pattern and `companies`."""
    names = signature_names(program.signature)
    counted = evaluated.lazy().group_by(names).agg(pl.len().cast(pl.Float64).alias(COMPANIES))
    answered = apply_steps(counted, program.unpacked).filter(program.scope).with_columns(program.answers)
    return answered.select(*names, *pattern_columns(program), COMPANIES).collect()


def merge_patterns(rows: pl.DataFrame, program: Program) -> pl.DataFrame:
    """Every pattern once, with the sum of its `companies`; sorted, so that sums come out the same every time."""
    columns = pattern_columns(program)
    return rows.group_by(columns).agg(pl.col(COMPANIES).sum()).sort(columns)


def sum_companies(patterns: pl.DataFrame) -> float:
    """All companies of these patterns."""
    return float(patterns[COMPANIES].sum())


def judge_patterns(patterns: pl.DataFrame, program: Program) -> pl.DataFrame:
    """The patterns with `outcome` and `reached` (the tier by thresholds), and all columns they had."""
    judged = apply_steps(patterns.lazy(), program.outcome)
    return judged.select(*patterns.columns, "outcome", "reached").collect()


def with_assumed_answers(criteria: Iterable[str], assumed: int) -> list[pl.Expr]:
    """The answers to these criteria, with `assumed` (HIT or MISS) in the place of each unknown one."""
    return [
        pl.when(criterion_answer(name) == UNKNOWN)
        .then(pl.lit(assumed, pl.UInt8))
        .otherwise(criterion_answer(name))
        .alias(f"answer.{name}")
        for name in criteria
    ]
