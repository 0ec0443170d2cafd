"""`score FILE`: a file judged by the profile, and given back whole."""

from __future__ import annotations

import datetime as dt
import os
import re
from pathlib import Path

import polars as pl
import pytest

from tests.cli.conftest import PROFILES, Command

OURS = ["icp_tier", "icp_outcome", "icp_score", "icp_potential", "icp_coverage", "icp_reasons"]
LEADS = "Name,Country/Region,Number of Employees,Note\nAlpha,Deutschland,800,=1+1\nBeta,Österreich,250,\nGamma,USA,,x\n"


def leads(content: str | bytes = LEADS, name: str = "leads.csv") -> Path:
    path = Path(name)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def texts(path: str | Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def test_the_result_is_the_file_and_six_columns(score: Command) -> None:
    ended = score(leads())
    scored = texts("leads.scored.csv")
    assert ended.code == 0
    assert scored.drop(OURS).equals(texts("leads.csv"))
    assert scored.columns[-6:] == OURS
    assert scored["icp_tier"].to_list() == ["tier_1", "tier_2", None]
    assert scored["icp_outcome"].to_list() == ["tiered", "tiered", "not_icp"]
    assert scored["icp_score"].to_list() == ["100.0", "70.0", "0.0"]
    assert scored["icp_reasons"][0] == "Tier 1 (100): Germany, 100 or more employees."
    assert "3 companies scored" in ended.out


def test_which_columns_were_read_is_said_beside_the_result(score: Command) -> None:
    notes = score(leads()).err.splitlines()
    assert notes == [
        "leads.csv: UTF-8, separated by commas",
        'used: "Country/Region" as country, "Number of Employees" as numberofemployees',
        "missing: type, hs_state_code, state, city, zip, hs_lead_status",
        'not read, and kept as they are: "Name", "Note"',
        "written to leads.scored.csv",
    ]
    assert score(leads(), "--quiet", "--overwrite").err == ""


def test_a_criterion_no_row_can_answer_is_named(score: Command) -> None:
    notes = score(leads("Country\nDE\n")).err
    assert "unknown for every company, since nothing they read is there: employees" in notes


def test_the_document_says_all_of_it(score: Command) -> None:
    document = score(leads(), "--json").document
    assert document.pop("seconds") >= 0
    assert document.pop("as_of")[:2] == "20"
    assert document == {
        "out": "leads.scored.csv",
        "written": 3,
        "files": 1,
        "rows": 3,
        "blank_rows": 0,
        "columns": {
            "used": {"Country/Region": "country", "Number of Employees": "numberofemployees"},
            "ignored": ["Name", "Note"],
            "missing": ["type", "hs_state_code", "state", "city", "zip", "hs_lead_status"],
            "suggested": {},
        },
        "outcomes": {"tiered": 2, "disqualified": 0, "not_icp": 1, "insufficient_data": 0},
        "outside": 0,
        "tiers": {"tier_1": 1, "tier_2": 1},
        "unrecognised": {},
        "unrecognised_examples": {},
        "notes": [],
    }


def test_each_criterion_has_its_credit_where_that_is_asked_for(score: Command) -> None:
    score(leads(), "--credits")
    added = texts("leads.scored.csv").select(pl.col("^icp_credit_.*$"))
    assert added.to_dict(as_series=False) == {
        "icp_credit_country": ["1.0", "0.5", "0.0"],
        "icp_credit_employees": ["1.0", "1.0", None],
    }


def test_a_company_outside_the_scope_is_given_back_unscored(score: Command) -> None:
    document = score(leads("country,type\nDE,PARTNER\nDE,PROSPECT\n"), "--json").document
    assert (document["rows"], document["outside"]) == (2, 1)
    row = texts("leads.scored.csv").row(0, named=True)
    assert [row[name] for name in OURS] == [None, None, None, None, None, "Outside the profile's scope."]


def test_a_dotted_thousand_of_an_export_that_a_spreadsheet_saved_is_not_read_as_a_fraction(score: Command) -> None:
    file = leads('Record ID,country,numberofemployees\n"1.200",DE,1.200\n"1.300",DE,5.000\n')
    document = score(file, "--json").document
    assert document["unrecognised"] == {"numberofemployees": 2}


def test_a_value_nobody_can_read_is_counted(score: Command) -> None:
    document = score(leads("country,numberofemployees\nDeutschlnd,9\nDeutschlnd,lots\n"), "--json").document
    assert document["unrecognised"] == {"country": 2, "numberofemployees": 1}
    assert document["unrecognised_examples"]["country"] == ["Deutschlnd"]


def test_stdout_takes_the_table_and_nothing_else(score: Command) -> None:
    ended = score(leads(), "--out", "-")
    score(leads())
    assert ended.out.encode() == Path("leads.scored.csv").read_bytes()
    assert score(leads(), "--out", "-", "--json").code == 2


@pytest.mark.slow
def test_a_parquet_file_keeps_its_types(score: Command) -> None:
    frame = pl.DataFrame({"country": ["DE", "AT"], "numberofemployees": [800, 250], "tags": [["a"], []]})
    frame.write_parquet("leads.parquet")
    assert score("leads.parquet").code == 0
    scored = pl.read_parquet("leads.scored.parquet")
    assert scored.drop(OURS).equals(frame)
    assert scored["icp_tier"].to_list() == ["tier_1", "tier_2"]
    assert scored.schema["icp_score"] == pl.Float64


def test_in_a_text_file_lists_are_texts_as_in_hubspot(score: Command) -> None:
    frame = {"country": ["DE", "AT"], "tags": [["a", "b"], None], "sizes": [[1, 2], [3]]}
    pl.DataFrame(frame | {"call": [dt.timedelta(minutes=3)] * 2}).write_parquet("leads.parquet")
    printed = score("leads.parquet", "--out", "-", "--quiet")
    assert printed.out.splitlines()[1].startswith("DE,a;b,1;2,PT3M,")
    assert score("leads.parquet", "--out", "leads.csv").code == 0
    assert pl.read_csv("leads.csv")["tags"].to_list() == ["a;b", None]


@pytest.mark.parametrize(
    "value",
    [{"city": "Köln"}, b"\xff", [[["a"]]], [b"\xff"], [dt.timedelta(1)]],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("out", ["leads.csv", "-"])
def test_a_column_no_text_can_be_is_named_before_anything_is_read(
    score: Command, monkeypatch: pytest.MonkeyPatch, value: object, out: str
) -> None:
    pl.DataFrame({"country": ["DE"], "raw": [value]}).write_parquet("leads.parquet")
    monkeypatch.delattr("icp_sync.tables.parquet.ParquetTable.batches")
    refused = score("leads.parquet", "--out", out)
    assert (refused.code, refused.out, Path("leads.csv").exists()) == (2, "", False)
    assert 'column "raw" holds ' in refused.err
    assert "write a .parquet with --out" in refused.err


def test_the_format_of_the_result_is_that_of_its_name(score: Command) -> None:
    score(leads(), "--out", "a.parquet")
    score(leads(), "--out", "a.tsv")
    assert pl.read_parquet("a.parquet").height == 3
    assert pl.read_csv("a.tsv", separator="\t", infer_schema=False).equals(pl.read_parquet("a.parquet").cast(pl.String))


def test_no_result_is_readable_by_others(score: Command) -> None:
    score(leads())
    assert Path("leads.scored.csv").stat().st_mode & 0o777 == 0o600


def test_a_column_is_mapped_by_hubspot_s_label_too(score: Command) -> None:
    Path("l.csv").write_text("Country,Headcount\nDE,800\n", encoding="utf-8")
    ended = score("l.csv", "--map", "Headcount=Number of Employees", "--json")
    assert ended.document["columns"]["used"] == {"Country": "country", "Headcount": "numberofemployees"}


def test_unread_columns_that_a_silent_criterion_may_mean_are_named_to_be_mapped(score: Command) -> None:
    Path("l.csv").write_text("Country,Headcount,Notes\nDE,800,x\n", encoding="utf-8")
    ended = score("l.csv", "--json")
    assert ended.document["columns"]["suggested"] == {"Headcount": "numberofemployees"}
    assert 'if these columns hold what is missing, add --map "Headcount=numberofemployees"\n' in ended.err
    mapped = ("l.csv", "--overwrite", "--json", "--map")
    assert score(*mapped, "Headcount=numberofemployees").document["columns"]["suggested"] == {}
    assert score(*mapped, "Headcount=").document["columns"]["suggested"] == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--map", "Size=numberofemployees"], "the file has no column Size; write it as in the first line of the file"),
        (["--map", "Nam=country"], "the file has no column Nam; did you mean Name?"),
        (["--map", "Name=countri"], "the profile does not read countri; did you mean country?"),
        (["--map", "Name"], "write COLUMN=PROPERTY"),
        (["--map", "Name=type", "--map", "Name=country"], "the column is type by another --map; keep one"),
        (["--map", "Name=", "--map", "Name=country"], "the column is left out by another --map; keep one"),
        (["--out", "leads.csv", "--overwrite"], "leads.csv is the file to read, and is never written over"),
        (["--out", "there.csv"], "there.csv exists already; name another with --out, or replace it with --overwrite"),
        (["--out", "scored.xlsx"], "scored.xlsx does not end in .csv, .tsv or .parquet; name the result so"),
    ],
)
def test_a_wrong_option_is_refused_before_anything_is_written(
    score: Command, arguments: list[str], message: str
) -> None:
    leads("x", "there.csv")
    ended = score(leads(), *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert {path.name for path in Path().iterdir()} == {"leads.csv", "there.csv"}


@pytest.mark.parametrize(
    ("words", "page", "message"),
    [
        (["leads.csv"], "leads.csv", "leads.csv is a file to read"),
        (["lists"], "lists/a.csv", "lists/a.csv is a file to read"),
        (["lists/*.csv", "--out", "-"], "linked.csv", "linked.csv is a file to read"),
        (["leads.csv"], "leads.scored.csv", "leads.scored.csv is a file of the result"),
        (["leads.csv", "--out", "all"], "all/part-00000.parquet", "all/part-00000.parquet is a file of the result"),
        (["leads.csv", "--out", "all"], "all/_SUCCESS.json", "all/_SUCCESS.json is a file of the result"),
        (["leads.csv", "--for-import", "new.csv"], "new-2.csv", "new-2.csv is a file of the result"),
    ],
)
def test_a_page_takes_the_place_of_neither_what_is_read_nor_the_result(
    score: Command, words: list[str], page: str, message: str
) -> None:
    for folder in ("lists", "all"):
        Path(folder).mkdir()
    lists = [leads(), leads(name="lists/a.csv")]
    Path("linked.csv").symlink_to("lists/a.csv")
    before = [Path(name).read_bytes() for name in lists]
    ended = score(*words, "--overwrite", "--report", page)
    assert (ended.code, ended.out, message in ended.err) == (2, "", True)
    assert [Path(name).read_bytes() for name in lists] == before
    assert {str(path) for path in Path().rglob("*.*")} == {"leads.csv", "lists/a.csv", "linked.csv"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "leads.csv is empty"),
        (b"country\n", "leads.csv has no rows, only the names of its columns"),
        (b"Name,Note\nA,b\n", "leads.csv has no column that a criterion of the profile reads; say which is which with"),
        (b"country,icp_tier\nDE,\n", 'leads.csv has a column "icp_tier" already; rename it or take it out'),
        (b"Country,COUNTRY\nDE,DE\n", 'leads.csv: several columns are the property country: "Country", "COUNTRY"'),
        ("country\nDE\n".encode("utf-16"), "is UTF-16 (Unicode text); save it as CSV UTF-8"),
        (b'country\nDE\n"AT\n', "leads.csv, line 3: the quotes do not match"),
        (b"country\n" + b"DE\n" * 600_000 + b"DE,AT\n", "leads.csv, line 600,002: 2 values for 1 column;"),
        (b"country\nDE\0\n", "leads.csv, line 2: a NUL byte"),
        (b"PK\x03\x04", "leads.csv is a zip archive"),
    ],
)
def test_a_bad_file_is_refused_with_the_place_and_leaves_nothing(score: Command, content: bytes, message: str) -> None:
    ended = score(leads(content), "--json")
    assert (ended.code, ended.document["error"]["code"]) == (2, "table_unusable")
    assert message in ended.document["error"]["message"]
    assert [path.name for path in Path().iterdir()] == ["leads.csv"]


