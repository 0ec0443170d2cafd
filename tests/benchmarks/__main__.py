"""`make bench`: calls, CPU, memory and pace of the whole job, each beside its bar. Nothing here fails a build."""

from __future__ import annotations

from tests.benchmarks import full_run, language, pace, scoring_speed
from tests.benchmarks.bars import show


def main() -> None:
    """Print every figure with its bar."""
    show(full_run.measure())
    show(pace.measure())
    show(language.measure())
    # Last, since a process started from here would count this one's memory as its own peak.
    show(scoring_speed.measure())


if __name__ == "__main__":
    main()
