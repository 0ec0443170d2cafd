"""Which rows of a table have nothing in them, whatever its columns are."""

from __future__ import annotations

import polars as pl

from icp_sync.tables.blank_rows import find_blank_rows


def test_a_row_is_blank_where_no_column_has_anything() -> None:
    texts = pl.DataFrame({"c0": [None, "", " \t\u00a0", "x", None], "c1": ["", None, "", None, "0"]})
    assert find_blank_rows(texts).to_list() == [True, True, True, False, False]


def test_a_number_is_a_value_and_an_empty_list_is_none() -> None:
    typed = pl.DataFrame({"c0": [0, None, None, None], "c1": [None, [], ["x"], None], "c2": [None, None, None, False]})
    assert find_blank_rows(typed).to_list() == [False, True, False, False]


def test_what_is_no_number_is_no_value() -> None:
    numbers = pl.DataFrame({"c0": [float("nan"), None, 0.0], "c1": [None, None, None]})
    assert find_blank_rows(numbers).to_list() == [True, True, False]


def test_no_row_is_none() -> None:
    assert find_blank_rows(pl.DataFrame({"c0": pl.Series([], dtype=pl.String)})).to_list() == []
