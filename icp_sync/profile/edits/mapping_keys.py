"""Keys of mappings in a text: a new one goes where its neighbours stand, one that goes is taken out of their row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import takewhile

from icp_sync.profile.edits.text_lines import Replacement, TextLines
from icp_sync.profile.edits.yaml_scalar_text import scalar_text
from icp_sync.profile.source.nodes import Entry, MappingNode


def add_keys(
    lines: TextLines, mapping: MappingNode, after: str | None, new: Sequence[tuple[str, str]]
) -> Iterator[Replacement]:
    """Yields what writes new keys with their values, as YAML, behind the entry `after` (None: the mapping is empty).

    In braces on one line they join that line; elsewhere each has a line of its own, indented as its neighbours.
    """
    entry = mapping.entries[after] if after else None
    written = [f"{scalar_text(key, entry.key.style if entry else '')}: {value}" for key, value in new]
    if entry is None:
        yield Replacement(mapping.start, mapping.end, f"{{ {', '.join(written)} }}")
    elif not mapping.is_flow:
        indent = " " * lines.column_number(mapping.start)
        yield from (lines.insert_after(lines.line_number(entry.value.end), indent + pair) for pair in written)
    elif not _has_own_line(lines, entry):
        yield Replacement(entry.value.end, entry.value.end, "".join(f", {pair}" for pair in written))
    else:
        yield from _add_lines_in_braces(lines, entry, written)


def drop_key_in_braces(
    lines: TextLines, mapping: MappingNode, key: str, dropped: Collection[str]
) -> Replacement | None:
    """What takes a key out of braces: with the comma before it, or behind it where nothing that stays stands before.

    `dropped` are all keys that go, this one too. None where a comment would be lost.
    """
    keys = list(mapping.entries)
    n, entry = keys.index(key), mapping.entries[key]
    if any(name not in dropped for name in keys[:n]):
        start, end = mapping.entries[keys[n - 1]].value.end, entry.value.end
    else:
        start, end = entry.key.start, mapping.entries[keys[n + 1]].key.start if keys[n + 1 :] else entry.value.end
    return None if "#" in lines.text[start:end] else Replacement(start, end, "")


def add_sections(lines: TextLines, after: Entry, new: Sequence[tuple[str, str]]) -> Iterator[Replacement]:
    """Yields what writes keys of the outermost mapping, each on a line of its own, behind the entry `after`.

    Comments that are indented below that entry (criteria left for later) still belong to it and stay above.
    """
    last = lines.line_number(after.value.end)
    column = lines.column_number(after.key.start)
    for line in range(last + 1, len(lines)):
        text = lines[line].rstrip()
        if text and not text[column:].startswith((" ", "\t")):
            break
        last = line if text else last
    is_apart = last + 1 < len(lines) and not lines[last + 1].strip()
    before = f"{lines.line_break if is_apart else ''}{' ' * column}"
    yield from (lines.insert_after(last, f"{before}{key}: {value}") for key, value in new)


def _has_own_line(lines: TextLines, entry: Entry) -> bool:
    """Whether a line of the braces holds this entry, its comma, perhaps a comment, and nothing else."""
    rest = lines.text_after(entry.value.end).lstrip(" \t").removeprefix(",").lstrip(" \t")
    return not lines.text_before(entry.key.start).strip() and (not rest or rest.startswith("#"))


def _add_lines_in_braces(lines: TextLines, entry: Entry, written: Sequence[str]) -> Iterator[Replacement]:
    place = entry.value.end
    has_comma = lines.text_after(place).lstrip(" \t").startswith(",")
    if not has_comma:
        yield Replacement(place, place, ",")
    indent = "".join(takewhile(str.isspace, lines.text_before(entry.key.start)))
    for n, pair in enumerate(written, start=1):
        is_last = n == len(written) and not has_comma
        yield lines.insert_after(lines.line_number(place), f"{indent}{pair}{'' if is_last else ','}")
