"""A file's lines from the last to the first."""

from __future__ import annotations

import io
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from icp_sync.state.journal import reversed_lines


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"\n", []),
        (b"one", [b"one"]),
        (b"one\n", [b"one"]),
        (b"one\ntwo\nthree\n", [b"three", b"two", b"one"]),
        (b"one\ntorn", [b"torn", b"one"]),
        (b"\n\none\n\n\ntwo\n\n", [b"two", b"one"]),
    ],
)
@pytest.mark.parametrize("block", [1, 2, 3, 5, 64])
def test_the_last_line_comes_first_wherever_blocks_end(content: bytes, lines: list[bytes], block: int) -> None:
    assert list(reversed_lines(io.BytesIO(content), block)) == lines


@given(st.binary(max_size=200).map(lambda text: text.replace(b"a", b"\n")), st.integers(1, 70))
def test_they_are_the_lines_read_forwards(content: bytes, block: int) -> None:
    forwards = [line for line in content.split(b"\n") if line]
    assert list(reversed_lines(io.BytesIO(content), block)) == forwards[::-1]


class Counted(io.BytesIO):
    """A file that counts what is read of it."""

    bytes_read = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.bytes_read += len(found)
        return found


def test_no_more_is_read_than_is_looked_at() -> None:
    file = Counted(b"x" * 9 + b"\n" + b"1234567\n" * 10_000)
    assert list(islice(reversed_lines(file, 64), 3)) == [b"1234567"] * 3
    assert file.bytes_read == 64
