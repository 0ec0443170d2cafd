"""Edits on a loaded profile → the edited profile, without its text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from icp_sync.profile.edits.edit_data_changes import DataChange, data_changes
from icp_sync.profile.edits.edit_types import Edits
from icp_sync.profile.findings import LineIndex, LocatedFinding, Path
from icp_sync.profile.load import LoadedProfile, validate_document
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.source.yaml_document import YamlDocument


def apply_edits(loaded: LoadedProfile, edits: Edits) -> Profile:
    """The profile with these values, validated as a file is: what `edit_text` and `load` would give.

    A criterion taken out leaves `required` too, and tests expect no credit of it any more (one that expected nothing
    else is taken out). Edits inside something taken out have no effect. Raises EditRefused for a place that does not
    exist or is not movable, ProfileInvalid where the edited profile is invalid, with the lines of the file as it is.
    """
    return apply_edits_with_warnings(loaded, edits)[0]


def apply_edits_with_warnings(loaded: LoadedProfile, edits: Edits) -> tuple[Profile, tuple[LocatedFinding, ...]]:
    """`apply_edits` and the warnings that `load` would give about the result, at the lines of the file as it is."""
    changes = data_changes(loaded, edits)
    data = apply_data_changes(loaded.data, changes)
    lines = _reindex_lines(loaded.lines, [change.path for change in changes if change.action == "take_out"])
    return validate_document(YamlDocument(data, lines, (), frozenset()), loaded.file)


def apply_data_changes(data: Mapping[str, object], changes: Iterable[DataChange]) -> dict[str, object]:
    """A copy of the plain data with the changes made; the data itself stays as it is."""
    changed: dict[str, Any] = {key: _deep_copy(value) for key, value in data.items()}
    taken_out: list[Path] = []
    for change in changes:
        if change.action == "take_out":
            taken_out.append(change.path)
        elif change.action == "drop":
            del _ensure_parent(changed, change.path)[change.path[-1]]
        else:
            value = list(change.value) if isinstance(change.value, tuple) else change.value
            _ensure_parent(changed, change.path)[change.path[-1]] = value
    for section, n in sorted(taken_out, reverse=True):
        del changed[str(section)][n]
    return changed


def _deep_copy(value: object) -> object:
    if isinstance(value, dict):
        return {key: _deep_copy(inner) for key, inner in value.items()}
    return [_deep_copy(inner) for inner in value] if isinstance(value, list) else value


def _ensure_parent(data: dict[str, Any], path: Path) -> Any:
    """The mapping or list that holds the last step; `coverage` is made where it is not there yet."""
    inner: Any = data
    for step in path[:-1]:
        inner = inner.setdefault(step, {}) if isinstance(inner, dict) else inner[step]
    return inner


def _reindex_lines(lines: LineIndex, taken_out: Sequence[Path]) -> LineIndex:
    """The lines by the paths that are left when these items of lists are gone: later items move up."""
    if not taken_out:
        return lines
    return LineIndex(
        {
            _path_after_removal(path, taken_out): line
            for path, line in lines.by_path.items()
            if path[:2] not in taken_out
        }
    )


def _path_after_removal(path: Path, taken_out: Sequence[Path]) -> Path:
    if len(path) < 2 or not isinstance(path[1], int):
        return path
    before = sum(section == path[0] and int(n) < path[1] for section, n in taken_out)
    return (path[0], path[1] - before, *path[2:])
