"""Random edits of a profile, and what they must come to: worked out from the models, not from the file's data."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from icp_sync.profile.edits.edit_types import Value
from icp_sync.profile.edits.movable_values import movable_values
from icp_sync.profile.findings import Path
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.model.types import OUTCOMES

Values = dict[Path, Value]

_NUMBERS: Final = st.sampled_from(
    (0, 1, 2, 3.5, 7, 0.1, 99, 250, 10_000, 2**53, 1e15, 1e16, -5, 1e-9, 1e308, -1e308)
) | st.floats(-1e6, 1e6)
_OF_KEY: Final[dict[str | int, st.SearchStrategy[Value]]] = {
    "weight": st.sampled_from((1, 2.5, 20, 33.333, 0.1, 1e-9, 100_000, 1e5)) | st.floats(0.5, 100),
    "missing": st.sampled_from(("unknown", "miss")),
    "credit": st.sampled_from((0.1, 0.25, 0.5, 0.75, 0.999)) | st.floats(0.01, 0.99),
    "minimum": st.sampled_from((0, 0.25, 0.5, 1)) | st.floats(0, 1),
    "enter": st.integers(0, 100) | st.floats(0, 100),
    "leave": st.none() | st.integers(0, 100) | st.floats(0, 100),
    "capacity": st.none() | st.integers(1, 10**6),
    "within_days": st.integers(0, 100_000),
    "older_than_days": st.integers(0, 100_000),
    "km": st.sampled_from((0.001, 50, 120.5, 20_040)),
    "at_least": st.none() | st.sampled_from((1, 2)) | _NUMBERS,
}
_ABOUT_RULES: Final = {
    "weight", "missing", "credit", "at_least", "at_most", "between", "age_years", "within_days", "older_than_days",
    "km", "enter", "leave", "capacity", "minimum", "required",
}  # fmt: skip


@st.composite
def edits_of(draw: st.DrawFn, profile: Profile, most: int = 6) -> Values:
    """Some edits of movable places, of tests' expectations, and some things taken out; most of them valid."""
    movable = movable_values(profile)
    chosen = draw(st.lists(st.sampled_from(list(movable)), min_size=0, max_size=most, unique=True))
    edits: Values = {path: draw(_value(profile, path)) for path in chosen}
    items = [("criteria", criterion.id) for criterion in profile.criteria]
    items += [("disqualifiers", disqualifier.id) for disqualifier in profile.disqualifiers]
    is_reshaped = draw(st.booleans())
    edits |= dict.fromkeys(draw(st.lists(st.sampled_from(items), max_size=2 * is_reshaped, unique=True)))
    if profile.tests and is_reshaped:
        edits |= draw(_expectation(profile))
    return edits


def _value(profile: Profile, path: Path) -> st.SearchStrategy[Value]:
    if path == ("required",):
        ids = [criterion.id for criterion in profile.criteria]
        return st.lists(st.sampled_from(ids), max_size=3, unique=True).map(tuple)
    return _OF_KEY.get(path[-1], st.none() | _NUMBERS)


@st.composite
def _expectation(draw: st.DrawFn, profile: Profile) -> Values:
    case = draw(st.sampled_from(profile.tests))
    key = draw(st.sampled_from(sorted(case.expect.model_fields_set)))
    path: Path = ("tests", case.name, "expect", key)
    if key == "tier":
        return {path: draw(st.sampled_from([None, *(tier.tier for tier in profile.tiers)]))}
    if key == "outcome":
        return {path: draw(st.sampled_from(OUTCOMES))}
    if key == "credits":
        credits_ = sorted(case.expect.credits or {})
        return {(*path, draw(st.sampled_from(credits_))): draw(st.none() | st.floats(0, 1))} if credits_ else {}
    return {path: draw(st.floats(0, 100))}


def gone_of(edits: Values) -> set[Path]:
    """The criteria, disqualifiers and tests that the edits take out."""
    return {path for path, value in edits.items() if len(path) == 2 and value is None and path[0] != "coverage"}


def wanted_values(profile: Profile, edits: Values) -> Values:
    """What `movable_values` must say of the edited profile."""
    gone = gone_of(edits)
    wanted = {path: edits.get(path, value) for path, value in movable_values(profile).items() if path[:2] not in gone}
    required = wanted[("required",)]
    assert isinstance(required, tuple)
    return wanted | {("required",): tuple(sorted(name for name in required if ("criteria", name) not in gone))}


def values_of(profile: Profile) -> Values:
    """The movable values, with `required` in alphabetical order: its order says nothing."""
    return movable_values(profile) | {("required",): tuple(sorted(profile.required))}


def wanted_expectations(profile: Profile, edits: Values) -> dict[str, dict[str, Any]]:
    """What the tests of the edited profile must expect, by name."""
    gone = gone_of(edits)
    wanted: dict[str, dict[str, Any]] = {}
    for case in profile.tests:
        expect = case.expect.model_dump(exclude_unset=True)
        for path, value in edits.items():
            if path[:3] == ("tests", case.name, "expect"):
                (expect if len(path) == 4 else expect["credits"])[str(path[-1])] = value
        if "credits" in expect:
            expect["credits"] = {name: c for name, c in expect["credits"].items() if ("criteria", name) not in gone}
            expect = {key: value for key, value in expect.items() if key != "credits" or value}
        if expect and ("tests", case.name) not in gone:
            wanted[case.name] = expect
    return wanted


def expectations_of(profile: Profile) -> dict[str, dict[str, Any]]:
    return {case.name: case.expect.model_dump(exclude_unset=True) for case in profile.tests}


def the_rest(profile: Profile, gone: set[Path]) -> Any:
    """Everything that no edit moves, without what is gone and without the tests."""
    dump = profile.model_dump(exclude={"tests", "required"})
    for section in ("criteria", "disqualifiers"):
        dump[section] = [item for item in dump[section] if (section, item["id"]) not in gone]
    return _immovable(dump)


def _immovable(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _immovable(inner) for key, inner in value.items() if key not in _ABOUT_RULES}
    return [_immovable(inner) for inner in value] if isinstance(value, list | tuple) else value
