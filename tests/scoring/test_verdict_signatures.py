"""Texts that repeat are worked on once, those that hardly do in slices; what comes of it is the same."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pytest

from icp_sync.scoring.verdict_signatures import map_distinct


def asked(texts: pl.DataFrame) -> tuple[list[object], int]:
    """The lengths of each row's texts, and how many rows were worked on."""
    heights = []

    def tell(part: pl.DataFrame) -> pl.DataFrame:
        heights.append(part.height)
        return part.select(length=pl.sum_horizontal(pl.all().str.len_chars().cast(pl.Int64)))

    return map_distinct(texts, tell)["length"].to_list(), sum(heights)


@pytest.mark.parametrize(
    ("texts", "lengths", "rows"),
    [
        (["a", "bb", None, "a", "bb", "a", "bb", "a"], [1, 2, 0, 1, 2, 1, 2, 1], 3),
        (["a", "bb", "ccc", None, "a"], [1, 2, 3, 0, 1], 5),
        ([None, None, None], [0, 0, 0], 1),
        ([], [], 0),
    ],
)
def test_each_row_gets_its_answer(texts: Sequence[str | None], lengths: list[int], rows: int) -> None:
    assert asked(pl.DataFrame({"p": texts}, schema={"p": pl.String})) == (lengths, rows)


def test_rows_are_the_same_where_all_their_texts_are_the_same_and_empty_is_a_text_too() -> None:
    rows = [("a", None), ("a", "bb"), (None, "bb"), (None, None)]
    frame = pl.DataFrame(rows * 50, schema={"p": pl.String, "q": pl.String}, orient="row")

    assert asked(frame) == ([1, 3, 2, 0] * 50, 4)


def test_more_rows_than_one_slice_holds_stay_in_their_order() -> None:
    numbers = pl.DataFrame({"p": [str(number) for number in range(300_000)]})

    mapped = map_distinct(numbers, lambda part: part.select(pl.col("p").cast(pl.Int64)))

    assert mapped["p"].to_list() == list(range(300_000))
