"""A file's lines from the last to the first, without reading more of it than is looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO, Final

BLOCK: Final = 64 * 1024


def lines_backwards(file: IO[bytes], block: int = BLOCK) -> Iterator[bytes]:
    """The lines without their newlines, empty ones left out. `file` can be sought; `block` is in bytes."""
    position = file.seek(0, os.SEEK_END)
    # Of the line whose beginning has not been met yet: its pieces, the last one first.
    pieces: list[bytes] = []
    while position > 0:
        length = min(block, position)
        position -= length
        file.seek(position)
        first, *others = file.read(length).split(b"\n")
        while others:
            yield from _whole([*pieces[::-1]], others.pop())
            pieces = []
        pieces.append(first)
    yield from _whole(pieces[::-1], b"")


def _whole(rest: list[bytes], beginning: bytes) -> Iterator[bytes]:
    line = b"".join([beginning, *rest])
    if line:
        yield line
