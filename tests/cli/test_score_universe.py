"""`score` over many files: folders and patterns in, parts, the best, and what HubSpot does not hold yet out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import polars as pl
import pytest

from icp_sync.companies.frame import company_frame
from icp_sync.companies.snapshot import MODIFIED
from icp_sync.state.directory import StateDirectory
from icp_sync.state.snapshot import Snapshot, SnapshotStore
from tests.cli.conftest import Command

COLUMNS = ["Name", "Domain", "Country/Region", "Number of Employees"]
Rows = Sequence[tuple[str, ...]]
READ = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)


def part(name: str, rows: Rows, columns: list[str] = COLUMNS) -> None:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    pl.DataFrame(rows, schema=columns, orient="row").write_csv(path)


def state(folder: str, *domains: str | None) -> str:
    """The state of a portal with companies of these domains."""
    save(folder, snapshot_of(domains))
    return folder


def snapshot_of(domains: Sequence[str | None], after: str | None = None) -> Snapshot:
    texts: dict[str, Sequence[object]] = {"domain": domains, MODIFIED: [READ.isoformat()] * len(domains)}
    return Snapshot(company_frame(range(1, len(domains) + 1), texts), READ, READ, READ, after)


def save(folder: str, snapshot: Snapshot) -> None:
    SnapshotStore(StateDirectory.open(Path(folder)), 4242, "icp").save(snapshot)


def names(path: str) -> list[str]:
    return pl.read_csv(path, infer_schema=False)["Name"].to_list()


@pytest.fixture
def universe(score: Command) -> Command:
    """Two parts in a folder, and an old one that is hidden; `score` has made the folder it all stands in."""
    part("u/b.csv", [("Gamma", "gamma.de", "DE", "800"), ("Delta", "delta.fr", "France", "250")])
    part("u/a.csv", [("Alpha", "alpha.de", "Deutschland", "800"), ("Beta", "beta.at", "Österreich", "250")])
    Path("u/_old").mkdir()
    part("u/_old/c.csv", [("Hidden", "hidden.de", "DE", "1")])
    return score


@pytest.mark.usefixtures("universe")
class TestSources:
    @pytest.mark.slow
    @pytest.mark.parametrize("sources", [["u"], ["u/*.csv"], ["u/a.csv", "u/b.csv"], ["u", "u/a.csv"]])
    def test_a_folder_a_pattern_and_files_are_read_in_order_and_each_file_once(
        self, score: Command, sources: list[str]
    ) -> None:
        score(*sources, "--out", "all.csv")
        assert names("all.csv") == ["Alpha", "Beta", "Gamma", "Delta"]

    @pytest.mark.parametrize(
        ("pattern", "read"),
        [
            ("u/*", ["Alpha", "Beta", "Gamma", "Delta"]),
            ("u/**", ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"]),
            ("*/**/*.csv", ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"]),
            ("u/**.csv", ["Alpha", "Beta", "Gamma", "Delta"]),
            ("u/_*/*", ["Hidden"]),
            ("u/_SUCC*.csv", ["Written"]),
        ],
    )
    def test_a_pattern_leaves_out_what_is_hidden_unless_it_names_it(
        self, score: Command, pattern: str, read: list[str]
    ) -> None:
        """Every engine's result has such files in it, ours too."""
        Path("u/_SUCCESS.json").touch()
        Path("u/.a.csv.crc").touch()
        part("u/_SUCCESS.csv", [("Written", "written.de", "DE", "1")])
        part("u/z/e.csv", [("Epsilon", "epsilon.de", "DE", "1")])
        assert score(pattern, "--out", "all.csv").code == 0
        assert names("all.csv") == read

    def test_a_file_is_one_by_whatever_path(self, score: Command) -> None:
        Path("link.csv").symlink_to("u/a.csv")
        score("u/a.csv", str(Path("u/a.csv").absolute()), "link.csv", "--out", "all.csv")
        assert names("all.csv") == ["Alpha", "Beta"]

    @pytest.mark.parametrize(
        ("folder", "source"), [("exp.2026-11", "exp.2026-11/"), ("a.parquet", "a.parquet"), ("u", "./u")]
    )
    def test_a_folder_becomes_a_folder_whatever_its_name_ends_in(
        self, folder: str, source: str, score: Command
    ) -> None:
        Path("u").rename(folder)
        assert score(source).code == 0
        assert Path(f"{folder}-scored/_SUCCESS.json").is_file()

    def test_the_working_directory_becomes_a_folder_beside_it(
        self, score: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        here = Path("u").absolute()
        monkeypatch.chdir(here)
        assert score(".").code == 0
        assert (here.parent / "u-scored" / "_SUCCESS.json").is_file()

    def test_a_folder_becomes_parts_and_a_manifest_that_counts_them(self, score: Command) -> None:
        assert score("u").code == 0
        manifest = json.loads(Path("u-scored/_SUCCESS.json").read_text())
        parts = sorted(Path("u-scored").glob("part-*.parquet"))
        assert (manifest["rows"], manifest["parts"], len(parts)) == (4, 2, 2)
        assert manifest["counts"]["tiers"] == {"tier_1": 2, "tier_2": 1}
        assert pl.read_parquet("u-scored/*.parquet")["icp_tier"].to_list() == ["tier_1", "tier_2", "tier_1", None]

    @pytest.mark.slow
    def test_columns_in_another_order_are_the_same_columns(self, score: Command) -> None:
        part("u/c.csv", [("DE", "zeta.de", "Zeta", "800")], ["Country/Region", "Domain", "Name", "Number of Employees"])
        score("u", "--out", "all.csv")
        assert names("all.csv")[-1] == "Zeta"

    @pytest.mark.parametrize(
        ("columns", "problem"),
        [
            (["Name", "Domain", "Country/Region", "Staff"], 'lacks "Number of Employees" and has "Staff" too'),
            ([*COLUMNS[:3], "Employees"], 'lacks "Number of Employees"'),
        ],
    )
    def test_parts_with_different_columns_are_refused(self, score: Command, columns: list[str], problem: str) -> None:
        part("u/c.csv", [("Zeta", "zeta.de", "DE", "800")], columns)
        ended = score("u")
        assert (ended.code, problem in ended.err, Path("u-scored").exists()) == (2, True, False)

    def test_parquet_beside_csv_is_refused(self, score: Command) -> None:
        pl.read_csv("u/a.csv").write_parquet("u/c.parquet")
        assert "score CSV and Parquet apart" in score("u").err

    def test_parquet_of_another_type_is_refused(self, score: Command) -> None:
        pl.read_csv("u/a.csv").write_parquet("a.parquet")
        pl.read_csv("u/a.csv", infer_schema=False).write_parquet("b.parquet")
        assert 'has the column "Number of Employees" as String' in score("a.parquet", "b.parquet", "--out", "x").err

    @pytest.mark.parametrize(
        ("sources", "problem"),
        [
            (["nothing/*.csv"], "matches no file"),
            (["empty"], "has no .csv, .tsv or .parquet file"),
            (["u/a.csv", "u/b.csv"], "say where the result goes with --out"),
            (["u", "--out", "u"], "holds files to read"),
            (["u", "--out", "mine"], "holds notes.txt, which is no part of a result"),
        ],
    )
    def test_what_cannot_be_read_or_written_ends_it(self, score: Command, sources: list[str], problem: str) -> None:
        Path("empty").mkdir()
        Path("mine").mkdir()
        Path("mine/notes.txt").touch()
        ended = score(*sources)
        assert (ended.code, problem in ended.err) == (2, True), ended.err


@pytest.mark.usefixtures("universe")
class TestParts:
    @pytest.mark.slow
    def test_a_result_stays_unless_it_may_be_replaced(self, score: Command) -> None:
        score("u")
        assert "holds a result already; " in score("u").err
        assert score("u/a.csv", "--out", "u-scored", "--overwrite").code == 0
        assert [path.name for path in sorted(Path("u-scored").iterdir())] == ["_SUCCESS.json", "part-00000.parquet"]

    @pytest.mark.slow
    def test_a_result_that_was_cut_short_is_seen_to_be(self, score: Command) -> None:
        score("u")
        Path("u-scored/_SUCCESS.json").unlink()
        Path("u-scored/part-00002.parquet.0123abcd.new").touch()
        assert "unfinished: it has no _SUCCESS.json" in score("u").err
        score("u", "--overwrite")
        assert len(list(Path("u-scored").iterdir())) == 3

    @pytest.mark.slow
    def test_a_part_that_breaks_leaves_no_manifest(self, score: Command) -> None:
        score("u")
        Path("u/c.csv").write_bytes(b'Name,Domain,Country/Region,Number of Employees\n"open,x,DE,1\n')
        assert score("u", "--overwrite").code == 2
        assert not Path("u-scored/_SUCCESS.json").exists()


class TestNotInPortal:
    def test_what_hubspot_holds_and_doubles_are_left_out(self, score: Command) -> None:
        rows = [
            ("Held", "https://www.Held.com/about", "DE", "800"),
            ("Sparse", "new.de", "", "800"),
            ("Fullest", "www.new.de", "DE", "800"),
            ("As full, later", "NEW.de", "DE", "800"),
            ("Mail 1", "gmail.com", "DE", "800"),
            ("Mail 2", "gmail.com", "DE", "800"),
            ("No domain", "", "DE", "800"),
            ("", "", "", " "),
        ]
        part("u.csv", rows)
        known = state("portal", "held.com", "gmail.com", None)
        ended = score("u.csv", "--not-in-portal", "--portal-state", known)
        assert names("u.scored.csv") == ["Fullest", "Mail 1", "Mail 2", "No domain"]
        assert "left out: 1 whose domain HubSpot holds, 2 more rows of a domain" in ended.err
        assert "not scored: 1 row with nothing in it, which is no company" in ended.err

    def test_cells_with_nothing_in_them_fill_no_row(self, score: Command) -> None:
        """Blanks, NaN and empty lists: a row of them must not stand for the company in place of the one with values."""
        nan = float("nan")
        frame = {"name": ["Full", "Empty"], "domain": ["x.de"] * 2, "country": ["DE", " "], "industry": ["IT", " \t"]}
        extra = {"size": [800.0, nan], "score": [None, nan], "tags": [None, []], "more": [None, []]}
        pl.DataFrame(frame | extra, schema_overrides={"tags": pl.List(pl.String)}).write_parquet("u.parquet")
        score("u.parquet", "--not-in-portal", "--portal-state", state("s", "held.com"))
        assert pl.read_parquet("u.scored.parquet")["name"].to_list() == ["Full"]

    @pytest.mark.parametrize("options", [("--portal-state",) * 2, ("--state",) * 2, ("--state", "--portal-state")])
    def test_several_portals_are_looked_at(self, options: Sequence[str], score: Command) -> None:
        part("u.csv", [(name, f"{name}.com", "DE", "800") for name in ("a", "b", "c")])
        named = [
            word for option, name in zip(options, "ab", strict=True) for word in (option, state(name, f"{name}.com"))
        ]
        document = score("u.csv", "--not-in-portal", *named, "--json").document
        assert names("u.scored.csv") == ["c"]
        assert (document["in_portal"], document["duplicates"], document["written"]) == (2, 0, 1)

    @pytest.mark.slow
    def test_nobody_may_be_left(self, score: Command) -> None:
        part("u.csv", [("a", "a.com", "DE", "800")])
        for out in ("none.csv", "none.parquet", "none"):
            assert (
                score("u.csv", "--not-in-portal", "--portal-state", state(f"s-{out}", "a.com"), "--out", out).code == 0
            )
        assert names("none.csv") == []
        assert pl.read_parquet("none.parquet").height == 0

    @pytest.mark.parametrize(
        ("break_it", "problem"),
        [
            ("rm", "has no snapshot, so which companies HubSpot holds is not known"),
            ("parquet", "is damaged"),
            ("cut", "was cut short"),
        ],
    )
    def test_a_portal_that_is_not_known_ends_it(self, score: Command, break_it: str, problem: str) -> None:
        part("u.csv", [("a", "a.com", "DE", "800")])
        folder = Path(state("s", "a.com"))
        if break_it == "rm":
            (folder / "snapshot.4242.icp.json").unlink()
        elif break_it == "parquet":
            next(folder.glob("*.parquet")).write_bytes(b"PAR1")
        else:
            save("s", snapshot_of(["a.com"], after="17"))
        ended = score("u.csv", "--not-in-portal", "--portal-state", "s")
        assert (ended.code, problem in ended.err, Path("u.scored.csv").exists()) == (1, True, False)

    def test_a_row_without_a_domain_goes_by_its_website(self, score: Command) -> None:
        rows = [
            ("Held", "", "https://held.com/about", "DE"),
            ("New", "new.de", "https://held.com/partner", "DE"),
            ("New again", "", "www.new.de", "DE"),
        ]
        part("u.csv", rows, ["Name", "Domain", "Website URL", "Country/Region"])
        score("u.csv", "--not-in-portal", "--portal-state", state("s", "held.com"))
        assert names("u.scored.csv") == ["New"]

    def test_a_placeholder_and_a_page_of_a_network_are_no_domain(self, score: Command) -> None:
        texts = ["N/A", "N/A", "-", "none", "https://www.facebook.com/a", "facebook.com/b", "new.de:8080", "new.de"]
        part("u.csv", [(f"c{n}", text, "DE", "800") for n, text in enumerate(texts)])
        score("u.csv", "--not-in-portal", "--portal-state", state("s", "n.com", "facebook.com", "new.de"))
        assert names("u.scored.csv") == [f"c{n}" for n in range(6)]

    def test_columns_that_are_no_text_are_no_hindrance(self, score: Command) -> None:
        """Embeddings, hashes and lengths of calls stand in universes beside what is read."""
        frame = pl.DataFrame(
            {
                "name": ["Held", "Sparse", "Fullest", "As full, later"],
                "domain": [["held.com", "held.de"], ["new.de"], ["www.new.de"], ["NEW.de"]],
                "country": ["DE"] * 4,
                "hash": [b"\xff", None, b"\xfe", b"\xfd"],
                "call": [dt.timedelta(minutes=3)] * 4,
                "tags": [["a"], None, ["b"], []],
                "address": [{"city": "Köln"}] * 4,
            }
        )
        frame.write_parquet("u.parquet")
        ended = score("u.parquet", "--not-in-portal", "--portal-state", state("s", "held.com"), "--top", "5")
        assert ended.code == 0, ended.err
        assert pl.read_parquet("u.scored.parquet")["name"].to_list() == ["Fullest"]

    def test_a_file_without_domains_is_refused(self, score: Command) -> None:
        part("u.csv", [("a", "a.com", "DE", "800")], ["Name", "Site", "Country/Region", "Number of Employees"])
        refused = score("u.csv", "--not-in-portal", "--portal-state", state("s", "a.com"))
        assert (refused.code, '--map "COLUMN=domain"' in refused.err) == (2, True)
        mapped = score("u.csv", "--map", "Site=domain", "--not-in-portal", "--portal-state", "s")
        assert (mapped.code, names("u.scored.csv")) == (0, [])


COMPANIES: Rows = [
    ("b", "b.de", "DE", "800"),
    ("a", "a.de", "Germany", "800"),
    ("small", "c.de", "Deutschland", "10"),
    ("fr 2", "z.fr", "FR", "800"),
    ("fr 1", "y.fr", "France", "800"),
    ("at", "at.at", "Austria", "250"),
]


class TestBest:
    def test_the_best_stand_first_and_equals_go_by_domain(self, score: Command) -> None:
        part("u.csv", COMPANIES)
        score("u.csv", "--top", "3")
        assert names("u.scored.csv") == ["a", "b", "at"]

    @pytest.mark.parametrize("header", ["Country/Region", "country"])
    def test_countries_are_those_understood(self, header: str, score: Command) -> None:
        part("u.csv", COMPANIES, ["Name", "Domain", header, "Number of Employees"])
        score("u.csv", "--top", "1", "--per", "country")
        assert names("u.scored.csv") == ["at", "a", "fr 1"]

    def test_a_column_called_country_that_is_left_out_is_grouped_as_it_stands(self, score: Command) -> None:
        part("u.csv", COMPANIES, ["Name", "Domain", "country", "Number of Employees"])
        score("u.csv", "--top", "1", "--per", "country", "--map", "country=")
        assert len(names("u.scored.csv")) == len({country for _, _, country, _ in COMPANIES})

    @pytest.mark.parametrize("per", ["Country/Region", "numberofemployees"])
    def test_any_column_makes_groups(self, score: Command, per: str) -> None:
        part("u.csv", COMPANIES)
        score("u.csv", "--top", "1", "--per", per)
        assert len(names("u.scored.csv")) == (6 if per == "Country/Region" else 3)

    @pytest.mark.parametrize(("per", "kept"), [("tags", 2), ("size", 1)])
    def test_lists_and_enumerations_make_groups(self, per: str, kept: int, score: Command) -> None:
        frame = {
            "country": ["DE", "DE"],
            "tags": [["a", "b"], ["c"]],
            "size": pl.Series(["x", "x"], dtype=pl.Categorical),
        }
        pl.DataFrame(frame).write_parquet("u.parquet")
        assert score("u.parquet", "--top", "1", "--per", per).code == 0
        assert pl.read_parquet("u.scored.parquet").height == kept

    def test_what_no_text_is_makes_no_groups(self, score: Command) -> None:
        pl.DataFrame({"country": ["DE"], "hash": [b"\xff"]}).write_parquet("u.parquet")
        ended = score("u.parquet", "--top", "1", "--per", "hash")
        assert ended.code == 2
        assert 'column "hash" holds Binary' in ended.err
        assert "name another column with --per" in ended.err

    def test_an_unknown_column_is_refused_with_a_near_one(self, score: Command) -> None:
        part("u.csv", COMPANIES)
        assert "did you mean Domain" in score("u.csv", "--top", "1", "--per", "Domian").err

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            (["--per", "country"], "say how many of each with --top N"),
            (["--portal-state", "."], "it goes with --not-in-portal"),
            (["--out", "x.csv", "--for-import", "y.csv"], "give one of them"),
            (["--address", "127.0.0.1:6379"], "it goes with --engine ray"),
        ],
    )
    def test_options_that_lack_another_are_refused(self, score: Command, options: list[str], problem: str) -> None:
        part("u.csv", COMPANIES)
        ended = score("u.csv", *options)
        assert (ended.code, problem in ended.err) == (2, True)


