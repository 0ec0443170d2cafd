"""Data goes to stdout: one JSON document when asked for, words otherwise."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

import orjson
from rich.console import Console, RenderableType

from icp_sync.errors import IcpSyncError
from icp_sync.views.report_json import plain
from icp_sync.views.words import words


def print_document(document: Mapping[str, Any]) -> None:
    """One JSON document on stdout."""
    sys.stdout.write(as_text(document))
    sys.stdout.flush()


def as_text(document: Mapping[str, Any]) -> str:
    """A document as indented JSON."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    return orjson.dumps(document, option=options).decode()


def print_view(view: RenderableType) -> None:
    """Words on stdout; no colours when they go to a file, and lines are not broken there."""
    width = None if sys.stdout.isatty() else 10_000
    Console(file=sys.stdout, width=width, soft_wrap=True, highlight=False).print(view)


def complain(error: IcpSyncError) -> None:
    """One clear sentence on stderr, its details below."""
    sys.stderr.write(f"icp-sync: {words(error.message).plain}\n")
    for detail in error.details:
        said = plain(detail)
        if isinstance(said, str) and said not in error.message:
            complain_further(said)


def warn(message: str) -> None:
    """One line on stderr about something that is no failure yet."""
    sys.stderr.write(f"icp-sync: warning: {words(message).plain}\n")


def complain_further(detail: str) -> None:
    """One more line below a complaint."""
    sys.stderr.write(f"  {words(detail).plain}\n")
