"""What the bytes of a file are: text or not, and in which encoding. Found by reading it once, in blocks."""

from __future__ import annotations

import codecs
import re
from typing import IO, Final

from icp_sync.errors import TableUnusable
from icp_sync.tables.locations import Location, open_bytes

BLOCK_BYTES: Final = 64 * 1024 * 1024
UTF_8: Final = "utf-8"
_WINDOWS: Final = "windows-1252"
_LATIN: Final = "latin-1"
NAMES: Final = {UTF_8: "UTF-8", _WINDOWS: "Windows-1252", _LATIN: "Latin-1"}
_NOT_WINDOWS: Final = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
"""Bytes that are no character in Windows-1252; a file that has one is Latin-1, where every byte is."""
_REMEDY: Final = "save it as CSV UTF-8"
_NO_TEXT: Final = (
    (codecs.BOM_UTF16_LE, "UTF-16 (Unicode text)", _REMEDY),
    (codecs.BOM_UTF16_BE, "UTF-16 (Unicode text)", _REMEDY),
    (b"PK\x03\x04", "a zip archive", "unpack it; of an Excel workbook, save the sheet as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook", "save the sheet as CSV UTF-8"),
    (b"\x1f\x8b", "compressed", "unpack it with gunzip"),
    (b"PAR1", "a Parquet file", "let its name end in .parquet"),
    (b"%PDF", "a PDF", "ask for its table as CSV UTF-8"),
    (b"<htm", "a web page", "save its table as CSV UTF-8"),
    (b"<!DO", "a web page", "save its table as CSV UTF-8"),
    (b"<?xm", "XML", "save its table as CSV UTF-8"),
    (b'[{"', "JSON", "write it as CSV UTF-8 or Parquet"),
    (b'{"', "JSON", "write it as CSV UTF-8 or Parquet"),
)
"""How files begin that are no CSV, whatever their names say: what they are, and what to do."""


def detect_encoding(path: Location) -> str:
    """`utf-8`, else `windows-1252`, else `latin-1`. Raises TableUnusable for what is no text, and OSError."""
    with open_bytes(path) as file:
        head = file.read(4)
        if not head:
            raise TableUnusable(f"{path} is empty; its first line has to name the columns")
        for magic, kind, remedy in _NO_TEXT:
            if head.startswith(magic):
                raise TableUnusable(f"{path} is {kind}; {remedy}")
        file.seek(0)
        return _detect_by_blocks(path, file)


def _detect_by_blocks(path: Location, file: IO[bytes]) -> str:
    utf_8, encoding, lines = _Utf8Checker(), UTF_8, 1
    while block := file.read(BLOCK_BYTES):
        if (nul := block.find(b"\0")) >= 0:
            line = lines + block.count(b"\n", 0, nul)
            raise TableUnusable(f"{path}, line {line:,}: a NUL byte, which no text has; if this is UTF-16, {_REMEDY}")
        if encoding == UTF_8 and (bad := utf_8.first_invalid_byte(block)) is not None:
            if utf_8.letters:
                # Read as Windows-1252, every accented letter before this one would come out as two wrong ones.
                line = lines + block.count(b"\n", 0, bad)
                raise TableUnusable(f"{path}, line {line:,}: not UTF-8, though lines before it are; {_REMEDY}")
            encoding = _WINDOWS
        if encoding == _WINDOWS and _NOT_WINDOWS.search(block):
            encoding = _LATIN
        lines += block.count(b"\n")
    return encoding if encoding != UTF_8 or utf_8.is_complete else _WINDOWS


class _Utf8Checker:
    """Text checked block by block; `letters`: it had characters beyond ASCII."""

    def __init__(self) -> None:
        self._decoder, self.letters = codecs.getincrementaldecoder(UTF_8)(), False

    def first_invalid_byte(self, block: bytes) -> int | None:
        """The place in the block that is no UTF-8; None if all of it is."""
        if self.is_complete and block.isascii():
            return None
        try:
            self.letters = not self._decoder.decode(block).isascii() or self.letters
        except UnicodeDecodeError as error:
            self.letters = self.letters or not error.object[: error.start].isascii()
            return max(error.start - (len(error.object) - len(block)), 0)
        return None

    @property
    def is_complete(self) -> bool:
        """Whether no character is cut off at the end of the last block."""
        return not self._decoder.getstate()[0]