def test_near_names_are_shown_where_no_column_is_known(score: Command) -> None:
    ended = score(leads("Land,Employees,Countri\nDE,800,DE\n"))
    assert ended.code == 2
    assert '  numberofemployees: is it "Employees"?' in ended.err.splitlines()
    assert '  country: is it "Countri", "Land"?' in ended.err.splitlines()
    assert score(leads(), "--map", "Name=country").code == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_to_is_named(score: Command) -> None:
    Path("closed").mkdir(mode=0o500)
    ended = score(leads(), "--out", "closed/a.csv")
    assert ended.code == 1
    assert "closed/a.csv cannot be written (Permission denied)" in ended.err


def test_a_missing_folder_is_named(score: Command) -> None:
    ended = score(leads(), "--out", "none/a.csv")
    assert ended.code == 1
    assert "none/a.csv cannot be written (No such file or directory); name a file in a directory" in ended.err
    assert score(leads(), "--out", "none/a.parquet").code == 1


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_full_disk_wants_room(score: Command, ending: str) -> None:
    Path(f"full.{ending}").symlink_to("/dev/full")
    ended = score(leads(), "--out", f"full.{ending}", "--overwrite", "--quiet")
    problem = f"full.{ending} cannot be written (No space left on device); make room there, or name a file elsewhere"
    assert (ended.code, ended.err) == (1, f"icp-sync: {problem}\n")


