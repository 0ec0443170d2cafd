"""Tiers with so many places: who is in, who goes to the next tier, and what the sentence says (design: "Capacity")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.companies.frame import company_frame
from icp_sync.profile.model.types import TIERS
from icp_sync.scoring.program import compile_profile
from icp_sync.scoring.score import score
from icp_sync.scoring.tier_capacity import finds_no_place
from tests.scoring.profiles import TODAY, live_type, profile_of, scored_live

WEIGHTS = {"a": 50, "b": 30, "c": 15, "d": 5}  # a company is the letters it hits: "abc" scores 95
Company = Mapping[str, Any]


def tiers(first: object, second: object = None, leave: float = 80) -> list[dict[str, object]]:
    return [
        {"tier": "tier_1", "enter": 80, "leave": leave, "capacity": first},
        {"tier": "tier_2", "enter": 60, "capacity": second},
        {"tier": "tier_3", "enter": 40},
    ]


def place(*companies: Company, places: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    """Companies 1, 2, … (or their `id`) with `hits`, and what their record says, scored."""
    criteria = [
        {"id": name, "property": name, "weight": weight, "match": {"is_true": True}} for name, weight in WEIGHTS.items()
    ]
    texts = {name: ["yes" if name in one["hits"] else "no" for one in companies] for name in WEIGHTS}
    ids = [one.get("id", n) for n, one in enumerate(companies, 1)]
    owners = [one.get("owner") for one in companies]
    live = {f"live:{name}": [one.get(name) for one in companies] for name in ("tier", "fixed", "stands", "locked")}
    frame = company_frame(ids, {**texts, "owner": owners}).with_columns(
        pl.Series(name, values, dtype=live_type(name)) for name, values in live.items()
    )
    return score(frame, compile_profile(profile_of(*criteria, tiers=places), TODAY)).frame


def locked(hits: str, stands: str | None, **rest: object) -> Company:
    return {"hits": hits, "fixed": True, "locked": True, "stands": stands, **rest}


def foreign(hits: str, stands: str | None, **rest: object) -> Company:
    return {"hits": hits, "fixed": True, "stands": stands, **rest}


TABLE: dict[str, tuple[list[Company], list[dict[str, object]], list[str | None]]] = {
    "room for all": ([{"hits": "ab"}, {"hits": "abc"}], tiers(2), ["tier_1", "tier_1"]),
    "the best by score": ([{"hits": "ab"}, {"hits": "abc"}], tiers(1), ["tier_2", "tier_1"]),
    "ties by id, whatever the order": (
        [{"hits": "ab", "id": 30}, {"hits": "ab", "id": 4}, {"hits": "ab", "id": 100}],
        tiers(2),
        ["tier_1", "tier_1", "tier_2"],
    ),
    "ids are numbers": ([{"hits": "ab", "id": 10}, {"hits": "ab", "id": 9}], tiers(1), ["tier_2", "tier_1"]),
    "from tier to tier": (
        [{"hits": "abcd"}, {"hits": "abc"}, {"hits": "ab"}, {"hits": "ac"}],
        tiers(1, 2),
        ["tier_1", "tier_2", "tier_2", "tier_3"],
    ),
    "who comes from above competes by score": (
        [{"hits": "ac"}, {"hits": "ab"}, {"hits": "abc"}],
        tiers(1, 1),
        ["tier_3", "tier_2", "tier_1"],
    ),
    "a locked company goes first": ([{"hits": "abcd"}, locked("", "tier_1")], tiers(1), ["tier_2", None]),
    "a foreign tier takes a place too": ([{"hits": "abcd"}, foreign("", "tier_1")], tiers(1), ["tier_2", None]),
    "locked elsewhere takes no place": ([{"hits": "ab"}, locked("abcd", "tier_2")], tiers(1), ["tier_1", "tier_1"]),
    "locked without a tier takes no place": ([{"hits": "ab"}, locked("abcd", None)], tiers(1), ["tier_1", "tier_1"]),
    "more locked than places": ([{"hits": "ab"}] + [locked("", "tier_1")] * 3, tiers(2), ["tier_2"] + [None] * 3),
    "locked in the next tier": (
        [{"hits": "abc"}, {"hits": "ab"}, locked("", "tier_2")],
        tiers(1, 1),
        ["tier_1", "tier_3", None],
    ),
    "a holder is raised by enter − leave": (
        [{"hits": "abc"}, {"hits": "ab", "tier": "tier_1"}, {"hits": "abcd"}],
        tiers(2, leave=60),  # 80 + 20 = 100, and id 2 stands before id 3
        ["tier_2", "tier_1", "tier_1"],
    ),
    "raised to a tie, the smaller id": (
        [{"hits": "abc"}, {"hits": "ab", "tier": "tier_1"}],
        tiers(1, leave=65),
        ["tier_1", "tier_2"],
    ),
    "not raised enough": (
        [{"hits": "ab", "tier": "tier_1"}, {"hits": "abc"}],
        tiers(1, leave=66),
        ["tier_2", "tier_1"],
    ),
    "a holder of another tier is not raised": (
        [{"hits": "ab", "tier": "tier_2"}, {"hits": "abc"}],
        tiers(1, leave=60),
        ["tier_2", "tier_1"],
    ),
    "without a leave no one is raised": (
        [{"hits": "ab", "tier": "tier_1"}, {"hits": "abc"}],
        tiers(1),
        ["tier_2", "tier_1"],
    ),
    "so many for each owner": (
        [{"hits": hits, "owner": owner} for owner in ("7", "8") for hits in ("ab", "abc")],
        tiers({"limit": 1, "per": "owner"}),
        ["tier_2", "tier_1", "tier_2", "tier_1"],
    ),
    "those without an owner share the places of one": (
        [{"hits": "ab", "owner": None}, {"hits": "ab", "owner": "N/A"}, {"hits": "ab", "owner": "7"}],
        tiers({"limit": 1, "per": "owner"}),
        ["tier_1", "tier_2", "tier_1"],
    ),
    "a locked company takes a place of its owner": (
        [{"hits": "ab", "owner": "7"}, {"hits": "ab", "owner": "8"}, locked("", "tier_1", owner="7")],
        tiers({"limit": 1, "per": "owner"}),
        ["tier_2", "tier_1", None],
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize(("companies", "places", "expected"), TABLE.values(), ids=TABLE)
def test_who_gets_a_place(
    companies: list[Company], places: list[dict[str, object]], expected: list[str | None]
) -> None:
    assert place(*companies, places=places)["tier"].to_list() == expected


def test_the_tier_reached_is_told_from_the_tier_given() -> None:
    frame = place({"hits": "ab"}, {"hits": "ab"}, places=tiers(1))

    assert frame["reached"].to_list() == ["tier_1", "tier_1"]
    assert frame["outcome"].to_list() == ["tiered", "tiered"]


SAID: dict[str, tuple[list[Company], list[dict[str, object]], str | None]] = {
    "in": ([{"hits": "ab"}], tiers(1), "Tier 1 (80): a, b. "),
    "cut": (
        [{"hits": "ab"}, *[{"hits": "abc"}] * 500],
        tiers(500),
        "Tier 2 (80): reaches tier_1; its 500 places are taken. Fits: a, b. ",
    ),
    "one place": (
        [{"hits": "ab"}, {"hits": "abc"}],
        tiers(1),
        "Tier 2 (80): reaches tier_1; its 1 place is taken. Fits: a, b. ",
    ),
    "cut twice": (
        [{"hits": "ab"}, *[{"hits": "abc"}] * 5],
        tiers(2, 3),
        "Tier 3 (80): reaches tier_1; its 2 places are taken, and the 3 of tier_2. Fits: a, b. ",
    ),
    "locked": ([locked("ac", "tier_1")], tiers(1), "Tier set by hand; the profile says tier_2 (65): a, c. "),
    "locked as the profile says": (
        [locked("ab", "tier_1")],
        tiers(1),
        "Tier locked; the profile says the same, tier_1 (80): a, b. ",
    ),
    "locked, and the profile gives none": (
        [locked("d", "tier_1")],
        tiers(1),
        "Tier set by hand; the profile says no tier. Not ICP (5): a tier takes 40 points, at most 5 are possible. ",
    ),
    "foreign": ([foreign("ac", "tier_1")], tiers(1), "Tier 2 (65): a, c. "),
}


@pytest.mark.parametrize(("companies", "places", "front"), SAID.values(), ids=SAID)
def test_what_is_said_in_front(companies: list[Company], places: list[dict[str, object]], front: str) -> None:
    assert place(*companies, places=places)["reasons"][0].startswith(front)


def test_who_falls_through_two_full_tiers_finds_no_place_in_either() -> None:
    """Each count is that of the sentences, and where everybody finds a place, or none is limited, there is nobody."""
    by_hits = [{"hits": hits} for hits in ("abcd", "abc", "abc", "ab", "ac", "ac", "a", "")]
    portal = [*by_hits, locked("ab", "tier_2"), foreign("abcd", "tier_3")]
    frame = place(*portal, places=tiers(1, 2))
    counts = {tier: frame.select(finds_no_place(tier).sum()).item() for tier in TIERS}
    notes = {tier: frame["reasons"].str.contains(rf"(reaches|the \d of) {tier}").sum() for tier in TIERS}
    assert counts == notes == {"tier_1": 3, "tier_2": 4, "tier_3": 0}
    assert not any(place(*portal, places=tiers(None)).select(finds_no_place(tier).any()).item() for tier in TIERS)


def test_a_lock_is_said_in_a_profile_without_capacity() -> None:
    profile = profile_of({"id": "a", "property": "a", "match": {"is_true": True}})

    frame = scored_live(
        profile, {"live:locked": [True, False], "live:stands": ["tier_1", None]}, a=["yes", "yes"]
    ).frame

    assert frame["reasons"].to_list() == [
        "Tier locked; the profile says the same, tier_1 (100): a.",
        "Tier 1 (100): a.",
    ]


def test_what_is_said_in_front_counts_in_the_length() -> None:
    label = "x" * 330
    wordy = [{"id": f"c{n}", "label": label, "property": "a", "match": {"known": True}} for n in range(3)]

    sentence = scored_live(profile_of(*wordy), {"live:locked": [True]}, a=["x"]).frame["reasons"].item()

    assert sentence == f"Tier set by hand; the profile says tier_1 (100): {label}, {label} …"


companies = st.lists(
    st.builds(
        lambda hits, tier, fixed, owner: {"hits": hits, "tier": tier, "fixed": fixed, "stands": tier, "owner": owner},
        st.sampled_from(["abcd", "abc", "ab", "ac", "a", ""]),
        st.sampled_from([None, "tier_1", "tier_2", "tier_3"]),
        st.booleans(),
        st.sampled_from([None, "7", "8"]),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.long
@pytest.mark.slow
@given(companies, st.integers(1, 3), st.integers(1, 3), st.sampled_from([60, 70, 80]), st.randoms())
def test_the_order_of_the_companies_decides_nothing(
    portal: list[dict[str, object]], first: int, second: int, leave: int, random: Any
) -> None:
    places = tiers({"limit": first, "per": "owner"}, second, leave)
    portal = [{**one, "id": n} for n, one in enumerate(portal, 1)]
    shuffled = random.sample(portal, len(portal))

    assert place(*shuffled, places=places).sort("id").equals(place(*portal, places=places))
