"""Valid profiles that use the language up and down: a match in every place one may stand, everything else or not."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from tests.generated.companies import written
from tests.generated.matches import DERIVED, TEXTS, Written, matches, plain

FORMULAS: Final = (
    "annualrevenue / numberofemployees", "p_text * 0", "least(annualrevenue, abs(p_other), 5) - 1 / founded_year",
    "greatest(p_text, p_text) * 1000000000000000 * p_other", "-industry + web_technologies",
)  # fmt: skip
OUTPUTS: Final[dict[str, Any]] = {
    "target_account": {"property": "hs_is_target_account", "tiers": ["tier_1"]},
    "score": "icp_fit_score",
    "potential": "icp_fit_potential",
    "coverage": "icp_fit_coverage",
    "reasons": "icp_fit_reasons",
}
ALWAYS: Final = {
    "tier": "hs_ideal_customer_profile", "outcome": "icp_fit_outcome", "profile": "icp_fit_profile",
    "changed_at": "icp_fit_changed_at",
}  # fmt: skip
"""What lists ask of what is written."""
LOCATIONS: Final[tuple[Written, ...]] = (
    {},
    {"country": "p_text"},
    {"state": ["state"], "city": "state", "country": ["country", "p_other"]},
)
LIMITS: Final[tuple[Written, ...]] = ({}, {"order_by": "score", "limit": 1})
VOCABULARY: Final = {
    "regions": {"our-region": ["DE", "US-CA"]}, "technologies": {"our-stack": ["Jira", "Zorgblatt"]},
    "industries": {"our-trade": ["Banking", "Zorg herding"]},
}  # fmt: skip


@st.composite
def _read(draw: st.DrawFn) -> Written:
    """How a question names what it reads: in one of two ways, or by its leaves."""
    names = draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3, unique=True))
    return draw(st.sampled_from(({"property": names[0]}, {"properties": names}, {})))


@st.composite
def _question(draw: st.DrawFn, name: str) -> Written:
    read = draw(_read())
    match = draw(matches(inherited=bool(read)))
    return {"id": name, **read, "match": match, **draw(st.sampled_from(({}, {"optional": True})))}


@st.composite
def _criterion(draw: st.DrawFn, name: str) -> Written:
    asked = draw(_question(name))
    inherited = "property" in asked or "properties" in asked
    partials = draw(st.lists(matches(inherited=inherited, depth=2), max_size=2))
    worth = draw(st.sampled_from(((0.7, 0.2), (0.5, 0.5))))
    return {
        **asked,
        "weight": draw(st.sampled_from((1, 20, 0.001, 100_000))),
        "partial": [{"match": match, "credit": credit} for match, credit in zip(partials, worth, strict=False)],
        "missing": draw(st.sampled_from(("unknown", "miss"))),
    }


@st.composite
def _where(draw: st.DrawFn, ids: list[str]) -> Written:
    """What a static list asks: one key at least, often several."""
    some = st.lists(st.sampled_from(ids), min_size=1, unique=True)
    hits = st.builds(
        lambda way, names, full: {way: names, "full": full}, st.sampled_from(("all", "any")), some, st.booleans()
    )
    keys: dict[str, st.SearchStrategy[Any]] = {
        "match": matches(inherited=False),
        "property": st.dictionaries(st.sampled_from(TEXTS), plain(), min_size=1, max_size=2),
        "hits": some | hits,
        "tier": st.just(["tier_1"]),
        "outcome": st.just(["tiered", "insufficient_data"]),
        "changed_within_days": st.sampled_from((1, 3650)),
    }
    return {key: draw(keys[key]) for key in draw(st.lists(st.sampled_from(list(keys)), min_size=1, unique=True))}


@st.composite
def _lists(draw: st.DrawFn, ids: list[str]) -> list[Written]:
    wheres = draw(st.lists(_where(ids), max_size=2))
    lists: list[Written] = [{"name": f"L{n}", "kind": "static", "where": where} for n, where in enumerate(wheres)]
    limits: list[Written] = [draw(st.sampled_from(LIMITS)) for _ in lists]
    lists = [one | limit for one, limit in zip(lists, limits, strict=True)]
    active = {"name": "Active", "kind": "active", "where": {"tier": ["tier_1"], "changed_within_days": 7}}
    return [*lists, active]


@st.composite
def _tiers(draw: st.DrawFn) -> list[Written]:
    first = {"tier": "tier_1", "enter": draw(st.sampled_from((100, 62.5, 30)))}
    leave = draw(st.sampled_from(({}, {"leave": 25})))
    capacity = draw(st.sampled_from((None, 1, {"limit": 1, "per": "hubspot_owner_id"})))
    limited = {"capacity": capacity} if capacity else {}
    return [{**first, **leave, **limited}, {"tier": "tier_2", "enter": draw(st.sampled_from((20, 0)))}]


@st.composite
def _write(draw: st.DrawFn, ids: list[str]) -> Written:
    outputs = draw(st.sets(st.sampled_from(list(OUTPUTS))))
    named = draw(st.sets(st.sampled_from(("country", "region", "state", "city", *ids))))
    return {**ALWAYS, **{name: OUTPUTS[name] for name in outputs}, "understood": {one: f"icp_u_{one}" for one in named}}


@st.composite
def profiles(draw: st.DrawFn) -> Written:
    """A profile as its file says it."""
    ids = [f"c{n}" for n in range(draw(st.integers(1, 3)))]
    scope = draw(st.none() | matches(inherited=False, depth=3))
    formulas = draw(st.lists(st.sampled_from(FORMULAS), min_size=len(DERIVED), max_size=len(DERIVED)))
    case = {
        "name": "a case",
        "company": draw(st.dictionaries(st.sampled_from(TEXTS), written)),
        "expect": {"tier": None},
    }
    location = draw(st.sampled_from(LOCATIONS))
    return {
        "schema": 1,
        "profile": {"name": "generated", "kind": "icp", **draw(st.sampled_from(({}, {"currency": "EUR"})))},
        **({"scope": scope} if scope else {}),
        **({"location": location} if location else {}),
        "criteria": [draw(_criterion(name)) for name in ids],
        "required": draw(st.lists(st.sampled_from(ids), unique=True, max_size=1)),
        "disqualifiers": draw(st.lists(_question("d"), max_size=1)),
        "derive": dict(zip(DERIVED, formulas, strict=True)),
        "coverage": {"minimum": draw(st.sampled_from((0, 0.5, 1)))},
        "tiers": draw(_tiers()),
        "write": draw(_write(ids)),
        **draw(st.sampled_from(({}, {"lock": {"property": "icp_fit_lock"}}))),
        "lists": draw(_lists(ids)),
        "vocabulary": VOCABULARY,
        "tests": [case],
    }
