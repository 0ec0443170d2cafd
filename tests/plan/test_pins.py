"""Pins: what people do to a static list stands."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.plan.pins import Membership, OpenPins, PinChanges, met_before, update_pins, with_pins
from icp_sync.profile.model.outputs import Where

PORTAL = range(1, 10)


def ids(*numbers: int) -> pl.Series:
    return pl.Series("id", numbers, dtype=pl.Int64)


def membership(live: tuple[int, ...], last: tuple[int, ...] | None, **keys: tuple[int, ...]) -> Membership:
    known = {name: ids(*numbers) for name, numbers in keys.items()}
    return Membership(ids(*live), None if last is None else ids(*last), **{"present": ids(*PORTAL), **known})


def pins(inside: tuple[int, ...] = (), outside: tuple[int, ...] = ()) -> OpenPins:
    return OpenPins(ids(*inside), ids(*outside))


def shown(pinned: OpenPins) -> tuple[list[int], list[int]]:
    return pinned.inside.to_list(), pinned.outside.to_list()


def updated(
    live: tuple[int, ...],
    last: tuple[int, ...] | None,
    wanted: tuple[int, ...],
    open_pins: OpenPins | None = None,
    **keys: Any,
) -> PinChanges:
    return update_pins(membership(live, last, **keys), ids(*wanted), open_pins or pins())


@pytest.mark.parametrize(
    ("live", "last", "wanted", "expected"),
    [
        pytest.param((1, 2), (1, 2), (1, 3), ([], []), id="nobody touched it"),
        pytest.param((1, 2, 5), (1, 2), (1, 2), ([5], []), id="a member came"),
        pytest.param((1,), (1, 2), (1, 2), ([], [2]), id="a member went"),
        pytest.param((1, 5), (1, 2), (1, 2), ([5], [2]), id="an edit that leaves the size"),
        pytest.param((1, 3), (1,), (1, 3), ([], []), id="another host added whom we want too"),
        pytest.param((1,), (1, 2), (1,), ([], []), id="another host removed whom we do not want either"),
        pytest.param((1, 2), None, (1,), ([2], []), id="nothing remembered"),
    ],
)
def test_what_differs_from_our_last_change_is_pinned(
    live: tuple[int, ...], last: tuple[int, ...] | None, wanted: tuple[int, ...], expected: tuple[list[int], list[int]]
) -> None:
    changes = updated(live, last, wanted)
    assert (shown(changes.opened), shown(changes.open), shown(changes.ended)) == (expected, expected, ([], []))


def test_without_a_memory_members_whose_record_met_the_list_are_ours() -> None:
    assert shown(updated((1, 2, 5), None, (1,), ours=(1, 2)).open) == ([5], [])


def test_what_an_interrupted_run_announced_is_ours() -> None:
    assert shown(updated((1, 3), (1, 2), (1, 2), announced_in=(3,), announced_out=(2,)).open) == ([], [])
    assert shown(updated((1, 3), None, (1,), announced_in=(3,)).open) == ([], [])


def test_a_company_that_is_gone_left_by_itself() -> None:
    assert shown(updated((1,), (1, 99), (1, 99)).open) == ([], [])


@pytest.mark.parametrize(
    ("live", "wanted", "expected", "ended"),
    [
        pytest.param((1, 5), (1,), ([5], []), ([], []), id="stays inside"),
        pytest.param((1, 5), (1, 5), ([5], []), ([], []), id="also while the list wants it"),
        pytest.param((1,), (1,), ([], []), ([5], []), id="taken off again"),
        pytest.param((1,), (1, 5), ([], [5]), ([5], []), id="taken off while the list wants it"),
    ],
)
def test_a_pin_inside_ends_when_it_is_taken_off(
    live: tuple[int, ...], wanted: tuple[int, ...], expected: Any, ended: Any
) -> None:
    changes = updated(live, (1, 5), wanted, pins(inside=(5,)))
    assert (shown(changes.open), shown(changes.ended)) == (expected, ended)


@pytest.mark.parametrize(
    ("live", "wanted", "expected", "ended"),
    [
        pytest.param((1,), (1, 2), ([], [2]), ([], []), id="stays outside"),
        pytest.param((1,), (1,), ([], [2]), ([], []), id="also while the list does not want it"),
        pytest.param((1, 2), (1, 2), ([], []), ([], [2]), id="put on again"),
        pytest.param((1, 2), (1,), ([2], []), ([], [2]), id="put on while the list does not want it"),
    ],
)
def test_a_pin_outside_ends_when_it_is_put_on(
    live: tuple[int, ...], wanted: tuple[int, ...], expected: Any, ended: Any
) -> None:
    changes = updated(live, (1,), wanted, pins(outside=(2,)))
    assert (shown(changes.open), shown(changes.ended)) == (expected, ended)


def test_pins_end_with_their_company() -> None:
    changes = updated((1,), (1,), (1,), pins(inside=(99,), outside=(98,)))
    assert (shown(changes.open), shown(changes.ended)) == (([], []), ([99], [98]))


@pytest.mark.parametrize(("limit", "expected"), [(None, [1, 2, 4, 7]), (2, [1, 4, 7]), (1, [4, 7]), (9, [1, 2, 4, 7])])
def test_a_limit_does_not_count_pins(limit: int | None, expected: list[int]) -> None:
    """Ranked 4, 7, 3, 1, 2: 7 is on the list by a pin, 3 is off it."""
    assert with_pins(ids(4, 7, 3, 1, 2), limit, pins(inside=(7,), outside=(3,))).to_list() == expected


def test_a_member_nobody_ranks_stays_by_its_pin() -> None:
    assert with_pins(ids(1), None, pins(inside=(5,))).to_list() == [1, 5]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"tier": ["tier_1"]}, [1, 2]),
        ({"tier": ["tier_1"], "outcome": ["tiered"]}, [1]),
        ({"outcome": ["tiered"]}, [1, 3]),
        ({"hits": ["size"]}, [1, 2, 3]),
    ],
)
def test_the_record_before_the_plan_tells_who_met_the_list(where: dict[str, Any], expected: list[int]) -> None:
    diff = pl.DataFrame(
        {
            "id": [1, 2, 3],
            "live.tier": ["tier_1", "tier_1", "tier_2"],
            "live.outcome": ["tiered", "", "tiered"],
            "tier": ["tier_2"] * 3,
        }
    )
    assert met_before(Where.model_validate(where), diff).to_list() == expected


SETS = st.frozensets(st.sampled_from([*PORTAL, 99]))


@given(SETS, st.one_of(st.none(), SETS), SETS, SETS, SETS)
def test_what_people_left_stands_and_a_second_look_changes_nothing(
    live: frozenset[int],
    last: frozenset[int] | None,
    wanted: frozenset[int],
    inside: frozenset[int],
    outside: frozenset[int],
) -> None:
    before = pins(tuple(inside), tuple(outside - inside))
    seen = membership(tuple(live), None if last is None else tuple(last))
    changes = update_pins(seen, ids(*wanted), before)
    after = set(with_pins(ids(*sorted(wanted)), None, changes.open).to_list())
    came = live - (last or frozenset())
    assert (came & set(PORTAL)) <= after, "whoever came stays"
    if last is not None:
        assert not (last - live) & after - {99}, "whoever went stays away"
    again = update_pins(membership(tuple(after), tuple(after)), ids(*wanted), changes.open)
    assert shown(again.opened) == ([], [])
    assert [set(side) - {99} for side in shown(again.ended)] == [set(), set()]
