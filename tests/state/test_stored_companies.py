"""What is read of some companies, or of some columns, is what the frame of all has there, whatever changed since."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from icp_sync.companies import snapshot as snapshot_frames
from icp_sync.companies.row_changes import missing_ids
from icp_sync.state.parquet import write_parquet
from icp_sync.state.stored_companies import StoredCompanies

Rows = dict[int, tuple[str | None, str | None, bool]]
TEXTS = st.sampled_from(["a", "b", "a text that is longer than twelve bytes", None])
ROWS = st.dictionaries(st.integers(1, 8), st.tuples(TEXTS, TEXTS, st.booleans()))
SCHEMA = {"id": pl.Int64, "name": pl.String, "icp_tier": pl.String, "list:7": pl.Boolean}
IN_ONE_FOLDER = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


def frame(rows: Rows) -> pl.DataFrame:
    return pl.DataFrame([(key, *rest) for key, rest in sorted(rows.items())], SCHEMA, orient="row")


def stored(directory: Path, rows: Rows) -> StoredCompanies:
    return StoredCompanies.of(directory, write_parquet(directory, "snapshot", frame(rows)))


def became(directory: Path, before: Rows, after: Rows) -> StoredCompanies:
    """The companies `before` in a file, and what made `after` of them in the rows beside it."""
    companies = stored(directory, before)
    gone = missing_ids(frame(before)["id"], frame(after)["id"])
    return companies.with_rows(frame(after)).without(gone)


@IN_ONE_FOLDER
@given(ROWS, ROWS, st.sets(st.integers(1, 9)))
def test_what_is_read_is_what_became_of_the_companies(
    tmp_path: Path, before: Rows, after: Rows, some: set[int]
) -> None:
    companies, now = became(tmp_path, before, after), frame(after)
    ids = pl.Series("id", sorted(some), dtype=pl.Int64)
    of_some = now.filter(pl.col("id").is_in(some))
    assert companies.read().equals(now)
    assert companies.read(["icp_tier"]).equals(now.select("id", "icp_tier"))
    assert companies.read([]).equals(now.select("id"))
    assert companies.rows_by_id(ids).equals(of_some)
    assert companies.rows_by_id(ids, ["name"]).equals(of_some.select("id", "name"))
    assert companies.whole(now.select("id", "icp_tier")).equals(now)
    assert companies.with_stored_columns(of_some.select("id", "icp_tier")).equals(
        of_some.select("id", "icp_tier", "name")
    )
    filled = now.filter(pl.any_horizontal(pl.col("name", "icp_tier").is_not_null()))["id"]
    assert companies.ids_filled(["name", "icp_tier", "unheard_of"]).equals(filled)


@IN_ONE_FOLDER
@given(ROWS, ROWS, st.lists(st.tuples(st.integers(1, 9), st.sampled_from(["name", "icp_tier"]), TEXTS)))
def test_writes_are_put_in_as_into_the_frame(
    tmp_path: Path, before: Rows, after: Rows, written: list[tuple[int, str, str | None]]
) -> None:
    writes = pl.DataFrame(written, {"id": pl.Int64, "property": pl.String, "value": pl.String}, orient="row")
    writes = writes.unique(["id", "property"], keep="last", maintain_order=True)
    other = pl.DataFrame({"id": [1], "property": ["of_another_profile"], "value": ["x"]})
    now = became(tmp_path, before, after).with_writes(pl.concat([writes, other]))
    assert now.read().equals(snapshot_frames.apply_writes(frame(after), writes))


@IN_ONE_FOLDER
@given(ROWS, ROWS, st.sets(st.integers(1, 8)))
def test_members_of_lists_are_put_in_as_into_the_frame(
    tmp_path: Path, before: Rows, after: Rows, on_list: set[int]
) -> None:
    members = {"7": pl.Series("id", sorted(on_list), dtype=pl.Int64)}
    now = became(tmp_path, before, after).with_members(members)
    assert now.read().equals(snapshot_frames.with_list_members(frame(after), members))


@IN_ONE_FOLDER
@given(ROWS, ROWS, ROWS)
def test_compared_with_others_it_becomes_those(tmp_path: Path, before: Rows, after: Rows, last: Rows) -> None:
    now = became(tmp_path, before, after).with_changed_rows(frame(last))
    assert now is not None
    assert now.read().equals(frame(last))


def test_it_has_no_comparison_with_other_columns(tmp_path: Path) -> None:
    assert stored(tmp_path, {1: ("a", None, True)}).with_changed_rows(frame({}).drop("name")) is None


def test_it_is_read_also_once_another_run_has_removed_the_file(tmp_path: Path) -> None:
    companies = stored(tmp_path, {1: ("a", "b", True), 2: (None, None, False)})
    (tmp_path / companies.base.file).unlink()
    assert companies.read()["name"].to_list() == ["a", None]
    assert companies.rows_by_id(pl.Series([2])).height == 1
    with pytest.raises(OSError, match="No such file"):
        StoredCompanies.of(tmp_path, companies.base)
