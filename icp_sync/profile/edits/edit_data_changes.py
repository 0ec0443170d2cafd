"""Edits → changes of the file's plain data: what `apply` and `text` both carry out, so that they cannot disagree."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from icp_sync.errors import EditRefused
from icp_sync.profile.edits.edit_paths import EditPlace, resolve_place, value_at, with_item_number
from icp_sync.profile.edits.edit_types import Edits, Value, whole_as_int
from icp_sync.profile.findings import LocatedFinding, Path, dotted_path
from icp_sync.profile.load import LoadedProfile

_GOES_WITH_NONE: Final = {"leave", "capacity", "at_least"}
_DEFAULTS: Final[Mapping[str | int, Value]] = {"missing": "unknown", "minimum": 0}
"""What None means for keys that must hold something."""


@dataclass(frozen=True, slots=True)
class DataChange:
    """One change of the plain data; `path` counts list items as the file does.

    set: another scalar · add: a key that is not there yet · drop: the key goes · take_out: the list's item goes ·
    ids: the list `required` anew.
    """

    action: Literal["set", "add", "drop", "take_out", "ids"]
    path: Path
    value: Value = None


def data_changes(loaded: LoadedProfile, edits: Edits) -> tuple[DataChange, ...]:
    """What the edits change; what already stands there changes nothing, nor does what lies inside something taken out.

    Raises EditRefused with every place that is not movable or not there.
    """
    places = _resolve_edit_places(loaded, edits)
    taken_out = {place.path for place, _ in places if place.kind == "item"}
    changes = [change for place, value in places if (change := _change_at(place, value, loaded.data))]
    wanted = edits.get(("required",), _id_tuple(loaded.data.get("required")))
    changes += _required_change(loaded.data, wanted, taken_out)
    changes += _expectation_changes(loaded.data, taken_out)
    # Two keys may be added in one place: leave before capacity, required before coverage.
    return tuple(sorted(_drop_moot_changes(changes), key=lambda change: change.path[-1] in {"capacity", "minimum"}))


def edit_refused_error(loaded: LoadedProfile, problems: Mapping[Path, str]) -> EditRefused:
    """The error for places that cannot be edited: path → what is wrong; what to do."""
    details = [
        LocatedFinding(
            loaded.file,
            loaded.lines.line_of_path(with_item_number(loaded.data, path)),
            dotted_path(path),
            message,
            rule="edit",
        )
        for path, message in problems.items()
    ]
    count = "this" if len(details) == 1 else f"{len(details):,} values, the first of them this,"
    return EditRefused(f"{count} cannot be edited: {details[0]}", details=details)


def _resolve_edit_places(loaded: LoadedProfile, edits: Edits) -> list[tuple[EditPlace, Value]]:
    places: list[tuple[EditPlace, Value]] = []
    problems: dict[Path, str] = {}
    for path, value in edits.items():
        try:
            places.append((resolve_place(loaded.data, path, value), whole_as_int(value)))
        except ValueError as error:
            problems[path] = str(error)
    if problems:
        raise edit_refused_error(loaded, problems)
    return places


def _change_at(place: EditPlace, value: Value, data: Mapping[str, object]) -> DataChange | None:
    """The change that brings the value about; None where nothing changes, and for `required` (`_required_change`)."""
    key = place.path[-1]
    if place.kind == "item":
        return DataChange("take_out", place.path)
    if place.kind == "ids":
        return None
    value = _DEFAULTS.get(key) if value is None and key in _DEFAULTS else value
    if not place.is_there:
        return None if value == _DEFAULTS.get(key) else DataChange("add", place.path, value)
    if place.current == value:
        return None
    is_optional = key in _GOES_WITH_NONE and (key != "at_least" or value_at(data, (*place.path[:-1], "has_any")))
    return DataChange("drop", place.path) if value is None and is_optional else DataChange("set", place.path, value)


def _required_change(data: Mapping[str, object], wanted: Value, taken_out: Collection[Path]) -> Iterator[DataChange]:
    """Yields the change of `required`: the wanted, in the order they have there, new ones in that of the criteria."""
    current = _id_tuple(data.get("required"))
    criteria = _criterion_ids(data)
    gone = {criteria[path] for path in taken_out if path in criteria}
    order = dict.fromkeys([*current, *criteria.values(), *_id_tuple(wanted)])
    ids = tuple(name for name in order if name in _id_tuple(wanted) and name not in gone)
    if ids != current:
        yield DataChange("ids", ("required",), ids)


def _expectation_changes(data: Mapping[str, object], taken_out: Collection[Path]) -> Iterator[DataChange]:
    """Yields what tests no longer expect: the credits of criteria taken out, or all, where nothing else is expected."""
    criteria = _criterion_ids(data)
    gone = {criteria[path] for path in taken_out if path in criteria}
    tests = data.get("tests")
    for n, test in enumerate(tests if isinstance(tests, list) else ()):
        expect = value_at(test, ("expect",))
        credits_ = value_at(expect, ("credits",))
        if not isinstance(expect, Mapping) or not isinstance(credits_, Mapping) or gone.isdisjoint(credits_):
            continue
        path = ("tests", n, "expect", "credits")
        if gone.issuperset(credits_):
            yield DataChange("take_out", path[:2]) if len(expect) == 1 else DataChange("drop", path)
        else:
            yield from (DataChange("drop", (*path, name)) for name in credits_ if name in gone)


def _drop_moot_changes(changes: Iterable[DataChange]) -> Iterator[DataChange]:
    """Yields the changes, each once, without those at or inside what another takes away."""
    distinct = dict.fromkeys(changes)
    dropped = {change.path for change in distinct if change.action in {"take_out", "drop"}}
    for change in distinct:
        depth = len(change.path) + (change.action not in {"take_out", "drop"})
        if not any(change.path[:n] in dropped for n in range(depth)):
            yield change


def _criterion_ids(data: Mapping[str, object]) -> dict[Path, str]:
    """Path → id of the criteria."""
    criteria = data.get("criteria")
    return {
        ("criteria", n): str(value_at(item, ("id",)))
        for n, item in enumerate(criteria if isinstance(criteria, list) else ())
    }


def _id_tuple(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()
