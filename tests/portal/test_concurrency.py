"""Several calls at a time: in order, all of them, and none too far ahead of who takes the answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from icp_sync.portal.client.ordered_concurrent_map import map_ordered


def test_answers_come_in_the_order_of_the_inputs() -> None:
    assert list(map_ordered(lambda number: number * 2, range(500), 4)) == list(range(0, 1000, 2))


def test_nothing_asked_is_nothing_answered() -> None:
    assert list(map_ordered(str, [], 4)) == []


def test_no_more_inputs_are_taken_than_may_wait_for_their_answers_to_be_taken() -> None:
    taken: list[int] = []

    def inputs() -> Iterator[int]:
        for number in range(1000):
            taken.append(number)
            yield number

    answers = map_ordered(str, inputs(), 2)
    assert next(answers) == "0"
    assert len(taken) == 2 * 8 + 1
    assert len(list(answers)) == 999


def test_a_failure_ends_what_has_not_begun() -> None:
    called: list[int] = []

    def call(number: int) -> int:
        called.append(number)
        return 1 // number

    with pytest.raises(ZeroDivisionError):
        list(map_ordered(call, range(1000), 2))
    assert len(called) < 1000
