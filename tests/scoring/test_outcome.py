"""Fit score, potential, coverage, and the six rules of the outcome (design, section 2)."""

from __future__ import annotations

import polars as pl
import pytest

from icp_sync.scoring.outcome import max_criterion_points, round_half_even
from tests.scoring.profiles import only_row, profile_of, scored

# Each company is a word: one letter for each of the criteria a, b, c. y = hit, n = miss, ? = unknown.
LETTERS = {"y": "yes", "n": "no", "?": None}
WEIGHTS = {"a": 50, "b": 30, "c": 20}


def judge(word: str, competitor: str = "n", **rest: object) -> dict[str, object]:
    criteria = [
        {"id": name, "property": name, "weight": weight, "match": {"is_true": True}} for name, weight in WEIGHTS.items()
    ]
    disqualifiers = [{"id": "competitor", "property": "d", "match": {"is_true": True}}]
    profile = profile_of(*criteria, disqualifiers=disqualifiers, **rest)
    texts = {name: [LETTERS[letter]] for name, letter in zip([*WEIGHTS, "d"], word + competitor, strict=True)}
    return only_row(scored(profile, **texts).frame)


@pytest.mark.parametrize(
    ("word", "score", "potential", "coverage"),
    [
        ("yyy", 100.0, 100.0, 1.0),
        ("nnn", 0.0, 0.0, 1.0),
        ("???", 0.0, 100.0, 0.0),
        ("y?n", 50.0, 80.0, 0.7),
        ("?ny", 20.0, 70.0, 0.5),
    ],
)
def test_unknown_is_nothing_proven_and_everything_possible(
    word: str, score: float, potential: float, coverage: float
) -> None:
    row = judge(word)

    assert (row["score"], row["potential"], row["coverage"]) == (score, potential, coverage)


RULES: list[tuple[str, str, dict[str, object], str, str | None]] = [
    # word, competitor, settings, outcome, tier
    ("yyy", "y", {}, "disqualified", None),  # 1: met
    ("yyy", "?", {}, "tiered", "tier_1"),  # 1: unknown is not met
    ("nyy", "y", {"required": ["a"]}, "disqualified", None),  # 1 before 2
    ("yyn", "n", {"required": ["c"]}, "not_icp", None),  # 2, though it scores 80
    ("??n", "n", {"required": ["c", "a"]}, "not_icp", None),  # 2 before 4
    ("nn?", "n", {}, "not_icp", None),  # 3: potential 20 < 40
    ("nn?", "n", {"required": ["c"]}, "not_icp", None),  # 3 before 4
    ("nn?", "n", {"coverage": {"minimum": 0.9}}, "not_icp", None),  # 3: missing values change nothing
    ("n?y", "n", {}, "insufficient_data", None),  # not 3: potential 50 reaches 40; 6
    ("yy?", "n", {"required": ["c"]}, "insufficient_data", None),  # 4, though it scores 80
    ("yyy", "n", {}, "tiered", "tier_1"),  # 5
    ("yy?", "n", {}, "tiered", "tier_1"),  # 5: exactly 80
    ("yny", "n", {}, "tiered", "tier_2"),  # 5: 70
    ("y??", "n", {}, "tiered", "tier_3"),  # 5: 50
    ("y??", "n", {"coverage": {"minimum": 0.5}}, "tiered", "tier_3"),  # 5: exactly the minimum
    ("y??", "n", {"coverage": {"minimum": 0.501}}, "insufficient_data", None),  # 5: too little known
    ("?ny", "n", {}, "insufficient_data", None),  # 6: 20 now, 70 possible
    ("???", "n", {}, "insufficient_data", None),  # 6
]


@pytest.mark.parametrize(("word", "competitor", "settings", "outcome", "tier"), RULES)
def test_the_outcome(word: str, competitor: str, settings: dict[str, object], outcome: str, tier: str | None) -> None:
    row = judge(word, competitor, **settings)

    assert (row["outcome"], row["tier"]) == (outcome, tier)


def test_the_first_disqualifier_met_is_named() -> None:
    names = ["first", "second", "third"]
    disqualifiers = [{"id": name, "property": name, "match": {"is_true": True}} for name in names]
    profile = profile_of({"id": "a", "property": "a", "match": {"known": True}}, disqualifiers=disqualifiers)

    row = only_row(scored(profile, a=["x"], first=["no"], second=["yes"], third=["yes"]).frame)

    assert row["disqualified_by"] == "second"


def test_a_required_criterion_not_filled_in_is_a_miss_and_counts_as_known() -> None:
    criterion = {"id": "a", "property": "a", "match": {"is_true": True}, "missing": "miss"}
    other = {"id": "b", "property": "b", "match": {"is_true": True}, "weight": 9}

    row = only_row(scored(profile_of(criterion, other, required=["a"]), a=[None], b=["yes"]).frame)

    assert (row["outcome"], row["score"], row["potential"], row["coverage"]) == ("not_icp", 90.0, 90.0, 1.0)


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        (62.45, 1, 62.4),
        (62.35, 1, 62.4),
        (62.449999999, 1, 62.4),
        (62.450000001, 1, 62.5),
        (62.4499999999, 1, 62.4),  # nine decimals first: 62.45, then half-even
        (62.5500000001, 1, 62.6),
        (0.05, 1, 0.0),
        (99.95, 1, 100.0),
        (99.949, 1, 99.9),
        (2 / 3, 3, 0.667),
        (0.0005, 3, 0.0),
        (0.0015, 3, 0.002),
        (0.1 + 0.2, 1, 0.3),
    ],
)
def test_rounding_is_half_even_on_the_decimal_digits(value: float, digits: int, expected: float) -> None:
    assert pl.select(round_half_even(pl.lit(value), digits)).item() == expected


@pytest.mark.parametrize(("digits", "largest"), [(1, 100), (3, 1)])
def test_a_rounded_number_is_the_one_python_reads(digits: int, largest: int) -> None:
    numbers = [step / 10**digits for step in range(largest * 10**digits + 1)]
    frame = pl.DataFrame({"value": numbers})

    assert frame.select(round_half_even(pl.col("value"), digits)).to_series().to_list() == numbers


def test_thirds_add_up_to_a_hundred() -> None:
    criteria = [{"id": name, "property": name, "match": {"known": True}} for name in "abc"]

    assert only_row(scored(profile_of(*criteria), a=["x"], b=["x"], c=["x"]).frame)["score"] == 100.0


@pytest.mark.parametrize("weights", [(0.1, 0.2, 0.7), (0.001, 99_999, 1 / 3), (1, 1, 1)])
def test_points_are_exact_whatever_the_weights(weights: tuple[float, ...]) -> None:
    criteria = [
        {"id": f"c{n}", "property": "p", "weight": float(weight), "match": {"known": True}}
        for n, weight in enumerate(weights)
    ]

    assert sum(max_criterion_points(profile_of(*criteria)).values()) == 100


@pytest.mark.parametrize(("enter", "tier"), [(33.3, "tier_1"), (33.4, None)])
def test_a_threshold_is_reached_by_the_rounded_score(enter: float, tier: str | None) -> None:
    criteria = [{"id": name, "property": name, "match": {"known": True}} for name in "abc"]
    profile = profile_of(*criteria, tiers=[{"tier": "tier_1", "enter": enter}])

    assert only_row(scored(profile, a=["x"], b=[None], c=[None]).frame)["tier"] == tier
