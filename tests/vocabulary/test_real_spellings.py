"""Two hundred country values found in the wild, judged by hand: right or unknown, never another country."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from icp_sync.vocabulary.country_recognition import country_code

with (Path(__file__).parent / "data" / "country_spellings.csv").open(encoding="utf-8", newline="") as file:
    JUDGED = [(row["text"], row["country"] or None) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("text", "country"), JUDGED)
def test_a_spelling_is_read_right_or_not_at_all(text: str, country: str | None) -> None:
    assert country_code(text) in {country, None}


def test_nine_in_ten_of_those_that_name_a_country_are_read() -> None:
    named = [text for text, country in JUDGED if country]

    assert len(JUDGED) == 200
    assert sum(country_code(text) is not None for text in named) >= 0.9 * len(named)
