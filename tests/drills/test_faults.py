"""One call in five fails, ten seeds: the portal ends as if none had, and no wrong value is ever written."""

from __future__ import annotations

import pytest

from tests.drills import faults
from tests.drills.opening import later_night
from tests.marks import with_slow
from tests.postgres import Server

COMPANIES = 600


@pytest.fixture(scope="module")
def first() -> faults.Undisturbed:
    return faults.undisturbed(COMPANIES)


@pytest.fixture(scope="module")
def later() -> faults.Undisturbed:
    return faults.undisturbed(COMPANIES, later_night(100))


@pytest.mark.parametrize("number", [0, *(pytest.param(number, marks=pytest.mark.slow) for number in range(1, 7))])
def test_a_first_night_ends_right(first: faults.Undisturbed, number: int) -> None:
    seed = faults.seed(number, COMPANIES, first)
    assert seed.failed > 0
    assert (1 <= seed.runs <= faults.MOST_RUNS, seed.wrong) == (True, ())


@pytest.mark.long
@pytest.mark.parametrize("number", [7, *(pytest.param(number, marks=pytest.mark.slow) for number in (8, 9))])
def test_a_later_night_ends_right(later: faults.Undisturbed, number: int) -> None:
    seed = faults.seed(number, COMPANIES, later, later_night(100))
    assert (1 <= seed.runs <= faults.MOST_RUNS, seed.wrong) == (True, ())


@pytest.mark.slow
def test_a_night_with_its_ledger_in_postgresql_ends_right(first: faults.Undisturbed, server: Server) -> None:
    seed = faults.seed(0, COMPANIES, first, server=server)
    assert (1 <= seed.runs <= faults.MOST_RUNS, seed.wrong) == (True, ())
    assert faults.ends_at_once("477", "POST /crm/objects/companies/batch/update", COMPANIES, first, server) == []


@pytest.mark.parametrize("kind", with_slow(faults.FINAL[:1], faults.FINAL[1:]))
@pytest.mark.parametrize(
    "route", ["POST /crm/objects/companies/batch/read", "POST /crm/objects/companies/batch/update"]
)
def test_a_fault_nobody_may_go_on_after_ends_the_run(first: faults.Undisturbed, kind: str, route: str) -> None:
    assert faults.ends_at_once(kind, route, COMPANIES, first) == []
