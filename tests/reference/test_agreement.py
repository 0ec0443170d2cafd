"""The engine and a second reading of the design agree on 20,000 generated pairs of profile and company."""

from __future__ import annotations

from typing import Final

import pytest

from icp_sync.profile.model.match import OPERATORS
from tests.reference.agreement import COMPANIES, Comparison, compare

PAIRS: Final = 20_000
SAMPLE: Final = 1_000
OFTEN: Final = 50
PLAIN: Final = ("hit", "miss", "empty", "unreadable")
# An interval may lie across a number, a country across a region's border, and one name may be two cities'.
WITH_BORDER: Final = frozenset({"at_least", "at_most", "between", "region", "city", "within_km"})
SITUATIONS: Final = {name: (*PLAIN, *(("across the border",) if name in WITH_BORDER else ())) for name in OPERATORS}
OCCURRENCES: Final = (
    *((operator, situation) for operator, situations in SITUATIONS.items() for situation in situations),
    *((composition, answer) for composition in ("all", "any", "not") for answer in ("hit", "miss", "unknown")),
    ("credit", "whole"),
    ("credit", "partial"),
    ("missing", "miss"),
    ("outcome", "rule 1: disqualified"),
    ("outcome", "rule 2: not_icp"),
    ("outcome", "rule 3: not_icp"),
    ("outcome", "rule 4: insufficient_data"),
    ("outcome", "rule 5: tiered"),
    ("outcome", "rule 5: insufficient_data"),
    ("outcome", "rule 6: insufficient_data"),
    ("scope", "outside"),
    ("score", "exactly at a threshold"),
    ("score", "half way between two decimals"),
    ("hysteresis", "a holder stays"),
    ("hysteresis", "a newcomer stays out"),
    ("capacity", "cut"),
    ("capacity", "cut by a fixed company"),
    ("capacity", "cut by a holder of less score"),
)


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    return compare(range(PAIRS // COMPANIES))


def agree(comparison: Comparison) -> None:
    """Fails with the first three pairs on which the two differ."""
    if comparison.differing:
        first = "\n\n".join(str(disagreement) for disagreement in comparison.differing[:3])
        pytest.fail(f"{len(comparison.differing)} of {comparison.pairs} pairs differ:\n{first}", pytrace=False)


def test_engine_and_reference_agree_on_a_sample() -> None:
    agree(compare(range(SAMPLE // COMPANIES)))


@pytest.mark.long
@pytest.mark.long
@pytest.mark.slow
def test_engine_and_reference_agree_on_every_pair(comparison: Comparison) -> None:
    assert comparison.pairs == PAIRS
    agree(comparison)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("occurrence", OCCURRENCES, ids=": ".join)
def test_the_pairs_hold_every_situation_often_enough_to_judge_it(
    comparison: Comparison, occurrence: tuple[str, str]
) -> None:
    assert comparison.seen[occurrence] >= OFTEN
