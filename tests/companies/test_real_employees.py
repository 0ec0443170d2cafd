"""Two hundred employee counts found in the wild, judged by hand: right or unknown, never another number."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from icp_sync.companies.parse.numbers.grammar import Interval, parse_interval

with (Path(__file__).parent / "data" / "employees.csv").open(encoding="utf-8", newline="") as file:
    JUDGED = [
        (row["text"], (float(row["low"]), float(row["high"])) if row["low"] else None) for row in csv.DictReader(file)
    ]


@pytest.mark.parametrize(("text", "stated"), JUDGED)
def test_a_count_is_read_right_or_not_at_all(text: str, stated: Interval | None) -> None:
    assert parse_interval(text) in {stated, None}


def test_nine_in_ten_of_those_that_say_a_number_are_read() -> None:
    saying = [text for text, said in JUDGED if said]

    assert len(JUDGED) == 200
    assert sum(parse_interval(text) is not None for text in saying) >= 0.9 * len(saying)
