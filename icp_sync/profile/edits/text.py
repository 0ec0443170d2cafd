"""Edits on a profile's text: values are replaced at the parser's marks, all else stays as written; and their diff."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from icp_sync.errors import ProfileInvalid
from icp_sync.profile.edits.change_writer import ChangeWriter
from icp_sync.profile.edits.edit_data_changes import DataChange, data_changes, edit_refused_error
from icp_sync.profile.edits.edit_types import Edits
from icp_sync.profile.edits.edited_profile import apply_edits_with_warnings
from icp_sync.profile.edits.text_lines import Replacement, TextLines, UnplaceableChange, apply_replacements
from icp_sync.profile.findings import Path
from icp_sync.profile.load import LoadedProfile, parse_profile
from icp_sync.profile.model.profile import Profile
from icp_sync.profile.source.nodes import parse_nodes

_BYTE_ORDER_MARK = "\ufeff"


def edit_text(text: str, edits: Edits, file: str) -> str:
    """The text with these values; loaded, it is the profile that `apply_edits` makes of them.

    Lines without an edited value stay as they are to the byte: comments, blank lines, line ends, a byte order mark, no
    final newline. A value that is already there is not written anew. `file` is only its name in messages.
    Raises EditRefused with the line where a value cannot be placed safely, ProfileInvalid where the profile is
    invalid, or becomes so.
    """
    loaded = parse_profile(text, file)
    changes = data_changes(loaded, edits)
    wanted, _ = apply_edits_with_warnings(loaded, edits)
    if not changes:
        return text
    mark = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    edited = _replace_in_text(loaded, changes)
    # The proof: whatever the file's style, what is saved loads as what was shown, or it is not saved.
    if edited is None or not _loads_as(edited, wanted, file):
        problem = "the value cannot be placed safely in this style of YAML; edit it in the file"
        raise edit_refused_error(loaded, {change.path: problem for change in changes})
    return mark + edited


def unified_diff(before: str, after: str, file: str) -> str:
    """A unified diff that `git apply` and `patch` take, with three lines around each change; "" where nothing changes.

    Lines end as they do in the file, so one of a file with CRLF ends in CRLF here too.
    """
    name = file.lstrip("/")  # git takes no absolute path
    lines = difflib.unified_diff(_lines_with_breaks(before), _lines_with_breaks(after), f"a/{name}", f"b/{name}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _replace_in_text(loaded: LoadedProfile, changes: Sequence[DataChange]) -> str | None:
    """The text with the changes; None where two of them meet in one place."""
    pen = ChangeWriter(TextLines(loaded.text), parse_nodes(loaded.text), changes)
    replacements: list[Replacement] = []
    problems: dict[Path, str] = {}
    for change in changes:
        try:
            replacements += pen.change_replacements(change)
        except UnplaceableChange as problem:
            problems[change.path] = str(problem)
    if problems:
        raise edit_refused_error(loaded, problems)
    return apply_replacements(loaded.text, replacements)


def _loads_as(text: str, wanted: Profile, file: str) -> bool:
    try:
        profile = parse_profile(text, file).profile
    except ProfileInvalid:
        return False
    # pydantic's equality leaves out which keys a test names, and `tier: null` is another test than no tier
    return profile == wanted and _expect_keys_of_tests(profile) == _expect_keys_of_tests(wanted)


def _expect_keys_of_tests(profile: Profile) -> list[set[str]]:
    return [test.expect.model_fields_set for test in profile.tests]


def _lines_with_breaks(text: str) -> list[str]:
    """The text's lines with their breaks; only a line feed ends one, as for git."""
    *whole, rest = text.split("\n")
    return [*(f"{line}\n" for line in whole), *([rest] if rest else [])]
