"""Search looks at few companies, and finds what looking at all of them would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.sandbox import SandboxPortal
from icp_sync.sandbox.search.search_request import parse_search_request
from icp_sync.sandbox.store import modified_index

from .conftest import Clock

COMPANIES = 60
SECONDS = st.integers(0, 100)
IDS = st.integers(1, 2 * COMPANIES + 10)  # odd ones are free at first
STEPS = st.lists(
    st.tuples(st.sampled_from(["edit", "edit", "edit", "create", "archive", "restore", "wait", "insert"]), IDS),
    max_size=40,
)


@dataclass
class Seen:
    """A company as plain values: who may be found, and what its moments were."""

    live: bool = True
    moments: list[int] = field(default_factory=list)


class Scene:
    """A portal and a plain account of what was done to it."""

    def __init__(self, lag: int) -> None:
        self.clock, self.lag = Clock(), lag
        self.start = int(self.clock.now) * 1000
        self.portal = SandboxPortal(clock=self.clock, index_lag=lag)
        moments = [str(self.start - 1000 * (n * 7 % 50 + 100)) for n in range(COMPANIES)]
        ids = [2 * n for n in range(1, COMPANIES + 1)]
        self.portal.add_companies(
            pl.DataFrame({"id": ids, "createdate": ["1000"] * COMPANIES, "hs_lastmodifieddate": moments})
        )
        self.seen = {one: Seen(moments=[int(moment)]) for one, moment in zip(ids, moments, strict=True)}
        self.created: dict[int, int] = {}

    def step(self, action: str, record_id: int) -> None:
        steps: dict[str, Callable[[int], None]] = {"edit": self._edit, "archive": self._archive}
        known = self.seen.get(record_id)
        if action == "wait":
            self.clock.advance(record_id % 5)
        elif action == "create":
            self._came(self.portal.create_company({}))
        elif action == "insert" and known is None:
            self.portal.add_companies(pl.DataFrame({"id": [record_id], "name": ["x"]}))
            self._came(record_id)
        elif action == "restore" and known and not known.live:
            self.portal.restore(record_id)
            known.live = True
        elif action in steps and known and known.live:
            steps[action](record_id)

    def expected(self, low: int, high: int, first: int) -> list[int]:
        """Ids that a search of the lagging index must find, ascending."""
        seen = self.now - self.lag * 1000
        return [
            company_id
            for company_id, company in sorted(self.seen.items())
            if company.live and company_id > first and self.created.get(company_id, 0) <= seen
            and low <= [moment for moment in company.moments if moment <= seen][-1] <= high
        ]  # fmt: skip

    def ids_between(self, low: int, high: int, first: int, sort: str) -> list[int]:
        filters = [
            {"propertyName": "hs_lastmodifieddate", "operator": "BETWEEN", "value": str(low), "highValue": str(high)},
            {"propertyName": "hs_object_id", "operator": "GT", "value": str(first)},
        ]
        body: dict[str, Any] = {"filterGroups": [{"filters": filters}], "sorts": [sort], "limit": 200}
        answer = self.portal.searching.search_page(parse_search_request(body, 0), 200, self.now)
        return [int(one["id"]) for one in answer["results"]]

    @property
    def now(self) -> int:
        return self.portal.now()

    def _edit(self, record_id: int) -> None:
        self.portal.edit_company(record_id, {"city": "Ulm"})
        self.seen[record_id].moments.append(self.now)

    def _archive(self, record_id: int) -> None:
        self.portal.archive(record_id)
        self.seen[record_id].live = False

    def _came(self, record_id: int) -> None:
        self.seen[record_id] = Seen(moments=[self.now])
        self.created[record_id] = self.now


@pytest.mark.parametrize("lag", [0, 3])
@given(before=STEPS, after=STEPS, back=st.integers(0, 160), span=st.integers(0, 160), first=st.integers(0, 140))
def test_a_window_finds_what_a_look_at_every_company_finds(
    lag: int, before: list[tuple[str, int]], after: list[tuple[str, int]], back: int, span: int, first: int
) -> None:
    # An insertion between other ids makes rows move, and with them goes the memory of what they held.
    scene = Scene(lag)
    for steps in (before, after):
        for action, record_id in steps:
            if not (lag and action == "insert"):
                scene.step(action, record_id)
        low = scene.start - back * 1000
        high = low + span * 1000
        expected = scene.expected(low, high, first)
        assert scene.ids_between(low, high, first, "hs_object_id") == expected
        assert scene.ids_between(low, high, first, "-hs_object_id") == expected[::-1]
        assert sorted(scene.ids_between(low, high, first, "hs_lastmodifieddate")) == expected


def test_many_changes_renew_the_sorted_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modified_index, "_MOST_TOUCHED", 3)
    scene = Scene(0)
    for record_id in range(2, 42, 2):
        scene.step("edit", record_id)
        scene.step("wait", 1)
        assert scene.ids_between(scene.start, scene.now, 0, "hs_object_id") == list(range(2, record_id + 1, 2))


def test_of_many_hits_the_first_ten_thousand_come_in_order() -> None:
    portal = SandboxPortal()
    names = [f"{number * 7919 % 25_000:05}" for number in range(25_000)]
    portal.add_companies(pl.DataFrame({"name": names}))
    for sort, ordered in (("name", sorted(names)), ("-name", sorted(names, reverse=True))):
        query = parse_search_request({"sorts": [sort], "limit": 200, "after": 9800, "properties": ["name"]}, 0)
        answer = portal.searching.search_page(query, 200, portal.now())
        assert [one["properties"]["name"] for one in answer["results"]] == ordered[9800:10_000]
        assert answer["total"] == 25_000


def test_pages_of_one_search_follow_a_write_between_them() -> None:
    scene = Scene(0)
    low, high = scene.start, scene.start + 10_000
    for action, record_id, expected in (
        ("edit", 4, [4]),
        ("edit", 6, [4, 6]),
        ("archive", 4, [6]),
        ("insert", 3, [3, 6]),
    ):
        scene.step(action, record_id)
        assert scene.ids_between(low, high, 0, "hs_object_id") == expected


def test_the_index_catches_up_with_a_write_after_exactly_its_lag() -> None:
    scene = Scene(3)
    low, high = scene.start, scene.start + 10_000
    answers = []
    for record_id in (2, 4, 6, 8, 10):
        scene.step("edit", record_id)
        answers.append(scene.ids_between(low, high, 0, "hs_object_id"))
        scene.step("wait", 1)
    assert answers == [[], [], [], [2], [2, 4]]


def test_two_writes_to_a_company_are_both_behind_in_the_index() -> None:
    portal = SandboxPortal(clock=(clock := Clock()), index_lag=10)
    record_id = portal.create_company({"city": "Ulm", "zip": "1"})
    clock.advance(11)
    for values in ({"city": "Bonn"}, {"zip": "2"}, {"city": "Kiel"}):
        portal.edit_company(record_id, values)
    filters = [
        {"propertyName": name, "operator": "EQ", "value": value} for name, value in (("city", "ulm"), ("zip", "1"))
    ]
    query = parse_search_request({"filterGroups": [{"filters": filters}]}, 0)
    assert portal.searching.search_page(query, 10, portal.now())["total"] == 1
    clock.advance(10)
    assert portal.searching.search_page(query, 10, portal.now())["total"] == 0
