"""A replica follows the portal: news in, the gone out, what was written kept."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies import snapshot as replica

OLD, NEW, NEWER = "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z", "2026-02-01T00:00:00.5Z"


def frame(*rows: tuple[int, str | None, str | None], merged: str | None = None) -> pl.DataFrame:
    schema = {"id": pl.Int64, "name": pl.String, "hs_lastmodifieddate": pl.String}
    made = pl.DataFrame(rows, schema, orient="row")
    return made.with_columns(hs_merged_object_ids=pl.lit(merged, pl.String))


def names(companies: pl.DataFrame) -> dict[int, str | None]:
    return dict(companies.select("id", "name").iter_rows())


def test_milliseconds_are_read_with_and_without_a_fraction() -> None:
    texts = pl.DataFrame({"hs_lastmodifieddate": [OLD, NEW, NEWER, "yesterday", None]})
    moments = texts.select(replica.epoch_milliseconds())["hs_lastmodifieddate"].to_list()
    assert moments == [1767225600000, 1767225600001, 1769904000500, None, None]


def test_news_is_what_is_later_than_held_or_unknown() -> None:
    replica_frame = frame((1, "a", NEW), (2, "b", NEW), (3, "c", NEW), (4, "d", None))
    hits = frame((1, "a", NEW), (2, "stale", OLD), (3, "edited", NEWER), (4, "undated", OLD), (5, "new", OLD))
    assert names(replica.newer_rows(hits, replica_frame)) == {3: "edited", 4: "undated", 5: "new"}


def test_an_edit_that_our_own_write_covered_with_its_date_is_news() -> None:
    replica_frame = frame((1, "a", NEW), (2, "b", NEW), (3, None, NEW), (4, None, NEW))
    hits = frame((1, "a", NEW), (2, "edited", NEW), (3, "filled", NEW), (4, None, NEW))
    assert names(replica.newer_rows(hits, replica_frame)) == {2: "edited", 3: "filled"}


def test_where_only_dates_are_asked_for_a_hit_of_the_date_held_is_none() -> None:
    replica_frame = frame((1, "a", NEW), (2, "b", NEW))
    hits = frame((1, None, NEW), (2, None, NEWER)).select("id", "hs_lastmodifieddate")
    assert replica.newer_rows(hits, replica_frame)["id"].to_list() == [2]


def test_of_several_readings_the_latest_stands_and_of_equal_ones_the_last() -> None:
    readings = frame((2, "old", OLD), (1, "new", NEW), (2, "newer", NEWER), (1, "newest", NEW), (2, "undated", None))
    assert names(replica.keep_latest(readings)) == {1: "newest", 2: "newer"}


def test_merging_replaces_adds_and_keeps_the_order_of_ids() -> None:
    merged = replica.upsert_rows(frame((1, "a", OLD), (3, "c", OLD)), frame((3, "C", NEW), (2, "b", NEW)))
    assert merged.rows() == frame((1, "a", OLD), (2, "b", NEW), (3, "C", NEW)).rows()


def test_merging_leaves_a_property_empty_that_was_not_read() -> None:
    merged = replica.upsert_rows(frame((1, "a", OLD)), frame((2, "b", NEW)).drop("name"))
    assert names(merged) == {1: "a", 2: None}


def test_the_gone_are_left_out() -> None:
    assert names(replica.drop_companies(frame((1, "a", OLD), (2, "b", OLD)), {2, 9})) == {1: "a"}


def test_a_company_that_another_names_as_merged_is_gone_and_never_itself() -> None:
    companies = pl.concat([frame((1, "a", OLD), merged="2; 7"), frame((2, "b", OLD)), frame((7, "c", OLD), merged="7")])
    assert names(replica.drop_merged(companies)) == {1: "a"}


def test_companies_without_a_date_have_to_be_read() -> None:
    assert replica.ids_without_date(frame((1, "a", OLD), (2, "b", None), (3, "c", "soon"))) == [2, 3]


def test_companies_changed_since() -> None:
    changed = replica.ids_changed_since(
        frame((1, "a", OLD), (2, "b", NEW), (3, "c", NEWER), (4, "d", None)), dt.datetime(2026, 1, 2, tzinfo=dt.UTC)
    )
    assert changed.to_list() == [3]


def test_the_start_of_what_changed_is_compared_in_utc() -> None:
    berlin = dt.datetime(2026, 1, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert replica.ids_changed_since(frame((1, "a", OLD)), berlin).to_list() == [1]


@given(st.sampled_from([1, 28, 29, 30, 31]), st.integers(1, 13), st.sampled_from(["", ".5", ".123", ".123456"]))
def test_a_date_is_missing_where_it_does_not_parse_however_plain_it_looks(day: int, month: int, fraction: str) -> None:
    companies = frame((1, "a", f"2026-{month:02}-{day:02}T23:59:59{fraction}Z"))
    parsed = companies.select(replica.epoch_milliseconds())["hs_lastmodifieddate"].to_list()
    assert replica.ids_without_date(companies) == ([1] if parsed == [None] else [])


ROWS = st.dictionaries(st.integers(1, 6), st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([OLD, NEW])))


@given(ROWS, ROWS)
def test_merging_is_the_rows_of_both_with_the_newer_in_place(before: dict[int, Any], after: dict[int, Any]) -> None:
    old, new = (frame(*((key, *rest) for key, rest in sorted(rows.items()))) for rows in (before, after))
    merged = replica.upsert_rows(old, new)
    assert merged.rows() == frame(*((key, *rest) for key, rest in sorted({**before, **after}.items()))).rows()
    assert old.rows() == frame(*((key, *rest) for key, rest in sorted(before.items()))).rows()


def test_what_was_written_stands_where_it_was_written() -> None:
    landed = pl.DataFrame(
        [(2, "name", "B"), (2, "hs_lastmodifieddate", None), (1, "icp_tier", "tier_1"), (9, "name", "nobody")],
        {"id": pl.Int64, "property": pl.String, "value": pl.String},
        orient="row",
    )
    written = replica.apply_writes(frame((1, "a", OLD), (2, "b", OLD)), landed)
    assert written.select("id", "name", "hs_lastmodifieddate", "icp_tier").rows() == [
        (1, "a", OLD, "tier_1"),
        (2, "B", None, None),
    ]


def test_columns_read_later_stand_beside_and_in_place() -> None:
    columns = pl.DataFrame({"id": [2], "name": ["B"], "city": ["Bonn"]})
    widened = replica.with_columns_from(frame((1, "a", OLD), (2, "b", OLD)), columns)
    assert widened.select("id", "name", "city").rows() == [(1, None, None), (2, "B", "Bonn")]


def test_who_is_on_a_list_is_kept_with_the_companies() -> None:
    with_members = replica.with_list_members(
        frame((1, "a", OLD), (2, "b", OLD)), {"7": pl.Series([2, 99]), "8": pl.Series([], dtype=pl.Int64)}
    )
    assert {name: ids.to_list() for name, ids in replica.members_by_list(with_members).items()} == {"7": [2], "8": []}
    assert replica.members_by_list(replica.with_list_members(with_members, {})) == {}
