"""A snapshot comes back as it was kept, or not at all and with a reason."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import IO, Any

import orjson
import polars as pl
import pytest

from icp_sync.companies.input_differences import DIFFERENCES, NO_DIFFERENCES
from icp_sync.errors import StateUnusable
from icp_sync.state.directory import StateDirectory
from icp_sync.state.snapshot import NoSnapshot, Snapshot, SnapshotStore

MOMENT = dt.datetime(2026, 11, 21, 2, 0, tzinfo=dt.UTC)
KEPT = Snapshot(
    pl.DataFrame(
        {
            "id": [1, 20_000_000_000],
            "name": ["Acme", None],
            "hs_lastmodifieddate": ["2026-01-01T00:00:00Z", None],
            "list:7": [True, False],
        }
    ),
    read_from=MOMENT,
    full_at=MOMENT - dt.timedelta(days=3),
    as_of=MOMENT + dt.timedelta(minutes=4),
    differences=pl.DataFrame(
        {"id": [1], "property": ["name"], "was": [None], "since": [MOMENT], "state": ["held"]},
        schema={**DIFFERENCES, "state": pl.String},
    ),
)


@pytest.fixture
def state(tmp_path: Path) -> StateDirectory:
    return StateDirectory.open(tmp_path / "state")


@pytest.fixture
def kept(state: StateDirectory) -> StateDirectory:
    SnapshotStore(state, 1, "icp").save(KEPT)
    return state


def parquet(state: StateDirectory) -> Path:
    (file,) = state.path.glob("snapshot.*.parquet")
    return file


def differences(state: StateDirectory) -> Path:
    (file,) = state.path.glob("differences.*.parquet")
    return file


FileOf = Callable[[StateDirectory], Path]


def why(state: StateDirectory) -> str:
    loaded = SnapshotStore(state, 1, "icp").load()
    assert isinstance(loaded, NoSnapshot)
    return loaded.why


def test_it_comes_back_as_it_was_kept(kept: StateDirectory) -> None:
    loaded = SnapshotStore(kept, 1, "icp").load()
    assert isinstance(loaded, Snapshot)
    assert loaded.companies.equals(KEPT.companies)
    assert loaded.differences.equals(KEPT.differences)
    assert loaded.differences.schema == KEPT.differences.schema
    assert replace(loaded, companies=KEPT.companies, differences=KEPT.differences) == KEPT


def test_anybody_may_open_it_as_parquet_and_nobody_else_may_read_it(kept: StateDirectory) -> None:
    assert pl.read_parquet(parquet(kept)).equals(KEPT.companies)
    assert {oct(path.stat().st_mode & 0o777) for path in kept.path.iterdir()} == {"0o600"}


def test_the_next_one_takes_its_place(kept: StateDirectory) -> None:
    SnapshotStore(kept, 1, "icp").save(replace(KEPT, companies=KEPT.companies.head(1)))
    loaded = SnapshotStore(kept, 1, "icp").load()
    assert isinstance(loaded, Snapshot)
    assert loaded.companies.height == 1
    assert len(list(kept.path.iterdir())) == 3


def test_profiles_and_portals_share_a_directory_without_meeting(kept: StateDirectory) -> None:
    SnapshotStore(kept, 1, "ecp").save(replace(KEPT, companies=KEPT.companies.head(1)))
    SnapshotStore(kept, 2, "icp").save(replace(KEPT, companies=KEPT.companies.head(0)))
    loaded = [SnapshotStore(kept, portal, name).load() for portal, name in ((1, "icp"), (1, "ecp"), (2, "icp"))]
    assert [one.companies.height for one in loaded if isinstance(one, Snapshot)] == [2, 1, 0]


def test_without_one_there_is_none(state: StateDirectory) -> None:
    assert why(state) == "there is no snapshot yet"


@pytest.mark.parametrize("file_of", [parquet, differences])
@pytest.mark.parametrize("place", [0, 20, -30, -1])
def test_one_flipped_bit_is_seen(kept: StateDirectory, place: int, file_of: FileOf) -> None:
    content = bytearray(file_of(kept).read_bytes())
    content[place] ^= 1
    file_of(kept).write_bytes(content)
    assert why(kept) == "the snapshot is damaged"


@pytest.mark.parametrize("file_of", [parquet, differences])
def test_half_a_file_and_no_file_are_seen(kept: StateDirectory, file_of: FileOf) -> None:
    file = file_of(kept)
    file.write_bytes(file.read_bytes()[:100])
    assert why(kept) == "the snapshot is damaged"
    file.unlink()
    assert why(kept) == "the snapshot is damaged"


@pytest.mark.parametrize("pointer", [b"", b"{", b"[]", b"null", b"\0\0", b"{}", b'{"format": null}'])
def test_a_damaged_pointer_is_seen(kept: StateDirectory, pointer: bytes) -> None:
    kept.replace("snapshot.1.icp.json", pointer)
    assert why(kept) == "the snapshot is damaged"


def test_one_digit_of_a_date_that_changed_is_seen(kept: StateDirectory) -> None:
    pointer = kept.read("snapshot.1.icp.json") or b""
    kept.replace("snapshot.1.icp.json", pointer.replace(b"2026-11-21T02:00:00", b"2026-11-21T03:00:00"))
    assert why(kept) == "the snapshot is damaged"


def test_another_format_is_named(kept: StateDirectory) -> None:
    pointer = orjson.loads(kept.read("snapshot.1.icp.json") or b"")
    kept.replace("snapshot.1.icp.json", orjson.dumps(pointer | {"format": 0}))
    assert why(kept) == "the snapshot has format 0, this version keeps 3"


def test_one_of_before_there_were_differences_is_one_without(kept: StateDirectory) -> None:
    pointer = orjson.loads(kept.read("snapshot.1.icp.json") or b"") | {"format": 1, "check": ""}
    del pointer["differences"], pointer["decided"], pointer["changes"], pointer["evaluated"]
    check = hashlib.sha256(orjson.dumps(pointer)).hexdigest()[:16]
    kept.replace("snapshot.1.icp.json", orjson.dumps(pointer | {"check": check}))
    loaded = SnapshotStore(kept, 1, "icp").load()
    assert isinstance(loaded, Snapshot)
    assert loaded.companies.equals(KEPT.companies)
    assert loaded.differences.equals(NO_DIFFERENCES)


def test_a_second_file_without_the_columns_of_differences_is_seen(state: StateDirectory) -> None:
    SnapshotStore(state, 1, "icp").save(replace(KEPT, differences=KEPT.differences.drop("since")))
    assert why(state) == "the snapshot is damaged"


def test_differences_are_replaced_without_the_companies(kept: StateDirectory) -> None:
    companies = parquet(kept)
    SnapshotStore(kept, 1, "icp").save_differences(NO_DIFFERENCES, decided=True)
    loaded = SnapshotStore(kept, 1, "icp").load()
    assert isinstance(loaded, Snapshot)
    assert (loaded.differences.height, loaded.companies.height, parquet(kept)) == (0, 2, companies)
    assert loaded.decided
    assert len(list(kept.path.iterdir())) == 3


def test_without_a_snapshot_no_differences_are_kept(state: StateDirectory) -> None:
    SnapshotStore(state, 1, "icp").save_differences(KEPT.differences, decided=True)
    assert list(state.path.iterdir()) == []


def test_one_of_another_portal_is_never_taken(kept: StateDirectory) -> None:
    kept.replace("snapshot.2.icp.json", kept.read("snapshot.1.icp.json") or b"")
    loaded = SnapshotStore(kept, 2, "icp").load()
    assert loaded == NoSnapshot("the snapshot is of profile icp on portal 1")


def test_one_replaced_while_it_is_read_is_read_anew(kept: StateDirectory, monkeypatch: pytest.MonkeyPatch) -> None:
    pointer, read = kept.read("snapshot.1.icp.json"), StateDirectory.read
    SnapshotStore(kept, 1, "icp").save(replace(KEPT, companies=KEPT.companies.head(1)))
    answers = [pointer]

    def first_the_old_one(state: StateDirectory, name: str) -> bytes | None:
        return answers.pop() if answers else read(state, name)

    monkeypatch.setattr(StateDirectory, "read", first_the_old_one)
    loaded = SnapshotStore(kept, 1, "icp").load()
    assert isinstance(loaded, Snapshot)
    assert loaded.companies.height == 1


@pytest.mark.parametrize("written", [0, 1])
def test_one_that_cannot_be_kept_leaves_the_one_before(
    kept: StateDirectory, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """The disk is full after none or one of its two files."""
    answers, write = iter(range(2)), pl.DataFrame.write_parquet

    def full(frame: pl.DataFrame, file: IO[bytes], **options: Any) -> None:
        if next(answers) == written:
            raise OSError(28, "No space left on device")
        write(frame, file, **options)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(StateUnusable, match="No space left"):
        SnapshotStore(kept, 1, "icp").save(replace(KEPT, companies=KEPT.companies.head(1)))
    loaded = SnapshotStore(kept, 1, "icp").load()
    assert isinstance(loaded, Snapshot)
    assert loaded.companies.height == 2
    assert len(list(kept.path.iterdir())) == 3


class Death(BaseException):
    """The process is killed."""


@pytest.mark.parametrize("step", range(1, 7))
def test_a_run_that_dies_at_any_step_leaves_both_files_old_or_both_new(
    kept: StateDirectory, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """The steps: write and name each of the two files, replace the pointer, remove a file of the former snapshot."""
    steps = count(1)

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
            SnapshotStore(kept, 1, "icp").save(
                replace(KEPT, companies=KEPT.companies.head(1), differences=NO_DIFFERENCES)
            )
    loaded = SnapshotStore(kept, 1, "icp").load()
    assert isinstance(loaded, Snapshot)
    assert (loaded.companies.height, loaded.differences.height) == ((2, 1) if step < 6 else (1, 0))


def test_two_runs_that_save_at_a_time_leave_one_whole_snapshot(kept: StateDirectory) -> None:
    def save(height: int) -> None:
        rows = pl.DataFrame({"id": range(height), "hs_lastmodifieddate": [None] * height})
        for _ in range(5):
            SnapshotStore(kept, 1, "icp").save(replace(KEPT, companies=rows))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(save, (1_000, 2_000, 3_000, 4_000)))
    loaded = SnapshotStore(kept, 1, "icp").load()
    assert isinstance(loaded, Snapshot)
    assert loaded.companies.height in {1_000, 2_000, 3_000, 4_000}


def test_what_a_run_that_died_left_half_written_is_removed_an_hour_later(kept: StateDirectory) -> None:
    old, young = kept.path / "snapshot.1.icp.dead.new", kept.path / "snapshot.1.icp.live.new"
    for file in (old, young):
        file.write_bytes(b"PAR1")
    os.utime(old, (1_000_000_000, 1_000_000_000))
    SnapshotStore(kept, 1, "icp").save(KEPT)
    assert (old.exists(), young.exists()) == (False, True)
