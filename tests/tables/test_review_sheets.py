"""Filled sheets, however a spreadsheet saved them: the same opinions, or a sentence with the row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl
import pytest

from icp_sync.errors import TableUnusable
from icp_sync.tables.review_sheets import combine_sheets, read_review_sheet, write_review_sheet

PORTAL = 26112026
LINK = f"https://app-eu1.hubspot.com/contacts/{PORTAL}/record/0-2/"
HEADERS = ("Record", "Company", "Reviewer", "Department", "Fit / no fit / unsure", "Why")
Row = tuple[str, ...]
ROWS: tuple[Row, ...] = (
    (f"{LINK}101", "Müller", "Anna", "Sales", "fit", 'they said "yes"; twice'),
    (f"{LINK}102", "=cmd", "Anna", "Sales", "No Fit", ""),
    (f"{LINK}103", "Größe", "Anna", "Sales", "", ""),
    (f"{LINK}10000000104", "Łódź", "Anna", "Sales", "unsure", "two\nlines"),
)
OPINIONS = [
    (101, "Anna", "Sales", "fit", 'they said "yes"; twice'),
    (102, "Anna", "Sales", "no_fit", ""),
    (10000000104, "Anna", "Sales", "unsure", "two\nlines"),
]


def sheet(folder: Path, rows: Sequence[Row] = ROWS, headers: tuple[str, ...] = HEADERS, name: str = "anna.csv") -> Path:
    path = folder / name
    pl.DataFrame(rows, schema=list(headers), orient="row").write_csv(path)
    return path


def opinions(*paths: Path) -> list[tuple[object, ...]]:
    frame, _ = combine_sheets([read_review_sheet(path, PORTAL) for path in paths])
    return frame.rows()


def test_a_filled_sheet_gives_its_opinions_and_leaves_out_what_is_not_filled_in(tmp_path: Path) -> None:
    assert opinions(sheet(tmp_path)) == OPINIONS
    read = read_review_sheet(tmp_path / "anna.csv", PORTAL)
    assert (read.size, read.rows.height) == (4, 3)


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
        lambda text: text.replace("Łódź", "L").encode("cp1252"),
        lambda text: (text + ",,,,,\n" * 3).encode(),
        lambda text: text.replace("\n", "\n\n", 1).encode(),
    ],
    ids=["BOM and CRLF", "Windows-1252", "empty rows at the end", "an empty row between"],
)
def test_however_it_was_saved(tmp_path: Path, saved: object) -> None:
    path = sheet(tmp_path)
    path.write_bytes(saved(path.read_text(encoding="utf-8")))  # type: ignore[operator]
    assert [(*row[:4], str(row[4]).replace("\r", "")) for row in opinions(path)] == OPINIONS


@pytest.mark.parametrize("separator", [";", "\t"])
def test_sorted_with_columns_moved_and_headers_in_capitals(tmp_path: Path, separator: str) -> None:
    frame = pl.DataFrame(ROWS[::-1], schema=list(HEADERS), orient="row").select(reversed(HEADERS))
    path = tmp_path / "renamed.csv"
    frame.rename(str.upper).write_csv(path, separator=separator)
    assert sorted(opinions(path)) == OPINIONS


def test_who_signs_once_signs_the_sheet_and_else_the_file_has_a_name(tmp_path: Path) -> None:
    once = [
        (link, name, "Anna" if n == 2 else "", "", word, why) for n, (link, name, _, _, word, why) in enumerate(ROWS)
    ]
    assert {row[1] for row in opinions(sheet(tmp_path, once))} == {"Anna"}
    never = [(link, name, "", "", word, why) for link, name, _, _, word, why in ROWS]
    assert {row[1] for row in opinions(sheet(tmp_path, never, name="ben.csv"))} == {"ben"}


def test_a_sheet_filled_twice_alike_counts_once(tmp_path: Path) -> None:
    path = sheet(tmp_path)
    shouted = [(*row[:2], "ANNA ", *row[3:]) for row in ROWS]
    frame, repeated = combine_sheets(
        [read_review_sheet(file, PORTAL) for file in (path, path, sheet(tmp_path, shouted, name="b.csv"))]
    )
    assert (frame.rows(), repeated) == (OPINIONS, 6)


def test_two_sheets_of_one_name_that_nobody_signed_are_not_one_person(tmp_path: Path) -> None:
    never = [(link, name, "", "", word, why) for link, name, _, _, word, why in ROWS]
    for folder in ("anna", "ben"):
        (tmp_path / folder).mkdir()
    sheets = [read_review_sheet(sheet(tmp_path / who, never, name="sheet.csv"), PORTAL) for who in ("anna", "ben")]
    with pytest.raises(TableUnusable, match="and both are called sheet, which would be one reviewer; write"):
        combine_sheets(sheets)
    assert combine_sheets([sheets[0], sheets[0]])[1] == 3


REFUSED: dict[str, tuple[Callable[[Sequence[Row]], Sequence[Row]], str]] = {
    "perhaps": (
        lambda rows: [(*rows[0][:4], "perhaps", ""), *rows[1:]],
        "anna.csv, row 2: 'perhaps' is no opinion; write",
    ),
    "a rounded id": (
        lambda rows: [("1.2E+10", *row[1:]) for row in rows],
        "row 2: '1.2E+10' is no link to a company's",
    ),
    "no record": (lambda rows: [("", *row[1:]) for row in rows], "row 2: '' is no link"),
    "another portal": (
        lambda rows: [rows[0], (rows[1][0].replace(str(PORTAL), "77"), *rows[1][1:])],
        "row 3: the link leads to HubSpot account 77, and this state is of 26112026; read the sheet where it was drawn",
    ),
    "nobody": (
        lambda rows: [rows[0], (*rows[1][:2], "Ben", *rows[1][3:]), rows[2], (*rows[3][:2], "", *rows[3][3:])],
        "row 5: nobody signed this opinion, and the sheet has Anna and Ben; write the reviewer",
    ),
    "two answers": (lambda rows: [*rows, (*rows[0][:4], "no fit", "")], "row 6: Anna says no fit of a company that"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_meant_is_refused_with_the_row(tmp_path: Path, kind: str) -> None:
    changed, message = REFUSED[kind]
    with pytest.raises(TableUnusable, match=r"anna\.csv, row") as refused:
        opinions(sheet(tmp_path, changed(ROWS)))
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        (("Record", "Company", "Reviewer", "Department", "Verdict", "Why"), 'no column "Fit / no fit / unsure"'),
        (("Link", "Company", "Reviewer", "Department", "Fit / no fit / unsure", "Why"), 'no column "Record"'),
        (("Record", "record", "Reviewer", "Department", "Fit / no fit / unsure", "Why"), 'two columns "Record"'),
    ],
)
def test_a_sheet_without_its_columns_is_none(tmp_path: Path, headers: tuple[str, ...], message: str) -> None:
    with pytest.raises(TableUnusable, match=message):
        read_review_sheet(sheet(tmp_path, headers=headers), PORTAL)


def test_a_sheet_is_written_for_spreadsheets_and_never_over_another(tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    companies = pl.DataFrame({"Record": [f"{LINK}1"], "Company": ["=HYPERLINK(1)"]})
    write_review_sheet(path, companies)
    written = path.read_bytes().decode("utf-8")
    assert written.startswith("\ufeffRecord,Company,Reviewer,Department,Fit / no fit / unsure,Why\r\n")
    assert "'=HYPERLINK(1)" in written
    assert read_review_sheet(path, PORTAL).rows.is_empty()
    with pytest.raises(TableUnusable, match="may have filled it in"):
        write_review_sheet(path, companies)
    with pytest.raises(TableUnusable, match=r"\.csv or \.tsv"):
        write_review_sheet(tmp_path / "sheet.xlsx", companies)
