"""Places of an edit, found in a profile's plain data: names of criteria, tiers and tests become numbers of items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from icp_sync.profile.edits.edit_types import NAMED_BY, Kind, Value, edit_place_kind
from icp_sync.profile.findings import Path
from icp_sync.text_truncation import shorten
from icp_sync.vocabulary.name_suggestions import did_you_mean

_ITEM: Final = {"criteria": "criterion", "disqualifiers": "disqualifier", "tiers": "tier", "tests": "test"}
_MAY_BE_LEFT_OUT: Final = {"missing", "leave", "capacity", "minimum"}


@dataclass(frozen=True, slots=True)
class EditPlace:
    """A place as the data has it: `path` counts items; `is_there`: its key stands in the file, and holds `current`."""

    path: Path
    kind: Kind
    is_there: bool
    current: object


def resolve_place(data: Mapping[str, object], place: Path, value: Value) -> EditPlace:
    """Where a place lies in the data. Raises ValueError, what is wrong and what to do, where there is none."""
    kind = _require_kind(place, value)
    path = _path_to_limit(data, with_item_number(data, place), value)
    if path == place and place[0] in NAMED_BY:
        raise ValueError(_unknown_name_message(data, place))
    parent, key = value_at(data, path[:-1]), path[-1]
    is_there = _has_step(parent, key)
    if not is_there and kind != "ids" and not _may_be_added(parent, key):
        raise ValueError("does not stand in the profile, so there is nothing to move; write it into the file first")
    return EditPlace(path, kind, is_there, value_at(data, path))


def _require_kind(place: Path, value: Value) -> Kind:
    kind = edit_place_kind(place)
    if kind is None:
        raise ValueError("only the file can change this; edit it there")
    if kind == "item" and value is not None:
        raise ValueError("can be taken out (null), not replaced; edit it in the file")
    if kind == "ids" and not isinstance(value, tuple | list | None):
        raise ValueError("holds ids of criteria; give it a list of them")
    return kind


def value_at(data: object, path: Path) -> object:
    """The value at a path of plain data; None where there is none."""
    for step in path:
        if not _has_step(data, step):
            return None
        data = data[step]  # type: ignore[index]
    return data


def _has_step(parent: object, step: str | int) -> bool:
    if isinstance(parent, list):
        return isinstance(step, int) and 0 <= step < len(parent)
    return isinstance(parent, Mapping) and step in parent


def with_item_number(data: Mapping[str, object], place: Path) -> Path:
    """The place with its item's number instead of its name; unchanged where there is no item of that name."""
    if len(place) < 2 or place[0] not in NAMED_BY:
        return place
    section, name, *rest = place
    names = _item_names(data, str(section))
    return (section, names.index(str(name)), *rest) if isinstance(name, str) and name in names else place


def _item_names(data: Mapping[str, object], section: str) -> list[str]:
    items = data.get(section)
    return [str(value_at(item, (NAMED_BY[section],))) for item in (items if isinstance(items, list) else ())]


def _unknown_name_message(data: Mapping[str, object], place: Path) -> str:
    section, name = str(place[0]), str(place[1])
    known = _item_names(data, section)
    advice = did_you_mean(name, known, f"there are {', '.join(map(shorten, known))}" if known else "there is none")
    return f"there is no {_ITEM[section]} {shorten(name)!r}; {advice}"


def _path_to_limit(data: Mapping[str, object], path: Path, value: Value) -> Path:
    """A capacity written `{limit: 50, per: hubspot_owner_id}` is moved by its limit, and goes as a whole."""
    is_limited = path[-1] == "capacity" and isinstance(value_at(data, path), Mapping) and value is not None
    return (*path, "limit") if is_limited else path


def _may_be_added(parent: object, key: str | int) -> bool:
    if key == "minimum":
        return parent is None or isinstance(parent, Mapping)
    if key == "at_least":
        return isinstance(parent, Mapping) and "has_any" in parent
    return isinstance(parent, Mapping) and key in _MAY_BE_LEFT_OUT
