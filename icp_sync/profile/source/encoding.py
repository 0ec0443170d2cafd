"""Checks before parsing: a profile is at most 256 KiB of UTF-8 without control characters."""

from __future__ import annotations

import re
from typing import Final

from icp_sync.profile.findings import SourceError

MAX_BYTES: Final = 256 * 1024
# What YAML calls non-printable; \t, \n, \r and the line break U+0085 may stand.
FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_HALF: Final = re.compile("[\ud800-\udfff]")
_BREAK: Final = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def decode_checked(raw: str | bytes) -> str:
    """The text of a profile file without its byte order mark. Raises SourceError."""
    text = (_decode(raw) if isinstance(raw, bytes) else _check_text_size(raw)).removeprefix("\ufeff")
    if forbidden := FORBIDDEN.search(text):
        line = 1 + len(_BREAK.findall(text, 0, forbidden.start()))
        raise SourceError(line, f"there is a control character, U+{ord(forbidden[0]):04X}; remove it")
    return text


def join_surrogates(text: str) -> str:
    """The text with surrogate pairs joined: JSON escapes each half alone, and JSON is YAML."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _decode(raw: bytes) -> str:
    _check_size(len(raw))
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceError(1, "the file is UTF-16; save it as UTF-8")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = 1 + raw.count(b"\n", 0, error.start)
        what = f"the byte 0x{raw[error.start]:02X} is not UTF-8; save the file as UTF-8"
        raise SourceError(line, what) from error


def _check_text_size(text: str) -> str:
    _check_size(len(text.encode(errors="surrogatepass")))
    return text


def _check_size(size: int) -> None:
    if size > MAX_BYTES:
        raise SourceError(1, f"the file has {size:,} bytes, at most {MAX_BYTES:,} are read; split the profile")
