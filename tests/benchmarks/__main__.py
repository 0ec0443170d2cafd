"""`make bench`: calls, CPU, memory and pace of the whole job, each beside its bar. Nothing here fails a build.

`python -m tests.benchmarks NAME ...` measures only the modules named.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tests.benchmarks import (
    backtest,
    causes,
    compare,
    discover,
    enrich,
    fleet,
    frames,
    full_run,
    language,
    latency,
    ledger,
    million,
    night_growth,
    on_ray,
    outage,
    overrides,
    pace,
    report,
    scale,
    score_file,
    scoring_speed,
    shopping,
    simulated_fleet,
    simulated_universe,
    small,
    undo,
    universe,
    whatif,
)
from tests.benchmarks.bars import Line, show

MEASURES: Final[dict[str, Callable[[], Iterable[Line]]]] = {
    "full_run": full_run.measure,
    "pace": pace.measure,
    "latency": latency.measure,
    "frames": frames.measure,
    "million": million.measure,
    "night_growth": night_growth.measure,
    "outage": outage.measure,
    "overrides": overrides.measure,
    "language": language.measure,
    "causes": causes.measure,
    "ledger": ledger.measure,
    "undo": undo.measure,
    "report": report.measure,
    "score_file": score_file.measure,
    "universe": universe.measure,
    "on_ray": on_ray.measure,
    "fleet": fleet.measure,
    "scale": scale.measure,
    "simulated_fleet": simulated_fleet.measure,
    "simulated_universe": simulated_universe.measure,
    "small": small.measure,
    "backtest": backtest.measure,
    "discover": discover.measure,
    "enrich": enrich.measure,
    "compare": compare.measure,
    "shopping": shopping.measure,
    "scoring_speed": scoring_speed.measure,
    "whatif": whatif.measure,
}


def main(names: Sequence[str]) -> None:
    """Print every figure with its bar."""
    if len(names) == 1:
        show(MEASURES[names[0]]())
        return
    # Each in a process of its own: one started from a process that has grown counts that one's memory as its own peak.
    for name in names or MEASURES:
        subprocess.run([sys.executable, "-m", "tests.benchmarks", name], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
