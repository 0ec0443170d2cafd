"""Items of lists in a text: one that goes becomes lines of comment, a new one follows the last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from icp_sync.profile.edits.text_lines import Replacement, TextLines, UnplaceableChange
from icp_sync.profile.edits.yaml_scalar_text import scalar_text
from icp_sync.profile.source.nodes import Entry, ScalarNode, SequenceNode


def comment_out_item(lines: TextLines, sequence: SequenceNode, n: int) -> Iterator[Replacement]:
    """Yields what makes comments of the lines of an item that is written behind a dash.

    Raises Unplaceable for an item in brackets, or one that shares its lines with something else.
    """
    if sequence.is_flow:
        raise UnplaceableChange("stands in brackets, where it cannot be made a comment; take it out in the file")
    column = lines.column_number(sequence.start)
    end = sequence.items[n].end
    first = _dash_line_number(lines, sequence.items[n].start, column)
    if first is None or not lines.ends_line(end):
        raise UnplaceableChange("shares its lines with something else; take it out in the file")
    yield from lines.comment_out(first, lines.line_number(end), column)


def write_empty_list(lines: TextLines, entry: Entry) -> Replacement:
    """` []` behind the colon of a key whose items have all become comments."""
    colon = lines.text.index(":", entry.key.end) + 1
    return Replacement(colon, colon, " []")


def rewrite_list(
    lines: TextLines, entry: Entry, sequence: SequenceNode, wanted: Sequence[str]
) -> Iterator[Replacement]:
    """Yields what makes a list of words hold those wanted; the words that stay stand as they are, new ones follow."""
    current = [item.value if isinstance(item, ScalarNode) else "" for item in sequence.items]
    dropped = [n for n, word in enumerate(current) if word not in wanted]
    quote = sequence.items[-1].style if sequence.items and isinstance(sequence.items[-1], ScalarNode) else ""
    new = [scalar_text(word, quote) for word in wanted if word not in current]
    if sequence.is_flow:
        yield from _rewrite_flow_list(lines, sequence, dropped, new)
        return
    for n in dropped:
        yield from comment_out_item(lines, sequence, n)
    indent = " " * lines.column_number(sequence.start)
    for word in new:
        yield lines.insert_after(lines.line_number(sequence.end), f"{indent}- {word}")
    if not wanted:
        yield write_empty_list(lines, entry)


def _rewrite_flow_list(
    lines: TextLines, sequence: SequenceNode, dropped: Sequence[int], new: Sequence[str]
) -> Iterator[Replacement]:
    items = sequence.items
    kept = [n for n in range(len(items)) if n not in dropped]
    if not kept:
        yield lines.replace_refusing_comments(sequence.start, sequence.end, f"[{', '.join(new)}]")
        return
    for n in dropped:
        before_kept = n < kept[0]
        span = (items[n].start, items[n + 1].start) if before_kept else (items[n - 1].end, items[n].end)
        yield lines.replace_refusing_comments(*span, "")
    last = items[kept[-1]].end
    yield Replacement(last, last, "".join(f", {word}" for word in new))


def _dash_line_number(lines: TextLines, place: int, column: int) -> int | None:
    """The line of the dash before an item: its own, or one above comments and blank lines."""
    for line in range(lines.line_number(place), -1, -1):
        text = lines[line]
        if text[: column + 1] == f"{' ' * column}-":
            return line
        is_own = line == lines.line_number(place)
        if not is_own and text.strip() and not text.lstrip().startswith("#"):
            return None
    return None