CODES = {"DE": "DE", "Deutschland": "DE", "France": "FR", "Austria": "AT"}


def domain_of(company: dict[str, str]) -> str:
    return (company["Domain"] or "").removeprefix("www.")


def rank(company: dict[str, str]) -> tuple[object, ...]:
    domain, points, potential = domain_of(company), float(company["icp_score"]), float(company["icp_potential"])
    return company["icp_tier"] or "z", -points, -potential, not domain, domain


def random_universe(random: Random) -> None:
    """Four parts of companies of which many share a domain and some have none."""
    for number in range(4):
        rows = [
            (
                f"c{number}-{row}",
                random.choice(["www.", ""]) + f"d{random.randrange(900)}.com" if random.random() < 0.9 else "",
                random.choice([*CODES, ""]),
                random.choice(["800", "250", "10", ""]),
            )
            for row in range(500)
        ]
        part(f"u/{number}.csv", rows)


def fullest_unknown(companies: list[dict[str, str]], known: set[str]) -> list[dict[str, str]]:
    """Of each domain that is not held the row with the most filled cells, of several the first."""
    best: dict[str, tuple[int, int]] = {}
    for row, company in enumerate(companies):
        key = domain_of(company) or f"row {row}"
        filled = sum(bool(company[name]) for name in COLUMNS)
        if key not in known and (key not in best or filled > best[key][0]):
            best[key] = (filled, row)
    return [companies[row] for _, row in sorted(best.values(), key=lambda place: place[1])]


