"""The exit codes of the command line but for 0, which is success, and the base of every error it reports.

docs/reference/exit-codes.md says the same to users; its table of error codes is written from these classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

FAILED: Final = 1
"""Failed or refused before the first write."""
USAGE: Final = 2
"""Wrong usage, a bad profile, failing profile tests, warnings with `--strict`."""
CHANGES_PENDING: Final = 3
"""Changes are pending; only `plan --exit-code` says so, and no error does."""
HELD: Final = 4
"""A guardrail held; the plan is saved."""
PARTLY_DONE: Final = 5
"""Stopped or refused in part after the first write."""
INTERRUPTED: Final = 130
"""Ctrl-C, as shells expect it."""


class IcpSyncError(Exception):
    """Base of every reported error: `message` is one sentence, `details` are further lines or JSON-ready records.

    A message never holds a token or a response body.
    """

    code: ClassVar[str] = "failed"
    exit_code: ClassVar[int] = FAILED

    def __init__(self, message: str, *, details: Sequence[object] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)
