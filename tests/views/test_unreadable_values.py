"""Values nobody can read: the highest tier within reach first, a bounded table, a CSV without formulas."""

from __future__ import annotations

import csv

import polars as pl

from icp_sync.companies.frame import ID, company_frame
from icp_sync.profile.model.profile import Location
from icp_sync.scoring.purchase_simulation import GROUP
from icp_sync.scoring.unreadable_property_groups import UNREADABLE_VALUES
from icp_sync.views.unreadable_values import (
    MAX_SHOWN,
    Records,
    SavedRows,
    unreadable_csv,
    unreadable_document,
    unreadable_table,
    unreadable_view,
)
from tests.views.rendering import text_of

RECORDS = Records("app.hubspot.com", 7)
LIFTED = {ID: pl.Int64, GROUP: pl.UInt32, "tier": pl.String}


def table(values: list[str], lifted: dict[int, str] | None = None) -> pl.DataFrame:
    ids = range(1, len(values) + 1)
    rows = pl.DataFrame(
        [(n, 0, "city", value) for n, value in zip(ids, values, strict=True)], UNREADABLE_VALUES, orient="row"
    )
    reach = pl.DataFrame([(n, 0, tier) for n, tier in (lifted or {}).items()], LIFTED, orient="row")
    scored = pl.DataFrame({ID: ids, "potential": [50.0 + n for n in ids]}, {ID: pl.Int64, "potential": pl.Float64})
    companies = company_frame(
        ids, {"name": (["=cmd()"] + [None] * len(values))[: len(values)], "domain": [f"c{n}.com" for n in ids]}
    )
    return unreadable_table(rows, reach, scored, companies, RECORDS)


def words(rows: pl.DataFrame, saved: SavedRows | None = None) -> str:
    return text_of(unreadable_view(rows, RECORDS, Location(), saved))


def test_the_highest_tier_within_reach_comes_first_then_the_best_potential() -> None:
    rows = table(["a", "b", "c", "d"], {1: "tier_2", 2: "tier_1"})

    assert rows["tier"].to_list() == ["tier_1", "tier_2", "", ""]
    assert rows[ID].to_list() == [2, 1, 4, 3]
    assert unreadable_document(rows)["values"][-1]["tier"] is None


def test_a_terminal_shows_so_many_and_says_where_the_rest_is() -> None:
    text = words(table(["Portland"] * (MAX_SHOWN + 5)))

    assert text.count("Portland") == MAX_SHOWN
    assert "5 more, with links: icp-sync shopping-list --unreadable --csv to-correct.csv" in text
    assert "can be read once its country stands beside it" in text
    assert "https://app.hubspot.com/contacts/7/record/0-2/ID" in text


def test_a_table_that_was_written_says_how_many_rows() -> None:
    text = words(table(["Portland"] * (MAX_SHOWN + 5)), SavedRows("a.csv", 1))

    assert "a.csv: 1 row, the highest tier within reach first." in text
    assert "more, with links" not in text


def test_hostile_texts_are_cut_on_a_terminal_and_run_in_no_spreadsheet() -> None:
    rows = table(["=HYPERLINK(1)" + "x" * 10_000 + "\x1b[31m"])

    assert "\x1b" not in words(rows)
    assert len(words(rows)) < 1_000
    (row,) = csv.DictReader(unreadable_csv(rows).splitlines())
    assert row["value"].startswith("'=HYPERLINK(1)xxx")
    assert row["name"] == "'=cmd()"


def test_nothing_to_correct_is_said() -> None:
    assert words(table([])).startswith("Nothing stands there that cannot be read")
