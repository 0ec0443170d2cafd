"""Pins: what people do to a static list stands."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.plan.list_pins import (
    ListMembership,
    ListMove,
    OpenPins,
    PinChanges,
    apply_pins,
    find_pin_changes,
    ids_matching_before_plan,
    members_after_last_change,
    members_possibly_added_by_runs,
    members_surely_added_by_runs,
    with_merge_survivors,
)
from icp_sync.profile.model.lists import Where

PORTAL = range(1, 10)


def ids(*numbers: int) -> pl.Series:
    return pl.Series("id", numbers, dtype=pl.Int64)


def membership(live: tuple[int, ...], last: tuple[int, ...] | None, **keys: tuple[int, ...]) -> ListMembership:
    known = {name: ids(*numbers) for name, numbers in keys.items()}
    return ListMembership(ids(*live), None if last is None else ids(*last), **{"present": ids(*PORTAL), **known})


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
    return find_pin_changes(membership(live, last, **keys), ids(*wanted), None, open_pins or pins())


@pytest.mark.parametrize(
    ("members", "live", "inside", "expected"),
    [
        pytest.param((1, 2), (1, 7), (), [1, 2, 7], id="HubSpot put the survivor in the place of the one merged away"),
        pytest.param((1, 2), (1,), (), [1, 2], id="HubSpot did not, and nobody took the survivor off"),
        pytest.param((1, 2), (1, 7), (2,), [1, 2], id="the one merged away was pinned, so the survivor is"),
        pytest.param(
            (1,), (1, 7), (), [1], id="the one merged away was not on the list, so people put the survivor there"
        ),
    ],
)
def test_a_merge_is_no_edit_of_a_list(
    members: tuple[int, ...], live: tuple[int, ...], inside: tuple[int, ...], expected: list[int]
) -> None:
    survivors = pl.DataFrame({"id": [2, 3], "survivor": [7, 7]}, schema={"id": pl.Int64, "survivor": pl.Int64})
    carried = with_merge_survivors(ids(*members), survivors, ids(*live), pins(inside))
    assert sorted(carried) == expected


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
    assert (shown(changes.opened), shown(changes.standing), shown(changes.ended)) == (expected, expected, ([], []))


def test_without_a_memory_members_whose_record_met_the_list_are_ours() -> None:
    assert shown(updated((1, 2, 5), None, (1,), ours=(1, 2)).standing) == ([5], [])


@pytest.mark.parametrize(
    ("live", "move", "expected"),
    [
        pytest.param((1, 3), ListMove((3,), (2,), arrived=True), [1, 3], id="what runs did since"),
        pytest.param((1,), ListMove((3,), (), arrived=True), [1, 2, 3], id="a member of ours that went is remembered"),
        pytest.param(
            (1, 3), ListMove((3, 4), (2, 1), arrived=False), [1, 3], id="what may have arrived is as it looks"
        ),
    ],
)
def test_what_runs_sent_since_belongs_to_our_last_change(
    live: tuple[int, ...], move: ListMove, expected: list[int]
) -> None:
    assert members_after_last_change(ids(1, 2), ids(*live), [move]).to_list() == expected


def test_whom_we_put_on_a_list_and_did_not_take_off_is_ours() -> None:
    moves = [
        ListMove((1, 2, 3), (), arrived=True),
        ListMove((4,), (2,), arrived=True),
        ListMove((5,), (3,), arrived=False),
    ]
    assert members_possibly_added_by_runs(moves).to_list() == [1, 3, 4, 5]
    assert members_surely_added_by_runs(moves).to_list() == [1, 4], "what may not have arrived was not surely there"


def test_whom_a_run_was_about_to_take_off_and_whose_record_met_the_list_was_on_it() -> None:
    moves = [ListMove((), (2,), arrived=True), ListMove((), (3,), arrived=False)]
    assert members_possibly_added_by_runs(moves, earlier=[1, 2]).to_list() == [1, 3], "2 was taken off for sure"


def test_without_a_memory_whom_we_placed_and_who_is_gone_was_taken_off() -> None:
    assert shown(updated((1,), None, (1, 2, 3), ours=(1,), placed=(1, 2)).standing) == ([], [2])
    assert shown(updated((1,), None, (1,), ours=(1,), placed=(1, 2)).standing) == ([], []), "nobody wants it there"


def test_without_a_memory_a_pin_tells_who_was_on_the_list_and_who_was_not() -> None:
    taken_off = updated((1,), None, (1, 5), pins(inside=(5,)), ours=(1,), placed=(1,))
    assert (shown(taken_off.standing), shown(taken_off.ended)) == (([], [5]), ([5], []))
    put_on = updated((1, 2), None, (1,), pins(outside=(2,)), ours=(1, 2), placed=(1, 2))
    assert (shown(put_on.standing), shown(put_on.ended)) == (([2], []), ([], [2]))


@pytest.mark.parametrize(
    ("live", "last", "pinned", "expected"),
    [
        pytest.param((4, 1), (4, 7), pins(), ([1], [7]), id="a swap of the second for the fourth"),
        pytest.param((4,), (4, 3), pins(outside=(7,)), ([], [7, 3]), id="who took the place of one pinned outside"),
        pytest.param((4, 7), (4, 7, 2), pins(inside=(2,)), ([], []), id="a pin that ends beyond the limit"),
    ],
)
def test_a_limit_is_counted_as_the_list_counts_it(
    live: tuple[int, ...], last: tuple[int, ...], pinned: OpenPins, expected: tuple[list[int], list[int]]
) -> None:
    """Ranked 4, 7, 3, 1, 2, of which two have a place."""
    changes = find_pin_changes(membership(live, last), ids(4, 7, 3, 1, 2), 2, pinned)
    assert [set(side) for side in shown(changes.standing)] == [set(side) for side in expected]


@pytest.mark.parametrize(
    ("last", "expected"), [((1, 2, 3, 4), ([5], [4])), (None, ([], []))], ids=["remembered", "no memory"]
)
def test_what_people_did_as_the_list_wanted_it_is_known_and_no_pin(
    last: tuple[int, ...] | None, expected: tuple[list[int], list[int]]
) -> None:
    """5 was put on and fits, 4 was taken off and does not."""
    changes = updated((1, 2, 3, 5), last, (1, 2, 3, 5), ours=(1, 2, 3, 5))
    assert (shown(changes.agreed), shown(changes.standing)) == (expected, ([], []))


def test_a_company_that_is_gone_left_by_itself() -> None:
    assert shown(updated((1,), (1, 99), (1, 99)).standing) == ([], [])


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
    assert (shown(changes.standing), shown(changes.ended)) == (expected, ended)


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
    assert (shown(changes.standing), shown(changes.ended)) == (expected, ended)


def test_pins_end_with_their_company() -> None:
    changes = updated((1,), (1,), (1,), pins(inside=(99,), outside=(98,)))
    assert (shown(changes.standing), shown(changes.ended)) == (([], []), ([99], [98]))


@pytest.mark.parametrize(("limit", "expected"), [(None, [4, 1, 2, 7]), (2, [4, 1, 7]), (1, [4, 7]), (9, [4, 1, 2, 7])])
def test_a_limit_does_not_count_pins(limit: int | None, expected: list[int]) -> None:
    """Ranked 4, 7, 3, 1, 2: 7 is on the list by a pin, 3 is off it."""
    assert apply_pins(ids(4, 7, 3, 1, 2), limit, pins(inside=(7,), outside=(3,))).to_list() == expected


def test_a_member_nobody_ranks_stays_by_its_pin() -> None:
    assert apply_pins(ids(1), None, pins(inside=(5,))).to_list() == [1, 5]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"tier": ["tier_1"]}, [1, 2]),
        ({"tier": ["tier_1"], "outcome": ["tiered"]}, [1]),
        ({"outcome": ["tiered"]}, [1, 3]),
        ({"hits": ["size"]}, [1, 2, 3, 4]),
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
    assert ids_matching_before_plan(Where.model_validate(where), diff, ids(1, 2, 3, 4)).to_list() == expected


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
    changes = find_pin_changes(seen, ids(*wanted), None, before)
    after = set(apply_pins(ids(*sorted(wanted)), None, changes.standing).to_list())
    came = live - (last or frozenset())
    assert (came & set(PORTAL)) <= after, "whoever came stays"
    if last is not None:
        assert not (last - live) & after - {99}, "whoever went stays away"
    again = find_pin_changes(membership(tuple(after), tuple(after)), ids(*wanted), None, changes.standing)
    assert shown(again.opened) == ([], [])
    assert [set(side) - {99} for side in shown(again.ended)] == [set(), set()]
