"""Of a list of phrases each row gets those its answers call for, in the order of the list."""

from __future__ import annotations

import itertools

import polars as pl
import pytest

from icp_sync.scoring.applicable_phrases import ConditionalPhrase, count_applicable, join_applicable


@pytest.mark.parametrize("many", [1, 8, 9, 17])
def test_any_number_of_phrases(many: int) -> None:
    phrases = [ConditionalPhrase(pl.col(f"a{n}") == 1, f"p{n}") for n in range(many)]
    rows = [tuple(int(row >> n % 5 & 1) for n in range(many)) for row in range(32)]
    frame = pl.DataFrame(rows, schema={f"a{n}": pl.UInt8 for n in range(many)}, orient="row")

    joined = frame.select(join_applicable(phrases, ", ")).to_series().to_list()

    assert joined == [", ".join(f"p{n}" for n, answer in enumerate(row) if answer) for row in rows]


def test_one_column_may_call_for_several_phrases() -> None:
    phrases = [
        ConditionalPhrase(pl.col("a") == 1, "hit"),
        ConditionalPhrase(pl.col("b") == 3, "partly"),
        ConditionalPhrase(pl.col("a") == 0, "missed"),
    ]
    rows = list(itertools.product([0, 1, 2], [0, 3]))
    frame = pl.DataFrame(rows, schema={"a": pl.UInt8, "b": pl.UInt8}, orient="row")

    joined = frame.select(join_applicable(phrases, "; ")).to_series().to_list()

    assert joined == ["missed", "partly; missed", "hit", "hit; partly", "", "partly"]


def test_those_that_apply_are_counted() -> None:
    frame = pl.DataFrame({"a": [1, 0], "b": [1, 1]})

    joined = (
        frame.select(
            count_applicable([ConditionalPhrase(pl.col("a") == 1, "x"), ConditionalPhrase(pl.col("b") == 1, "y")])
        )
        .to_series()
        .to_list()
    )

    assert joined == [2, 1]


def test_no_phrases_are_an_empty_text() -> None:
    assert pl.DataFrame({"a": [1, 2]}).with_columns(phrase=join_applicable([], ", "))["phrase"].to_list() == ["", ""]
