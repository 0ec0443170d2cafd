"""How a text file of companies is written: encoding, separator, line ends, headers."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from icp_sync.errors import TableUnusable
from icp_sync.tables.encoding import BLOCK_BYTES, NAMES, detect_encoding
from icp_sync.tables.locations import Location, open_bytes

_SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
UNMATCHED_QUOTES: Final = "the quotes do not match; write a quote within a value twice, and the value between quotes"
DOUBLED: Final = "\r\r\n"
"""The line end of a file whose CR LF a program on Windows took for LF alone, and ended by another CR."""
MAX_VALUE: Final = 10_000_000
"""Characters of one value, after which its quote counts as not closed."""
_MAX_RECORD_BYTES: Final = 4 * BLOCK_BYTES
"""No company is longer; where no record ends for so long, a quote was not closed."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written. `line_end`: LF, CR LF, `DOUBLED` or CR; `start`: the byte at which the rows begin."""

    encoding: str
    has_bom: bool
    separator: str
    line_end: str
    headers: tuple[str, ...]
    start: int

    @property
    def description(self) -> str:
        return f"{NAMES[self.encoding]}, separated by {_SEPARATORS[self.separator]}"


def detect_dialect(path: Location, separator: str = ",") -> Dialect:
    """The dialect of a file; `separator`: of one that has a single column. Raises TableUnusable, OSError."""
    encoding = detect_encoding(path)
    with open_bytes(path) as file:
        head = file.read(BLOCK_BYTES)
    bom = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
    newline = _detect_newline(head)
    end = _first_record_end(head, newline)
    text = head[bom:end].decode(encoding).rstrip("\r\n")
    if not text.strip():
        raise TableUnusable(f"{path}, line 1: no column is named; the first line has to name them")
    if text.count('"') % 2:
        raise TableUnusable(f"{path}, line 1: {UNMATCHED_QUOTES}")
    separator = _detect_separator(text, separator)
    headers = _parse_headers(path, text, separator)
    ends = (one for one in (DOUBLED, "\r\n") if head[:end].endswith(one.encode()))
    return Dialect(encoding, bool(bom), separator, next(ends, newline.decode()), headers, end)


def _detect_newline(head: bytes) -> bytes:
    """CR, as Excel for the Mac wrote, where the first line ends with one and no LF follows; else LF."""
    end = _first_record_end(head, b"\r")
    is_mac = head[:end].endswith(b"\r") and not head[end:].lstrip(b"\r").startswith(b"\n")
    return b"\r" if is_mac and end <= _first_record_end(head, b"\n") else b"\n"


def _parse_headers(path: Location, text: str, separator: str) -> tuple[str, ...]:
    csv.field_size_limit(MAX_VALUE)
    try:
        return tuple(next(csv.reader([text], delimiter=separator)))
    except csv.Error as error:
        raise TableUnusable(f"{path}, line 1: the names of the columns cannot be read, {error}") from None


def _detect_separator(header: str, otherwise: str) -> str:
    bare = re.sub(r'"[^"]*"', "", header)
    separator = max(_SEPARATORS, key=bare.count)
    return separator if separator in bare else otherwise


def record_blocks(file: IO[bytes], newline: bytes) -> Iterator[bytes]:
    """Yields the rest of a file in blocks that end where a record does; a newline between quotes ends none."""
    rest = b""
    while block := file.read(BLOCK_BYTES):
        rest += block
        end = _last_record_end(rest, newline) or (len(rest) if len(rest) > _MAX_RECORD_BYTES else 0)
        if end:
            yield rest[:end]
        rest = rest[end:]
    if rest:
        yield rest


# A quote between quotes is written twice, so that what stands between quotes has an odd number of them before it.


def _first_record_end(block: bytes, newline: bytes) -> int:
    quotes = end = 0
    while (at := block.find(newline, end)) >= 0:
        quotes += block.count(b'"', end, at)
        end = at + 1
        if quotes % 2 == 0:
            return end
    return len(block)


def _last_record_end(block: bytes, newline: bytes) -> int:
    """0 where no record ends in the block."""
    quotes, end = block.count(b'"'), len(block)
    while (at := block.rfind(newline, 0, end)) >= 0:
        quotes -= block.count(b'"', at, end)
        if quotes % 2 == 0:
            return at + 1
        end = at
    return 0