def test_hostile_headers_do_not_reach_the_terminal(score: Command) -> None:
    ended = score(leads("country,\x1b[31mred\u202e," + "x" * 10_000 + "\nDE,,\n"))
    assert ended.code == 0
    assert not {"\x1b", "\u202e"} & set(ended.err)
    assert max(map(len, ended.err.splitlines())) < 500


def test_the_page_names_the_places_that_only_a_run_gives(score: Command) -> None:
    text = (PROFILES / "small.yaml").read_text().replace("enter: 90", "enter: 90, capacity: 7")
    limit = "enter: 60, capacity: {limit: 3, per: country}}\n  - {tier: tier_3, enter: 10"
    Path("icp.yaml").write_text(text.replace("enter: 60", limit))
    ended = score(leads(), "--profile", "icp.yaml", "--report", "page.html")
    assert (ended.code, "whether tier_1 and tier_2 still have a place only a run can tell" in ended.err) == (0, True)
    page = Path("page.html").read_text(encoding="utf-8")
    assert "7; only a run can tell who has a place" in page
    assert "3 for each country; only a run can tell who has a place" in page


@pytest.mark.slow
def test_the_report_is_a_page_about_the_file(score: Command) -> None:
    ended = score(leads(name="a<b>.csv"), "--report", "page.html")
    page = Path("page.html").read_text(encoding="utf-8")
    assert ended.code == 0
    assert Path("page.html").stat().st_mode & 0o777 == 0o600
    assert "1 of 3 companies in a&lt;b&gt;.csv is tier 1; 0 are undecided, since too little is known of them." in page
    assert "Tier 1 (100): Germany, 100 or more employees." in page
    assert "<bdi>Alpha</bdi>" in page
    assert 'id="coverage"' in page
    assert not [panel for panel in ("why", "guardrails", "lists", "people", "calls") if f'id="{panel}"' in page]
    assert "https://" not in page


