"""Records HubSpot refuses cost the others nothing and few calls; a refusal of everything ends soon."""

from __future__ import annotations

import pytest

from tests.drills import bad_records
from tests.marks import with_slow

COMPANIES = 1_200


@pytest.fixture(scope="module")
def whole() -> bad_records.Undisturbed:
    return bad_records.undisturbed(COMPANIES)


@pytest.mark.parametrize("deaf", with_slow([False], [True]))
def test_a_bad_record_in_each_of_ten_batches(whole: bad_records.Undisturbed, *, deaf: bool) -> None:
    refusal = bad_records.one_in_each_batch(COMPANIES, 10, whole, deaf=deaf)
    assert refusal.wrong == ()
    assert refusal.each <= bad_records.MOST_EXTRA


@pytest.mark.parametrize(
    ("after", "deaf"),
    [(2, True), *(pytest.param(*row, marks=pytest.mark.slow) for row in ((0, False), (0, True), (2, False)))],
)
def test_a_refusal_of_everything_costs_two_batches_at_most(after: int, *, deaf: bool) -> None:
    refusal = bad_records.everything(COMPANIES, after=after, deaf=deaf)
    assert refusal.wrong == ()
    assert refusal.extra <= bad_records.MOST_REFUSED
