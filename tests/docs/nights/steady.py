"""A transcript without what differs each time it is made: run ids, minutes, digests, folders, the machine."""

from __future__ import annotations

import getpass
import re
import socket
import textwrap
from pathlib import Path
from typing import Final

WIDTH: Final = 118
_RUN: Final = re.compile(r"\b(\d{8}T\d{2})\d{4}Z-[0-9a-f]{6}\b")
_VARYING: Final = (
    (r"(\d{4}-\d\d-\d\d[T ]\d\d):\d\d(?::\d\d(?:\.\d+)?)?", r"\1:00"),
    (r"until \d\d:\d\d:\d\d UTC", "until 02:02:00 UTC"),
    (r"died after \d+ batches", "died after 2 batches"),  # as many as it had announced when it was killed
    (r"dach@[0-9a-f]+", "dach@3f9c2a71"),
    (r"[\d,]+ calls, \d+\.\d s", "12 calls, 1.0 s"),
)  # fmt: skip


def steady(text: str, folder: Path) -> str:
    """The same for every machine and day; a run keeps its day and hour, its number counts them as they are named."""
    text = text.replace(str(folder / "state"), "/var/lib/icp_sync").replace(f"{folder}/", "")
    names: dict[str, str] = {}
    for match in _RUN.finditer(text):
        names.setdefault(match[0], f"{match[1]}0000Z-{len(names) + 1:06x}")
    for name, instead in names.items():
        text = text.replace(name, instead)
    text = re.sub(rf"\bon {re.escape(socket.gethostname())}\b", "on cron-1", text)
    text = text.replace(f"by {getpass.getuser()} on", "by icp on")
    for pattern, instead in _VARYING:
        text = re.sub(pattern, instead, text)
    return "\n".join(wrapped for line in text.splitlines() for wrapped in _wrapped(line.rstrip()))


def _wrapped(line: str) -> list[str]:
    """A line as a terminal of `WIDTH` columns shows it, broken between words."""
    if re.search(r"\S  +\S", line):  # a row of a table is read across
        return [line]
    indent = "  " if "$ icp-sync" in line else ""
    return textwrap.wrap(line, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]
