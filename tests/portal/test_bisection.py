"""Two batches are halved at a time, and none once two were refused as a whole."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from icp_sync.portal.companies.bisection_limit import BisectionLimit


def bisected(limit: BisectionLimit, *, systemic: bool) -> bool:
    """Whether a batch was worth halving; if so, what that showed is told."""
    with limit.slot() as worthwhile:
        if worthwhile:
            limit.count_bisected(systemic=systemic)
        return worthwhile


def test_after_two_refusals_of_everything_no_batch_is_halved() -> None:
    limit = BisectionLimit()
    assert [bisected(limit, systemic=True) for _ in range(4)] == [True, True, False, False]


def test_batches_with_culprits_of_their_own_are_all_halved() -> None:
    limit = BisectionLimit()
    assert [bisected(limit, systemic=False) for _ in range(5)] == [True] * 5


def test_of_many_batches_at_once_two_find_out() -> None:
    limit = BisectionLimit()
    with ThreadPoolExecutor(8) as threads:
        allowed = list(threads.map(lambda _: bisected(limit, systemic=True), range(8)))
    assert allowed.count(True) == 2


def test_a_fault_while_halving_gives_the_turn_back() -> None:
    limit = BisectionLimit()
    for _ in range(3):
        try:
            with limit.slot():
                raise ConnectionError
        except ConnectionError:
            pass
    assert bisected(limit, systemic=False)