class TestBlankRows:
    """Rows with nothing in them, as spreadsheets leave them, are given back and are no companies."""

    NAMES = ("Alpha", None, None, "Beta", None)

    @pytest.mark.parametrize("name", ["leads.csv", "leads.tsv", "leads.parquet"])
    def test_they_stay_in_place_unjudged_and_uncounted(self, score: Command, name: str) -> None:
        self.written(name)
        ended = score(name)
        scored = self.read(name.replace(".", ".scored."))
        assert scored["Name"].str.strip_chars().replace("", None).to_list() == list(self.NAMES)
        assert scored["icp_outcome"].to_list() == ["tiered", None, None, "tiered", None]
        unjudged = scored.filter(pl.col("icp_outcome").is_null())
        assert all(unjudged[name].is_null().all() for name in OURS)
        assert "2 companies scored" in ended.out
        assert "not scored: 3 rows with nothing in them, which are no companies" in ended.err
        document = score(name, "--json", "--overwrite").document
        assert (document["rows"], document["blank_rows"], document["written"]) == (2, 3, 5)
        assert sum(document["outcomes"].values()) == 2

    def written(self, name: str) -> None:
        mark = "\t" if name.endswith(".tsv") else ","
        rows = ("Name,Country/Region,Number of Employees", "Alpha,DE,800", "", ",,", "Beta,AT,250", "  ,, ")
        leads("\n".join(rows).replace(",", mark) + "\n", "leads.tsv" if mark == "\t" else "leads.csv")
        if name.endswith(".parquet"):
            texts("leads.csv").write_parquet(name)

    def read(self, name: str) -> pl.DataFrame:
        if name.endswith(".parquet"):
            return pl.read_parquet(name)
        return pl.read_csv(name, infer_schema=False, separator="\t" if name.endswith(".tsv") else ",")

    def test_a_page_and_countries_know_only_companies(self, score: Command) -> None:
        self.written("leads.csv")
        assert score("leads.csv", "--report", "page.html", "--top", "9", "--per", "country").code == 0
        assert "1 of 2 companies in leads.csv is tier 1" in Path("page.html").read_text(encoding="utf-8")
        assert texts("leads.scored.csv")["Name"].to_list() == ["Beta", "Alpha"]

    def test_an_import_has_none(self, score: Command) -> None:
        self.written("leads.csv")
        ended = score("leads.csv", "--for-import", "new.csv")
        assert texts("new.csv")["Company name"].to_list() == ["Alpha", "Beta"]
        assert "written to new.csv" in ended.err.splitlines()

    def test_a_file_of_nothing_else_is_refused(self, score: Command) -> None:
        leads("Name,Country\n,\n , \n")
        ended = score("leads.csv")
        assert ended.code == 2
        assert "has no rows, only the names of its columns and rows with nothing in them" in ended.err
        assert not Path("leads.scored.csv").exists()


@pytest.mark.slow
def test_batches_are_counted_together(score: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    leads("country,numberofemployees,Company name\n" + "DE,800,A\nDeutschlnd,,B\n,,\nUSA,5,C\n" * 3)
    whole = score("leads.csv", "--json", "--report", "whole.html").document
    monkeypatch.setattr("icp_sync.tables.table.BATCH_ROWS", 2)
    parts = score("leads.csv", "--json", "--overwrite", "--out", "parts.csv", "--report", "parts.html").document
    keys = ("rows", "blank_rows", "outcomes", "tiers", "unrecognised", "unrecognised_examples")
    assert {name: parts[name] for name in keys} == {name: whole[name] for name in keys}
    assert Path("parts.csv").read_bytes() == Path("leads.scored.csv").read_bytes()
    assert _without_time("parts.html") == _without_time("whole.html")


def _without_time(page: str) -> str:
    """The page without the minute it was made in, and the numbers by which its pictures name their parts."""
    return re.sub(r"\d\d? \w+ \d{4}, \d\d:\d\d|clip\d+", "", Path(page).read_text(encoding="utf-8"))
