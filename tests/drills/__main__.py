"""`make drill`: the long drills, with their tables; ends in 1 when one of them fails. Takes minutes.

`python -m tests.drills [NAME …] [--from FILE]`: only the drills named; `--from` gives the nights a file of companies
(CSV or Parquet) to live through instead of made-up ones.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.drills.long import DRILLS, Outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the drills asked for; 1 when one of them fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description="The long drills.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"drills to run: {', '.join(DRILLS)}; all by default")
    parser.add_argument("--from", dest="source", type=Path, help="a file of companies for the nights")
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in DRILLS]
    if unknown:
        parser.error(f"unknown drill {', '.join(unknown)}; known: {', '.join(DRILLS)}")
    good = [_run(name, DRILLS[name], asked.source) for name in asked.names or DRILLS]
    return 0 if all(good) else 1


def _run(name: str, drill: Callable[[Path | None], Outcome], source: Path | None) -> bool:
    _say(f"== {name}")
    started = time.monotonic()
    outcome = drill(source)
    for line in outcome.summary:
        _say(line)
    verdict = "PASSED" if outcome.good else "FAILED"
    _say(f"{name}: {verdict} in {time.monotonic() - started:,.0f} s\n")
    return outcome.good


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
