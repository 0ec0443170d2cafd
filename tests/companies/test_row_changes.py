"""Rows that changed, put into the frame they changed from, make the frame they changed to."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.row_changes import GONE, apply_changes, changed_ids, changed_rows

Rows = dict[int, tuple[str | None, bool | None]]
ROWS = st.dictionaries(
    st.integers(1, 6), st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([True, False, None]))
)
NONE = pl.Series("id", [], dtype=pl.Int64)


def frame(rows: Rows) -> pl.DataFrame:
    schema = {"id": pl.Int64, "name": pl.String, "list:7": pl.Boolean}
    return pl.DataFrame([(key, *rest) for key, rest in sorted(rows.items())], schema, orient="row")


@given(ROWS, ROWS)
def test_changes_make_the_frame_they_were_found_in(before: Rows, after: Rows) -> None:
    changes = changed_rows(frame(before), frame(after), NONE)
    assert apply_changes(frame(before), changes).equals(frame(after))


@given(ROWS, ROWS, ROWS)
def test_changes_of_two_nights_are_changes_of_the_frame_before_both(first: Rows, then: Rows, now: Rows) -> None:
    earlier = changed_rows(frame(first), frame(then), NONE)
    later = changed_rows(frame(then), frame(now), earlier["id"])
    assert apply_changes(frame(first), later).equals(frame(now))


@given(ROWS)
def test_nothing_changed_is_no_row(rows: Rows) -> None:
    assert changed_rows(frame(rows), frame(rows), NONE).is_empty()


@given(ROWS, ROWS)
def test_changed_is_who_is_new_or_has_other_values(before: Rows, after: Rows) -> None:
    changed = sorted(key for key in after if key not in before or before[key] != after[key])
    assert changed_ids(frame(before), frame(after), ["name", "list:7"]).to_list() == changed


@given(ROWS, st.booleans())
def test_a_column_that_only_one_has_is_null_in_the_other(rows: Rows, is_first: bool) -> None:
    both = frame(rows), frame(rows).drop("name")
    changed = changed_ids(*(both if is_first else both[::-1]), ["name"])
    assert changed.to_list() == [key for key in sorted(rows) if rows[key][0] is not None]


def test_who_is_gone_is_named_with_nothing_else() -> None:
    changes = changed_rows(frame({1: ("a", True)}), frame({}), NONE)
    assert changes.to_dicts() == [{"id": 1, "name": None, "list:7": None, GONE: True}]
