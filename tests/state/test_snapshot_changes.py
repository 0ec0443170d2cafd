"""Of many companies only the rows that changed are written anew; what is loaded is the same as if all were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from icp_sync.companies.input_differences import NO_DIFFERENCES
from icp_sync.state.directory import StateDirectory
from icp_sync.state.parquet import ParquetFile
from icp_sync.state.snapshot import NoSnapshot, Snapshot, SnapshotStore
from icp_sync.state.snapshot_pointer import EvaluatedFile
from tests.state.test_snapshot import KEPT, MOMENT, Death

MANY = 40
COLUMNS = pl.DataFrame({"id": range(1, MANY + 1), "signature.0": range(MANY)})


def companies(first: str = "a") -> pl.DataFrame:
    texts = [first, *"b" * (MANY - 1)]
    return pl.DataFrame({"id": range(1, MANY + 1), "name": texts, "hs_lastmodifieddate": [None] * MANY}).cast(
        {"hs_lastmodifieddate": pl.String}
    )


@pytest.fixture
def store(tmp_path: Path) -> SnapshotStore:
    """With a snapshot of 40 companies, of which that is many."""
    store = SnapshotStore(StateDirectory.open(tmp_path / "state"), 1, "icp", whole_below=MANY - 5)
    store.save(Snapshot(companies(), MOMENT, MOMENT, MOMENT))
    return store


def loaded(store: SnapshotStore) -> Snapshot:
    reloaded = store.load()
    assert isinstance(reloaded, Snapshot)
    return reloaded


def saved(store: SnapshotStore, frame: pl.DataFrame) -> Snapshot:
    """The snapshot loaded anew once these companies are saved in place of those there are."""
    store.save(replace(loaded(store), companies=frame))
    assert loaded(store).companies.equals(frame)
    return loaded(store)


def files(store: SnapshotStore, kind: str) -> list[str]:
    return sorted(path.name for path in store.directory.path.glob(f"{kind}.*.parquet"))


def test_one_row_that_changed_is_written_beside_the_others(store: SnapshotStore) -> None:
    (whole,) = files(store, "snapshot")
    saved(store, companies("x"))
    assert files(store, "snapshot") == [whole]
    (changes,) = files(store, "changes")
    assert pl.read_parquet(store.directory.path / changes)["id"].to_list() == [1]


def test_night_after_night_one_file_of_changes_has_them_all(store: SnapshotStore) -> None:
    (whole,) = files(store, "snapshot")
    first = saved(store, companies("x"))
    gone = first.companies.filter(pl.col("id") != 7)
    saved(store, gone)
    new = pl.concat([gone, companies("new").head(1).with_columns(id=pl.lit(99, pl.Int64))])
    saved(store, new)
    saved(store, new.with_columns(name=pl.when(pl.col("id") == 1).then(pl.lit("a")).otherwise("name")))
    assert files(store, "snapshot") == [whole]
    (changes,) = files(store, "changes")
    assert pl.read_parquet(store.directory.path / changes)["id"].to_list() == [1, 7, 99]


def test_of_many_changes_all_companies_are_written_anew(store: SnapshotStore) -> None:
    (whole,) = files(store, "snapshot")
    saved(store, companies("x"))
    saved(store, companies("x").with_columns(name=pl.when(pl.col("id") < 6).then(pl.lit("y")).otherwise("name")))
    assert files(store, "snapshot") != [whole]
    assert files(store, "changes") == []


def test_of_few_companies_all_are_written_anew(store: SnapshotStore) -> None:
    few = replace(store, whole_below=MANY + 1)
    saved(few, companies("x"))
    assert files(few, "changes") == []
    assert pl.read_parquet(store.directory.path / files(few, "snapshot")[0]).equals(companies("x"))


def test_with_another_column_all_are_written_anew(store: SnapshotStore) -> None:
    saved(store, companies().with_columns(pl.lit(None, pl.String).alias("country")))
    assert files(store, "changes") == []


def test_a_snapshot_that_was_not_loaded_from_here_is_written_whole(store: SnapshotStore) -> None:
    store.save(Snapshot(companies("x"), MOMENT, MOMENT, MOMENT))
    assert files(store, "changes") == []
    assert loaded(store).companies.equals(companies("x"))


def test_where_another_run_wrote_all_companies_meanwhile_they_are_written_again(store: SnapshotStore) -> None:
    mine = loaded(store)
    store.save(Snapshot(companies("other"), MOMENT, MOMENT, MOMENT))
    store.save(replace(mine, companies=companies("mine")))
    assert loaded(store).companies.equals(companies("mine"))


def test_where_another_run_removes_the_whole_file_at_the_last_moment_it_is_written_again(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, write = loaded(store), StateDirectory.replace

    def after_the_other(state: StateDirectory, name: str, content: bytes) -> None:
        (state.path / (mine.stored.base.file if mine.stored else "")).unlink(missing_ok=True)
        write(state, name, content)

    monkeypatch.setattr(StateDirectory, "replace", after_the_other)
    store.save(replace(mine, companies=companies("mine")))
    assert loaded(store).companies.equals(companies("mine"))


def test_what_is_saved_twice_by_one_run_is_what_is_loaded(store: SnapshotStore) -> None:
    stored = store.save(replace(loaded(store), companies=companies("x")))
    store.save(replace(loaded(store), companies=companies("y"), stored=stored))
    assert loaded(store).companies.equals(companies("y"))
    again = store.save(Snapshot(companies("z"), MOMENT, MOMENT, MOMENT))
    store.save(replace(loaded(store), companies=companies("w"), stored=again))
    assert loaded(store).companies.equals(companies("w"))
    assert len(files(store, "changes")) == 1


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(path.read_bytes()[:-9])])
def test_without_its_changes_a_snapshot_is_damaged(store: SnapshotStore, damage: Callable[[Path], object]) -> None:
    saved(store, companies("x"))
    damage(store.directory.path / files(store, "changes")[0])
    assert store.load() == NoSnapshot("the snapshot is damaged")


@pytest.mark.parametrize("step", range(1, 8))
def test_a_run_that_dies_at_any_step_leaves_the_old_rows_or_the_new(
    store: SnapshotStore, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """The steps: write and name changes and differences, replace the pointer, remove the two files of before."""
    saved(store, companies("old"))
    before, steps = loaded(store), count(1)

    def dying(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            if next(steps) == step:
                raise Death
            return function(*arguments, **options)

        return call

    with monkeypatch.context() as patched:
        for owner, name in ((pl.DataFrame, "write_parquet"), (Path, "replace"), (Path, "unlink")):
            patched.setattr(owner, name, dying(getattr(owner, name)))
        with pytest.raises(Death):
            store.save(replace(before, companies=companies("new"), differences=KEPT.differences))
    after = loaded(store)
    is_new = after.companies.equals(companies("new"))
    assert is_new or after.companies.equals(companies("old"))
    assert after.differences.height == (1 if is_new else 0)
    assert is_new is (step > 5)


def test_what_predicates_made_comes_back_under_its_key_alone(store: SnapshotStore) -> None:
    evaluated = store.save_evaluated("key", ["country"], COLUMNS)
    store.save(replace(loaded(store), evaluated=evaluated))
    columns = store.load_evaluated(loaded(store), "key")
    assert columns is not None
    assert columns.equals(COLUMNS)
    assert store.load_evaluated(loaded(store), "another key") is None
    assert store.load_evaluated(replace(loaded(store), evaluated=None), "key") is None


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"PAR1")])
def test_a_damaged_file_of_what_predicates_made_is_no_file(
    store: SnapshotStore, damage: Callable[[Path], object]
) -> None:
    store.save(replace(loaded(store), evaluated=store.save_evaluated("key", [], COLUMNS)))
    damage(store.directory.path / files(store, "evaluated")[0])
    assert store.load_evaluated(loaded(store), "key") is None
    assert loaded(store).companies.equals(companies())


def test_it_stays_where_differences_alone_are_saved_and_goes_with_a_snapshot_that_has_none(
    store: SnapshotStore,
) -> None:
    store.save(replace(loaded(store), evaluated=store.save_evaluated("key", [], COLUMNS)))
    store.save_differences(NO_DIFFERENCES, decided=True)
    assert store.load_evaluated(loaded(store), "key") is not None
    store.save(replace(loaded(store), evaluated=None))
    assert files(store, "evaluated") == []


def test_it_is_forgotten_where_what_it_reads_is_written() -> None:
    file = EvaluatedFile("key", ("country", "industry"), ParquetFile("file", "digest"))
    assert file.unless_reads_any(["icp_fit_score"]) is file
    assert file.unless_reads_any(["icp_fit_score", "industry"]) is None


def test_columns_left_apart_are_read_when_they_are_asked_for(store: SnapshotStore) -> None:
    saved(store, companies("x"))
    narrow = store.load(["name"])
    assert isinstance(narrow, Snapshot)
    assert narrow.companies.columns == ["id", "hs_lastmodifieddate"]
    assert set(narrow.columns) == {*companies().columns}
    assert narrow.whole().equals(companies("x"))
    assert narrow.select("name").equals(companies("x").select("id", "name"))
    assert narrow.rows_by_id(pl.Series([1, 3])).equals(companies("x").filter(pl.col("id").is_in([1, 3])))


def test_known_changes_are_written_without_the_columns_left_apart(store: SnapshotStore) -> None:
    (whole,) = files(store, "snapshot")
    narrow = store.load(["name"])
    assert isinstance(narrow, Snapshot)
    assert narrow.stored is not None
    store.save(narrow, narrow.stored.with_rows(companies("x").head(1)))
    assert files(store, "snapshot") == [whole]
    assert loaded(store).companies.equals(companies("x"))


def test_many_known_changes_are_written_with_all_companies(store: SnapshotStore) -> None:
    narrow = store.load(["name"])
    assert isinstance(narrow, Snapshot)
    assert narrow.stored is not None
    changed = companies().head(6).with_columns(name=pl.lit("y"))
    store.save(narrow, narrow.stored.with_rows(changed))
    assert files(store, "changes") == []
    assert loaded(store).companies["name"].to_list() == [*"y" * 6, *"b" * (MANY - 6)]
