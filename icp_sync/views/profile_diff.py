"""What an edit changes in a profile's text, as `git diff` would show it."""

from __future__ import annotations

import difflib


def unified_diff(before: str, after: str, file: str) -> str:
    """A unified diff that `git apply` and `patch` take, with three lines around each change; "" where nothing changes.

    Lines end as they do in the file, so one of a file with CRLF ends in CRLF here too.
    """
    name = file.lstrip("/")  # git takes no absolute path
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    """The text's lines with their breaks; only a line feed ends one, as for git."""
    *whole, rest = text.split("\n")
    return [*(f"{line}\n" for line in whole), *([rest] if rest else [])]
