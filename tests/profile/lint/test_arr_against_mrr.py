"""A year of recurring revenue is twelve months of it."""

from typing import Any

import pytest

from tests.profile.lint.example import asks, rules, warnings


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (("$10M ARR", "$10K MRR"), ["contradictory-money"]),
        (("10 million ARR", "€10,000 MRR"), ["contradictory-money"]),
        (("$1.2M ARR", "100k MRR"), []),
        (("$120K ARR", "$10K MRR"), []),
        (("$2M ARR", "$100K of MRR"), []),
        (("$10M ARR", "10K users"), []),
        (("MARR 5 ARR", "we have 12 arrows"), []),
    ],
)
def test_words_that_contradict_each_other_are_named(texts: tuple[str, str], expected: list[str]) -> None:
    labelled = [asks({"at_least": 5 + n}, id=f"c{n}", label=text) for n, text in enumerate(texts)]
    assert rules(criteria=labelled) == expected


def test_both_amounts_may_stand_in_one_text() -> None:
    (warning,) = warnings(criteria=[asks({"at_least": 5}, label="$10M ARR, $10K MRR")])
    assert warning.message.startswith("10K MRR is not 10M ARR: twelve months make a year")


@pytest.mark.parametrize(("month", "expected"), [([None, 10_000], ["contradictory-money"]), ([500_000, None], [])])
def test_rules_that_contradict_each_other_are_named(month: list[Any], expected: list[str]) -> None:
    year = asks({"at_least": 10_000_000}, id="year", property="arr_total")
    other = asks({"between": month}, id="month", property="mrr")
    need = asks({"is": "x"}, id="need", property="pains", weight=20)
    assert rules(criteria=[year, other, need]) == expected
