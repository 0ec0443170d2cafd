"""`python -m tests.docs.nights` writes the transcripts of `docs/guides/bad-night.md` anew; part of `make docs`.

Without PostgreSQL those of two hosts stay as they are, and it says so.
"""

from __future__ import annotations

import sys

import pytest

from tests.docs.nights.page import GUIDE, NIGHTS, rewritten, transcripts


def main() -> None:
    """Live through every night."""
    text = GUIDE.read_text(encoding="utf-8")
    for name in NIGHTS:
        try:
            text = rewritten(text, transcripts(name))
        except pytest.skip.Exception as skipped:
            sys.stderr.write(f"{name} is left as it is: {skipped}\n")
    GUIDE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
