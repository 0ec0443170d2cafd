"""One change of the data → the replacements in the text that bring it about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from icp_sync.profile.edits.edit_data_changes import DataChange
from icp_sync.profile.edits.list_items import comment_out_item, rewrite_list, write_empty_list
from icp_sync.profile.edits.mapping_keys import add_keys, add_sections, drop_key_in_braces
from icp_sync.profile.edits.text_lines import Replacement, TextLines, UnplaceableChange
from icp_sync.profile.edits.yaml_scalar_text import scalar_text
from icp_sync.profile.findings import Path
from icp_sync.profile.source.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode, node_at

_FOLLOWS: Final[Mapping[str | int, tuple[str, ...]]] = {
    "missing": ("weight",),
    "leave": ("enter",),
    "capacity": ("leave", "enter"),
    "at_least": ("has_any",),
    "required": ("criteria",),
    "coverage": ("disqualifiers", "required", "criteria"),
}
"""New key → the neighbours it may follow, the best first."""
_MAY_BE_NULL: Final = {"leave", "capacity", "at_least"}


class ChangeWriter:
    """Writes changes of a profile's data into its text; `changes` are all that will be written."""

    def __init__(self, lines: TextLines, root: Node, changes: Sequence[DataChange]) -> None:
        self._lines, self._root = lines, root
        self._going = {change.path for change in changes if change.action in {"drop", "take_out"}}
        self._additions = [change for change in changes if self._is_addition(change)]

    def change_replacements(self, change: DataChange) -> Iterator[Replacement]:
        """Yields the replacements of a change. Raises Unplaceable."""
        if self._is_addition(change):
            yield from self._add_key(change)
        elif change.action == "set":
            yield self._replace_scalar(change)
        elif change.action == "drop":
            yield from self._drop_key(change.path)
        elif change.action == "take_out":
            yield from self._comment_out_item(change.path)
        else:
            yield from self._rewrite_id_list(change)

    def _is_addition(self, change: DataChange) -> bool:
        """Whether a key comes that is not there yet; so may `required`."""
        return change.action == "add" or (change.action == "ids" and node_at(self._root, change.path) is None)

    def _replace_scalar(self, change: DataChange) -> Replacement:
        node = node_at(self._root, change.path)
        if not isinstance(node, ScalarNode):
            raise UnplaceableChange("is written as a list or mapping; edit it in the file")
        new = scalar_text(_require_scalar(change), node.style if node.style in {"'", '"'} else "")
        # Behind a colon with nothing after it: `leave:`
        is_unwritten = node.start == node.end and not self._lines.text_before(node.start).endswith((" ", "\t"))
        return Replacement(node.start, node.end, f" {new}" if is_unwritten else new)

    def _add_key(self, change: DataChange) -> Iterator[Replacement]:
        holder, after = self._insertion_point(change.path)
        group = [other for other in self._additions if self._insertion_point(other.path) == (holder, after)]
        if change is not group[0]:
            return  # the first has written them all, one behind the other
        new = [self._key_and_value(other, len(holder)) for other in group]
        mapping = self._mapping_at(holder)
        if mapping is None:
            raise UnplaceableChange("has no place in the file yet; write it there")
        if after and not holder and not mapping.is_flow:
            yield from add_sections(self._lines, mapping.entries[after], new)
        else:
            yield from add_keys(self._lines, mapping, after, new)

    def _insertion_point(self, path: Path) -> tuple[Path, str | None]:
        """The mapping that takes a new key, or the section around it, and the neighbour it follows there."""
        holder = path[:-1]
        mapping = self._mapping_at(holder)
        if mapping is None:
            return self._insertion_point(holder) if holder else ((), None)
        staying = [name for name in mapping.entries if (*holder, name) not in self._going]
        return holder, next((name for name in _FOLLOWS.get(path[-1], ()) if name in staying), None)

    def _key_and_value(self, change: DataChange, depth: int) -> tuple[str, str]:
        """The key that comes into the mapping so many steps deep, and its value as YAML."""
        key, *inner = map(str, change.path[depth:])
        value = self._yaml_list(change.value) if isinstance(change.value, tuple) else self._yaml_scalar(change.value)
        return key, f"{{ {self._yaml_scalar(inner[0])}: {value} }}" if inner else value

    def _drop_key(self, path: Path) -> Iterator[Replacement]:
        mapping, key = self._mapping_at(path[:-1]), str(path[-1])
        if mapping is None:
            raise UnplaceableChange("is not written where it is expected; take it out in the file")
        entry = mapping.entries[key]
        dropped = [name for name in mapping.entries if (*path[:-1], name) in self._going]
        start, end = entry.key.start, entry.value.end
        if mapping.is_flow and (replacement := drop_key_in_braces(self._lines, mapping, key, dropped)):
            yield replacement
        elif not mapping.is_flow and not self._lines.text_before(start).strip(" ") and self._lines.ends_line(end):
            first, last = self._lines.line_number(start), self._lines.line_number(end)
            yield from self._lines.comment_out(first, last, self._lines.column_number(start))
        elif key in _MAY_BE_NULL:
            yield self._lines.replace_refusing_comments(entry.value.start, end, "null")
        else:
            raise UnplaceableChange("shares its line with something else; take it out in the file")

    def _comment_out_item(self, path: Path) -> Iterator[Replacement]:
        section, n = str(path[0]), int(path[1])
        entry = self._require_section_entry(section)
        sequence = entry.value
        if not isinstance(sequence, SequenceNode):
            raise UnplaceableChange("is no list; take it out in the file")
        yield from comment_out_item(self._lines, sequence, n)
        going = [other for other in range(len(sequence.items)) if (section, other) in self._going]
        if len(going) == len(sequence.items) and n == going[0]:
            yield write_empty_list(self._lines, entry)

    def _rewrite_id_list(self, change: DataChange) -> Iterator[Replacement]:
        entry = self._require_section_entry(str(change.path[0]))
        if not isinstance(entry.value, SequenceNode) or not isinstance(change.value, tuple):
            raise UnplaceableChange("is no list; edit it in the file")
        yield from rewrite_list(self._lines, entry, entry.value, change.value)

    def _mapping_at(self, path: Path) -> MappingNode | None:
        node = node_at(self._root, path)
        return node if isinstance(node, MappingNode) else None

    def _require_section_entry(self, name: str) -> Entry:
        root = self._mapping_at(())
        if root is None or name not in root.entries:
            raise UnplaceableChange("has no place in the file yet; write it there")
        return root.entries[name]

    def _yaml_scalar(self, value: float | str | None) -> str:
        """A new value as YAML, in the quotes of JSON where the file is JSON."""
        return scalar_text(value, self._require_section_entry("criteria").key.style)

    def _yaml_list(self, values: Sequence[str]) -> str:
        return f"[{', '.join(map(self._yaml_scalar, values))}]"


def _require_scalar(change: DataChange) -> float | str | None:
    if isinstance(change.value, tuple):
        raise UnplaceableChange("is no list; edit it in the file")
    return change.value
