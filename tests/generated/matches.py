"""Valid matches: every operator with arguments from the plain to the odd, alone and composed up to five levels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from hypothesis import strategies as st

from icp_sync.profile.property_reads import GEOGRAPHY, NUMERIC

Written = dict[str, Any]
Matches = st.SearchStrategy[Written]

TEXTS: Final = (
    "p_text", "p_other", "industry", "web_technologies", "website", "state", "country", "city", "numberofemployees",
    "founded_year", "closedate", "is_public", "annualrevenue",
)  # fmt: skip
"""Properties of a company, whatever they are meant to hold."""
DERIVED: Final = ("per_head", "odd_sum", "unused")
WORDS: Final = (
    "Banking", "COMPUTER_SOFTWARE", "software", "manufacturing", "C++", "C#", "Ünïcode ß", "日本語 製造業", "🦄 corp",
    "N/A", "true", "10,001+", "x" * 300, "zero\u200bwidth", "O'Neill \"quoted\"", "{braces} %s", "comma, colon: semi;",
    "back\\slash", "AND", "جيرا", "½ price", "a", "jira", "salesforce", "sap", "hyperscaler", "our-stack",
)  # fmt: skip
NAMES: Final = ("jira", "salesforce", "Zorgblatt", "aws", "🦄 corp", "日本語", "C++")
"""Technologies of which no two are the same."""
PATTERNS: Final = (
    r"\bGmbH$",
    ".*",
    "^.{0,5}$",
    r"\p{Greek}+",
    "(a|b)*c",
    r"[^\W_]+",
    "日本",
    "(?x) a b",
    r"\d{1,3}",
    "^$",
)
REGIONS: Final = ("DE", "US-CA", "Midwest", "DACH", "Nordics", "NA", "Georgia", "our-region", "EU", "Deutschland")
CITIES: Final = ("Berlin", "San Francisco Bay Area", "Paris, France", "Singapore", "Springfield, US", "München")
NUMBERS: Final = (0, 1, -1, 0.1, 250, 10_001, 2**53, 1e15, -1e12, 1e-9, 1e308, -1e308)
ASKS_FOR_A_NUMBER: Final = NUMERIC | {"known"}


def _some(words: tuple[str, ...], most: int = 4) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(words), min_size=1, max_size=most, unique=True)


def _one_or_more(words: tuple[str, ...]) -> st.SearchStrategy[str | list[str]]:
    return st.sampled_from(words) | _some(words)


@st.composite
def _bounds(draw: st.DrawFn, numbers: tuple[float, ...]) -> list[float | None]:
    low, high = sorted((draw(st.sampled_from(numbers)), draw(st.sampled_from(numbers))))
    return draw(st.sampled_from([[low, high], [low, None], [None, high]]))


_DAYS: Final = st.sampled_from((0, 1, 7, 365, 100_000))
_DISTANCES: Final = st.builds(
    lambda of, km: {"of": of, "km": km},
    st.sampled_from(("Berlin", "Springfield, US", "München, DE")),
    st.sampled_from((0.001, 50, 20_040)),
)
ARGUMENTS: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "at_least": st.sampled_from(NUMBERS),
    "at_most": st.sampled_from(NUMBERS),
    "between": _bounds(NUMBERS),
    "is": _one_or_more(WORDS),
    "in": _some(WORDS),
    "not_in": _some(WORDS),
    "contains_any": _some(WORDS),
    "starts_with": _some(WORDS),
    "matches": st.sampled_from(PATTERNS),
    "has_any": _some(NAMES),
    "has_all": _some(WORDS),
    "has_none": _some(WORDS),
    "region": _one_or_more(REGIONS),
    "city": _one_or_more(CITIES),
    "within_km": _DISTANCES,
    "within_days": _DAYS,
    "older_than_days": _DAYS,
    "age_years": _bounds((0, 1, 3, 100)),
    "known": st.booleans(),
    "is_true": st.just(value=True),
    "is_false": st.just(value=True),
}


def asked(operator: str) -> Matches:
    """One operator with its argument."""
    leaf = ARGUMENTS[operator].map(lambda argument: {operator: argument})
    return leaf.flatmap(_counted) if operator == "has_any" else leaf


def _counted(leaf: Written) -> Matches:
    counts = st.integers(1, len(leaf["has_any"])).map(lambda least: {**leaf, "at_least": least})
    return st.just(leaf) | counts


@st.composite
def leaves(draw: st.DrawFn, *, inherited: bool) -> Written:
    """A leaf with properties of its own, or none: where `inherited` it leaves them to what stands around it."""
    operator = draw(st.sampled_from(list(ARGUMENTS)))
    leaf = draw(asked(operator))
    if (inherited or operator in GEOGRAPHY) and draw(st.booleans()):
        return leaf
    names = (*TEXTS, *DERIVED[:2]) if operator in ASKS_FOR_A_NUMBER else TEXTS
    chosen = draw(_some(names, 3))
    return {**leaf, **({"property": chosen[0]} if len(chosen) == 1 else {"properties": chosen})}


def matches(*, inherited: bool, depth: int = 5) -> Matches:
    """A match of at most so many levels of `all`, `any` and `not`."""
    leaf = leaves(inherited=inherited)
    return leaf if depth == 0 else st.one_of(leaf, leaf, _composed(inherited=inherited, depth=depth))


@st.composite
def _composed(draw: st.DrawFn, *, inherited: bool, depth: int) -> Written:
    kind = draw(st.sampled_from(("all", "any", "not")))
    part = matches(inherited=inherited, depth=depth - 1)
    return {kind: draw(part) if kind == "not" else draw(st.lists(part, min_size=1, max_size=3))}


def plain(depth: int = 2) -> Matches:
    """A match whose leaves name no property, fit for any."""
    leaf = st.sampled_from(list(ARGUMENTS)).flatmap(asked)
    if depth == 0:
        return leaf
    part = plain(depth - 1)
    several = st.lists(part, min_size=1, max_size=2)
    return st.one_of(
        leaf,
        several.map(lambda parts: {"all": parts}),
        several.map(lambda parts: {"any": parts}),
        part.map(lambda inner: {"not": inner}),
    )
