"""Whether a text edited differs from the one before in the lines of the edited values, and there in the values only."""

from __future__ import annotations

import re
from collections.abc import Collection

from icp_sync.profile.findings import Path
from icp_sync.profile.load import LoadedProfile

_ADDED = re.compile(r" *(missing|leave|capacity|at_least|required|coverage): ")
_TAKEN_OUT = re.compile(r"^( *)# (?=.)", re.DOTALL)


def lines_of(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def stray_changes(loaded: LoadedProfile, edited: str, changed: Collection[Path], gone: Collection[Path]) -> list[str]:
    """The lines that changed though no value on them did.

    `changed`: paths, by numbers, whose value changed or may be new beside them; `gone`: items taken out.
    """
    before, after = lines_of(loaded.text), lines_of(edited)
    open_lines = {loaded.lines.line_of_path(path) - 1 for path in changed}
    taken_out = {line for path in gone for line in _item_lines(loaded, path)}
    strays, n = [], 0
    for line, text in enumerate(before):
        while n < len(after) and after[n] != text and _is_new(after[n], text):
            n += 1
        new = after[n] if n < len(after) else ""
        n += 1
        if new == text or (line in open_lines | taken_out and _TAKEN_OUT.sub(r"\1", new) == text):
            continue
        if line not in open_lines or new.partition(" #")[2] != text.partition(" #")[2]:
            strays.append(f"{line + 1}: {text!r} became {new!r}")
    return strays + [f"{line!r} is new" for line in after[n:] if not _ADDED.match(line)]


def _is_new(line: str, before: str) -> bool:
    """Whether this is a line of its own for a new key, put before a line that says something else."""
    added = _ADDED.match(line)
    return added is not None and not before.lstrip(" -").startswith(added[1])


def _item_lines(loaded: LoadedProfile, path: Path) -> range:
    """The lines from an item's first to the one before what follows it."""
    first = loaded.lines.line_of_path(path)
    later = [line for line in loaded.lines.by_path.values() if line > first]
    inside = {line for inner, line in loaded.lines.by_path.items() if inner[: len(path)] == path}
    end = min((line for line in later if line not in inside), default=len(lines_of(loaded.text)) + 1)
    return range(first - 1, end - 1)
