"""What can be moved, as labelled controls: one for each number, choice and item of the profile."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from icp_sync.profile.describe.match_sentences import match_sentence
from icp_sync.profile.edits.edit_types import Edits, Value
from icp_sync.profile.edits.movable_values import movable_values
from icp_sync.profile.edits.query_pairs import edits_to_pairs, path_to_text
from icp_sync.profile.findings import Path
from icp_sync.profile.model.criteria import Condition, Criterion
from icp_sync.profile.model.match import Match
from icp_sync.profile.model.profile import Profile
from icp_sync.views.html.tune.control_types import Control, ControlGroup, Controls, Kind

_BOUNDS: Final[Mapping[str, tuple[str, str]]] = {
    "at_least": ("at least", ""), "at_most": ("at most", ""), "within_days": ("within", "days"),
    "older_than_days": ("older than", "days"), "between": ("", ""), "age_years": ("", "years"), "km": ("within", "km"),
}  # fmt: skip
"""Bound → its words before the number, and the unit behind it."""
_ENDS: Final = ("from", "to")
_WHOLE: Final = frozenset({"within_days", "older_than_days", "age_years", "capacity"})


class _ControlBuilder:
    """The movable values of a profile with edits laid over."""

    def __init__(self, profile: Profile, edits: Edits) -> None:
        self.profile, self.edits = profile, edits
        self.values = movable_values(profile)

    def edited_value(self, place: Path) -> Value:
        return self.edits.get(place, self.values[place])

    def paths_under(self, *prefix: str | int) -> list[Path]:
        return [place for place in self.values if place[: len(prefix)] == prefix]

    def build_control(self, place: Path, kind: Kind, labels: tuple[str, str], **rest: Any) -> Control:
        value, was = self.edited_value(place), self.values[place]
        return Control(
            path_to_text(place),
            kind,
            *labels,
            _value_text(place, value),
            None if value == was else _value_text(place, was),
            **rest,
        )


def profile_controls(profile: Profile, edits: Edits) -> Controls:
    """The controls of a profile as it is in its file, holding what the edits move them to."""
    built = _ControlBuilder(profile, edits)
    tests = {place: value for place, value in edits.items() if place[0] == "tests"}
    return Controls(
        tuple(_tier(tier.tier, built) for tier in profile.tiers),
        built.build_control(
            ("coverage", "minimum"), "number", ("Least share of the weight known", "known"),
            unit="of the weight, 0 to 1", least="0", most="1", step="0.05",
        ),
        tuple(_criterion(criterion, built) for criterion in profile.criteria),
        tuple(_disqualifier(rule, built) for rule in profile.disqualifiers),
        tuple(_bound_controls(("scope",), profile.scope, "Scope", built) if profile.scope else ()),
        tuple(edits_to_pairs(tests)),
    )  # fmt: skip


def _value_text(place: Path, value: Value) -> str:
    return edits_to_pairs({place: value})[0][1]


def _tier(name: str, built: _ControlBuilder) -> ControlGroup:
    title = name.replace("_", " ").capitalize()
    enter, leave, capacity = (("tiers", name, key) for key in ("enter", "leave", "capacity"))
    score = {"unit": "points", "least": "0", "most": "100", "step": "1"}
    return ControlGroup(
        name, title, "",
        (
            built.build_control(enter, "number", (f"{title}: entered from", "entered from"), **score),
            built.build_control(
                leave, "number", (f"{title}: left below; empty is the same as entered", "left below"), **score,
                placeholder="as entered",
            ),
            built.build_control(
                capacity, "number", (f"{title}: at most so many companies; empty is no limit", "at most"),
                unit=_capacity_unit(name, built.profile), least="1", step="1", placeholder="no limit",
            ),
        ),
    )  # fmt: skip


def _capacity_unit(name: str, profile: Profile) -> str:
    per = next((tier.capacity.per for tier in profile.tiers if tier.tier == name and tier.capacity), None)
    return f"companies each {per}" if per else "companies"


def _criterion(criterion: Criterion, built: _ControlBuilder) -> ControlGroup:
    path: Path = ("criteria", criterion.id)
    title = criterion.title
    return ControlGroup(
        criterion.id,
        title,
        _question_text(criterion),
        (
            built.build_control(
                (*path, "weight"),
                "number",
                (f"Weight of {title}", "weight"),
                unit=_points_sentence(criterion, built),
                least="0",
                step="1",
                follows=True,
            ),
            *_bound_controls((*path, "match"), criterion.match, title, built),
            *(
                control
                for n, partial in enumerate(criterion.partial)
                for control in _partial(
                    (*path, "partial", n), partial.match, partial.label or f"near miss {n + 1}", built
                )
            ),
            built.build_control(
                (*path, "missing"), "choice", (f"{title}: a missing value counts as", "missing counts as")
            ),
            _required_control(criterion, built),
            _take_out_control(path, title, built),
        ),
    )


def _points_sentence(criterion: Criterion, built: _ControlBuilder) -> str:
    """How many of the 100 points it is worth, as edited."""
    weights = {
        question.id: built.edited_value(("criteria", question.id, "weight"))
        for question in built.profile.criteria
        if built.edits.get(("criteria", question.id), question.id) is not None
    }
    total = sum(weight for weight in weights.values() if isinstance(weight, int | float))
    weight = weights.get(criterion.id)
    if not isinstance(weight, int | float) or not total:
        return "taken out" if criterion.id not in weights else ""
    return f"{100 * weight / total:.1f} of 100 points".replace(".0 ", " ")


def _partial(path: Path, match: Match, label: str, built: _ControlBuilder) -> Iterator[Control]:
    yield from _bound_controls((*path, "match"), match, label, built, beside="partly ")
    yield built.build_control(
        (*path, "credit"), "number", (f"Credit for {label}", f"credit for {label}"), unit="of the weight, 0 to 1",
        least="0", most="1", step="0.05",
    )  # fmt: skip


def _disqualifier(rule: Condition, built: _ControlBuilder) -> ControlGroup:
    path: Path = ("disqualifiers", rule.id)
    title = getattr(rule, "title", rule.id)
    bounds = _bound_controls((*path, "match"), rule.match, title, built)
    return ControlGroup(
        rule.id, title, _question_text(rule), (*bounds, _take_out_control(path, title, built)),
    )  # fmt: skip


def _question_text(question: Condition) -> str:
    text = match_sentence(question.match, question.own_properties).replace("`", "")
    return text[1:-1] if text.startswith("(") and text.endswith(")") else text


def _required_control(criterion: Criterion, built: _ControlBuilder) -> Control:
    required = built.edited_value(("required",))
    is_required = isinstance(required, tuple) and criterion.id in required
    was = criterion.id in built.profile.required
    moved = None if was == is_required else ("yes" if was else "no")
    labels = (f"{criterion.title} is required", "required")
    return Control("required", "required", *labels, criterion.id if is_required else "", moved, unit=criterion.id)


def _take_out_control(path: Path, title: str, built: _ControlBuilder) -> Control:
    taken_out = built.edits.get(path, path) is None
    labels = (f"Take out {title}", "take out")
    return Control(path_to_text(path), "take_out", *labels, "yes" if taken_out else "", "in use" if taken_out else None)


def _bound_controls(
    path: Path, match: Match, title: str, built: _ControlBuilder, beside: str = ""
) -> Iterator[Control]:
    """The numbers of a match's leaves, in whatever depth; each says which part it is of where there are several.

    `beside`: begins the short labels.
    """
    has_parts = len(list(match.leaves())) > 1
    for place in built.paths_under(*path):
        bound = str(place[-1] if isinstance(place[-1], str) else place[-2])
        before, unit = _BOUNDS[bound]
        words = _ENDS[int(place[-1])] if isinstance(place[-1], int) else before
        part = f" {_part_suffix(place)}" if has_parts else ""
        step = "1" if bound in _WHOLE else "any"
        labels = (f"{title}{part}: {words}", f"{beside}{words}{part}")
        yield built.build_control(place, "number", labels, unit=unit, step=step, placeholder="no bound")


def _part_suffix(place: Path) -> str:
    """Which part of a composition: `(part 2)`."""
    numbers = [step for before, step in pairwise(place) if before in {"all", "any"}]
    return f"(part {'.'.join(str(int(n) + 1) for n in numbers)})" if numbers else ""
