"""The answer of `discover` where nothing is found: what would have been, and that it is no praise of the profile."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from icp_sync.evidence.candidate_traits import CandidateTrait, TraitSource
from icp_sync.evidence.comparison_sides import ComparedSides
from icp_sync.evidence.discover import Discovery
from icp_sync.evidence.discover_document import Contrast
from icp_sync.evidence.discover_sentence import discover_sentence
from icp_sync.evidence.trait_matrix import TraitMatrix
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.operator import Group

TRAIT = CandidateTrait(TraitSource(("city",), Group.TEXT, Match(known=True)), Match(known=True))
NOTHING = Discovery(TraitMatrix((TRAIT,), np.zeros((100, 1), dtype=np.int8)), {}, None, 1.42, ())
SENTENCES: dict[Contrast, str] = {
    "won_lost": (
        "These deals and fields show no clear difference between the companies you won and those you lost. Smaller "
        "ones may exist: only a common trait whose companies win 1.4 times as often would most likely have shown. That "
        "neither confirms nor refutes your profile, and is no reason to sell to just anyone."
    ),
    "customers": (
        "These fields show no clear difference between the companies you listed and the others. Smaller ones may "
        "exist: with 40 companies listed only a common trait whose companies are listed 1.4 times as often would most "
        "likely have shown. That does not mean that they share nothing."
    ),
}


@pytest.mark.parametrize("contrast", SENTENCES)
def test_it_is_the_win_rate_that_is_so_many_times_as_high(contrast: Contrast) -> None:
    """`detectable_lift` compares rates with and without a trait; `1.4 times as many wins` read as a count."""
    sides = ComparedSides(contrast, pl.Series("id", range(100)), np.arange(100) < 40, np.zeros(100, dtype=np.int64))
    assert discover_sentence(NOTHING, sides, None) == SENTENCES[contrast]
