"""The population stability index: 0 where nothing shifted, known by hand where something did."""

from __future__ import annotations

from math import log

import pytest

from icp_sync.plan.document.profile_figures import Scores
from icp_sync.plan.document.score_drift import population_drift, stability_index
from tests.plan.report_documents import night

ALIKE = (100,) * 10


def test_nothing_shifted_is_nought_whatever_the_size() -> None:
    assert stability_index(ALIKE, ALIKE) == 0
    assert stability_index(ALIKE, (1_000_000,) * 10) == pytest.approx(0, abs=1e-12)


def test_a_shift_is_the_sum_that_can_be_done_by_hand() -> None:
    before, now = (500, 500, *([0] * 8)), (250, 750, *([0] * 8))
    shares = [(500.5 / 1005, 250.5 / 1005), (500.5 / 1005, 750.5 / 1005)]
    assert stability_index(before, now) == pytest.approx(sum((new - old) * log(new / old) for old, new in shares))
    assert stability_index(before, now) > 0.2


def test_a_tenth_that_was_empty_is_no_infinite_shift() -> None:
    assert 0 < stability_index((1_000, *([0] * 9)), (999, 1, *([0] * 8))) < 0.01


def test_bins_of_five_points_make_tenths_whatever_the_outcome() -> None:
    scores = Scores(fit=((0, "not_icp", 3), (5, "not_icp", 4), (90, "tiered", 5), (95, "insufficient_data", 6)))
    before = night()
    drift = population_drift(before, scores)
    assert drift is not None
    assert (drift.now, drift.run_id, drift.since) == ((7, *([0] * 8), 11), before.run_id, before.at)
    assert sum(drift.before) == sum(count for _, _, count in before.scores.fit)
    assert population_drift(before, Scores()) is None
