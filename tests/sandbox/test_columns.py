"""A column under edits reads the same in every way it can be read."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.sandbox.store.edited_column import Column

TEXTS = st.none() | st.text(max_size=3)
EDITS = st.lists(st.tuples(st.integers(0, 4), TEXTS))


@given(st.lists(TEXTS, min_size=5, max_size=5), EDITS, EDITS)
def test_every_reading_sees_every_edit(
    start: list[str | None], first: list[tuple[int, str | None]], second: list[tuple[int, str | None]]
) -> None:
    column, expected = Column(pl.Series(start, dtype=pl.String)), list(start)
    for edits in (first, second):
        for row, value in edits:
            column.set(row, value)
            expected[row] = value
        assert column.slice(1, 3) == expected[1:4]
        assert column.gather([4, 0], pl.Series([4, 0], dtype=pl.UInt32)) == [expected[4], expected[0]]
        assert [column.get(row) for row in range(5)] == expected
        assert column.series().to_list() == expected


def test_many_edits_are_folded_into_the_series() -> None:
    column = Column.empty(10_000)
    for row in range(10_000):
        column.set(row, str(row))
    assert column.series().to_list() == [str(row) for row in range(10_000)]


def test_appended_values_follow_the_edited_ones() -> None:
    column = Column(pl.Series(["a", "b"]))
    column.set(1, "c")
    for _ in range(40):
        column.append(pl.Series(["d"]))
    assert column.slice(0, 42) == ["a", "c", *["d"] * 40]


def test_a_long_column_grows_by_a_row_without_being_copied() -> None:
    column, expected = Column.empty(5000), [None] * 5000 + ["a", None, "b"]
    for value in expected[5000:]:
        column.append(pl.Series([value], dtype=pl.String))
    column.set(4999, "z")
    expected[4999] = "z"
    rows = [5002, 4999, 5001, 7]
    index = pl.Series(rows, dtype=pl.UInt32)
    wanted = [expected[row] for row in rows]
    assert (
        column.gather(rows, index) == column.values_at(index).to_list() == [column.get(row) for row in rows] == wanted
    )
    assert column.slice(4998, 5) == expected[4998:]
    assert column.slice(5001, 2) == expected[5001:]
    assert column.series().to_list() == expected


def test_what_was_read_whole_does_not_change_with_later_edits() -> None:
    column = Column(pl.Series(["a", "b"]))
    before = column.series()
    column.set(0, "c")
    assert (column.series().to_list(), before.to_list()) == (["c", "b"], ["a", "b"])