@pytest.mark.slow
def test_a_universe_is_what_a_plain_computation_leaves(score: Command) -> None:
    """Doubles, held companies and the best of each country, against plain Python over the file scored as it is."""
    random_universe(Random(20261130))
    known = {f"d{number}.com" for number in range(0, 900, 3)}
    not_in_portal = ["--not-in-portal", "--portal-state", state("s", *known)]
    score("u", *not_in_portal, "--top", "7", "--per", "country", "--out", "best.csv")
    score("u", "--out", "all.csv")

    kept = fullest_unknown(pl.read_csv("all.csv", infer_schema=False).to_dicts(), known)
    wanted: list[str] = []
    for country in ("AT", "DE", "FR", None):
        group = [company for company in kept if CODES.get(company["Country/Region"] or "") == country]
        inside = [company for company in group if company["icp_outcome"]]
        wanted += [company["Name"] for company in sorted(inside, key=rank)[:7]]
    assert names("best.csv") == wanted


class TestImport:
    def test_hubspot_s_labels_stand_over_the_columns_and_nothing_runs(self, score: Command) -> None:
        part("u.csv", [("=1+1", "a.de", "DE", "800")])
        assert score("u.csv", "--for-import", "new.csv").code == 0
        imported = pl.read_csv("new.csv", infer_schema=False)
        assert imported.columns[:4] == [
            "Company name", "Company domain name", "Country/Region", "Number of Employees"
        ]  # fmt: skip
        assert imported["Company name"].to_list() == ["'=1+1"]

    def test_a_domain_is_taken_from_an_address(self, score: Command) -> None:
        columns = ["Name", "Website URL", "Country/Region", "Number of Employees"]
        part("u.csv", [("a", "https://www.A.de/x", "DE", "800"), ("b", "gmail.com", "DE", "1")], columns)
        score("u.csv", "--for-import", "new.csv")
        assert pl.read_csv("new.csv")["Company domain name"].to_list() == ["a.de", None]

    def test_a_domain_is_taken_from_the_address_of_a_row_that_has_none(self, score: Command) -> None:
        columns = ["Name", "Domain", "Website URL", "Country/Region"]
        part("u.csv", [("a", "", "https://www.A.de/x", "DE"), ("b", "b.de", "c.de", "DE")], columns)
        score("u.csv", "--for-import", "new.csv")
        imported = pl.read_csv("new.csv")
        assert imported.columns[:3] == ["Company name", "Company domain name", "Website URL"]
        assert imported["Company domain name"].to_list() == ["a.de", "b.de"]

    def test_lists_are_imported_as_hubspot_keeps_several_values(self, score: Command) -> None:
        frame = {"name": ["a"], "domain": [["a.de"]], "country": ["DE"], "industry": [["=1", "b"]], "hash": [b"\xff"]}
        pl.DataFrame(frame | {"annualrevenue": [float("nan")]}).write_parquet("u.parquet")
        ended = score("u.parquet", "--for-import", "new.csv")
        assert ended.code == 0, ended.err
        imported = pl.read_csv("new.csv")
        assert imported.select("Company domain name", "Industry", "Annual Revenue").rows() == [("a.de", "'=1;b", None)]

    def test_what_is_no_domain_is_not_imported_as_one(self, score: Command) -> None:
        texts = ["N/A", "=cmd|calc!A1", "https://a.de:443/x", "linkedin.com/company/d"]
        part("u.csv", [(f"c{n}", text, "DE", "800") for n, text in enumerate(texts)])
        score("u.csv", "--for-import", "new.csv")
        assert pl.read_csv("new.csv")["Company domain name"].to_list() == [None, None, "a.de", None]

    def test_a_long_file_is_cut_into_parts_hubspot_takes(self, score: Command, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("icp_sync.runs.hubspot_import_files.MAX_ROWS", 2)
        monkeypatch.setattr("icp_sync.runs.hubspot_import_files._SLICE_ROWS", 1)
        part("u.csv", [(f"c{n}", f"c{n}.de", "DE", "800") for n in range(5)])
        assert score("u.csv", "--for-import", "new.csv", "--json").document["files"] == 3
        read = [pl.read_csv(f"new{n}.csv")["Company name"].to_list() for n in ("", "-2", "-3")]
        assert read == [["c0", "c1"], ["c2", "c3"], ["c4"]]

    def test_parts_of_a_former_import_are_not_left_to_be_imported_again(
        self, score: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("icp_sync.runs.hubspot_import_files.MAX_ROWS", 2)
        monkeypatch.setattr("icp_sync.runs.hubspot_import_files._SLICE_ROWS", 1)
        part("u.csv", [(f"c{n}", f"c{n}.de", "DE", "800") for n in range(5)])
        score("u.csv", "--for-import", "new.csv")
        Path("new.csv").unlink()
        refused = score("u.csv", "--top", "2", "--for-import", "new.csv")
        assert (refused.code, "new-2.csv exists already" in refused.err) == (2, True)
        assert score("u.csv", "--top", "2", "--for-import", "new.csv", "--overwrite").code == 0
        assert [path.name for path in sorted(Path().glob("new*.csv"))] == ["new.csv"]

    def test_files_no_import_wrote_stay_and_only_one_in_the_way_stops_it(self, score: Command) -> None:
        part("u.csv", COMPANIES)
        Path("b-2026.csv").write_text("mine\n")
        assert score("u.csv", "--for-import", "b.csv").code == 0
        again = score("u.csv", "--for-import", "b.csv")
        assert "b.csv exists already; name another with --for-import, or replace it with --overwrite" in again.err
        Path("new-2.csv").write_text("mine\n")
        refused = score("u.csv", "--for-import", "new.csv", "--overwrite")
        assert (refused.code, "new-2.csv is called like a part of the result and is none" in refused.err) == (2, True)
        assert [path.read_text() for path in (Path("b-2026.csv"), Path("new-2.csv"))] == ["mine\n"] * 2
        assert not Path("new.csv").exists()

    def test_a_part_is_written_over_no_file_of_somebody_else(
        self, score: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("icp_sync.runs.hubspot_import_files.MAX_ROWS", 2)
        monkeypatch.setattr("icp_sync.runs.hubspot_import_files._SLICE_ROWS", 1)
        part("u.csv", COMPANIES)
        Path("new-3.csv").write_text("mine\n")
        assert score("u.csv", "--for-import", "new.csv").code == 2
        assert Path("new-3.csv").read_text() == "mine\n"

    def test_a_column_is_said_to_be_the_name_though_the_profile_does_not_read_it(self, score: Command) -> None:
        columns = ["Account", "Website URL", "Country/Region", "Number of Employees"]
        part("u.csv", [("Acme", "acme.com", "DE", "800")], columns)
        assert '--map "Account=name"' in score("u.csv", "--for-import", "new.csv").err
        assert score("u.csv", "--for-import", "new.csv", "--overwrite", "--map", "Account=name").code == 0
        assert pl.read_csv("new.csv")["Company name"].to_list() == ["Acme"]

    def test_a_row_with_neither_domain_nor_name_is_left_out_and_counted(self, score: Command) -> None:
        part("u.csv", [("a", "", "DE", "800"), ("", "b.de", "FR", "8"), (" ", "", "DE", "7")])
        ended = score("u.csv", "--for-import", "new.csv", "--json")
        assert (ended.document["written"], ended.document["without_name_or_domain"]) == (2, 1)
        assert pl.read_csv("new.csv").height == 2
        notes = score("u.csv", "--for-import", "new.csv", "--overwrite").err
        assert "2 companies written to new.csv\nleft out of it: 1 row with neither a domain nor a name\n" in notes
        assert "companies in no tier are in it too" in notes
        assert "companies in no tier" not in score("u.csv", "--for-import", "n.csv", "--top", "2").err

    def test_where_nobody_is_named_there_is_a_file_with_nothing_but_labels(self, score: Command) -> None:
        part("u.csv", [("", "", "DE", "800")])
        assert score("u.csv", "--for-import", "new.csv", "--json").document["written"] == 0
        assert pl.read_csv("new.csv").height == 0

    def test_numbers_are_written_as_hubspot_takes_them_and_what_is_none_is_left_empty(self, score: Command) -> None:
        columns = ["Name", "Domain", "Country/Region", "Number of Employees", "Revenue"]
        numbers = [("1,200", "$1.2bn"), ("201-500", "n/a"), ("", "7")]
        part("u.csv", [(f"c{n}", f"c{n}.de", "DE", *pair) for n, pair in enumerate(numbers)], columns)
        ended = score("u.csv", "--for-import", "new.csv", "--map", "Revenue=annualrevenue", "--json")
        imported = pl.read_csv("new.csv", infer_schema=False)
        assert imported["Number of Employees"].to_list() == ["1200", None, None]
        assert imported["Annual Revenue"].to_list() == ["1200000000", None, "7"]
        assert ended.document["no_single_number"] == {"Number of Employees": 1, "Annual Revenue": 1}
        notes = score("u.csv", "--for-import", "new.csv", "--overwrite").err
        assert "left empty in it: 1 cell of Number of Employees with no single number, such as '201-500'" in notes

    def test_a_file_that_names_no_company_is_refused(self, score: Command) -> None:
        part("u.csv", [("x", "y", "DE", "800")], ["A", "B", "Country/Region", "Number of Employees"])
        assert "HubSpot imports companies by name or domain" in score("u.csv", "--for-import", "new.csv").err


class TestEngine:
    def test_without_ray_it_is_said_how_to_install_it_before_anything_else(
        self, score: Command, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("icp_sync.cli.extras.find_spec", lambda _name: None)
        refused = score("no such file.csv", "--engine", "ray", "--json")
        assert (refused.code, refused.document["error"]["code"]) == (2, "usage")
        assert refused.err.startswith("icp-sync: this needs ray and pyarrow and pandas, which are not installed; ")
        assert "pip install 'icp-sync[ray]'" in refused.err
