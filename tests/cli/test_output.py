"""What stands on stdout fits a terminal's width, and is one unbroken line where there is none."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import struct
import subprocess
import sys
import termios

import pytest

WORDY = "Tier 1 (90): " + ", ".join(f"criterion {n} of all of them" for n in range(20)) + "."
PROGRAM = f"""
from icp_sync.cli.output import print_view
from icp_sync.views.tier_counts import tiers_view
from icp_sync.views.sanitise import sanitise
print_view(sanitise({WORDY!r}))
print_view(tiers_view(dict(tier_1=10), dict(tier_1=52)))
"""


def on_terminal(width: int, **environment: str) -> str:
    """What a process shows on a terminal of this width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    kept = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "COLUMNS", "FORCE_COLOR"}}
    subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**kept, "TERM": "xterm", **environment}, stdout=theirs, check=True
    )
    os.close(theirs)
    shown = b""
    try:
        while some := os.read(ours, 65_536):
            shown += some
    except OSError:  # so a terminal says that nobody writes to it any more
        pass
    os.close(ours)
    return shown.decode()


@pytest.mark.parametrize("width", [80, 100, 140])
def test_a_terminal_shows_every_word_within_its_width(width: int) -> None:
    shown = re.sub(r"\x1b\[[0-9;]*m", "", on_terminal(width))
    assert WORDY in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= width


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_arrows_are_green_unless_no_colour_is_wanted(environment: dict[str, str], coloured: bool) -> None:
    shown = on_terminal(80, **environment)
    assert "↑" in shown
    assert ("\x1b[32m" in shown) == coloured


def test_without_a_terminal_a_text_is_one_line_and_no_colour() -> None:
    shown = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, check=True).stdout.decode()
    assert WORDY in shown.splitlines()
    assert "\x1b" not in shown
