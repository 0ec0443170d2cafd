"""What stands against the profile after a run, in lines for a terminal: pins, overrides, held inputs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rich.text import Text

from icp_sync.plan.plurals import count_noun
from icp_sync.plan.run_report import RunReport
from icp_sync.plan.tiers_set_by_others import moves_by_author_text
from icp_sync.views.sanitise import sanitise

_STAND: Final = "tiers and flags stand as somebody else set them"


def exemption_lines(report: RunReport) -> Iterator[Text]:
    """What others set and what was lost: values that stand, and inputs that still count though they vanished."""
    lost, overrides, pins = report.held_inputs, report.overrides, report.pins
    if pins.inside or pins.outside:
        yield Text(f"static lists as people left them: {pins.inside:,} stay on, {pins.outside:,} stay off")
    if overrides.open or overrides.ended:
        stand = count_noun(overrides.open, "tier or flag stands as somebody else set it", _STAND)
        yield Text(f"{stand} ({overrides.opened:,} new), {overrides.ended:,} ended; icp-sync overrides lists them")
    if overrides.tiers_set:
        yield sanitise(f"tiers set by others since the last run: {moves_by_author_text(overrides.tiers_set)}")
    if lost.companies:
        names = ", ".join(f"{name} of {count:,}" for name, count in lost.properties.items())
        keep = count_noun(lost.companies, "company keeps its", "companies keep their")
        yield sanitise(f"{keep} verdict though a value vanished: {names}")
    for emptied in lost.emptied:
        yield sanitise(emptied.sentence)
    for name in lost.outages:
        yield sanitise(
            f"{name} looks like an outage: its days stand still until it returns, or "
            f"icp-sync release --lost --property {name} confirms that the values are gone"
        )
