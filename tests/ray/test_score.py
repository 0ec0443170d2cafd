"""`score --engine ray` gives what `score` gives, value by value, however the rows are cut into blocks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tests.cli.conftest import Ended
from tests.cli.test_score_universe import COMPANIES, part, random_universe, state

Score = Callable[..., Ended]


@pytest.fixture
def block_rows(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """So many rows a block of Parquet, and bytes a block of text; 97 where a test does not say."""
    rows: int = getattr(request, "param", 97)
    monkeypatch.setattr("icp_sync.cluster.engine.max_batch_rows", lambda _width: rows)
    monkeypatch.setattr("icp_sync.tables.dialect.BLOCK_BYTES", 100 * rows)
    return rows


def parts(folder: str) -> pl.DataFrame:
    return pl.concat(pl.read_parquet(path) for path in sorted(Path(folder).glob("part-*.parquet")))


def manifest(folder: str) -> dict[str, object]:
    document: dict[str, object] = json.loads((Path(folder) / "_SUCCESS.json").read_text())
    return document


@pytest.mark.usefixtures("block_rows")
class TestEqual:
    @pytest.mark.parametrize("block_rows", [31, 500, 100_000], indirect=True)
    def test_a_folder_of_parts_and_what_its_manifest_counts(self, score: Score) -> None:
        random_universe(Random(1))
        pl.read_csv("u/*.csv", infer_schema=False).write_parquet("u.parquet", row_group_size=300)
        assert score("u.parquet", "--credits", "--out", "local").code == 0
        assert score("u.parquet", "--credits", "--out", "ray", ray=True).code == 0
        assert_frame_equal(parts("ray"), parts("local"))
        local, ray = manifest("local"), manifest("ray")
        assert ray | {"parts": 0} == local | {"parts": 0}
        assert ray["parts"] == len(list(Path("ray").glob("*"))) - 1

    @pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
    def test_one_file_byte_by_byte(self, score: Score, name: str) -> None:
        random_universe(Random(2))
        documents = [score("u", "--out", f"{n}-{name}", "--json", ray=ray).document for n, ray in enumerate((0, 1))]
        local, ray = (document | {"out": "", "seconds": 0} for document in documents)
        assert ray == local
        if name.endswith(".parquet"):
            assert_frame_equal(pl.read_parquet(f"1-{name}"), pl.read_parquet(f"0-{name}"))
        else:
            assert Path(f"1-{name}").read_bytes() == Path(f"0-{name}").read_bytes()

    @pytest.mark.parametrize("name", ["u.csv", "u.parquet"])
    def test_rows_with_nothing_in_them(self, score: Score, name: str) -> None:
        cells = ["a,a.de,DE,800", "", ",,,", "b,b.at,AT,250", " , ,,"] * 60
        Path("u.csv").write_text("\n".join(["Name,Domain,Country/Region,Number of Employees", *cells, ""]))
        pl.read_csv("u.csv", infer_schema=False).write_parquet("u.parquet")
        for options in ([], ["--not-in-portal", "--portal-state", state("s", "b.at")]):
            ended = [
                score(name, *options, "--overwrite", "--out", f"{n}-{name}", "--json", ray=bool(n)) for n in (0, 1)
            ]
            local, ray = (one.document | {"out": "", "seconds": 0} for one in ended)
            assert ray == local
            assert local["blank_rows"] == 180
            assert Path(f"1-{name}").read_bytes() == Path(f"0-{name}").read_bytes()

    def test_the_best_of_what_hubspot_does_not_hold_each_once(self, score: Score) -> None:
        random_universe(Random(3))
        known = state("s", *(f"d{number}.com" for number in range(0, 900, 3)))
        wanted = ["u", "--not-in-portal", "--portal-state", known, "--top", "40", "--per", "country"]
        ended = [score(*wanted, "--for-import", f"{n}.csv", ray=ray) for n, ray in enumerate((False, True))]
        assert [one.code for one in ended] == [0, 0]
        assert Path("1.csv").read_bytes() == Path("0.csv").read_bytes()
        left = [next(line for line in one.err.splitlines() if line.startswith("left out")) for one in ended]
        assert left[0] == left[1]

    def test_a_folder_without_doubles(self, score: Score) -> None:
        random_universe(Random(4))
        wanted = ["u", "--not-in-portal", "--portal-state", state("s", "d1.com", "d2.com")]
        score(*wanted, "--out", "local")
        score(*wanted, "--out", "ray", ray=True)
        assert_frame_equal(parts("ray"), parts("local"))
        assert manifest("ray")["counts"] == manifest("local")["counts"]


def test_every_type_a_parquet_file_has_comes_out_as_it_went_in(score: Score) -> None:
    frame = pl.DataFrame(
        {
            "name": ["a", "b", None],
            "country": pl.Series(["DE", "AT", "DE"], dtype=pl.Categorical),
            "numberofemployees": pl.Series([800, None, 5], dtype=pl.UInt16),
            "amount": [Decimal("1.10"), None, Decimal("2.25")],
            "day": [dt.date(2026, 1, 1), None, dt.date(2026, 2, 1)],
            "moment": pl.Series([dt.datetime(2026, 1, 1, tzinfo=dt.UTC), None, None]).dt.convert_time_zone(
                "Europe/Berlin"
            ),
            "tags": [["x", "y"], [], None],
            "place": [{"lat": 1.5, "long": 2.5}, None, None],
            "size": pl.Series(["s", "l", None], dtype=pl.Enum(["s", "l"])),
            "flag": [True, None, False],
            "bytes": [b"\x00", None, b""],
        }
    )
    frame.write_parquet("typed.parquet")
    for out, ray in (("local", False), ("ray", True)):
        assert score("typed.parquet", "--out", out, ray=ray).code == 0
        assert score("typed.parquet", "--out", f"{out}.parquet", ray=ray).code == 0
    assert_frame_equal(parts("ray"), parts("local"))
    assert_frame_equal(pl.read_parquet("ray.parquet"), pl.read_parquet("local.parquet"))
    assert parts("ray").schema == parts("local").schema


def test_parts_with_columns_in_another_order_are_one_table(score: Score) -> None:
    part("u/a.csv", COMPANIES)
    part("u/b.csv", [("DE", "800", "zeta.de", "Zeta")], ["Country/Region", "Number of Employees", "Domain", "Name"])
    score("u", "--out", "local.csv")
    score("u", "--out", "ray.csv", ray=True)
    assert Path("ray.csv").read_bytes() == Path("local.csv").read_bytes()


def test_partitions_are_columns_as_here(score: Score) -> None:
    for country in ("DE", "AT"):
        Path(f"u/country={country}").mkdir(parents=True)
        pl.DataFrame({"name": ["a", "b"], "numberofemployees": [800, 5]}).write_parquet(
            f"u/country={country}/a.parquet"
        )
    for out, ray in (("local", False), ("ray", True)):
        assert score("u", "--out", out, ray=ray).code == 0
    assert parts("local")["country"].to_list() == ["AT", "AT", "DE", "DE"]
    assert_frame_equal(parts("ray"), parts("local"))


def test_a_page_counts_the_same(score: Score) -> None:
    random_universe(Random(5))
    for out, ray in (("local", False), ("ray", True)):
        assert score("u", "--out", f"{out}.csv", "--report", f"{out}.html", ray=ray).code == 0
    pages = [
        [line for line in Path(f"{out}.html").read_text().splitlines() if "UTC" not in line] for out in ("local", "ray")
    ]
    assert pages[0] == pages[1]


def test_nobody_may_be_left(score: Score) -> None:
    part("u.csv", [("a", "a.com", "DE", "800")])
    wanted = ["u.csv", "--not-in-portal", "--portal-state", state("s", "a.com"), "--out", "none"]
    assert score(*wanted, ray=True).code == 0
    assert parts("none").height == 0


def test_a_file_without_rows_is_refused_as_ever(score: Score) -> None:
    part("u.csv", [])
    ended = score("u.csv", "--out", "x.csv", ray=True)
    assert (ended.code, "has no rows, only the names of its columns" in ended.err) == (2, True)
    assert not Path("x.csv").exists()


def test_what_a_worker_cannot_read_is_said_in_its_own_words_and_leaves_no_manifest(score: Score) -> None:
    part("u/a.csv", COMPANIES)
    Path("u/c.csv").write_bytes(b'Name,Domain,Country/Region,Number of Employees\n"open,x,DE,1\n')
    ended = score("u", "--out", "x", ray=True)
    assert (ended.code, Path("x/_SUCCESS.json").exists()) == (2, False)
    assert ended.err.splitlines()[-1] == score("u", "--out", "y").err.splitlines()[-1].replace(
        "u/c.csv", str(Path("u/c.csv").absolute())
    )
    assert "unfinished: it has no _SUCCESS.json" in score("u", "--out", "x", ray=True).err


def test_a_rerun_leaves_no_doubles_and_nothing_half_written(score: Score) -> None:
    part("u/a.csv", COMPANIES)
    Path("x").mkdir()
    for name in ("part-00007.parquet", "part-00000.parquet.0123abcd.new"):
        (Path("x") / name).touch()
    assert score("u", "--out", "x", "--overwrite", ray=True).code == 0
    assert sorted(path.name for path in Path("x").iterdir()) == ["_SUCCESS.json", "part-00000.parquet"]
