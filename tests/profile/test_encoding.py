"""What is no small UTF-8 text is refused before parsing."""

import pytest

from icp_sync.profile.findings import SourceError
from icp_sync.profile.source.encoding import MAX_BYTES, decode_checked


@pytest.mark.parametrize("raw", ["ä: 1", "ä: 1".encode(), "\ufeffä: 1", b"\xef\xbb\xbf" + "ä: 1".encode()])
def test_text_and_utf8_bytes_are_read_with_or_without_a_byte_order_mark(raw: str | bytes) -> None:
    assert decode_checked(raw) == "ä: 1"


@pytest.mark.parametrize(
    ("raw", "line", "message"),
    [
        (b"a: 1\nb: \xff\n", 2, "the byte 0xFF is not UTF-8; save the file as UTF-8"),
        ("a: ü".encode("latin-1"), 1, "the byte 0xFC is not UTF-8; save the file as UTF-8"),
        ("a: 1".encode("utf-16"), 1, "the file is UTF-16; save it as UTF-8"),
        ("a: 1\r\n\r\nb: \x00", 3, "there is a control character, U+0000; remove it"),
        ("a: \x1b[31m", 1, "there is a control character, U+001B; remove it"),
        ("a: \ud800", 1, "there is a control character, U+D800; remove it"),
    ],
)
def test_what_is_no_plain_utf8_is_refused_with_its_line(raw: str | bytes, line: int, message: str) -> None:
    with pytest.raises(SourceError) as refused:
        decode_checked(raw)
    assert (refused.value.finding.line, refused.value.finding.message) == (line, message)


def test_the_largest_file_is_read_and_one_byte_more_is_not() -> None:
    assert decode_checked(b"#" * MAX_BYTES)
    with pytest.raises(SourceError, match="262,145 bytes"):
        decode_checked(b"#" * (MAX_BYTES + 1))
    with pytest.raises(SourceError, match="262,145 bytes"):
        decode_checked("ä" * (MAX_BYTES // 2) + "#")
