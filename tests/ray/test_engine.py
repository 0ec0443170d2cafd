"""The engine on Ray when things go wrong: workers that die, a full disk, a Ray that is not there or is another."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from icp_sync.cluster.engine import RayEngine, ray_engine
from icp_sync.cluster.session import ray_session
from icp_sync.errors import EngineFailed, StateUnusable, UsageError
from icp_sync.tables.opening import open_table
from icp_sync.tables.parquet_parts import commit_parts, prepare_part_folder
from icp_sync.tables.table import Table
from tests.ray.works import Deadly, DiesHavingWritten, FullDisk, faulty, numbered

ROWS, BLOCKS = 1_000, 10


@pytest.fixture
def table(tmp_path: Path) -> Table:
    pl.DataFrame({"n": range(ROWS)}).write_parquet(tmp_path / "n.parquet")
    return open_table(tmp_path / "n.parquet")


@pytest.fixture
def engine(cluster: str) -> Iterator[RayEngine]:
    with ray_engine(cluster, quiet=True):
        yield RayEngine(ROWS // BLOCKS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deaths").mkdir()
    return tmp_path / "deaths"


def rows_of(made: Iterator[tuple[pl.DataFrame, int]]) -> list[int]:
    """All rows, once the blocks are seen to come in order."""
    blocks = list(made)
    assert [number for _, number in blocks] == list(range(BLOCKS))
    return [row for rows, _ in blocks for row in rows["c0"].to_list()]


def test_blocks_come_in_order_whatever_worker_was_first(engine: RayEngine, table: Table) -> None:
    assert rows_of(engine.map_blocks(table, numbered)) == list(range(ROWS))


def test_blocks_and_parts_keep_their_numbers_over_several_data_sets(
    engine: RayEngine, table: Table, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("icp_sync.cluster.engine.BLOCKS_AT_A_TIME", 4)
    assert rows_of(engine.map_blocks(table, numbered)) == list(range(ROWS))
    parts = prepare_part_folder(tmp_path / "out", ["n", "block"])
    assert [number for _, number in engine.write_parts(table, numbered, parts)] == list(range(BLOCKS))
    assert pl.read_parquet(tmp_path / "out" / "*.parquet")["n"].to_list() == list(range(ROWS))


def test_a_block_whose_worker_died_is_tried_again(engine: RayEngine, table: Table, folder: Path) -> None:
    assert rows_of(engine.map_blocks(table, Deadly(folder, times=2))) == list(range(ROWS))
    assert len(list(folder.iterdir())) == 2


def test_a_block_that_kills_every_worker_ends_it_in_a_sentence(engine: RayEngine, table: Table, folder: Path) -> None:
    with pytest.raises(EngineFailed, match="Ray's workers died again and again at the same block"):
        list(engine.map_blocks(table, Deadly(folder, times=100)))


def test_a_part_whose_writer_died_is_there_once_and_nothing_of_a_failed_try_bears_a_parts_name(
    engine: RayEngine, table: Table, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    write = prepare_part_folder(out, ["n", "block"])
    heights = [height for height, _ in engine.write_parts(table, numbered, DiesHavingWritten(write, out))]
    names = [f"part-{number:05}.parquet" for number in range(BLOCKS)]
    assert heights == [ROWS // BLOCKS] * BLOCKS
    assert sorted(path.name for path in out.glob("*.parquet")) == names
    assert pl.read_parquet(out / "*.parquet")["n"].to_list() == list(range(ROWS))
    commit_parts(out, {})
    assert sorted(path.name for path in out.iterdir()) == ["_SUCCESS.json", *names]


def test_a_full_disk_is_said_as_it_is_here(engine: RayEngine, table: Table) -> None:
    with pytest.raises(StateUnusable, match="No space left on device"):
        list(engine.write_parts(table, numbered, FullDisk()))


def test_a_fault_of_our_own_stays_one(engine: RayEngine, table: Table) -> None:
    with pytest.raises(ZeroDivisionError):
        list(engine.map_blocks(table, faulty))


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("address", ["127.0.0.1", "ray://127.0.0.1:10001", "127.0.0.1:six", ":1"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="write HOST:PORT of the cluster's head"), ray_session(address):
        pass


def test_an_address_where_nobody_answers_is_named() -> None:
    address = closed_port()
    with pytest.raises(EngineFailed, match=f"no Ray answers at {address} "), ray_session(address):
        pass


def test_a_ray_of_another_version_is_named(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ray.__version__", "2.1.0")
    with pytest.raises(EngineFailed, match=r"is of another version than Ray 2\.1\.0 here"), ray_session(cluster):
        pass


def test_workers_with_another_icp_sync_are_named(cluster: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("icp_sync.cluster.session.__version__", "9.9")
    with pytest.raises(EngineFailed, match="install the same on both"), ray_session(cluster):
        pass
