"""What the portal held when a company was last settled is kept until a run settles it again."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.input_differences import (
    DIFFERENCES,
    NO_DIFFERENCES,
    carry_over_differences,
    restore_old_texts,
    update_differences,
    with_current_texts,
)

FIRST = dt.datetime(2026, 11, 28, 2, tzinfo=dt.UTC)
SECOND = FIRST + dt.timedelta(days=1)
Text = str | None


def companies(**texts: dict[int, Text]) -> pl.DataFrame:
    """A company frame from property → id → text."""
    ids = sorted({company for by_id in texts.values() for company in by_id})
    columns = {name: [by_id.get(company) for company in ids] for name, by_id in texts.items()}
    return pl.DataFrame({"id": ids} | columns, schema={"id": pl.Int64} | dict.fromkeys(texts, pl.String))


def industry(*texts: Text) -> pl.DataFrame:
    """Companies 1, 2, … of these industries."""
    return companies(industry=dict(enumerate(texts, 1)))


def rows(frame: pl.DataFrame) -> list[tuple[object, ...]]:
    assert frame.schema == DIFFERENCES
    return frame.rows()


def read(*readings: pl.DataFrame) -> pl.DataFrame:
    """The differences after these readings, a day apart, none of which a run settled."""
    differences = NO_DIFFERENCES
    for day, (before, after) in enumerate(pairwise(readings)):
        differences = update_differences(differences, before, after, FIRST + dt.timedelta(days=day))
    return differences


def test_a_text_that_changes_is_kept_with_the_time_of_the_reading() -> None:
    assert rows(read(industry("A", "B"), industry("A", "C"))) == [(2, "industry", "B", FIRST)]


def test_an_emptied_text_and_a_filled_one_are_differences_and_null_is_empty() -> None:
    assert rows(read(industry("A", None), industry(None, "B"))) == [
        (1, "industry", "A", FIRST),
        (2, "industry", None, FIRST),
    ]


def test_the_first_old_text_and_its_day_stay() -> None:
    assert rows(read(industry("A"), industry("B"), industry("C"))) == [(1, "industry", "A", FIRST)]


def test_a_text_that_returns_leaves_no_row() -> None:
    assert rows(read(industry("A"), industry("B"), industry("A"))) == []
    assert rows(read(industry("A"), industry("B"), industry("C"), industry("A"))) == []


def test_a_reading_without_a_change_keeps_what_is_there() -> None:
    assert rows(read(industry("A"), industry("B"), industry("B"))) == [(1, "industry", "A", FIRST)]


def test_companies_gone_drop_out_and_new_ones_differ_in_nothing() -> None:
    before, after = companies(p={1: "A", 2: "B", 3: "C"}), companies(p={2: "X", 3: "C", 4: "D"})
    assert rows(read(before, after)) == [(2, "p", "B", FIRST)]
    assert rows(read(before, after, companies(p={3: "C", 4: "D"}))) == []


def test_properties_made_anew_are_left_out_and_forgotten() -> None:
    differences = read(industry("A"), industry("B"))
    assert rows(update_differences(differences, industry("B"), industry("C"), SECOND, {"industry"})) == []
    assert rows(update_differences(NO_DIFFERENCES, industry("B"), industry("C"), SECOND, ["industry"])) == []


def test_properties_only_one_reading_has_differ_in_nothing() -> None:
    assert rows(read(companies(p={1: "A"}, q={1: "A"}), companies(p={1: "A"}, r={1: "A"}))) == []
    assert rows(read(industry("A"), industry("B"), companies(p={1: "A"}))) == []


def test_dates_merged_ids_and_members_of_lists_are_not_compared() -> None:
    own = {"hs_lastmodifieddate": pl.lit("2026-01-01"), "hs_merged_object_ids": pl.lit("7"), "list:7": pl.lit(True)}
    other = {"hs_lastmodifieddate": pl.lit("2026-01-02"), "hs_merged_object_ids": pl.lit(None), "list:7": pl.lit(False)}
    assert rows(read(industry("A").with_columns(**own), industry("A").with_columns(**other))) == []


def test_old_texts_lie_over_a_company_frame() -> None:
    now = companies(p={1: "X", 2: None, 3: "C"}, q={1: "Q", 2: "Q", 3: "Q"})
    differences = read(companies(p={1: "A", 2: "B", 3: "C", 4: "D"}), companies(p={1: "X", 2: None, 3: "C", 4: "E"}))
    assert restore_old_texts(now, differences).rows() == [(1, "A", "Q"), (2, "B", "Q"), (3, "C", "Q")]
    assert restore_old_texts(now.drop("p"), differences).rows() == now.drop("p").rows()


def test_the_text_of_now_stands_beside_the_old_one() -> None:
    differences = read(industry("A", "B"), industry("X", None))
    assert with_current_texts(differences, industry("Y"))["now"].to_list() == ["Y"]
    assert with_current_texts(differences, industry("Y", None))["now"].to_list() == ["Y", None]


def test_what_a_run_settled_goes_but_for_what_is_held_or_overridden() -> None:
    differences = read(
        companies(p={1: "A", 2: "B", 3: "C"}, q={1: "A", 2: "B", 3: "C"}),
        companies(p={1: "X", 2: "X", 3: "X"}, q={1: "X", 2: "X", 3: "X"}),
    )
    kept = pl.DataFrame({"id": [3], "property": ["q"]})
    assert carry_over_differences(differences, pl.Series([1], dtype=pl.Int64), kept).select(
        "id", "property"
    ).rows() == [
        (1, "p"),
        (1, "q"),
        (3, "q"),
    ]
    assert rows(carry_over_differences(differences, pl.Series([], dtype=pl.Int64), NO_DIFFERENCES)) == []


READING = st.dictionaries(st.integers(1, 4), st.sampled_from([None, "A", "B", "C"]))


@given(st.lists(READING, min_size=2, max_size=6))
def test_old_texts_laid_over_the_latest_reading_are_those_of_the_first(readings: list[dict[int, Text]]) -> None:
    """Of every company that was in all readings."""
    frames = [companies(p=reading) for reading in readings]
    back = dict(restore_old_texts(frames[-1], read(*frames)).iter_rows())
    there_throughout = set.intersection(*(set(reading) for reading in readings))
    assert {company: back[company] for company in there_throughout} == {
        company: readings[0][company] for company in there_throughout
    }
