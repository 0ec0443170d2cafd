"""How many companies have a property filled in, and how many of those texts say what was asked for."""

from __future__ import annotations

import pytest

from icp_sync.plan.document.input_counts import count_properties, find_lost_texts
from icp_sync.plan.plan import Population
from icp_sync.scoring.program import compile_profile
from tests.plan.nights import FIRST, SIZE, Nights, Text, companies, profile_of

TRADE = {"id": "trade", "property": "main_industry", "weight": 60, "match": {"in": ["Computer Software"]}}
KNOWN, UNKNOWN = "Computer Software", "Beekeeping"
POPULATION = Population(read=4, scored=4, foreign=0, outcomes={}, tiers={}, unrecognised={}, examples={}, live_tiers={})


def counted(before: list[Text], now: list[Text]) -> tuple[int, int]:
    """The texts filled in and read on the night on which these industries became those."""
    was, is_now = (companies(texts).rename({"industry": "main_industry"}) for texts in (before, now))
    nights = Nights(profile_of(criteria=[TRADE, SIZE]), was)
    holding = nights.read(0, is_now)
    evaluated, program = nights.scored().evaluated, compile_profile(nights.profile, FIRST.date())
    lost = find_lost_texts(holding.open_holds, is_now)
    properties = {figures.name: figures for figures in count_properties(evaluated, program, POPULATION, lost)}
    return properties["main_industry"].filled, properties["main_industry"].read


@pytest.mark.parametrize(
    ("before", "now", "filled", "read"),
    [
        ([KNOWN, UNKNOWN, KNOWN, None], [KNOWN, UNKNOWN, KNOWN, None], 3, 2),
        ([KNOWN, UNKNOWN, KNOWN, None], [None, UNKNOWN, KNOWN, None], 2, 1),
        ([KNOWN, UNKNOWN, KNOWN, None], [KNOWN, None, KNOWN, None], 2, 2),
        ([KNOWN, UNKNOWN, KNOWN, None], [None, None, None, None], 0, 0),
        ([KNOWN, UNKNOWN, UNKNOWN, None], [None, None, None, None], 0, 0),
    ],
    ids=["nothing lost", "a known word lost", "an unknown word lost", "an outage", "most of them unknown words"],
)
def test_a_text_that_is_held_is_neither_filled_in_nor_read_whatever_it_says(
    before: list[Text], now: list[Text], filled: int, read: int
) -> None:
    assert counted(before, now) == (filled, read)
