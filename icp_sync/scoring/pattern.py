"""A company's answers packed into a few integers, so that companies that answer alike can be judged once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from icp_sync.profile.model import Question
from icp_sync.scoring import answers

_ROOM: Final = 2**63


def codes(questions: Sequence[Question]) -> list[pl.Expr]:
    """The columns `pattern.0`, `pattern.1`, … (UInt64): answer columns as digits of mixed-radix numbers."""
    return [
        pl.sum_horizontal(
            pl.col(answers.column(question)).cast(pl.UInt64) * stride for question, stride in digits
        ).alias(name)
        for name, digits in _numbers(questions).items()
    ]


def decoded(questions: Sequence[Question]) -> list[pl.Expr]:
    """The answers again, from the columns of `codes`."""
    return [
        (pl.col(name) // stride % answers.kinds(question)).cast(pl.UInt8).alias(answers.column(question))
        for name, digits in _numbers(questions).items()
        for question, stride in digits
    ]


def names(questions: Sequence[Question]) -> list[str]:
    """The names of the columns of `codes`."""
    return list(_numbers(questions))


def _numbers(questions: Sequence[Question]) -> dict[str, list[tuple[Question, int]]]:
    """As many numbers as the questions need, each with its digits: a question and the worth of its answer."""
    numbers: dict[str, list[tuple[Question, int]]] = {}
    stride = _ROOM
    for question in questions:
        if stride * answers.kinds(question) > _ROOM:
            numbers[f"pattern.{len(numbers)}"] = []
            stride = 1
        numbers[f"pattern.{len(numbers) - 1}"].append((question, stride))
        stride *= answers.kinds(question)
    return numbers
