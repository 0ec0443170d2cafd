"""Edits on a profile's text: values are replaced at the parser's marks, everything else stays as written."""

from __future__ import annotations

from icp_sync.profile.edits.values import Edits


def edit_text(text: str, edits: Edits, file: str) -> str:
    """The text with these values; `load(edit_text(text, edits, file), file).profile == apply_edits(load(text, file), edits)`.

    Lines without an edited value stay as they are to the byte: comments, blank lines, line ends, a byte order mark, no
    final newline. A value that is already there is not written anew. `file` is only its name in messages.
    Raises EditRefused with the line where a value cannot be placed safely, ProfileInvalid where the edited profile is.
    """
    raise NotImplementedError
